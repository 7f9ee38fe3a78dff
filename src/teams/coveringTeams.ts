import type { VersionEntry } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import type { CoverEntry, TeamBook } from './memory/teamBook.ts';
import { compare } from './memory/teamBook.ts';

/** Which teams are wanted; what is not given does not narrow. */
export interface TeamQuestion {
  readonly kind?: string | null;
  readonly category?: string | null;
  /** Those who speak it come first among the equally near; nobody is left out. */
  readonly language?: string | null;
}

/** A team that covers a place, and the nearest grid through which it does. */
export interface CoveringTeam extends CoverEntry {
  readonly version: VersionEntry;
  /** How many tiers above the smallest grid. */
  readonly depth: number;
}

/**
 * The teams that cover a place, given its chains: a body covers a grid and all below it, so every coverage of a grid of
 * a chain holds the place and no other does. Each body once, through its nearest grid; nearest first, then those who
 * speak the language, then by name. With a category only bodies and coverages that answer for it, or for everything.
 */
export function coveringTeams(
  chains: readonly (readonly VersionEntry[])[],
  book: Pick<TeamBook, 'coversOn'>,
  moment: Moment,
  { kind, category, language }: TeamQuestion,
): CoveringTeam[] {
  const nearest = new Map<string, CoveringTeam>();
  for (const chain of chains) {
    for (const [depth, version] of chain.entries()) {
      for (const entry of book.coversOn(version.grid.id, moment)) {
        const { body, coverage } = entry;
        if (kind && body.kind !== kind) continue;
        if (!answersFor(body.categories, category) || !answersFor(coverage.categories, category)) continue;
        const known = nearest.get(body.id);
        const team = { ...entry, version, depth };
        if (!known || precedes(team, known)) nearest.set(body.id, team);
      }
    }
  }
  const speaks = ({ body }: CoveringTeam) => (language && body.languages.includes(language) ? 0 : 1);
  return [...nearest.values()].sort(
    (a, b) =>
      a.depth - b.depth || speaks(a) - speaks(b) || compare(a.body.name, b.body.name) || compare(a.body.id, b.body.id),
  );
}

export function answersFor(categories: readonly string[], category: string | null | undefined): boolean {
  return !category || categories.length === 0 || categories.includes(category);
}

/** Nearer, or equally near in an earlier layer, or standing rather than on a circuit. */
function precedes(a: CoveringTeam, b: CoveringTeam): boolean {
  const circuit = ({ coverage }: CoveringTeam) => (coverage.days ? 1 : 0);
  const layer = ({ version }: CoveringTeam) => version.grid.layer.position;
  const order =
    a.depth - b.depth ||
    layer(a) - layer(b) ||
    circuit(a) - circuit(b) ||
    compare(a.version.grid.id, b.version.grid.id) ||
    compare(a.coverage.id, b.coverage.id);
  return order < 0;
}
