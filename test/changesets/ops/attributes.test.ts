import { describe, expect, it } from 'vitest';
import { applyOps } from '../../../src/changesets/ops/applyOps.ts';
import type { Op } from '../../../src/changesets/ops/op.ts';
import { boardTerritory, done, refusal } from './drawing.ts';

const town = boardTerritory();

describe('what is not drawn', () => {
  it('is changed in the grid that is named and nothing else, and taken back to the byte', () => {
    const { territory, touched, patch } = done(
      town,
      { rename: { grid: 'a0', name: '  北新桥一 ' } },
      { recode: { grid: 'a0', code: ' 110101001001001 ' } },
      { changeKind: { grid: 'a0', kind: 'EXCLUSIVE' } },
      { transfer: { grid: 'a0', manager: 'squad-7' } },
    );
    expect(touched).toEqual(['a0']);
    expect(territory.find('a0')).toEqual({
      ...town.find('a0'),
      name: '北新桥一',
      codes: [{ scheme: 'police', code: '110101001001001' }],
      kind: 'EXCLUSIVE',
      managerId: 'squad-7',
    });
    expect(patch.get('a0')!.before).toBe(town.find('a0'));
    expect(territory.find('a0')!.shape).toBe(town.find('a0')!.shape);
  });

  it('recode in another scheme makes that the main code and keeps the other; a code of that scheme gives way', () => {
    const { territory } = done(town, { recode: { grid: 'a0', code: 'X1', scheme: 'civic' } });
    expect(territory.find('a0')!.codes).toEqual([
      { scheme: 'civic', code: 'X1' },
      { scheme: 'police', code: 'A0' },
    ]);
    const again = done(territory, { recode: { grid: 'a0', code: 'P9', scheme: 'police' } });
    expect(again.territory.find('a0')!.codes).toEqual([
      { scheme: 'police', code: 'P9' },
      { scheme: 'civic', code: 'X1' },
    ]);
  });

  it('reparent takes a grid of any higher tier of the layer', () => {
    const { territory, touched } = done(town, { reparent: { grid: 'a0', parent: 'b' } });
    expect(touched).toEqual(['a0']);
    expect(territory.find('a0')!.parentId).toBe('b');
    expect(done(town, { reparent: { grid: 'a0', parent: 'town' } }).territory.find('a0')!.parentId).toBe('town');
  });

  it.each<[string, Op, string]>([
    ['the same name', { rename: { grid: 'a0', name: 'Grid a0' } }, 'name: the grid is named Grid a0 already'],
    ['no name', { rename: { grid: 'a0', name: ' ' } }, 'name: give 1 to 200 characters, not 0'],
    ['a long name', { rename: { grid: 'a0', name: 'x'.repeat(201) } }, 'name: give 1 to 200 characters, not 201'],
    ['a line break', { rename: { grid: 'a0', name: 'x\ny' } }, 'name: leave out line breaks'],
    ['a long code', { recode: { grid: 'a0', code: 'x'.repeat(65) } }, 'code: give 1 to 64'],
    ['the same code', { recode: { grid: 'a0', code: 'A0' } }, 'code: the grid has the main code A0'],
    ['the same kind', { changeKind: { grid: 'a0', kind: 'BASIC' } }, 'kind: the grid is of kind BASIC'],
    ['the same manager', { transfer: { grid: 'a0', manager: null } }, 'manager: the grid has no manager'],
    ['an unknown grid', { rename: { grid: 'z9', name: 'x' } }, 'grid: the draft has no grid z9'],
    ['a lower parent', { reparent: { grid: 'a', parent: 'a0' } }, 'parent: it is of tier cell'],
    ['itself as parent', { reparent: { grid: 'a', parent: 'a' } }, 'parent: it is of tier block'],
    ['the same parent', { reparent: { grid: 'a0', parent: 'a' } }, 'parent: the grid is below it already'],
  ])('%s is refused', (_title, op, words) => {
    const kind = Object.keys(op)[0];
    expect(refusal(town, { transfer: { grid: 'b1', manager: 'x' } }, op).message).toContain(`ops[1].${kind}.${words}`);
  });

  it('ops that give each other up leave an empty patch, and no kind or two are refused', () => {
    const ops: Op[] = [{ rename: { grid: 'a0', name: 'x' } }, { rename: { grid: 'a0', name: 'Grid a0' } }];
    expect(applyOps(town, ops).territory.find('a0')).toEqual(town.find('a0'));
    expect(refusal(town, {} as Op).message).toMatch(/^ops\[0\]: give exactly one of create, reshape/);
    expect(applyOps(town, []).patch.size).toBe(0);
  });
});
