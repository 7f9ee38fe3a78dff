import type { AreaTree } from '../../src/access/areaTree.ts';
import type { KeyReader } from '../../src/access/authenticator.ts';
import type { Viewer } from '../../src/access/viewer.ts';

export const NOW = new Date('2026-06-01T12:00:00+08:00');

/** A tree whose codes and parents a test moves as a published edition would. */
export class FakeTree implements AreaTree {
  readonly parents = new Map<string, string | undefined>();
  /** A code of several grids is ambiguous. */
  readonly codes = new Map<string, string[]>();

  findGridId(idOrCode: string): string | undefined {
    if (this.parents.has(idOrCode)) return idOrCode;
    const named = this.codes.get(idOrCode) ?? [];
    return named.length === 1 ? named[0] : undefined;
  }

  chainOf(gridId: string): readonly string[] {
    if (!this.parents.has(gridId)) return [];
    const parent = this.parents.get(gridId);
    return parent === undefined ? [gridId] : [gridId, ...this.chainOf(parent)];
  }
}

/** A county with two stations, one micro-grid in the first, and a code that two of them share. */
export function smallTree(): FakeTree {
  const tree = new FakeTree();
  for (const [id, parent] of [['county'], ['east', 'county'], ['west', 'county'], ['cell', 'east']]) {
    tree.parents.set(id, parent);
  }
  for (const [code, ...ids] of [
    ['421303', 'county'],
    ['421303187', 'east'],
    ['421303188', 'west'],
    ['9', 'east', 'west'],
  ]) {
    tree.codes.set(code, ids);
  }
  return tree;
}

export const INTEGRATOR: Viewer = {
  kind: 'key',
  subject: 'key:abc',
  grants: [{ role: 'integrator', areas: ['east'] }],
};
export const GOOD_KEY = 'wgk_abc_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';

export const oneKey: KeyReader = { findViewer: async (key) => (key === GOOD_KEY ? INTEGRATOR : undefined) };
