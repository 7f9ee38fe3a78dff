import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compose } from '../../../src/changesets/territory/patch.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import { diffEditedFile } from '../../../src/exchange/edited/diffEditedFile.ts';
import type { DiffOptions } from '../../../src/exchange/edited/editedFile.type.ts';
import { type EditedRow, readEditedRows } from '../../../src/exchange/edited/editedRows.ts';
import { planOps } from '../../../src/exchange/edited/plan/planOps.ts';
import { readFeatureCollection } from '../../../src/geometry/geojson.ts';
import { isSameShape } from '../../../src/geometry/rings/sameShape.ts';
import {
  corner,
  drawTown,
  exported,
  type FileFeature,
  fileOf,
  freshDraft,
  idOf,
  originsIn,
  RULES,
  STEP,
} from './drawnTown.ts';
import { editAtRandom } from './seededEditor.ts';

const RUNS = Number(process.env.EDITED_FILE_RUNS ?? 40);
const base = drawTown();

function rowsOf(features: readonly unknown[]): EditedRow[] {
  return readEditedRows(readFeatureCollection(fileOf(features)).features);
}

function compare(features: readonly unknown[], options: DiffOptions = {}, now: Territory = base) {
  const draft = { ...freshDraft(base).draft, territory: now };
  const diff = diffEditedFile(rowsOf(features), originsIn(base), draft, options);
  return { ...diff, plan: planOps(diff.wishes, now) };
}

async function villages(): Promise<FileFeature[]> {
  return exported(base, 'village');
}

function rename(territory: Territory, number: number, name: string): Territory {
  const before = territory.get(idOf(number), 'grid');
  return territory.with(compose([new Map([[before.id, { before, after: { ...before, name, versionId: 900 } }]])]));
}

describe('a file that was edited', () => {
  it('comes back as the edits that were made and nothing else, whatever tools did to the rest', async () => {
    const file = await exported(base);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => {
        const edited = editAtRandom(base, structuredClone(file), seed);
        const { rows, plan } = compare(edited.features);
        expect(rows.filter(({ action }) => action === 'REFUSED' || action === 'CONFLICT')).toEqual([]);
        expect(plan.ops.map((op) => Object.keys(op)[0]).sort()).toEqual(edited.kinds);
        for (const grid of plan.territory.grids('gov')) {
          const wanted = edited.expected.get(grid.id) ?? edited.expected.get(grid.codes[0].code);
          expect({ ...grid, id: '', shape: null }).toEqual({ ...wanted, id: '', shape: null });
          expect(isSameShape(grid.shape, wanted!.shape)).toBe(true);
        }
        expect([...plan.territory.grids('gov')]).toHaveLength(edited.expected.size);
      }),
      { numRuns: RUNS, seed: 5 },
    );
  });

  it.each([
    ['compares rings vertex by vertex', (a: Int32Array, b: Int32Array) => a.join() === b.join()],
    ['compares the first vertex only', (a: Int32Array, b: Int32Array) => a[0] === b[0] && a[1] === b[1]],
  ])('is not found again by a twin that %s', async (_title, same) => {
    const file = await exported(base);
    const missed = Array.from({ length: 20 }, (_, seed) => {
      const edited = editAtRandom(base, structuredClone(file), seed);
      const found = rowsOf(edited.features).filter(({ id, shape }) => {
        const origin = base.find(id ?? '');
        return origin && shape && !same(shape[0][0], origin.shape[0][0]);
      });
      return (
        found
          .map(({ id }) => id)
          .sort()
          .join() !== edited.redrawn.join()
      );
    });
    expect(missed.filter(Boolean).length).toBeGreaterThan(10);
  });
});

describe('three ways', () => {
  const renamedTo = async (name: string) => {
    const features = await villages();
    features[0].properties.name = name;
    return features;
  };

  it('keeps what others published in between, where the file did not touch it', async () => {
    const { plan, rows } = compare(await villages(), {}, rename(base, 100, 'Theirs'));
    expect([plan.ops, rows[0].action]).toEqual([[], 'SAME']);
  });

  it('is a conflict of both values and versions where both changed it, until the caller takes the file', async () => {
    const now = rename(base, 100, 'Theirs');
    const { rows, plan } = compare(await renamedTo('Ours'), {}, now);
    expect(rows[0]).toMatchObject({
      action: 'CONFLICT',
      code: '421303001',
      versions: { file: 100, present: 900 },
      conflicts: [{ field: 'name', origin: 'Village 0', file: 'Ours', present: 'Theirs' }],
    });
    expect(plan.ops).toEqual([]);
    const taken = compare(await renamedTo('Ours'), { takeFile: true }, now).plan.ops;
    expect(taken).toEqual([{ rename: { grid: idOf(100), name: 'Ours' } }]);
    // Both made the same of it.
    expect(compare(await renamedTo('Theirs'), {}, now).rows[0].action).toBe('SAME');
  });

  it('ignores a twin that compares with the present only: it would undo what others did', async () => {
    const now = rename(base, 100, 'Theirs');
    const twin = diffEditedFile(rowsOf(await villages()), originsIn(now), {
      ...freshDraft(base).draft,
      territory: now,
    });
    expect(planOps(twin.wishes, now).ops).toEqual([{ rename: { grid: idOf(100), name: 'Village 0' } }]);
  });
});

