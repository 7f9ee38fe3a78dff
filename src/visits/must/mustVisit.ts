import type { Areas } from '../../access/viewer.ts';
import { type Position, toLattice } from '../../geometry/lattice.ts';
import type { Moment } from '../../grids/moment.ts';
import { Window } from '../../posts/timeline.ts';
import type { PracticeReader, VisitPractice } from '../../practice/practice.type.ts';
import type { SiteBook } from '../../sites/siteBook.ts';
import { chainIds, type GroundAtlas, smallestAt } from '../judging/ground.ts';

/** A site or premises that the practice of its place says must be visited in a kind. */
export interface MustVisit {
  readonly placeId: string;
  readonly sort: 'SITE' | 'PREMISES';
  readonly name: string;
  readonly placeKind: string;
  readonly point: Position;
  readonly kind: VisitPractice;
  /** The smallest grid that holds it, in the first layer that does. */
  readonly gridId: string;
}

export interface MustSources {
  readonly atlas: GroundAtlas;
  readonly sites: Pick<SiteBook, 'sites' | 'premises'>;
  readonly practice: PracticeReader;
}

/** Everything in the areas that must be visited as of a moment, in no particular order. What no grid holds is in no area. */
export function listMustVisit({ atlas, sites, practice }: MustSources, areas: Areas, moment: Moment): MustVisit[] {
  const roots = areas === 'everywhere' ? undefined : new Set(areas);
  const window = new Window(moment);
  const kindsOf = new Map<string, ReadonlyMap<string, VisitPractice[]>>();
  const found: MustVisit[] = [];
  const rows = [
    ...sites.sites.rowsIn(moment.edition).map((row) => ({ row, sort: 'SITE' as const })),
    ...sites.premises.rowsIn(moment.edition).map((row) => ({ row, sort: 'PREMISES' as const })),
  ];
  for (const { row, sort } of rows) {
    if (!window.admits(row)) continue;
    const { id: placeId, name, kind: placeKind, point } = row.value;
    const smallest = smallestAt(atlas, toLattice(point.lon), toLattice(point.lat), moment);
    const chain = chainIds(smallest, moment);
    if (chain.length === 0 || (roots && !chain.some((id) => roots.has(id)))) continue;
    const key = smallest.map(({ grid }) => grid.id).join();
    const known = kindsOf.get(key) ?? bySiteKind(practice.practiceAt(chain, moment).visits);
    kindsOf.set(key, known);
    for (const kind of known.get(placeKind) ?? []) {
      found.push({ placeId, sort, name, placeKind, point, kind, gridId: chain[0] });
    }
  }
  return found;
}

function bySiteKind(kinds: readonly VisitPractice[]): Map<string, VisitPractice[]> {
  const bySite = new Map<string, VisitPractice[]>();
  for (const kind of kinds) {
    for (const siteKind of new Set(kind.siteKinds)) bySite.set(siteKind, [...(bySite.get(siteKind) ?? []), kind]);
  }
  return bySite;
}
