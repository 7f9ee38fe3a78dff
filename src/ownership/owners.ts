import { Grid } from '../grids/api/grid.type.ts';
import type { VersionEntry } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import { Holding, HoldingRank, HoldingReason, holdingsOf, Post } from '../posts/api/holding.type.ts';
import type { Body, Person } from '../posts/api/staff.type.ts';
import type { Directory } from '../posts/directory.ts';
import type { GridPost } from '../posts/gridPost.ts';
import type { AnswersAs } from '../posts/post.type.ts';

/** What is asked besides the place. */
export interface Matter {
  readonly category?: string | null;
  readonly language?: string | null;
}

interface Found {
  readonly holding: Holding;
  /** How many tiers above the smallest grid. */
  readonly depth: number;
  readonly answersAs: AnswersAs | null;
}

type Chain = readonly VersionEntry[];

/**
 * Who answers for a place, from its chains: the rule of the house.
 * 1. Every post on a grid of a chain answers, nearest tier first; vacant ones are listed without a holder.
 * 2. A role that nobody holds anywhere up its chain, but to back up an owner, falls to the body that manages the nearest grid (属地兜底).
 * 3. A role that gives a short answer and has no post up the chain that answers here is shown vacant on the smallest
 *    grid of a tier where it sits, so that rule 2 applies to it too.
 * 4. With a category, only roles and bodies that answer for it (or for everything) are left; the managing body of rule 2
 *    stands in for any matter, because somebody must.
 */
export function owners(chains: readonly Chain[], directory: Directory, moment: Moment, matter: Matter): Holding[] {
  const found: Found[] = [];
  const seen = new Set<string>();
  for (const chain of chains) {
    const ofChain = holdingsInChain(chain, directory, moment, matter);
    const answers = [...ofChain, ...fallbacks(ofChain, chain, directory, moment)];
    // A grid above two overlapping ones counts in the rule for both, and is listed once.
    found.push(...answers.filter(({ holding }) => !seen.has(holding.grid!.id)));
    for (const version of chain) seen.add(version.grid.id);
  }
  return found.sort((a, b) => a.depth - b.depth).map((entry) => entry.holding);
}

function holdingsInChain(chain: Chain, directory: Directory, moment: Moment, { category }: Matter): Found[] {
  const found: Found[] = [];
  chain.forEach((version, depth) => {
    const grid = new Grid(version, moment);
    const reason = depth === 0 ? HoldingReason.DIRECT : HoldingReason.INHERITED;
    for (const entry of directory.holdingsOnGrid({ id: version.grid.id, tierId: version.grid.tier.id }, moment)) {
      const competent = competentIn(entry, category);
      if (!competent) continue;
      for (const holding of holdingsOf(competent, grid, reason))
        found.push({ holding, depth, answersAs: entry.role.answersAs });
    }
  });
  return [...found, ...unmadePosts(found, chain, directory, moment, category)];
}

function unmadePosts(
  found: readonly Found[],
  chain: Chain,
  directory: Directory,
  moment: Moment,
  category: string | null | undefined,
): Found[] {
  const missing: Found[] = [];
  const made = new Set(found.map((entry) => entry.holding.post.role));
  chain.forEach((version, depth) => {
    for (const { role } of directory.tierRoles(version.grid.tier.id, moment.edition)) {
      if (!role.answersAs || made.has(role) || !answersFor(role.categories, category)) continue;
      made.add(role);
      const entry: GridPost = {
        role,
        post: { id: `vacant~${version.grid.id}~${role.code}`, vacant: true },
        holders: [],
      };
      const holding = new Holding(new Post(entry, new Grid(version, moment)), null, HoldingReason.DIRECT);
      missing.push({ holding, depth, answersAs: role.answersAs });
    }
  });
  return missing;
}

