import type { RequestContext } from '../access/requestContext.ts';
import type { TierEntry, VersionEntry } from '../grids/atlas/rows.ts';
import { Buckets } from './counting/buckets.ts';
import type { BodyCredit, FigureRepository, GridCount } from './figure.repository.ts';
import type { FigureService } from './figure.service.ts';
import type { FigureQuestion, Frame } from './frame/frame.ts';
import type { FrameReader } from './frame/frameReader.ts';

/** One level of the tree: each settled matter counts in one of its grids, or in none of them. */
export interface LevelCredit {
  readonly tier: TierEntry;
  readonly grids: readonly { readonly grid: VersionEntry; readonly settled: number }[];
  readonly inNoGrid: number;
}

export interface Credit {
  readonly frame: Frame;
  readonly settled: number;
  /** From the top down. */
  readonly levels: readonly LevelCredit[];
  readonly bodies: readonly (BodyCredit & { readonly shared: number })[];
}

/** Who is credited with matters that were settled in a period: the places up the tree, and the bodies of who handled them. */
export class CreditService {
  readonly #figures: FigureService;
  readonly #frames: FrameReader;
  readonly #repository: Pick<FigureRepository, 'countSettled' | 'listCredit'>;

  constructor(
    figures: FigureService,
    frames: FrameReader,
    repository: Pick<FigureRepository, 'countSettled' | 'listCredit'>,
  ) {
    this.#figures = figures;
    this.#frames = frames;
    this.#repository = repository;
  }

  /** Throws as `figures` does. */
  async credit(context: RequestContext, question: FigureQuestion): Promise<Credit> {
    const frame = this.#frames.read(context, { ...question, by: null });
    const { within, moment } = frame;
    const below = this.#frames.below(frame);
    const whole = Buckets.make(within, below, null, moment);
    const [counted, bodies] = await this.#figures.readPlaced(frame, whole, async (trx, placement) => [
      await this.#repository.countSettled(trx, frame, placement),
      await this.#repository.listCredit(trx, frame, placement, [...whole.gridIds]),
    ]);
    const present = new Set(below.map(({ grid }) => grid.tier.id));
    const tiers = within.grid.layer.tiers.filter(({ id }) => present.has(id));
    const levels = tiers.map((tier) => levelOf(tier, Buckets.make(within, below, tier.id, moment), counted));
    const settled = counted.reduce((sum, { gridId, count }) => sum + (whole.of(gridId) === undefined ? 0 : count), 0);
    return { frame, settled, levels, bodies };
  }
}

function levelOf(tier: TierEntry, buckets: Buckets, counted: readonly GridCount[]): LevelCredit {
  const sums = new Array<number>(buckets.size).fill(0);
  for (const { gridId, count } of counted) {
    const bucket = buckets.of(gridId);
    if (bucket !== undefined) sums[bucket] += count;
  }
  const grids = buckets.grids.map((grid, i) => ({ grid, settled: sums[i + 1] })).filter(({ settled }) => settled > 0);
  return { tier, grids, inNoGrid: sums[0] };
}
