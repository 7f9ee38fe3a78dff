import type { Shape } from '../../geometry/polygon.ts';
import { FOREVER, type Moment } from '../moment.ts';
import type { LayerKind, LoadFigure } from '../territory.type.ts';

/** A naming scheme as the registry knows it. */
export interface SchemeEntry {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly family: string | null;
}

export interface TierEntry {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly rank: number;
  readonly scheme: SchemeEntry | null;
  readonly layer: LayerEntry;
  readonly editionFrom: number;
}

export interface LayerEntry {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly kind: LayerKind;
  readonly position: number;
  readonly editionFrom: number;
  /** Root tier first. */
  readonly tiers: TierEntry[];
}

/** A fact of the registry with the two ranges every answer filters by. `editionTo` is set once, when it is closed. */
export interface DatedEntry {
  readonly validFrom: number;
  readonly validTo: number;
  readonly editionFrom: number;
  editionTo: number;
}

export interface CodeEntry {
  readonly scheme: SchemeEntry;
  readonly code: string;
  readonly main: boolean;
  readonly grid: GridEntry;
  readonly editionFrom: number;
  editionTo: number;
}

/** A grid's identity, with everything ever said of it. */
export interface GridEntry {
  readonly id: string;
  readonly layer: LayerEntry;
  readonly tier: TierEntry;
  readonly codes: CodeEntry[];
  readonly versions: VersionEntry[];
  /** Versions of other grids that name this one as their parent. */
  readonly childVersions: VersionEntry[];
}

/** What a grid was from one instant to another, as the editions of its range knew it. */
export interface VersionEntry extends DatedEntry {
  readonly id: number;
  readonly grid: GridEntry;
  readonly name: string;
  readonly kind: string;
  readonly parent: GridEntry | null;
  readonly managerId: string | null;
  readonly shape: Shape;
  readonly areaSquareMetres: number;
  readonly loads: readonly LoadFigure[];
  /** The last chain worked out, and the moments for which it is exact. */
  keptChain: readonly VersionEntry[] | undefined;
  keptFor: Span | undefined;
}

/** The instants of [from, until) in one edition. */
interface Span {
  readonly edition: number;
  readonly from: number;
  readonly until: number;
}

/** A place that no grid of its layer holds: left out by mistake (GAP) or on purpose (NOT_SERVED). */
export interface GapEntry extends DatedEntry {
  readonly id: number;
  readonly layer: LayerEntry;
  readonly name: string;
  readonly status: 'GAP' | 'NOT_SERVED';
  readonly shape: Shape;
}

/** Whether the registry of that edition held the fact true at that instant. */
export function holdsAt(entry: DatedEntry, moment: Moment): boolean {
  return entry.validFrom <= moment.asOf && moment.asOf < entry.validTo && isKnown(entry, moment.edition);
}

/** Whether the edition knew the row, whatever its validity. */
export function isKnown(entry: { editionFrom: number; editionTo: number }, edition: number): boolean {
  return entry.editionFrom <= edition && edition < entry.editionTo;
}

/** The grid's version at a moment, if it existed then. */
export function versionAt(grid: GridEntry, moment: Moment): VersionEntry | undefined {
  for (const version of grid.versions) if (holdsAt(version, moment)) return version;
  return undefined;
}

/** Everything the edition knows a grid to have been and to become, oldest first. */
export function historyOf(grid: GridEntry, edition: number): VersionEntry[] {
  return grid.versions.filter((version) => isKnown(version, edition)).sort((a, b) => a.validFrom - b.validFrom);
}

/**
 * From a version up to its root. Tiers above come from the tree and not from geometry, so a chain never contradicts
 * itself; the database holds that a parent exists on every day of its child. Each version keeps the last chain worked
 * out, with the edition and the instants for which it is exact: a published edition never changes.
 */
export function chainOf(version: VersionEntry, moment: Moment): readonly VersionEntry[] {
  const span = version.keptFor;
  if (span && span.edition === moment.edition && span.from <= moment.asOf && moment.asOf < span.until) {
    return version.keptChain!;
  }
  return climb(version, moment);
}

function climb(version: VersionEntry, moment: Moment): readonly VersionEntry[] {
  const above = version.parent && versionAt(version.parent, moment);
  const higher = above ? climb(above, moment) : [];
  const from = Math.max(version.validFrom, above?.keptFor?.from ?? -FOREVER);
  const until = Math.min(version.validTo, above?.keptFor?.until ?? FOREVER);
  // Most chains of a registry hold for the same span: sharing it keeps the check of a kept chain in the cache.
  const shared = above?.keptFor;
  const isShared = shared?.from === from && shared.until === until;
  version.keptFor = isShared ? shared : { edition: moment.edition, from, until };
  version.keptChain = [version, ...higher];
  return version.keptChain;
}

/** The children of a grid at a moment, in the order of their main codes. */
export function childrenOf(grid: GridEntry, moment: Moment): VersionEntry[] {
  return grid.childVersions.filter((version) => holdsAt(version, moment)).sort(byMainCode(moment.edition));
}

/** The grid's main code in an edition, or its id where no code was ever given. */
export function mainCode(grid: GridEntry, edition: number): string {
  return grid.codes.find((code) => code.main && isKnown(code, edition))?.code ?? grid.id;
}

/** Order by the main code of an edition, then id: the order in which equal candidates are preferred everywhere. */
export function byMainCode(edition: number): (a: VersionEntry, b: VersionEntry) => number {
  return (a, b) => {
    const [x, y] = [mainCode(a.grid, edition), mainCode(b.grid, edition)];
    if (x !== y) return x < y ? -1 : 1;
    return a.grid.id < b.grid.id ? -1 : a.grid.id > b.grid.id ? 1 : 0;
  };
}

/** The first instant after `asOf` at which the fact begins or ends, in an edition that knows it. */
export function changeAfter(entry: DatedEntry, { asOf, edition }: Moment): number {
  if (!isKnown(entry, edition)) return FOREVER;
  if (entry.validFrom > asOf) return entry.validFrom;
  return entry.validTo > asOf ? entry.validTo : FOREVER;
}
