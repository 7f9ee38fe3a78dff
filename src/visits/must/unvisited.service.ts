import type { RequestContext } from '../../access/requestContext.ts';
import { type Areas, areasOf, assertMay } from '../../access/viewer.ts';
import type { Moment } from '../../grids/moment.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { VisitPractice } from '../../practice/practice.type.ts';
import { refuse } from '../judging/visitor.ts';
import type { VisitRepository } from '../visit.repository.ts';
import type { VisitDesk } from '../visitDesk.ts';
import { listMustVisit, type MustSources, type MustVisit } from './mustVisit.ts';
import { countKinds, type KindCount, type Unvisited, unvisitedOf } from './unvisited.ts';

const READ = 'visits.read';

/** Which places; without `within` those of the viewer's whole area, without `asOf` now. */
export interface UnvisitedQuestion {
  readonly within?: string | null;
  readonly kind?: string | null;
  readonly asOf?: Date | null;
}

export interface MustMemory extends MustSources {
  /** Ids of a grid and of all above it, nearest first. */
  readonly tree: { chainOf(gridId: string): readonly string[] };
}

/** Which places must be visited and were not: places from memory, last accepted visits from one query. */
export class UnvisitedService {
  readonly #desk: VisitDesk;
  readonly #visits: VisitRepository;
  readonly #memory: MustMemory;
  readonly #moments: MomentReader;

  constructor(desk: VisitDesk, visits: VisitRepository, memory: MustMemory, moments: MomentReader) {
    this.#desk = desk;
    this.#visits = visits;
    this.#memory = memory;
    this.#moments = moments;
  }

  /** Those never visited first, then by how long ago. Throws NOT_FOUND for a foreign grid, BAD_INPUT for an unknown kind. */
  async list(
    by: RequestContext,
    { kind, ...question }: UnvisitedQuestion,
  ): Promise<{ found: Unvisited[]; at: Moment }> {
    const { must, unvisited, kinds, at } = await this.#read(by, 'Query.unvisited', question);
    if (kind != null && !kinds.some(({ code }) => code === kind)) {
      const known = kinds.map(({ code }) => code).join(', ');
      throw refuse('BAD_INPUT', 'kind', `the local practice there knows no ${kind}; it knows ${known || 'none'}.`);
    }
    const asked = kind == null ? must : must.filter((each) => each.kind.code === kind);
    return { found: unvisited(asked), at };
  }

  /** Every kind of the practice there, in its order, with the places that must be visited in it. */
  async count(by: RequestContext, question: Omit<UnvisitedQuestion, 'kind'>): Promise<KindCount[]> {
    const { must, unvisited, kinds } = await this.#read(by, 'Query.visitKinds', question);
    return countKinds(kinds, must, unvisited(must));
  }

  async #read({ viewer }: RequestContext, field: string, { within, asOf }: Omit<UnvisitedQuestion, 'kind'>) {
    assertMay(viewer, READ, field);
    const areas = areasOf(viewer, READ);
    const part = this.#desk.narrow(areas, within);
    const at = this.#moments.read(asOf);
    const must = listMustVisit(this.#memory, part, at);
    const kinds = this.#kindsIn(part, must, at);
    // Of places in the area only, but whichever grid held them on that day: a moved border makes no place unvisited.
    const asked = must.map(({ placeId, kind }) => ({ placeId, kind: kind.code }));
    const last = await this.#desk.inAreas('everywhere', (trx) => this.#visits.listLast(trx, asked, new Date(at.asOf)));
    return { must, kinds, at, unvisited: (part: readonly MustVisit[]) => unvisitedOf(part, last, at.asOf) };
  }

  /** Those of the practice of the areas themselves, then those of practices further down. */
  #kindsIn(part: Areas, must: readonly MustVisit[], at: Moment): VisitPractice[] {
    const chains = part === 'everywhere' ? [[]] : part.map((gridId) => this.#memory.tree.chainOf(gridId));
    const above = chains.flatMap((chain) => this.#memory.practice.practiceAt(chain, at).visits);
    const byCode = new Map<string, VisitPractice>();
    for (const kind of [...above, ...must.map((each) => each.kind)]) {
      if (!byCode.has(kind.code)) byCode.set(kind.code, kind);
    }
    return [...byCode.values()];
  }
}
