import type { Kysely } from 'kysely';
import { type AreaTree, isWithin } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { areasOf } from '../../access/viewer.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import type { Clock } from '../../clock.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import type { Moment } from '../../grids/moment.ts';
import { isUuid } from '../../ids.ts';
import type { Person } from '../api/staff.type.ts';
import type { Directory } from '../directory.ts';
import type { HeldPost } from '../gridPost.ts';
import type { StaffFileRepository } from './staffFile.repository.ts';

const RIGHT = 'staff.read';

/** Where files are read from, and where reading them is recorded. */
export interface FileRoom {
  readonly db: Kysely<Database>;
  readonly repository: StaffFileRepository;
  readonly audit: Pick<AuditLog, 'record'>;
}

/** A member of staff and what he or she holds in the viewer's area. */
export interface FoundFile {
  readonly person: Person;
  readonly posts: readonly HeldPost[];
}

/**
 * The file of one member of staff, for those whose area holds one of the posts. Judged twice: by the tree in memory,
 * and by row security in the database. Each reading is recorded, in the transaction that reads.
 */
export class StaffFileService {
  readonly #room: FileRoom;
  readonly #directory: Directory;
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(room: FileRoom, directory: Directory, tree: AreaTree, clock: Clock) {
    this.#room = room;
    this.#directory = directory;
    this.#tree = tree;
    this.#clock = clock;
  }

  /** Undefined for an unknown id, and just so for somebody who holds nothing in the viewer's area. */
  find(personId: string, moment: Moment, by: RequestContext): Promise<FoundFile | undefined> {
    const { db, repository, audit } = this.#room;
    const areas = areasOf(by.viewer, RIGHT);
    return inAreas(db, areas, this.#clock(), async (trx) => {
      const shown = isUuid(personId) ? await repository.listPostIds(trx, personId, moment) : new Set();
      const posts = this.#directory
        .postsHeldBy(personId, moment)
        .filter(({ entry, gridId }) => shown.has(entry.post.id) && isWithin(this.#tree, areas, gridId));
      const person = posts.length > 0 ? this.#directory.findPerson(personId, moment) : undefined;
      await audit.record(trx, by, {
        action: RIGHT,
        object: { kind: 'person', id: personId },
        gridId: posts[0]?.gridId ?? null,
        result: person ? 'READ' : 'REFUSED',
      });
      return person && { person, posts };
    });
  }
}
