import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Draft } from '../../../src/changesets/changeset.type.ts';
import { mainCodeOf } from '../../../src/changesets/territory/draftGrid.ts';
import type { EditedFileInput } from '../../../src/exchange/edited/editedFile.type.ts';
import { findCoverageFaults } from '../../../src/geometry/coverage.ts';
import { openTestDatabase } from '../../support/database.ts';
import { importOrFail } from '../openExchange.ts';
import { corner, type FileFeature, fileOf } from './drawnTown.ts';
import { OPERATOR, openTown, textOf } from './openDrafts.ts';

let town: Awaited<ReturnType<typeof openTown>>;
let draft: Draft;
let features: FileFeature[];
beforeAll(async () => {
  const { db } = await openTestDatabase();
  town = await openTown(db);
});
beforeEach(async () => {
  draft = await town.drafts.open('Edited');
  features = JSON.parse(await textOf(town.exporter.exportGrids({ layer: 'gov', tier: 'village' }))).features;
});

const bring = (options: Partial<EditedFileInput> = {}, revision?: number) =>
  town.files.importInto(OPERATOR, draft.record.id, revision, { text: fileOf(features), commit: true, ...options });

/** The feature and the place of a corner in its ring. */
function vertex(code: string, at: readonly number[]): { ring: number[][]; index: number } {
  const feature = features.find(({ properties }) => properties.code === code)!;
  const [ring] = feature.geometry.coordinates as number[][][];
  return { ring, index: ring.findIndex(([x, y]) => x === at[0] / 1e7 && y === at[1] / 1e7) };
}

function moveIn(code: string, at: readonly number[], by: readonly number[]): void {
  const { ring, index } = vertex(code, at);
  ring[index] = [(at[0] + by[0]) / 1e7, (at[1] + by[1]) / 1e7];
  if (index === 0) ring[ring.length - 1] = ring[0];
}

const villages = async () => [
  ...(await town.drafts.find(OPERATOR, draft.record.id))!.territory.grids('gov', 'village'),
];
const faults = async () => findCoverageFaults((await villages()).map((grid) => grid.shape));
const AROUND = ['421303001', '421303002', '421303007', '421303008'];

describe('sloppy drawing', () => {
  it('within the tolerance is put on the shared borders, and told', async () => {
    // Three neighbours are moved by 11 m, the fourth by 20 cm less.
    for (const code of AROUND) moveIn(code, corner(1, 1), code === '421303008' ? [980, 980] : [1000, 1000]);
    const report = await bring();
    expect(report.refusal).toBeNull();
    expect(report.changes.length).toBeGreaterThan(0);
    expect(report.rows.filter(({ notes }) => notes.join().includes('put on those of its neighbours'))).not.toEqual([]);
    expect(report.ops).toEqual({ redraw: 1 });
    expect(await faults()).toEqual([]);
  });

  it('beyond it stays as drawn, for the checks to tell', async () => {
    moveIn('421303001', corner(1, 1), [3000, 3000]);
    const report = await bring();
    expect(report.warnings.join()).toMatch(/overlap by \d+\.\d m², more than a sliver/);
    expect([report.ops, report.applied]).toEqual([{ redraw: 1 }, true]);
    const grid = (await villages()).find((each) => mainCodeOf(each) === '421303001')!;
    const at = corner(1, 1).map((lattice) => lattice + 3000);
    expect([...grid.shape[0][0]].join()).toContain(at.join());
    expect(await faults()).not.toEqual([]);
  });

  it('of a vertex on one side only gets it on the other side too', async () => {
    const { ring, index } = vertex('421303001', corner(1, 0.5));
    const [a, b] = [corner(1, 0.5), corner(1, 1)];
    ring.splice(index + 1, 0, [Math.round((a[0] + b[0]) / 2) / 1e7, Math.round((a[1] + b[1]) / 2) / 1e7]);
    expect((await bring()).refusal).toBeNull();
    expect(await faults()).toEqual([]);
  });
});

describe('a draft', () => {
  it('takes nothing at another revision, nor when it is one no more, nor one that is not there', async () => {
    await expect(bring({}, 3)).rejects.toMatchObject({ code: 'CONFLICT', details: { revision: 0 } });
    const status = { ...draft, record: { ...draft.record, status: 'SUBMITTED' as const } };
    const find = town.drafts.find;
    town.drafts.find = async () => status;
    await expect(bring()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('SUBMITTED') });
    town.drafts.find = find;
    const missing = town.files.importInto(OPERATOR, 'x', undefined, { text: fileOf(features), commit: true });
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is left as it is by a dry run, a refused row and an op that cannot be done', async () => {
    features[0].properties.name = 'Other';
    expect(await bring({ commit: false })).toMatchObject({ applied: false, ops: { rename: 1 } });
    features[1].properties.name = '';
    expect(await bring()).toMatchObject({ applied: false, refusal: { message: expect.stringMatching(/^Row 2: /) } });
    features[1].properties.name = 'Village 1';
    features[2].properties.managerId = 'x'.repeat(65);
    expect(await bring()).toMatchObject({ applied: false, counts: { REFUSED: 1 } });
    expect((await town.drafts.find(OPERATOR, draft.record.id))!.patch.size).toBe(0);
  });
});

// Last: it publishes.
describe('what others publish after the export', () => {
  it('stays where the file did not touch it, and is a conflict of both versions where it did', async () => {
    const old = structuredClone(features);
    features[0].properties.name = 'Published';
    features[1].properties.name = 'Published too';
    const fields = { layer: 'gov', tier: 'village', codeField: 'code', nameField: 'name', parentField: 'parent' };
    await importOrFail(town, { ...fields, text: fileOf(features) });
    draft = await town.drafts.open('On the newest');
    features = old;
    expect(await bring()).toMatchObject({ ops: {}, refusal: null, counts: { SAME: 36 } });
    features[0].properties.name = 'Drawn';
    features[3].properties.name = 'Drawn too';
    const clash = await bring();
    const version = features[0].properties.version as number;
    expect(clash).toMatchObject({ applied: false, refusal: { code: 'CONFLICT', field: 'name' } });
    expect(clash.rows[0]).toMatchObject({
      action: 'CONFLICT',
      versions: { file: version },
      conflicts: [{ origin: 'Village 0', file: 'Drawn', present: 'Published' }],
    });
    expect(clash.rows[0].versions.present).toBeGreaterThan(version);
    expect(await bring({ takeFile: true })).toMatchObject({ applied: true, ops: { rename: 2 } });
    const names = (await villages()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Drawn', 'Published too', 'Drawn too']));
  });
});
