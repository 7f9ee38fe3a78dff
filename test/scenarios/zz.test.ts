import { it } from 'vitest';
import { buildCityOf } from '../../seeds/city.ts';
import { citySpec } from '../../seeds/gazetteer.ts';
import { loadCity } from '../../seeds/load.ts';
import { openApi } from '../support/api.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { countVertices } from '../../src/geometry/polygon.ts';
it('prof', async () => {
  let t = Date.now(); const lap = (n: string) => { console.log(n, Date.now() - t); t = Date.now(); };
  const spec = citySpec('city');
  const plan0 = buildCityOf({ ...spec, segments: 1, counties: spec.counties.map((c) => ({ ...c, towns: c.towns.map((t) => t.features || t.villageLeaders === false || t.grids === 59 ? { ...t } : { ...t, micros: 0, faces: t.grids * 4 }) })) }); lap('build');
  await emptyTables((await openTestDatabase()).db); lap('empty');
  const api = await openApi({});
  const by: any = {}; for (const g of plan0.grids) { const k = g.layer + g.tier; by[k] ??= [0, 0]; by[k][0]++; by[k][1] += countVertices(g.boundary); } console.log(by);
  lap('x');
  await loadCity({ editions: api.app.editions, ...api.app.writers }, plan0, (s, d) => { if (d === 0 || s.startsWith('Check')) lap(s) });
  lap('commit');
});