/** One holding of the managing body for each role that is vacant all the way up. */
function fallbacks(found: readonly Found[], chain: Chain, directory: Directory, moment: Moment): Found[] {
  const filled = new Set(found.filter(({ holding }) => isOwned(holding)).map(({ holding }) => holding.post.role));
  const stoodIn = new Set(filled);
  const result: Found[] = [];
  for (const { holding, depth, answersAs } of found) {
    const { role } = holding.post;
    if (stoodIn.has(role)) continue;
    stoodIn.add(role);
    const body = nearestManager(chain.slice(depth), directory, moment);
    if (!body) continue;
    const entry = { appointmentId: '', rank: 'PRIMARY' as const, holder: body };
    result.push({ holding: new Holding(holding.post, entry, HoldingReason.FALLBACK), depth, answersAs });
  }
  return result;
}

function nearestManager(chain: Chain, directory: Directory, moment: Moment): Body | undefined {
  for (const { managerId } of chain) {
    const body = managerId === null ? undefined : directory.findBody(managerId, moment);
    if (body) return body;
  }
  return undefined;
}

/** The post with those of its holders who answer for the matter; undefined where it does not answer for it at all. */
export function competentIn(entry: GridPost, category: string | null | undefined): GridPost | undefined {
  if (!answersFor(entry.role.categories, category)) return undefined;
  if (!category) return entry;
  const holders = entry.holders.filter(({ holder }) => answersFor(categoriesOf(holder), category));
  // A post whose holders all answer for other matters is not vacant; it does not answer here.
  return holders.length === 0 && entry.holders.length > 0 ? undefined : { ...entry, holders };
}

function answersFor(categories: readonly string[], category: string | null | undefined): boolean {
  return !category || categories.length === 0 || categories.includes(category);
}

function categoriesOf(holder: Person | Body): readonly string[] {
  return 'categories' in holder ? holder.categories : [];
}

/**
 * The short answer of one kind: the first holder in order who is on duty, else the first in order: the standing owner
 * answers though nobody is on duty. One who speaks the language asked for comes before all others, the managing body
 * only where nobody holds the role, and a vacant post rather than nothing.
 */
export function shortAnswer(
  holdings: readonly Holding[],
  answersAs: AnswersAs,
  language?: string | null,
): Holding | null {
  const ofKind = holdings.filter((holding) => holding.post.role.answersAs === answersAs);
  const filled = ofKind.filter((holding) => isOwned(holding) && holding.reason !== HoldingReason.FALLBACK);
  const first = onDutyFirst(filled);
  const speaker = language ? onDutyFirst(filled.filter((holding) => speaks(holding, language))) : undefined;
  if (speaker) return speaker === first ? speaker : speaker.because(HoldingReason.LANGUAGE);
  return first ?? ofKind.find(isOwned) ?? ofKind.find((holding) => holding.holder) ?? ofKind[0] ?? null;
}

function onDutyFirst(filled: readonly Holding[]): Holding | undefined {
  return filled.find(({ onDuty }) => onDuty) ?? filled[0];
}

/** Whoever backs up the owner is listed, and is no owner. */
function isOwned({ holder, rank }: Holding): boolean {
  return holder !== null && rank !== HoldingRank.SUPPORT;
}

/** Whether the holder says that it serves in the language (a BCP 47 tag). */
export function speaks(holding: Holding, language: string): boolean {
  return holding.holder?.languages.includes(language) ?? false;
}

/** Those who serve in the language first, in the same order among themselves. */
export function speakersFirst(holdings: readonly Holding[], language: string | null | undefined): readonly Holding[] {
  if (!language) return holdings;
  return [...holdings.filter((each) => speaks(each, language)), ...holdings.filter((each) => !speaks(each, language))];
}

/** Who answers, as a text that is the same just where the same answer. */
export function namesOf(holdings: readonly Holding[]): string {
  const names = holdings.map(({ post, holder }) => `${post.role.code}/${holder?.id ?? post.id}`);
  return names.sort().join(' ');
}
