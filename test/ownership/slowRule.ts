import type { GridDraft } from '../../src/grids/territory.type.ts';
import type { AppointmentDraft, BodyDraft, PersonDraft, PostDraft, RoleDraft } from '../../src/posts/post.type.ts';

/** Everything that was drawn, as drafts: the slow rule reads nothing else. */
export interface Drawing {
  /** Layer by layer, tree by tree in the order of precedence; each from the smallest grid to its root. */
  readonly chains: readonly (readonly GridDraft[])[];
  readonly roles: readonly RoleDraft[];
  readonly posts: readonly PostDraft[];
  readonly appointments: readonly AppointmentDraft[];
  readonly holders: ReadonlyMap<string, PersonDraft | BodyDraft>;
}

/** What a twin of the rule does wrong. */
export type Mistake = 'farthest manager' | 'ignores depth' | 'no category of bodies' | 'stands in beside a holder';

interface Line {
  readonly grid: GridDraft;
  readonly role: RoleDraft;
  readonly depth: number;
  /** A post that was never made comes behind those that were, and a stand-in behind both. */
  readonly last: number;
  readonly holder: PersonDraft | BodyDraft | null;
  readonly rank: AppointmentDraft['rank'];
  readonly appointmentId: string;
  readonly reason: string;
}

const RANKS = ['PRIMARY', 'DEPUTY', 'REINFORCEMENT', 'SUPPORT'];
const suits = (categories: readonly string[], category?: string) =>
  !category || categories.length === 0 || categories.includes(category);

/** The rule of the house, said again from its sentences, grid by grid and role by role. */
export function slowRule(drawing: Drawing, at: Date, category?: string, mistake?: Mistake): string[] {
  const told = drawing.chains.flatMap((chain, tree) => {
    const earlier = new Set(drawing.chains.slice(0, tree).flat());
    const lines = drawing.roles
      .filter((role) => suits(role.categories, category))
      .flatMap((role) => linesOfRole(drawing, chain, role, at, category, mistake))
      .filter((line) => !earlier.has(line.grid));
    return lines.sort((a, b) => a.depth - b.depth || a.last - b.last || inOrder(a, b));
  });
  if (mistake !== 'ignores depth') told.sort((a, b) => a.depth - b.depth);
  return told.map(
    ({ grid, role, holder, rank, reason }) =>
      `${role.code} ${grid.codes[0].code}: ${holder?.name ?? '-'} ${rank} ${reason}`,
  );
}

function inOrder(a: Line, b: Line): number {
  const keys = (line: Line) => [
    String(line.role.position),
    line.role.code,
    String(RANKS.indexOf(line.rank)),
    line.holder?.name ?? '',
    line.appointmentId,
  ];
  const [x, y] = [keys(a), keys(b)];
  const differs = x.findIndex((key, i) => key !== y[i]);
  return differs < 0 ? 0 : x[differs] < y[differs] ? -1 : 1;
}

function linesOfRole(
  drawing: Drawing,
  chain: readonly GridDraft[],
  role: RoleDraft,
  at: Date,
  category: string | undefined,
  mistake: Mistake | undefined,
): Line[] {
  const vacant = (grid: GridDraft, reason: string, last: number): Line => ({
    ...{ grid, role, depth: chain.indexOf(grid), last, holder: null, rank: 'PRIMARY', appointmentId: '', reason },
  });
  const lines = chain.flatMap((grid, depth) => {
    const reason = depth === 0 ? 'DIRECT' : 'INHERITED';
    const post = drawing.posts.find(({ gridId, roleCode }) => gridId === grid.id && roleCode === role.code);
    const seat = role.tiers.find(({ layer, tier }) => layer === grid.layer && tier === grid.tier);
    if (!post) return seat?.required ? [vacant(grid, reason, 0)] : [];
    const held = drawing.appointments.filter(({ postId }) => postId === post.id);
    if (held.length === 0) return [vacant(grid, reason, 0)];
    return held.flatMap(({ id, rank, holder: ref }): Line[] => {
      const holder = drawing.holders.get('personId' in ref ? ref.personId : ref.bodyId)!;
      const matters = 'categories' in holder && mistake !== 'no category of bodies' ? holder.categories : [];
      if (!suits(matters, category)) return [];
      return [{ grid, role, depth, last: 0, holder, rank, appointmentId: id, reason }];
    });
  });
  if (lines.length === 0 && role.answersAs) {
    const lowest = chain.find((grid) =>
      role.tiers.some((seat) => seat.layer === grid.layer && seat.tier === grid.tier),
    );
    if (lowest) lines.push(vacant(lowest, 'DIRECT', 1));
  }
  if (
    lines.length === 0 ||
    (lines.some((line) => line.holder && line.rank !== 'SUPPORT') && mistake !== 'stands in beside a holder')
  )
    return lines;
  const first = lines[0];
  const managers = chain.slice(first.depth).flatMap(({ managerId }) => {
    const body = managerId === null ? undefined : drawing.holders.get(managerId);
    return body && (body.validTo === null || at < body.validTo) ? [body] : [];
  });
  const body = managers.at(mistake === 'farthest manager' ? -1 : 0);
  // Stand-ins follow all posts of their tier, those for posts that were made first.
  if (body) lines.push({ ...first, holder: body, rank: 'PRIMARY', reason: 'FALLBACK', last: 2 + first.last });
  return lines;
}
