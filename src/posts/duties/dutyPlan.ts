import { FOREVER } from '../../grids/moment.ts';
import type { DatedRow } from '../directory.repository.ts';
import type { Validity } from '../post.type.ts';
import type { DutyState } from './dutyRule.ts';

/** A rule that a file wants from an instant to another, and the row of the file that wants it. */
export interface WantedRule {
  readonly row: number;
  readonly rule: DutyState;
  readonly from: number;
  readonly to: number;
}

/** What is closed, by the ids of its rows, and what is written anew. Empty where all is so already. */
export interface DutyPlan {
  readonly closed: readonly number[];
  readonly opened: readonly (DutyState & Validity)[];
}

const scopeOf = ({ roleId, category, tierId, gridId }: DutyState) => JSON.stringify([roleId, category, tierId, gridId]);

/** A row of the file that speaks of the same dates of the same rule as an earlier one; undefined where none does. */
export function findContradiction(wanted: readonly WantedRule[]): { row: number; earlier: number } | undefined {
  const seen = new Map<string, WantedRule[]>();
  for (const rule of wanted) {
    const others = seen.get(scopeOf(rule.rule)) ?? [];
    const other = others.find(({ from, to }) => from < rule.to && rule.from < to);
    if (other) return { row: rule.row, earlier: other.row };
    seen.set(scopeOf(rule.rule), [...others, rule]);
  }
  return undefined;
}

/** Writes each wanted rule over what is known of its dates; what is known of other dates stays. */
export function planDuties(wanted: readonly WantedRule[], known: readonly DatedRow<DutyState>[]): DutyPlan {
  const pieces = new Map<string, Piece[]>();
  for (const row of known) {
    const list = pieces.get(scopeOf(row.value)) ?? [];
    list.push({ rule: row.value, from: row.validFrom, to: row.validTo, rowId: row.rowId });
    pieces.set(scopeOf(row.value), list);
  }
  for (const { rule, from, to } of wanted) {
    const scope = scopeOf(rule);
    const list = pieces.get(scope) ?? [];
    if (isSo(list, rule, from, to)) continue;
    pieces.set(scope, [...list.flatMap((piece) => without(piece, from, to)), { rule, from, to }]);
  }
  const left = [...pieces.values()].flat();
  const kept = new Set(left.flatMap(({ rowId }) => rowId ?? []));
  return {
    closed: known.map(({ rowId }) => rowId).filter((rowId) => !kept.has(rowId)),
    opened: left
      .filter(({ rowId }) => rowId === undefined)
      .map(({ rule, from, to }) => ({
        ...rule,
        validFrom: new Date(from),
        validTo: to === FOREVER ? null : new Date(to),
      })),
  };
}

interface Piece {
  readonly rule: DutyState;
  readonly from: number;
  readonly to: number;
  /** Of a row that is written already, unchanged. */
  readonly rowId?: number;
}

function without(piece: Piece, from: number, to: number): Piece[] {
  if (piece.to <= from || to <= piece.from) return [piece];
  const { rule } = piece;
  const before = { rule, from: piece.from, to: from };
  const after = { rule, from: to, to: piece.to };
  return [before, after].filter((rest) => rest.from < rest.to);
}

/** Whether the rule holds in all of [from, to) already. */
function isSo(pieces: readonly Piece[], rule: DutyState, from: number, to: number): boolean {
  let reached = from;
  for (const piece of [...pieces].sort((a, b) => a.from - b.from)) {
    if (piece.rule.stance === rule.stance && piece.from <= reached) reached = Math.max(reached, piece.to);
  }
  return reached >= to;
}
