import type { VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { Practice, PracticeReader } from '../../practice/practice.type.ts';
import type { IncidentNotice, Purpose, Recipient, Rung } from '../course/state.ts';
import { nameOf, routeOf } from './practiceChoice.ts';
import type { RoutedMatter, Routing, Rungs } from './route.type.ts';
import { missingRung, unknownCategory } from './startingPoint.ts';

/** Whom a matter of one category goes to on one rung of an area. */
export interface RouteRow {
  readonly category: string;
  /** Null: no rung of the area serves the category at all. */
  readonly rung: Rung | null;
  readonly recipients: readonly (Recipient & { readonly purpose: Purpose })[];
  /** Whether it goes to anybody. */
  readonly configured: boolean;
  readonly notices: readonly IncidentNotice[];
}

type Chain = readonly VersionEntry[];

/** Which categories have somebody to go to in an area, and which have not: read before anything happens there. */
export class RouteTable {
  readonly #routing: Pick<Routing, 'at' | 'rungsOf'>;
  readonly #practice: PracticeReader;

  constructor(routing: Pick<Routing, 'at' | 'rungsOf'>, practice: PracticeReader) {
    this.#routing = routing;
    this.#practice = practice;
  }

  /**
   * A row for each category and each rung from the area upwards, in the order of the practice. `chains`: that of the area
   * first, and those of the other layers that share its territory. `category`: only this one, known or not.
   */
  of(chains: readonly Chain[], moment: Moment, category: string | null = null): readonly RouteRow[] {
    const gridIds = chains.flatMap((chain) => chain.map(({ grid }) => grid.id));
    const practice = this.#practice.practiceAt(gridIds, moment);
    const categories = category === null ? categoriesOf(practice) : [category];
    return categories.flatMap((each) => {
      const rest = { severity: null, language: null, finderId: null };
      return this.#rowsOf({ category: each, chains, moment, ...rest }, practice);
    });
  }

  #rowsOf(matter: RoutedMatter, practice: Practice): RouteRow[] {
    const { category, chains } = matter;
    const unknown = unknownCategory(practice, category);
    const ladder = this.#routing.rungsOf(matter);
    const rungs = [...rungsFrom(chains.at(0)?.at(0), ladder), ...rungsOutside(chains, practice, category, ladder)];
    if (rungs.length === 0) {
      const message = `route: no rung of the area has a route for the category ${category}; whatever is reported goes to nobody.`;
      const notices = [...unknown, { code: 'NOT_CONFIGURED', message }];
      return [{ category, rung: null, recipients: [], configured: false, notices }];
    }
    return rungs.map((rung) => {
      if (ladder?.missing.includes(rung)) {
        const notices = [...unknown, missingRung(ladder.ladder, rung)];
        return { category, rung, recipients: [], configured: false, notices };
      }
      const { tasks, notices } = this.#routing.at(matter, rung, 'ROUTE');
      const recipients = tasks.map(({ purpose, postId, role, gridId, layer, tier }) => ({
        ...{ purpose, postId, role },
        ...{ gridId, layer, tier },
      }));
      return { category, rung, recipients, configured: tasks.length > 0, notices: [...unknown, ...notices] };
    });
  }
}

/** Those that the practice knows, and those that only a route or ladder names. */
function categoriesOf({ categories, routes, ladders }: Practice): readonly string[] {
  const named = [...routes, ...ladders].flatMap((each) => each.categories);
  return [...new Set([...categories.map(({ code }) => code), ...named])];
}

/** Rungs below the area are those of its parts: which of them has what is asked of each. */
function rungsFrom(area: VersionEntry | undefined, ladder: Rungs | undefined): readonly Rung[] {
  const tier = area?.grid.tier;
  const isBelow = (rung: Rung) =>
    tier !== undefined &&
    rung.layer === tier.layer.code &&
    tier.layer.tiers.some(({ code, rank }) => code === rung.tier && rank > tier.rank);
  return (ladder?.rungs ?? []).filter((rung) => !isBelow(rung));
}

/** Tiers of the chains that have a route for the category without being on its ladder. */
function rungsOutside(chains: readonly Chain[], practice: Practice, category: string, ladder: Rungs | undefined) {
  const tiers = new Set(chains.flatMap((chain) => chain.map(({ grid }) => grid.tier)));
  const onLadder = new Set(ladder?.rungs.map(nameOf));
  return [...tiers]
    .map((tier): Rung => ({ layer: tier.layer.code, tier: tier.code }))
    .filter((rung) => !onLadder.has(nameOf(rung)) && routeOf(practice, rung, category) !== undefined);
}
