import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../access/requestContext.ts';
import type { Areas } from '../access/viewer.ts';
import { readNote } from '../api/input/note.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import type { Moment } from '../grids/moment.ts';
import type { MomentReader } from '../grids/momentReader.ts';
import type { Directory } from '../posts/directory.ts';
import type { PracticeReader } from '../practice/practice.type.ts';
import { chainIds, type GroundAtlas, isBelow, smallestAt } from './judging/ground.ts';
import { assertKnown } from './judging/localWords.ts';
import { type PlaceSources, readPlace } from './judging/visitedPlace.ts';
import { readVisitor, refuse, staffIdOf } from './judging/visitor.ts';
import type { KeyedVisit, VisitRepository } from './visit.repository.ts';
import type { VisitDraft, VisitedSpot, VisitRecord, VisitRequest } from './visit.type.ts';
import { assertSame, type RetryKey, readRetryKey, type VisitDesk } from './visitDesk.ts';

const RECORD = 'visits.record';
const LONGEST_NOTE = 500;

/** The memories that a visit is judged by. */
export interface VisitSources extends PlaceSources {
  readonly atlas: GroundAtlas & Pick<Atlas, 'findGrid'>;
  readonly directory: Pick<Directory, 'watch' | 'holdersOf' | 'findPerson'>;
  readonly practice: PracticeReader;
}

/** Takes what staff say of their visits: refuses what cannot be, and lets the database flag what is doubtful. */
export class RecordingService {
  readonly #desk: VisitDesk;
  readonly #visits: VisitRepository;
  readonly #sources: VisitSources;
  readonly #moments: MomentReader;

  constructor(desk: VisitDesk, visits: VisitRepository, sources: VisitSources, moments: MomentReader) {
    this.#desk = desk;
    this.#visits = visits;
    this.#sources = sources;
    this.#moments = moments;
  }

  /** Throws BAD_INPUT, FORBIDDEN, NOT_FOUND; CONFLICT where the key was used for another visit. A retry gives the first. */
  record(by: RequestContext, request: VisitRequest): Promise<VisitRecord> {
    const id = randomUUID();
    const deed = { field: 'Mutation.recordVisit', right: RECORD, object: { kind: 'visit', id } } as const;
    return this.#desk.perform(by, deed, async (areas) => {
      const { clientKey, ...said } = request;
      const key = readRetryKey(by.viewer, clientKey, said);
      const known = key && (await this.#desk.inAreas(areas, (trx) => this.#visits.findByKey(trx, key)));
      if (known) return sameVisit(known, key);
      const draft = await this.#draft(by, id, request, areas);
      return this.#write(by, areas, draft, key);
    });
  }

  #write(by: RequestContext, areas: Areas, draft: VisitDraft, key: RetryKey | null): Promise<VisitRecord> {
    return this.#desk.inAreas(areas, async (trx) => {
      await this.#visits.insert(trx, draft, key);
      const written = await this.#visits.find(trx, draft.id);
      // Somebody else was quicker under the same key, which is only a retry that overtook this one.
      if (!written) return sameVisit(key && (await this.#visits.findByKey(trx, key)), key);
      const { kind, postId, recordedBy, flags, gridId } = written;
      await this.#desk.record(trx, by, {
        ...{ action: RECORD, object: { kind: 'visit', id: written.id }, gridId, result: 'DONE' },
        details: { kind, post: postId, by: recordedBy, flags },
      });
      return written;
    });
  }

  async #draft(by: RequestContext, id: string, request: VisitRequest, areas: Areas): Promise<VisitDraft> {
    const recordedAt = this.#desk.now();
    if (request.visitedAt > recordedAt) {
      throw refuse('BAD_INPUT', 'input.visitedAt', 'a visit is recorded after it was made, not before.');
    }
    const note = readNote('input.note', request.note, LONGEST_NOTE);
    const [now, then] = [this.#moments.read(recordedAt), this.#moments.read(request.visitedAt)];
    const visitor = readVisitor(this.#desk, this.#sources.directory, by, { request, areas, now, then });
    const spot = await readPlace(this.#sources, request, then);
    const { gridId, gridIds } = this.#locate(visitor.gridId, spot, then);
    const { kind, contactKind = null, visitedAt } = request;
    const practice = this.#sources.practice.practiceAt(gridIds.chain, then);
    assertKnown('input.kind', kind, practice.visits);
    if (contactKind !== null) assertKnown('input.contactKind', contactKind, practice.contacts);
    const { postId, role, staffId, gridId: postGridId } = visitor;
    const recorderId = staffIdOf(this.#sources.directory, by.viewer, now);
    const recorder = { recordedAt, recordedBy: by.viewer.subject, recorderId };
    return {
      ...{ id, kind, contactKind, postId, role, staffId, postGridId, visitedAt, note, gridId },
      ...{ ...spot, ...recorder, gridIds: gridIds.smallest },
    };
  }

  /** The smallest grid there in the layer of the post, and those of all layers. Throws BAD_INPUT outside the post's grid. */
  #locate(postGridId: string, { x, y }: VisitedSpot, then: Moment) {
    const { atlas } = this.#sources;
    const found = smallestAt(atlas, x, y, then);
    const grid = atlas.findGrid(postGridId);
    const own = grid && found.find((version) => isBelow(version, grid, then));
    if (!own) {
      const reason = 'the place lay outside the grid of this post then. Name the post in whose grid it lay.';
      throw refuse('BAD_INPUT', 'input.at', reason);
    }
    const nearestFirst = [own, ...found.filter((version) => version !== own)];
    const smallest = [...new Set(nearestFirst.map((version) => version.grid.id))];
    return { gridId: own.grid.id, gridIds: { smallest, chain: chainIds(nearestFirst, then) } };
  }
}

function sameVisit(known: KeyedVisit | null | undefined, key: RetryKey | null): VisitRecord {
  const { inputHash: _, ...visit } = assertSame(known, key);
  return visit;
}
