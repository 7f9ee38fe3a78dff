import type { GridDraft } from '../../../src/grids/territory.type.ts';
import type { BodyDraft, PersonDraft, RoleDraft } from '../../../src/posts/post.type.ts';
import type { HandlerPractice } from '../../../src/practice/practice.type.ts';
import type { Registry } from './routingWorld.ts';

/** What is asked, in drafts. */
export interface Question {
  /** Each from the grid up to its root. */
  readonly chains: readonly (readonly GridDraft[])[];
  readonly handlers: readonly HandlerPractice[];
  readonly rung: { readonly layer: string; readonly tier: string };
  readonly ladderTiers: readonly string[] | null;
  readonly category: string;
  readonly language: string | null;
  readonly finderId: string | null;
}

type Holder = PersonDraft | BodyDraft;
interface Seat {
  readonly role: RoleDraft;
  readonly grid: GridDraft;
  readonly holders: readonly { readonly holder: Holder; readonly rank: string }[];
}

const answersFor = (categories: readonly string[], category: string) =>
  categories.length === 0 || categories.includes(category);
const isBody = (holder: Holder): holder is BodyDraft => 'kind' in holder;

/** The posts of a grid as the drafts have them, with those that its tier requires but nobody made. */
export function seatsOn(said: Registry, grid: GridDraft): Seat[] {
  const holders = new Map<string, Holder>([...said.people, ...said.bodies].map((each) => [each.id, each]));
  const seats: Seat[] = [];
  for (const role of said.roles) {
    const post = said.posts.find(({ roleCode, gridId }) => roleCode === role.code && gridId === grid.id);
    const seat = role.tiers.find(({ layer, tier }) => layer === grid.layer && tier === grid.tier);
    if (!post && !seat?.required) continue;
    const held = post ? said.appointments.filter(({ postId }) => postId === post.id) : [];
    const entries = held.map(({ holder: ref, rank }) => {
      return { rank, holder: holders.get('personId' in ref ? ref.personId : ref.bodyId)! };
    });
    seats.push({ role, grid, holders: entries });
  }
  return seats;
}

/** Those who answer for the category; undefined: the post does not answer for it. */
export function competentHolders({ role, holders }: Seat, category: string): Seat['holders'] | undefined {
  if (!answersFor(role.categories, category)) return undefined;
  const competent = holders.filter(({ holder }) => !isBody(holder) || answersFor(holder.categories, category));
  return competent.length === 0 && holders.length > 0 ? undefined : competent;
}

function pick(said: Registry, grid: GridDraft, handler: HandlerPractice, question: Question) {
  const { category, language, finderId } = question;
  const finder = handler.purpose === 'MEDIATE' ? said.people.find(({ id }) => id === finderId) : undefined;
  let excluded = false;
  const scored: { readonly seat: Seat; readonly score: number }[] = [];
  for (const seat of seatsOn(said, grid)) {
    const competent = competentHolders(seat, category);
    if (handler.role === null && handler.bodyKind === null) continue;
    if (!competent || (handler.role !== null && handler.role !== seat.role.code)) continue;
    const ofKind = competent.some(({ holder }) => isBody(holder) && holder.kind === handler.bodyKind);
    const waits = handler.role !== null && seat.holders.length === 0;
    if (handler.bodyKind !== null && !ofKind && !waits) continue;
    if (finder && seat.holders.some(({ holder }) => holder.id === finder.id)) {
      excluded = true;
      continue;
    }
    const owners = competent.filter(({ rank }) => rank !== 'SUPPORT');
    let score = seat.role.position;
    if (owners.length === 0) score += competent.length === 0 ? 2_000_000 : 1_000_000;
    if (language !== null && !owners.some(({ holder }) => holder.languages.includes(language))) score += 10_000;
    if (finder?.bodyId && competent.some(({ holder }) => holder.id === finder.bodyId)) score += 1_000;
    scored.push({ seat, score });
  }
  scored.sort((a, b) => a.score - b.score);
  return { seat: scored.at(0)?.seat, excluded };
}

/** "PURPOSE role grid-name" of every task in order; the rule once more, written for reading, without memory or order. */
export function slowRouting(said: Registry, question: Question): string[] {
  const lines = new Set<string>();
  for (const handler of question.handlers) {
    const layer = handler.layer ?? question.rung.layer;
    const tier = handler.tier ?? question.rung.tier;
    for (const chain of question.chains) {
      const depth = chain.findIndex((grid) => grid.layer === layer && grid.tier === tier);
      if (depth < 0) continue;
      const first = pick(said, chain[depth], handler, question);
      const above = chain.slice(depth + 1).filter((grid) => {
        return grid.layer !== 'gov' || (question.ladderTiers?.includes(grid.tier) ?? true);
      });
      const tried = first.excluded ? above.map((grid) => pick(said, grid, handler, question).seat) : [];
      const seat = first.seat ?? tried.find((each) => each !== undefined);
      if (seat) lines.add(`${handler.purpose} ${seat.role.code} ${seat.grid.name}`);
    }
  }
  return [...lines];
}
