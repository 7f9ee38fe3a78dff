import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { writePatch } from '../../../src/changesets/territory/codec.ts';
import type { Patch } from '../../../src/changesets/territory/patch.ts';
import { rectangle } from '../../grids/squareGrids.ts';
import { ChangesetHouse, day, refusal } from '../changesetHouse.ts';

let house: ChangesetHouse;
beforeEach(async () => {
  house = await ChangesetHouse.open();
});

const ann = () => house.as('ann');
const bob = () => house.as('bob');
const rename = (code: string, name: string) => ({ rename: { grid: house.id(code), name } });
const merge = (...codes: string[]) => ({
  merge: { grids: codes.map((code) => house.id(code)), into: house.id(codes[0]) },
});
const moveVertex = (from: readonly [number, number], to: readonly [number, number]) => ({
  moveVertex: { layer: 'land', from, to },
});

/** Everything that the registry holds of the territory, but for the numbers of its rows. */
async function territory(edition = house.api.app.editions.latest, asOf = house.now): Promise<unknown> {
  const read = await house.territories.read({ asOf: asOf.getTime(), edition });
  const grids = [...read.grids('land')].map((grid) => [grid.id, { before: null, after: { ...grid, versionId: null } }]);
  return writePatch(new Map(grids as [string, never][]) as Patch);
}

describe('a rebase', () => {
  it('keeps what does not clash and says of the rest why it is left out', async () => {
    let mine = await house.drafted(ann(), rename('A', 'Mine'));
    const { id } = mine.record;
    for (const [i, op] of [rename('X', 'Mine'), merge('Y', 'X'), rename('B', 'Mine')].entries()) {
      mine = await house.changesets.apply(ann(), id, i + 1, [op]);
    }
    mine = await house.changesets.apply(ann(), id, 4, [rename('B', 'Undone')]);
    mine = await house.changesets.undo(ann(), id, 5);
    await house.approve(ann(), mine);
    const theirs = await house.published(bob(), [rename('X', 'Theirs')]);
    expect((await refusal(house.publishing.publish(ann(), id))).code).toBe('CONFLICT');
    mine = await house.changesets.rebase(ann(), id, 8);
    expect(mine.record).toMatchObject({ status: 'DRAFT', revision: 9, baseEdition: theirs.record.edition });
    expect(mine.record).toMatchObject({ submittedAt: null, approvedBy: null, approvedAt: null });
    expect(mine.steps.map(({ dropped }) => dropped)).toEqual([
      null,
      'The name of grid X has been changed since.',
      null,
      null,
    ]);
    expect(mine.steps.map(({ touched }) => touched.length > 0)).toEqual([true, false, true, true]);
    expect(mine.territory.find(house.id('X'))).toBeUndefined();
    const again = await house.again().changesets.find(ann(), id);
    expect(again?.patch).toEqual(mine.patch);
    expect(again?.steps).toEqual(mine.steps);
    await house.approve(ann(), mine);
    await house.publishing.publish(ann(), id);
    expect(['A', 'B', 'X'].map((code) => house.version(code)?.name)).toEqual(['Mine', 'Mine', undefined]);
    expect(house.version('X', house.now, theirs.record.edition!)?.name).toBe('Theirs');
  });

  it('draws anew beside what a neighbour has redrawn', async () => {
    const corner = [1_050_020_000, 250_020_000] as const;
    const edge = [
      [1_050_000_000, 250_020_000],
      [1_050_020_000, 250_020_000],
    ] as const;
    const at = [1_050_010_000, 250_020_000] as const;
    const insert = { insertVertex: { layer: 'land', edge, at } };
    const move = moveVertex(at, [1_050_010_000, 250_021_000]);
    const mine = await house.approved(ann(), insert, move);
    await house.published(bob(), [
      {
        insertVertex: { layer: 'land', edge: [corner, [1_050_040_000, 250_020_000]], at: [1_050_030_000, 250_020_000] },
      },
    ]);
    const { record } = mine;
    const rebased = await house.changesets.rebase(ann(), record.id, record.revision);
    expect(rebased.steps[0].dropped).toBeNull();
    await house.approve(ann(), rebased);
    expect((await house.publishing.publish(ann(), record.id)).record.status).toBe('PUBLISHED');
  });

  it('drops a step whose grid has ended, and those that stood on it', async () => {
    let mine = await house.drafted(ann(), rename('B', 'Mine'));
    const { id } = mine.record;
    mine = await house.changesets.apply(ann(), id, 1, [rename('A', 'Mine')]);
    await house.published(bob(), [merge('A', 'B')]);
    mine = await house.changesets.rebase(ann(), id, 2);
    expect(mine.steps.map(({ dropped }) => dropped)).toEqual(['Grid B has ended since.', null]);
    expect([...mine.patch.keys()]).toEqual([house.id('A')]);
    mine = await house.changesets.rebase(ann(), id, 3);
    expect(mine.steps.map(({ dropped }) => dropped)).toEqual(['Grid B has ended since.', null]);
  });

  it('takes back waivers of issues that are none any more', async () => {
    const half = crypto.randomUUID();
    house.vacant = ({ id }) => (id === half ? ['officer'] : []);
    const line: (readonly [number, number])[] = [
      [1_049_999_000, 250_010_000],
      [1_050_021_000, 250_010_000],
    ];
    const names = ['A1', 'A2'];
    const ids = [crypto.randomUUID(), half];
    let mine = await house.drafted(ann(), { split: { grid: house.id('A'), line, codes: names, names, ids } });
    const { id } = mine.record;
    const [warning] = mine.issues().filter(({ severity }) => severity === 'WARNING');
    mine = await house.review.waive(ann(), id, 1, warning.id, 'Soon');
    mine = await house.changesets.rebase(ann(), id, 2);
    expect(mine.record.waivers).toHaveLength(1);
    house.vacant = () => [];
    mine = await house.changesets.rebase(ann(), id, 3);
    expect(mine.record.waivers).toEqual([]);
  });
});

