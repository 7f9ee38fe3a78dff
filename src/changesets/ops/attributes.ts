import type { DraftGrid } from '../territory/draftGrid.ts';
import { readCode, readName, readText } from './naming.ts';
import type { Ask, Step } from './step.ts';

export function rename(step: Step, ask: Ask<'rename'>): void {
  const grid = step.get(ask.grid, 'grid');
  const name = readName(step, 'name', ask.name);
  if (name === grid.name) refuseSame(step, 'name', grid, `is named ${name}`);
  step.change([{ ...grid, name }]);
}

/** The new code becomes the main one and takes the place of the one in its scheme; codes in other schemes stay. */
export function recode(step: Step, ask: Ask<'recode'>): void {
  const grid = step.get(ask.grid, 'grid');
  const code = readCode(step, 'code', ask.code);
  const own = grid.codes[0]?.scheme ?? step.territory.getTier(grid.layer, grid.tier).scheme ?? grid.layer;
  const scheme = ask.scheme === undefined ? own : readText(step, 'scheme', ask.scheme, 64);
  const main = grid.codes[0];
  if (main?.scheme === scheme && main.code === code) refuseSame(step, 'code', grid, `has the main code ${code}`);
  step.change([{ ...grid, codes: [{ scheme, code }, ...grid.codes.filter((each) => each.scheme !== scheme)] }]);
}

export function changeKind(step: Step, ask: Ask<'changeKind'>): void {
  const grid = step.get(ask.grid, 'grid');
  const kind = readText(step, 'kind', ask.kind, 64);
  if (kind === grid.kind) refuseSame(step, 'kind', grid, `is of kind ${kind}`);
  step.change([{ ...grid, kind }]);
}

export function transfer(step: Step, ask: Ask<'transfer'>): void {
  const grid = step.get(ask.grid, 'grid');
  const managerId = ask.manager === null ? null : readText(step, 'manager', ask.manager, 64);
  if (managerId === grid.managerId) {
    refuseSame(step, 'manager', grid, managerId === null ? 'has no manager' : 'has this manager');
  }
  step.change([{ ...grid, managerId }]);
}

function refuseSame(step: Step, field: string, grid: DraftGrid, words: string): never {
  step.refuse(field, `the grid ${words} already; leave the op out.`, 'BAD_INPUT', { grid: grid.id });
}