describe('rows', () => {
  it('keep grids that the file leaves out, unless they are to be retired', async () => {
    const features = (await villages()).slice(1);
    expect(compare(features).plan.ops).toEqual([]);
    expect(compare(features).rows.at(-1)).toMatchObject({ row: null, action: 'MISSING', code: '421303001' });
    expect(compare(features, { retireMissing: true }).plan.ops).toEqual([{ retire: { grid: idOf(100) } }]);
  });

  it('are new grids without an id, in the layer and tier that they or the caller name', async () => {
    const [west, south] = [120 + 10 * (STEP / 1e7), 30];
    const ring = [
      [west, south],
      [west + 0.001, south],
      [west + 0.001, south + 0.001],
      [west, south + 0.001],
      [west, south],
    ];
    const geometry = { type: 'Polygon', coordinates: [ring] };
    const drawn = { type: 'Feature', properties: { code: 'N1', name: 'New', parent: 'T2', width: 3 }, geometry };
    const unplaced = compare([drawn]).rows[0];
    expect(unplaced).toMatchObject({ action: 'REFUSED', faults: [{ field: 'layer' }] });
    const { plan } = compare([drawn], { layer: 'gov', tier: 'village', newId: () => idOf(7) });
    expect(plan.ops).toMatchObject([{ create: { id: idOf(7), code: 'N1', name: 'New', parent: idOf(2) } }]);
  });

  it.each<[string, (features: FileFeature[]) => void, string, RegExp]>([
    ['a version of another grid', ([f]) => Object.assign(f.properties, { version: 'x' }), 'version', /whole number/],
    ['an empty name', ([f]) => Object.assign(f.properties, { name: ' ' }), 'name', /Fill it in/],
    ['another tier', ([f]) => Object.assign(f.properties, { tier: 'town' }), 'tier', /stays there/],
    ['an unknown parent', ([f]) => Object.assign(f.properties, { parent: 'T9' }), 'parent', /No grid of a higher tier/],
    ['no parent', ([f]) => Object.assign(f.properties, { parent: null, parentId: null }), 'parent', /takes its parent/],
    ['two parents', ([f]) => Object.assign(f.properties, { parent: 'T2', parentId: idOf(100) }), 'parentId', /one of/],
    ['a taken code', ([f]) => Object.assign(f.properties, { code: '421303002' }), 'code', /such as 421303037/],
    ['a crossed border', ([f]) => cross(f), 'features[0].geometry', /crosses/],
  ])('are refused in plain words with %s', async (_title, spoil, field, words) => {
    const features = await villages();
    spoil(features);
    const { rows, plan } = compare(features);
    expect(rows[0]).toMatchObject({ action: 'REFUSED', faults: [{ message: expect.stringMatching(words) }] });
    expect(rows[0].faults[0].field).toContain(field);
    expect(plan.ops).toEqual([]);
  });

  it('follow their members in a tier that nobody draws, whatever the file draws of it', async () => {
    const [layer] = RULES;
    const tiers = [{ ...layer.tiers[0], source: 'CHILDREN' as const }, layer.tiers[1]];
    const derived = Territory.of([{ ...layer, tiers }], base.grids('gov'));
    const features = await exported(base);
    const at = corner(0, 1);
    const moved = features.filter(({ geometry }) => {
      const [ring] = geometry.coordinates as number[][][];
      const index = ring.findIndex(([x, y]) => x === at[0] / 1e7 && y === at[1] / 1e7);
      if (index < 0) return false;
      ring[index] = [(at[0] - 500) / 1e7, (at[1] + 100) / 1e7];
      if (index === 0) ring[ring.length - 1] = ring[0];
      return true;
    });
    expect(moved.map(({ properties }) => properties.tier).sort()).toEqual(['town', 'village', 'village']);
    const { rows, plan } = compare(features, {}, derived);
    expect(plan.ops.map((op) => ('redraw' in op ? op.redraw.boundaries.length : op))).toEqual([2]);
    const town = rows.find(({ code }) => code === 'T1')!;
    expect([town.action, town.notes.join()]).toEqual(['SAME', expect.stringContaining('follows that')]);
    expect(plan.patch.has(idOf(1))).toBe(true);
  });

  it('may swap their codes, and a cut part needs one of its own', async () => {
    const swapped = await villages();
    [swapped[0].properties.code, swapped[1].properties.code] = ['421303002', '421303001'];
    expect(compare(swapped).plan.ops).toHaveLength(2);
    const doubled = await villages();
    doubled.push(structuredClone(doubled[0]));
    expect(compare(doubled).rows[36].faults[0].message).toMatch(/row 1 again/);
  });
});

function cross(feature: FileFeature): void {
  const [ring] = feature.geometry.coordinates as number[][][];
  [ring[1], ring[4]] = [ring[4], ring[1]];
}