describe('a revert', () => {
  it('brings back every byte, and leaves the history as it was', async () => {
    const before = await territory();
    const split = {
      grid: house.id('X'),
      line: [
        [1_050_019_000, 250_010_000],
        [1_050_041_000, 250_010_000],
      ] as const,
      ...{ codes: ['X1', 'X2'], names: ['X1', 'X2'], ids: [crypto.randomUUID(), crypto.randomUUID()] },
    };
    const done = await house.published(ann(), [
      merge('A', 'B'),
      { split },
      { recode: { grid: house.id('A'), code: 'AB' } },
      rename('Y', 'Why'),
      { reshape: { grid: house.id('Y'), boundary: rectangle([2, 2.5, 2, 1.5]) } },
    ]);
    const changed = await territory();
    expect(changed).not.toEqual(before);
    house.now = new Date(house.now.getTime() + 86_400_000);
    const revert = await house.publishing.revert(bob(), done.record.edition!);
    expect(revert.record).toMatchObject({ status: 'DRAFT', author: 'bob', reverts: 2, revision: 0 });
    expect(revert.record.title).toBe('Revert edition 2: Draft of ann');
    expect(revert.steps).toEqual([expect.objectContaining({ position: 1, ops: [], dropped: null })]);
    await house.approve(bob(), revert);
    const { record } = await house.publishing.publish(bob(), revert.record.id);
    expect(await territory()).toEqual(before);
    expect(await territory(2)).toEqual(changed);
    const earlier = new Date(house.now.getTime() - 1000);
    expect(['B', 'Y'].map((code) => house.version(code, earlier, record.edition!)?.name)).toEqual([undefined, 'Why']);
    const { rows } = await sql<{ from_id: string; to_id: string }>`select from_id, to_id from grid_lineage
      where edition_from = 3`.execute(house.api.app.database.db);
    expect(rows.map(({ from_id, to_id }) => [from_id, to_id]).sort()).toEqual(
      split.ids.map((id) => [id, house.id('X')]).sort(),
    );
    // And the other way again.
    const forth = await house.publishing.revert(ann(), 3, 'As ann had it');
    await house.approve(ann(), forth);
    await house.publishing.publish(ann(), forth.record.id);
    expect(await territory()).toEqual(changed);
  });

  it('is refused when the grids were changed again, naming them', async () => {
    await house.published(ann(), [rename('A', 'First'), rename('B', 'First')]);
    await house.published(bob(), [rename('A', 'Second')]);
    const error = await refusal(house.publishing.revert(ann(), 2));
    expect(error).toMatchObject({ code: 'CONFLICT', details: { grids: [{ code: 'A', edition: 3 }] } });
    expect(error.message).toContain('A (edition 3)');
    for (const edition of [0, 9, -1, 1.5]) {
      expect(await refusal(house.publishing.revert(ann(), edition))).toMatchObject({ code: 'BAD_INPUT' });
    }
    await house.api.app.editions.publish('Nothing', async () => undefined);
    expect(await refusal(house.publishing.revert(ann(), 4))).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('of a plan takes it back as of its day', async () => {
    const at = day('2026-09-01');
    const { record } = await house.approved(ann(), rename('A', 'Planned'));
    await house.publishing.publish(ann(), record.id, at);
    const revert = await house.publishing.revert(ann(), 2);
    await house.approve(ann(), revert);
    expect(await refusal(house.publishing.publish(ann(), revert.record.id))).toMatchObject({ code: 'BAD_INPUT' });
    await house.publishing.publish(ann(), revert.record.id, at);
    expect(house.version('A', at)?.name).toBe('Grid A');
    expect(house.version('A', at, 2)?.name).toBe('Planned');
  });

  it('is worked out anew by a rebase, and dropped where the grids have moved on', async () => {
    await house.published(ann(), [rename('A', 'First')]);
    let revert = await house.publishing.revert(ann(), 2);
    revert = await house.changesets.apply(ann(), revert.record.id, 0, [rename('X', 'More')]);
    await house.published(bob(), [rename('B', 'Other')]);
    revert = await house.changesets.rebase(ann(), revert.record.id, 1);
    expect(revert.record.baseEdition).toBe(3);
    expect(revert.territory.get(house.id('A'), 'grid').name).toBe('Grid A');
    await house.published(bob(), [rename('A', 'Second')]);
    revert = await house.changesets.rebase(ann(), revert.record.id, 2);
    expect(revert.steps.map(({ dropped }) => dropped)).toEqual([expect.stringContaining('A (edition 4)'), null]);
    expect([...revert.patch.keys()]).toEqual([house.id('X')]);
  });
});
