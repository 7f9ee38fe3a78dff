import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { drawGrid, rectangle } from '../../grids/squareGrids.ts';
import { countRows } from '../../support/database.ts';
import { ChangesetHouse, day, refusal } from '../changesetHouse.ts';

let house: ChangesetHouse;
beforeEach(async () => {
  house = await ChangesetHouse.open();
});

const ann = () => house.as('ann');
const bob = () => house.as('bob');
const rename = (code: string, name: string) => ({ rename: { grid: house.id(code), name } });
const later = (ms: number) => {
  house.now = new Date(house.now.getTime() + ms);
};
const db = () => house.api.app.database.db;

describe('a publication', () => {
  it('that crosses another names grids, versions and people, and writes nothing', async () => {
    const mine = await house.approved(ann(), rename('A', 'Mine'), rename('X', 'Mine too'));
    const theirs = await house.published(bob(), [rename('A', 'Theirs')]);
    const before = await countRows(db());
    const error = await refusal(house.publishing.publish(ann(), mine.record.id));
    const yours = mine.base.get(house.id('A'), 'grid').versionId;
    expect(error.code).toBe('CONFLICT');
    expect(error.details).toMatchObject({
      author: 'ann',
      grids: [
        {
          ...{ grid: house.id('A'), code: 'A', yours, theirs: house.version('A')!.id },
          ...{ edition: theirs.record.edition, publishedBy: 'bob', changeset: theirs.record.id },
        },
      ],
    });
    for (const word of [
      'A (',
      'ann',
      'bob',
      `version ${yours}`,
      `version ${house.version('A')!.id}`,
      'rebaseChangeset',
    ]) {
      expect(error.message).toContain(word);
    }
    const after = await countRows(db());
    expect(after).toEqual({ ...before, audit_entry: before.audit_entry + 1 });
    expect((await house.changesets.find(ann(), mine.record.id))?.record.status).toBe('APPROVED');
  });

  it('crosses another that changed only codes, and one that ended the grid', async () => {
    const mine = await house.approved(ann(), rename('A', 'Mine'));
    await house.published(bob(), [{ recode: { grid: house.id('A'), code: 'AA' } }]);
    const error = await refusal(house.publishing.publish(ann(), mine.record.id));
    expect(error).toMatchObject({ code: 'CONFLICT', details: { grids: [{ code: 'A', publishedBy: 'bob' }] } });
    const second = await house.approved(ann(), rename('B', 'Mine'));
    await house.published(bob(), [{ merge: { grids: [house.id('A'), house.id('B')], into: house.id('A') } }]);
    const ended = await refusal(house.publishing.publish(ann(), second.record.id));
    expect(ended).toMatchObject({ code: 'CONFLICT', details: { grids: [{ code: 'B', theirs: null }] } });
  });

  it('does not cross one of other grids', async () => {
    const mine = await house.approved(ann(), rename('A', 'Mine'));
    await house.published(bob(), [rename('B', 'Theirs')]);
    const { record } = await house.publishing.publish(ann(), mine.record.id);
    expect(record).toMatchObject({ status: 'PUBLISHED', edition: 3 });
    expect(['A', 'B'].map((code) => house.version(code)?.name)).toEqual(['Mine', 'Theirs']);
  });

  it('of two at once of the same grid lets one win', async () => {
    const drafts = [await house.approved(ann(), rename('A', 'One')), await house.approved(bob(), rename('A', 'Two'))];
    const both = await Promise.allSettled([
      house.publishing.publish(ann(), drafts[0].record.id),
      house.publishing.publish(bob(), drafts[1].record.id),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(house.api.app.editions.latest).toBe(2);
    const twice = await house.approved(ann(), rename('B', 'Once'));
    const same = await Promise.allSettled([1, 2].map(() => house.publishing.publish(ann(), twice.record.id)));
    expect(same.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(house.api.app.editions.latest).toBe(3);
  });

  it('that the database refuses leaves nothing, and the changeset approved', async () => {
    house.isBlind = true;
    const redraw = { redraw: { boundaries: [{ grid: house.id('A'), boundary: rectangle([0, 0, 2, 3]) }] } };
    const { record } = await house.approved(ann(), redraw);
    const before = await countRows(db());
    expect(await refusal(house.publishing.publish(ann(), record.id))).toMatchObject({ code: 'OVERLAP' });
    const after = await countRows(db());
    expect(after).toEqual({ ...before, audit_entry: before.audit_entry + 1 });
    expect((await house.changesets.find(ann(), record.id))?.record).toEqual(record);
    expect(house.api.app.editions.latest).toBe(1);
  });

  it('of a plan is seen beforehand by its day, and is SCHEDULED until then', async () => {
    const { record } = await house.approved(ann(), rename('A', 'Tomorrow'));
    const at = day('2026-07-01');
    const scheduled = await house.publishing.publish(ann(), record.id, at);
    expect(scheduled.record).toMatchObject({ status: 'SCHEDULED', effectiveAt: at, edition: 2 });
    expect(house.version('A')?.name).toBe('Grid A');
    expect(house.version('A', at)?.name).toBe('Tomorrow');
    expect((await house.changesets.list(ann(), { status: 'SCHEDULED' })).totalCount).toBe(1);
    expect((await house.changesets.list(ann(), { status: 'PUBLISHED' })).totalCount).toBe(0);
    // Who draws the same grid before that day is told of the plan.
    const crossing = await house.approved(bob(), rename('A', 'Today'));
    const error = await refusal(house.publishing.publish(bob(), crossing.record.id));
    expect(error).toMatchObject({ code: 'CONFLICT', details: { grids: [{ code: 'A', planned: at.toISOString() }] } });
    house.now = at;
    expect((await house.changesets.find(ann(), record.id))?.record.status).toBe('PUBLISHED');
    expect(house.version('A')?.name).toBe('Tomorrow');
  });

  it('of history is from its day on, and no earlier than what it changes', async () => {
    const { record } = await house.approved(ann(), {
      merge: { grids: [house.id('A'), house.id('B')], into: house.id('A') },
    });
    const at = day('2023-01-01');
    const early = await refusal(house.publishing.publish(ann(), record.id, day('2019-01-01')));
    expect(early).toMatchObject({ code: 'BAD_INPUT', details: { field: 'effectiveAt' } });
    const published = await house.publishing.publish(ann(), record.id, at);
    expect(published.record).toMatchObject({ status: 'PUBLISHED', effectiveAt: at });
    expect(house.version('B', day('2022-12-31'))?.name).toBe('Grid B');
    expect(house.version('B', at)).toBeUndefined();
    expect(house.version('B', at, 1)?.name).toBe('Grid B');
    expect(house.version('A', day('2022-12-31'))?.areaSquareMetres).toBeCloseTo(
      house.version('A', at)!.areaSquareMetres / 2,
      -1,
    );
    const { rows } = await sql`select from_id, to_id, how, at from grid_lineage`.execute(db());
    expect(rows).toEqual([{ from_id: house.id('B'), to_id: house.id('A'), how: 'MERGED', at }]);
  });

  it('takes over the code of a grid that has ended, and no other', async () => {
    const merge = { merge: { grids: [house.id('A'), house.id('B')], into: house.id('A') } };
    await house.published(ann(), [merge, { recode: { grid: house.id('A'), code: 'B' } }]);
    const codes = () => [...house.api.app.atlas.codesAt(house.api.app.editions.latest)];
    expect(
      codes()
        .filter(({ code }) => code === 'B')
        .map(({ grid }) => grid.id),
    ).toEqual([house.id('A')]);
    await house.published(ann(), [{ recode: { grid: house.id('X'), code: 'A' } }]);
    expect(
      codes()
        .filter(({ code }) => code === 'A')
        .map(({ grid }) => grid.id),
    ).toEqual([house.id('X')]);
    house.isBlind = true;
    const taken = await house.drafted(ann(), { recode: { grid: house.id('A'), code: 'Y' } }).catch((error) => error);
    if (taken instanceof Error) return expect(taken).toMatchObject({ code: 'DUPLICATE_CODE' });
    const approved = await house.approve(ann(), taken);
    expect(await refusal(house.publishing.publish(ann(), approved.record.id))).toMatchObject({
      code: 'DUPLICATE_CODE',
    });
  });

  it('ends a named gap that a grid holds afterwards', async () => {
    const { editions, writers, atlas } = house.api.app;
    await house.published(ann(), [{ retire: { grid: house.id('B'), heir: house.id('A') } }]);
    later(1000);
    await editions.publish('Lake', async (trx, edition) => {
      await writers.grids.reviseGrids(trx, edition, [
        { gridId: house.id('A'), from: house.now, set: { boundary: rectangle([0, 0, 2, 2]) } },
      ]);
      const lake = { layer: 'land', name: 'Lake', status: 'GAP', validFrom: house.now } as const;
      await writers.grids.insertGaps(trx, edition, [{ ...lake, boundary: rectangle([0, 2, 2, 2]) }]);
    });
    later(1000);
    const made = crypto.randomUUID();
    const create = {
      id: made,
      layer: 'land',
      tier: 'village',
      code: 'L',
      name: 'Lake side',
      boundary: rectangle([0, 2, 2, 2]),
    };
    const drained = house.now;
    await house.published(ann(), [{ create }]);
    const layer = atlas.findLayer('land')!;
    const gapAt = (asOf: Date) =>
      atlas.locateGap(layer, 1_050_010_000, 250_030_000, { asOf: asOf.getTime(), edition: editions.latest });
    expect(gapAt(new Date(drained.getTime() - 1))?.name).toBe('Lake');
    expect(gapAt(drained)).toBeUndefined();
    expect(atlas.findGrid(made)?.codes.map(({ code, main }) => [code, main])).toEqual([['L', true]]);
  });

  it('writes the members that grids of another layer are made of', async () => {
    const { editions, writers, atlas } = house.api.app;
    const beats = [drawGrid('police/beat', 'P1', [0, 0, 2, 4]), drawGrid('police/beat', 'P2', [2, 0, 2, 4])];
    for (const [i, { id }] of beats.entries()) house.ids.set(`P${i + 1}`, id);
    await editions.publish('Police', async (trx, edition) => {
      await writers.grids.insertLayer(trx, edition, { code: 'police', name: 'Police', kind: 'PARTITION' });
      await writers.grids.insertTier(trx, edition, { layer: 'police', code: 'beat', name: 'Beat', rank: 1 });
      await sql`insert into tier_rule (tier_id, made_of, member_tier_id)
        select b.id, 'MEMBERS', v.id from tier b, tier v where b.code = 'beat' and v.code = 'village'`.execute(trx);
      await writers.grids.insertGrids(trx, edition, beats);
      const members = (gridId: string, ...codes: string[]) => ({
        gridId,
        memberIds: codes.map((code) => house.id(code)),
      });
      await writers.grids.setMembers(
        trx,
        edition,
        [members(beats[0].id, 'A', 'B'), members(beats[1].id, 'X', 'Y')],
        day('2020-01-01'),
      );
    });
    const draft = await house.published(ann(), [{ assign: { members: [house.id('B')], to: beats[1].id } }]);
    expect(draft.issues().filter(({ severity }) => severity !== 'INFO')).toEqual([]);
    const memberIds = async (asOf: Date, edition: number) => {
      const territory = await house.territories.read({ asOf: asOf.getTime(), edition });
      return beats.map(({ id }) => [...(territory.get(id, 'grid').memberIds ?? [])].sort());
    };
    const [a, b, x, y] = ['A', 'B', 'X', 'Y'].map((code) => house.id(code));
    const { latest } = editions;
    expect(await memberIds(house.now, latest)).toEqual([[a], [b, x, y].sort()]);
    expect(await memberIds(day('2026-01-01'), latest)).toEqual([[a, b].sort(), [x, y].sort()]);
    expect(await memberIds(house.now, latest - 1)).toEqual([[a, b].sort(), [x, y].sort()]);
    const moment = { asOf: house.now.getTime(), edition: latest };
    const beat = atlas.locate(atlas.findLayer('police')!, 1_050_010_000, 250_030_000, moment);
    expect(beat?.grid.id).toBe(beats[1].id);
    // Somebody else's change of the same members is a crossing, though no version tells of it.
    house.isBlind = true;
    const mine = await house.approved(ann(), { assign: { members: [x], to: beats[0].id } });
    await house.published(bob(), [{ assign: { members: [y], to: beats[0].id } }]);
    const error = await refusal(house.publishing.publish(ann(), mine.record.id));
    expect(error).toMatchObject({
      code: 'CONFLICT',
      details: { grids: [{ publishedBy: 'bob' }, { publishedBy: 'bob' }] },
    });
  });

  it('tells of the way of a grid through grids that only the draft had', async () => {
    const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
    const line: (readonly [number, number])[] = [
      [1_049_999_000, 250_010_000],
      [1_050_021_000, 250_010_000],
    ];
    const split = { split: { grid: house.id('A'), line, codes: ['A1', 'A2'], names: ['A1', 'A2'], ids: [one, two] } };
    await house.published(ann(), [split, { merge: { grids: [two, house.id('B')], into: house.id('B') } }]);
    const { rows } = await sql<{
      from_id: string;
      to_id: string;
    }>`select from_id, to_id, how from grid_lineage`.execute(db());
    expect(rows.map(({ from_id, to_id }) => [from_id, to_id]).sort()).toEqual(
      [
        [house.id('A'), one],
        [house.id('A'), house.id('B')],
      ].sort(),
    );
  });
});
