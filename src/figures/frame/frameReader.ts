import { type AreaTree, isWithin } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { type Areas, areasOf, assertMay } from '../../access/viewer.ts';
import type { LocalClock } from '../../clock.ts';
import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { chainOf, type GridEntry, type TierEntry, type VersionEntry, versionAt } from '../../grids/atlas/rows.ts';
import type { GridFinder } from '../../grids/gridFinder.ts';
import type { Moment } from '../../grids/moment.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { CampaignPractice, Practice, PracticeReader } from '../../practice/practice.type.ts';
import { Buckets } from '../counting/buckets.ts';
import type { FigureQuestion, Frame } from './frame.ts';

const READ = 'figures.read';

/** Where the tree is read, and by whose practice. */
export interface FigureGround {
  readonly atlas: Atlas;
  readonly finder: GridFinder;
  readonly moments: MomentReader;
  readonly practice: PracticeReader;
}

/** A grid of the viewer's areas at a moment. */
export interface Area {
  readonly areas: Areas;
  readonly within: VersionEntry;
  readonly moment: Moment;
}

/** Works out what figures are asked about, and whether they may be. */
export class FrameReader {
  readonly #ground: FigureGround;
  readonly #tree: AreaTree;
  readonly clock: LocalClock;

  constructor(ground: FigureGround, tree: AreaTree, clock: LocalClock) {
    this.#ground = ground;
    this.#tree = tree;
    this.clock = clock;
  }

  /** Throws FORBIDDEN, UNAUTHENTICATED, NOT_FOUND for what is unknown, foreign or not there yet, BAD_INPUT for the period. */
  read(context: RequestContext, question: FigureQuestion): Frame {
    const { boundaryDate, origin } = question;
    const now = this.clock.now();
    const campaign = question.campaign === null ? null : this.#campaign(context, question, question.campaign);
    const { from, to } = periodOf(question, campaign);
    const asOf = boundaryDate ?? new Date(Math.min(to.getTime() - 1, now.getTime()));
    const area = this.area(context, question.within, asOf);
    const by = question.by === null ? null : this.tierBelow(area.within, question.by);
    const categories = categoriesOf(question.categories, campaign);
    const { timeZone } = this.clock;
    return { ...area, by, from, to, boundaryDate, campaign, categories, origin, now, timeZone };
  }

  /** The same in the tree of now, whatever the period. */
  present(
    context: RequestContext,
    {
      by,
      from,
      to,
      categories,
      within,
    }: Pick<Frame, 'from' | 'to' | 'categories'> & { within: string; by: string | null },
  ): Frame {
    const area = this.area(context, within, null);
    const { timeZone, now } = this.clock;
    return {
      ...area,
      by: by === null ? null : this.tierBelow(area.within, by),
      ...{ from, to, boundaryDate: null, campaign: null, categories, origin: null, now: now(), timeZone },
    };
  }

  /** A grid by id or code, as it is at an instant; null: now. */
  area(context: RequestContext, within: string, asOf: Date | null): Area {
    const { areas, grid } = this.#grid(context, within);
    const moment = this.#ground.moments.read(asOf);
    const version = versionAt(grid, moment);
    if (version) return { areas, within: version, moment };
    const day = new Date(moment.asOf).toISOString();
    const message = `within: ${within} is not there at ${day}; ask for another date, or for the grid above.`;
    throw new DomainError('NOT_FOUND', message, { field: 'within' });
  }

  /** Throws NOT_FOUND for a tier that does not lie below the grid. */
  tierBelow({ grid }: VersionEntry, code: string): TierEntry {
    const below = grid.layer.tiers.filter(({ rank }) => rank > grid.tier.rank);
    const tier = below.find((each) => each.code === code);
    if (tier) return tier;
    const known = below.map((each) => each.code);
    const message = `by: no tier ${code} lies below; below lie ${known.join(', ') || 'none'}.`;
    throw new DomainError('NOT_FOUND', message, { field: 'by', tiers: known });
  }

  /** All grids below, in listing order. */
  below({ within, moment }: Pick<Area, 'within' | 'moment'>): VersionEntry[] {
    return this.#ground.finder.list({ layer: within.grid.layer.code, within: within.grid.id }, moment);
  }

  buckets({ within, moment, by }: Pick<Frame, 'within' | 'moment' | 'by'>): Buckets {
    return Buckets.make(within, this.below({ within, moment }), by?.id ?? null, moment);
  }

  /** What holds for a grid. */
  practiceOf(version: VersionEntry, moment: Moment): Practice {
    const chain = chainOf(version, moment).map(({ grid }) => grid.id);
    return this.#ground.practice.practiceAt(chain, moment);
  }

  #grid({ viewer }: RequestContext, within: string): { areas: Areas; grid: GridEntry } {
    assertMay(viewer, READ, 'figures');
    const areas = areasOf(viewer, READ);
    // Whoever sees everything may ask about a grid that has ended.
    const id = this.#tree.findGridId(within) ?? (areas === 'everywhere' ? within : undefined);
    const grid = id !== undefined && isWithin(this.#tree, areas, id) ? this.#ground.atlas.findGrid(id) : undefined;
    if (grid) return { areas, grid };
    const message = `within: there is no grid ${within} in your areas; \`viewer\` says which these are.`;
    throw new DomainError('NOT_FOUND', message, { field: 'within' });
  }

  /** As the practice has it now; a grid or a campaign that is not there any more, as of the day that is asked about. */
  #campaign(context: RequestContext, { within, boundaryDate, from, to }: FigureQuestion, code: string) {
    const { grid } = this.#grid(context, within);
    const then = boundaryDate ?? (to && new Date(to.getTime() - 1)) ?? from;
    const known = (then ? [null, then] : [null]).flatMap((asOf) => {
      const moment = this.#ground.moments.read(asOf);
      const version = versionAt(grid, moment);
      return version ? this.practiceOf(version, moment).campaigns : [];
    });
    const campaign = known.find((each) => each.code === code);
    if (campaign) return campaign;
    const campaigns = [...new Set(known.map((each) => each.code))];
    const message = `campaign: there is no ${code} here; the practice of this grid has ${campaigns.join(', ') || 'none'}.`;
    throw new DomainError('NOT_FOUND', message, { field: 'campaign', campaigns });
  }
}

function periodOf({ from, to }: FigureQuestion, campaign: CampaignPractice | null): { from: Date; to: Date } {
  const period = { from: from ?? campaign?.from, to: to ?? campaign?.to };
  if (!period.from || !period.to) {
    const field = period.from ? 'to' : 'from';
    throw new DomainError('BAD_INPUT', `${field}: give both ends of the period, or a campaign.`, { field });
  }
  if (period.from < period.to) return { from: period.from, to: period.to };
  throw new DomainError('BAD_INPUT', 'to: the period ends before it begins; give a later end.', { field: 'to' });
}

function categoriesOf(asked: readonly string[], campaign: CampaignPractice | null): readonly string[] {
  const own = campaign?.categories ?? [];
  if (asked.length === 0 || own.length === 0) return [...new Set([...asked, ...own])].sort();
  const both = asked.filter((category) => own.includes(category));
  if (both.length > 0) return [...new Set(both)].sort();
  const message = `categories: none of these is counted in the campaign; it counts ${own.join(', ')}.`;
  throw new DomainError('BAD_INPUT', message, { field: 'categories' });
}
