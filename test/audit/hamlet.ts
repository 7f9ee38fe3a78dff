import type { GridDraft } from '../../src/grids/territory.type.ts';

export const HAMLET = '22222222-2222-4222-8222-222222222222';

/** A village below the town, with its parent's square. */
export function hamletBelow(parentId: string): GridDraft {
  const state = { name: 'Hamlet', kind: 'BASIC', parentId, managerId: null, loads: [] };
  const boundary = [[new Int32Array([0, 0, 10000, 0, 10000, 10000, 0, 10000])]];
  const dates = { validFrom: new Date('2020-01-01T00:00:00Z'), validTo: null };
  return {
    id: HAMLET,
    layer: 'gov',
    tier: 'village',
    codes: [{ scheme: 'local', code: 'H1' }],
    boundary,
    ...state,
    ...dates,
  };
}
