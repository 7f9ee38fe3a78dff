import { DomainError } from '../../errors.ts';
import { compose, type Lineage, type Patch } from '../territory/patch.ts';
import type { Territory } from '../territory/territory.ts';
import { changeKind, recode, rename, transfer } from './attributes.ts';
import { fixGap, fixOverlap, redraw } from './borders/mending.ts';
import { merge, retire } from './borders/merge.ts';
import { create, reshape } from './borders/reshape.ts';
import { assertSound } from './borders/soundness.ts';
import { split } from './borders/split.ts';
import { insertVertex, moveVertex, removeVertex } from './borders/vertices.ts';
import { redrawDerived } from './derived.ts';
import type { Applied, Op, OpKind } from './op.ts';
import { type Ask, Step } from './step.ts';
import { assign, carve, reparent } from './tree.ts';

/** How each kind of op is done, and the field that is named when its outcome is not sound. */
const KINDS: { readonly [Kind in OpKind]: readonly [apply: (step: Step, ask: Ask<Kind>) => void, field: string] } = {
  create: [create, 'boundary'],
  reshape: [reshape, 'boundary'],
  moveVertex: [moveVertex, 'to'],
  insertVertex: [insertVertex, 'at'],
  removeVertex: [removeVertex, 'at'],
  split: [split, 'line'],
  merge: [merge, 'grids'],
  reparent: [reparent, 'parent'],
  rename: [rename, 'name'],
  recode: [recode, 'code'],
  changeKind: [changeKind, 'kind'],
  transfer: [transfer, 'manager'],
  retire: [retire, 'grid'],
  carve: [carve, 'area'],
  assign: [assign, 'members'],
  fixGap: [fixGap, 'at'],
  fixOverlap: [fixOverlap, 'grids'],
  redraw: [redraw, 'boundaries'],
};

/** The kind of an op, which is its only field. Throws BAD_INPUT. */
export function kindOf(op: Op, place = 'op'): OpKind {
  const kinds = Object.keys(op);
  if (kinds.length === 1 && Object.hasOwn(KINDS, kinds[0])) return kinds[0] as OpKind;
  const words = `${place}: give exactly one of ${Object.keys(KINDS).join(', ')}, not ${kinds.join(', ') || 'none'}.`;
  throw new DomainError('BAD_INPUT', words, { field: place });
}

/**
 * The territory after some ops in their order: all of them or none. Throws what the first one that cannot be done is
 * refused with, naming its field as `ops[2].split.line`; nothing is left of those before it.
 */
export function applyOps(territory: Territory, ops: readonly Op[]): Applied {
  let now = territory;
  const patches: Patch[] = [];
  const lineage: Lineage[] = [];
  ops.forEach((op, i) => {
    const step = applyOp(now, op, `ops[${i}]`);
    now = step.territory;
    patches.push(step.patch());
    lineage.push(...step.lineage);
  });
  return { territory: now, patch: compose(patches), lineage };
}

function applyOp(territory: Territory, op: Op, place: string): Step {
  const kind = kindOf(op, place);
  const step = new Step(territory, `${place}.${kind}`);
  const [apply, field] = KINDS[kind] as readonly [(step: Step, ask: unknown) => void, string];
  try {
    apply(step, (op as Record<OpKind, unknown>)[kind]);
    step.settle();
    redrawDerived(step);
    assertSound(step, field, { neighbours: kind !== 'redraw' });
  } catch (error) {
    throw placed(error, step, step.at(field));
  }
  if (step.patch().size === 0) step.refuse('', 'it changes nothing; leave it out.');
  return step;
}

/** What geometry refuses is told with the field of the op too. */
function placed(error: unknown, step: Step, field: string): unknown {
  if (!(error instanceof DomainError) || error.message.startsWith(step.place)) return error;
  const words = error.message.replace(/^boundary: /, '');
  return new DomainError(error.code, `${field}: ${words}`, { ...error.details, field }, { cause: error });
}
