import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../access/requestContext.ts';
import { readNote } from '../../api/input/note.ts';
import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { Moment } from '../../grids/moment.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { Directory } from '../../posts/directory.ts';
import type { NewTask, Purpose, Recipient } from '../course/state.ts';
import type { IncidentDesk } from '../desk/incidentDesk.ts';
import type { IncidentFile } from '../incident.type.ts';

/** Purposes for which somebody may issue a task by hand; the others come of the course of things. */
export type IssuedPurpose = Exclude<Purpose, 'SUPERVISE' | 'WARNING'>;

/** What is asked of some posts, together. */
export interface IssueWish {
  readonly purpose: IssuedPurpose;
  /** Ids of posts, wherever they are; each answers for itself. */
  readonly postIds: readonly string[];
  readonly note?: string | null;
  readonly dueAt?: Date | null;
  readonly startsAt?: Date | null;
}

export interface IssuingSources {
  readonly directory: Pick<Directory, 'watch'>;
  readonly atlas: Pick<Atlas, 'findGrid'>;
  readonly moments: Pick<MomentReader, 'read'>;
}

const MOST_POSTS = 50;

/** Issues tasks by hand: a joint handler, one notice to several posts, somebody who is to be there. */
export class IssuingService {
  readonly #desk: IncidentDesk;
  readonly #sources: IssuingSources;

  constructor(desk: IncidentDesk, sources: IssuingSources) {
    this.#desk = desk;
    this.#sources = sources;
  }

  /** All of them or none. Throws NOT_FOUND for a post that does not exist now; and what the desk throws. */
  issue(by: RequestContext, id: string, { postIds, ...wish }: IssueWish): Promise<IncidentFile> {
    const deed = { field: 'Mutation.issueTasks', right: 'incidents.direct', id } as const;
    return this.#desk.act(by, deed, (_incident, _actor, at) => {
      const posts = [...new Set(postIds)];
      if (posts.length === 0 || posts.length > MOST_POSTS) {
        const message = `postIds: 1 to ${MOST_POSTS} posts at a time, not ${posts.length}.`;
        throw new DomainError('BAD_INPUT', message, { field: 'postIds' });
      }
      assertTimes(wish, at);
      const same = {
        ...{ purpose: wish.purpose, cause: 'HAND' as const, aboutId: null },
        ...{ dueAt: wish.dueAt ?? null, startsAt: wish.startsAt ?? null },
        note: readNote('note', wish.note, 500),
        batchId: posts.length > 1 ? randomUUID() : null,
      };
      const now = this.#sources.moments.read();
      const tasks = posts.map((postId, i): NewTask => {
        return { id: randomUUID(), ...same, ...this.#recipient(postId, `postIds[${i}]`, now) };
      });
      return { do: 'ISSUE', tasks };
    });
  }

  #recipient(postId: string, field: string, now: Moment): Recipient {
    const { directory, atlas } = this.#sources;
    const post = directory.watch(postId, now);
    const grid = post && atlas.findGrid(post.gridId);
    if (post?.entry && grid) {
      const { role } = post.entry;
      return { postId, role: role.code, gridId: grid.id, layer: grid.layer.code, tier: grid.tier.code };
    }
    const message = `${field}: there is no post of this id now; holdings of a grid or a place show the ids of posts.`;
    throw new DomainError('NOT_FOUND', message, { field });
  }
}

function assertTimes({ dueAt, startsAt }: Pick<IssueWish, 'dueAt' | 'startsAt'>, now: Date): void {
  if (dueAt && dueAt <= (startsAt ?? now)) {
    const message = 'dueAt: this is not later than the beginning; give a later instant.';
    throw new DomainError('BAD_INPUT', message, { field: 'dueAt' });
  }
}
