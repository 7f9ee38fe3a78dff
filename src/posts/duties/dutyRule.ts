import type { Database } from '../../db/tables.ts';

/** What a role may do about a matter. */
export type Stance = Database['duty']['stance'];

/** Stands for every matter that no rule of the role names. */
export const EVERY_MATTER = '*';

/** One rule of the matrix. */
export interface DutyState {
  readonly roleId: number;
  readonly category: string;
  readonly stance: Stance;
  /** Only for posts at this tier; null: at every tier. */
  readonly tierId: number | null;
  /** Only on this grid and all below it; null: everywhere. */
  readonly gridId: string | null;
}

/** A grid where the role may sit, with what lies above it. */
export interface DutySeat {
  readonly tierId: number;
  /** The grid itself first, then up to the root. */
  readonly gridIds: readonly string[];
}

const BEST: readonly Stance[] = ['LEADS', 'MAY', 'SUPPORTS', 'NOT'];

/**
 * The stance that the matrix gives a role at a seat: the rule of the nearest area decides; of those, one that names the
 * matter before one for every matter; of those, one for the tier before one for all. Undefined where no rule applies.
 */
export function stanceAt(rules: readonly DutyState[], category: string, seat: DutySeat): Stance | undefined {
  let best: { readonly rule: DutyState; readonly order: readonly number[] } | undefined;
  for (const rule of rules) {
    if (rule.category !== category && rule.category !== EVERY_MATTER) continue;
    if (rule.tierId !== null && rule.tierId !== seat.tierId) continue;
    const depth = rule.gridId === null ? seat.gridIds.length : seat.gridIds.indexOf(rule.gridId);
    if (depth < 0) continue;
    const order = [depth, rule.category === category ? 0 : 1, rule.tierId === null ? 1 : 0];
    if (!best || isBefore(order, best.order)) best = { rule, order };
  }
  return best?.rule.stance;
}

/** The one that allows most; undefined of none. */
export function bestStance(stances: readonly Stance[]): Stance | undefined {
  return BEST.find((stance) => stances.includes(stance));
}

/** Whether a role of this stance may act on its own. */
export const mayAct = (stance: Stance): boolean => stance === 'LEADS' || stance === 'MAY';

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const differing = a.findIndex((value, index) => value !== b[index]);
  return differing >= 0 && a[differing] < b[differing];
}
