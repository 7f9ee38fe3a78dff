import { expect, it } from 'vitest';
import { drawGrid } from '../../grids/squareGrids.ts';
import { ChangesetHouse } from '../changesetHouse.ts';

const COUNT = Number(process.env.CHANGESET_GRIDS ?? 60);

it(`publishes a changeset of ${COUNT} grids in few statements`, async () => {
  const house = await ChangesetHouse.open();
  const { editions, writers, atlas } = house.api.app;
  const field = drawGrid('land/city', 'F', [10, 0, 100, Math.ceil(COUNT / 100)]);
  const village = (i: number) =>
    drawGrid('land/village', `F${i}`, [10 + (i % 100), Math.floor(i / 100), 1, 1], { parent: field });
  const villages = Array.from({ length: COUNT }, (_, i) => village(i));
  await editions.publish('Field', async (trx, edition) =>
    writers.grids.insertGrids(trx, edition, [field, ...villages]),
  );
  const ann = house.as('ann');
  let draft = await house.changesets.open(ann, 'All');
  const times: Record<string, number> = {};
  const timed = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work;
    times[name] = Math.round((times[name] ?? 0) + performance.now() - start);
    return result;
  };
  for (let i = 0; i < COUNT; i += 200) {
    const ops = villages.slice(i, i + 200).map(({ id }, n) => ({ rename: { grid: id, name: `Village ${i + n}` } }));
    draft = await timed('apply', house.changesets.apply(ann, draft.record.id, draft.record.revision, ops));
  }
  await timed('submit', house.review.submit(ann, draft.record.id, draft.record.revision));
  await timed('approve', house.review.approve(house.as('bob'), draft.record.id));
  await timed('publish', house.publishing.publish(ann, draft.record.id));
  console.info(`${COUNT} grids, ms: ${JSON.stringify(times)}`);
  const names = villages.map(({ id }) => atlas.findGrid(id)!.versions.at(-1)!.name);
  expect(names).toEqual(villages.map((_, i) => `Village ${i}`));
}, 300_000);
