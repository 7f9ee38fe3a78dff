import { beforeAll, describe, expect, it } from 'vitest';
import type { Territory } from '../../src/changesets/territory/territory.ts';
import { boxOf } from '../../src/geometry/polygon.ts';
import { rectangle } from '../grids/squareGrids.ts';
import { ChangesetHouse, day } from './changesetHouse.ts';

let house: ChangesetHouse;
beforeAll(async () => {
  house = await ChangesetHouse.open();
});

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
const everything = (territory: Territory) => ({
  layers: [...territory.layers],
  grids: [...territory.grids('land')].sort(byId),
  meeting: territory.meeting(boxOf(rectangle([1, 1, 2, 2])), 'land', 'village').sort(byId),
  below: [...territory.grids('land')].sort(byId).map(({ id }) => territory.childrenOf(id).sort(byId)),
});

describe('a territory', () => {
  it('made of the difference to another is the one made from nothing, for every edition and instant', async () => {
    const ann = house.as('ann');
    const grid = (code: string) => house.id(code);
    await house.published(ann, [{ rename: { grid: grid('A'), name: 'Alpha' } }]);
    await house.published(ann, [{ merge: { grids: [grid('A'), grid('B')], into: grid('A') } }]);
    await house.published(ann, [{ recode: { grid: grid('X'), code: 'XX' } }]);
    await house.published(ann, [{ merge: { grids: [grid('Y'), grid('X')], into: grid('Y') } }], day('2027-01-01'));
    await house.published(ann, [{ changeKind: { grid: grid('D1'), kind: 'EXCLUSIVE' } }], day('2021-01-01'));
    const { latest } = house.api.app.editions;
    for (let turn = 0; turn < 2; turn += 1) {
      for (let edition = latest; edition >= 0; edition -= 1) {
        for (const at of ['2019-01-01', '2020-06-01', '2026-06-02', '2027-01-01']) {
          const moment = { asOf: day(at).getTime(), edition };
          const fresh = await house.again().territories.read(moment);
          const read = await house.territories.read(moment);
          if (edition > 0) expect(everything(read), `${edition} ${at}`).toEqual(everything(fresh));
          else expect([...read.layers]).toEqual([]);
        }
      }
    }
  });

  it('is one for drafts that are opened while nothing changes, whatever else is published', async () => {
    const ann = house.as('ann');
    const one = await house.changesets.open(ann, 'One');
    house.now = new Date(house.now.getTime() + 60_000);
    await house.api.app.editions.publish('Something else', async () => undefined);
    const two = await house.changesets.open(ann, 'Two');
    expect(two.record.baseEdition).toBe(one.record.baseEdition + 1);
    expect(two.base).toBe(one.base);
  });
});
