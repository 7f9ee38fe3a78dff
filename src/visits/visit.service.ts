import type { Transaction } from 'kysely';
import type { RequestContext } from '../access/requestContext.ts';
import type { Role } from '../access/rights.ts';
import { areasOf, assertMay, type Viewer } from '../access/viewer.ts';
import { readNote } from '../api/input/note.ts';
import type { NumberedPart } from '../api/lists/numberedPage.ts';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import type { MomentReader } from '../grids/momentReader.ts';
import { isUuid } from '../ids.ts';
import type { Directory } from '../posts/directory.ts';
import { holdsPost, refuse, staffIdOf } from './judging/visitor.ts';
import type { VisitRepository } from './visit.repository.ts';
import type { VisitFilter, VisitRecord, VisitReview } from './visit.type.ts';
import type { VisitDesk } from './visitDesk.ts';

const READ = 'visits.read';
const REVIEW = 'visits.review';
const LONGEST_REASON = 500;
/** Roles of those who sit at a desk and go nowhere. */
const DESKS: ReadonlySet<Role> = new Set<Role>(['dispatcher', 'admin']);

/** Shows visits of an area, and lets somebody else judge each once: what nobody judged counts in no figure. */
export class VisitService {
  readonly #desk: VisitDesk;
  readonly #visits: VisitRepository;
  readonly #directory: Pick<Directory, 'holdersOf' | 'findPerson'>;
  readonly #moments: MomentReader;

  constructor(
    desk: VisitDesk,
    visits: VisitRepository,
    directory: Pick<Directory, 'holdersOf' | 'findPerson'>,
    moments: MomentReader,
  ) {
    this.#desk = desk;
    this.#visits = visits;
    this.#directory = directory;
    this.#moments = moments;
  }

  /** Newest first, one more than `limit` if there is one. Throws NOT_FOUND for `within` a foreign or unknown grid. */
  async list({ viewer }: RequestContext, within: string | null | undefined, filter: VisitFilter, part: NumberedPart) {
    assertMay(viewer, READ, 'Query.visits');
    const areas = areasOf(viewer, READ);
    return this.#desk.readPart(areas, this.#desk.narrow(areas, within), (trx, gridIds) =>
      this.#visits.list(trx, filter, gridIds, part),
    );
  }

  /** Undefined for what is unknown or foreign. */
  async find({ viewer }: RequestContext, id: string): Promise<VisitRecord | undefined> {
    assertMay(viewer, READ, 'Query.visit');
    if (!isUuid(id)) return undefined;
    return this.#desk.inAreas(areasOf(viewer, READ), (trx) => this.#visits.find(trx, id));
  }

  /**
   * Once, and by somebody else than those who went and who recorded. Throws NOT_FOUND; FORBIDDEN for one's own; CONFLICT
   * for one that was reviewed; BAD_INPUT for a refusal without a reason.
   */
  review(by: RequestContext, id: string, accepted: boolean, reason: string | null | undefined): Promise<VisitRecord> {
    const object = { kind: 'visit', id: isUuid(id) ? id : 'unknown' };
    return this.#desk.perform(by, { field: 'Mutation.reviewVisit', right: REVIEW, object }, (areas) => {
      const reviewReason = readNote('reason', reason, LONGEST_REASON);
      if (!accepted && reviewReason === null) {
        throw refuse('BAD_INPUT', 'reason', 'say why the visit is refused.');
      }
      const review: VisitReview = {
        state: accepted ? 'ACCEPTED' : 'REFUSED',
        reviewedAt: this.#desk.now(),
        reviewedBy: by.viewer.subject,
        reviewerId: staffIdOf(this.#directory, by.viewer, this.#moments.read()),
        reviewReason,
      };
      return this.#desk.inAreas(areas, (trx) => this.#review(trx, by, id, review));
    });
  }

  async #review(trx: Transaction<Database>, by: RequestContext, id: string, review: VisitReview): Promise<VisitRecord> {
    const visit = isUuid(id) ? await this.#visits.lock(trx, id) : undefined;
    if (!visit) throw refuse('NOT_FOUND', 'id', 'there is no such visit in your area; `visits` lists those that are.');
    if (this.#isOwn(by.viewer, visit)) {
      throw refuse(
        'FORBIDDEN',
        'id',
        'nobody reviews a visit that he or she made or recorded, or may have. Somebody else does, whose login says who it is.',
      );
    }
    if (visit.state !== 'UNREVIEWED') {
      throw new DomainError('CONFLICT', 'id: this visit was reviewed already, which is final.', { field: 'id' });
    }
    await this.#visits.review(trx, id, review);
    const { kind, gridId, flags } = visit;
    await this.#desk.record(trx, by, {
      ...{ action: REVIEW, object: { kind: 'visit', id }, gridId, result: 'DONE' },
      details: { kind, state: review.state, flags },
    });
    return { ...visit, ...review };
  }

  /**
   * Where it is not known who went, whoever holds the post or held it that day may have. A login of an officer that names
   * no member of staff may be anybody's in the field; a desk is known by its login.
   */
  #isOwn(
    { subject, staffId, kind, grants }: Viewer,
    { recordedBy, recorderId, staffId: visitorId, postId, visitedAt }: VisitRecord,
  ) {
    if (subject === recordedBy) return true;
    if (staffId === undefined) return kind !== 'system' && !grants.some(({ role }) => DESKS.has(role));
    if (staffId === recorderId || staffId === visitorId) return true;
    if (visitorId !== null) return false;
    const moments = [this.#moments.read(), this.#moments.read(visitedAt)];
    return moments.some((moment) => holdsPost(this.#directory, staffId, postId, moment));
  }
}
