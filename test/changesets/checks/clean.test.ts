import { beforeAll, describe, expect, it } from 'vitest';
import { checkLayer } from '../../../src/changesets/checks/check.ts';
import type { LayerRules } from '../../../src/changesets/territory/draftGrid.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import { mainCode, versionAt } from '../../../src/grids/atlas/rows.ts';
import { type Exchange, importOrFail, openExchange, readCity } from '../../exchange/openExchange.ts';
import { isAtHand } from '../../geometry/sharedData.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { contextOf, draftGrid, nestedLayer, tierRules } from './nestedLayer.ts';

const LAYERS = Number(process.env.CLEAN_LAYERS ?? 3);

/** Rules and grids that a layer has, against an empty registry, so that nothing counts as known before. */
function faultsOf(territory: Territory, layer: string): string[] {
  const rules = [...territory.layers];
  const issues = checkLayer(territory, layer, new Map(), contextOf(Territory.of(rules, [])));
  return issues.map(({ rule, severity, grids }) => `${severity} ${rule} ${grids}`);
}

describe(`${LAYERS} random layers of 2,000 cells in three tiers, with enclaves`, () => {
  it('have no faults, even with nothing taken for judged', () => {
    for (let seed = 1; seed <= LAYERS; seed++) {
      const side = 2 + (seed % 4);
      const plan = { columns: 50, rows: 40, seed, districtSide: side, sectorSide: 3, pieces: 4 + seed, enclaves: 11 };
      expect([seed, ...faultsOf(nestedLayer(plan), 'town')]).toEqual([seed]);
    }
  });
});

/** A layer of the registry as a draft sees it. */
function territoryOf({ atlas, editions }: Exchange, code: string): Territory {
  const edition = editions.latest;
  const moment = { asOf: Date.now(), edition };
  const layer = atlas.findLayer(code)!;
  const rules: LayerRules = {
    code,
    kind: layer.kind,
    tiers: layer.tiers.map(({ code: tier, rank }) => tierRules(tier, rank)),
  };
  const grids = [...atlas.grids]
    .filter((grid) => grid.layer === layer && versionAt(grid, moment))
    .map((grid) => {
      const { shape, parent, name } = versionAt(grid, moment)!;
      const codes = [{ scheme: code, code: mainCode(grid, edition) }];
      return draftGrid(grid.id, grid.tier.code, shape, { layer: code, parentId: parent?.id ?? null, name, codes });
    });
  return Territory.of([rules], grids);
}

describe('real layers as the importer made them', () => {
  let exchange: Exchange;
  beforeAll(async () => {
    const { db } = await openTestDatabase();
    await emptyTables(db);
    exchange = openExchange(db);
  });

  it.runIf(isAtHand('toronto'))('of Toronto have no faults but several parts', async () => {
    const fields = {
      layer: 'police',
      tier: 'division',
      codeField: 'DIV',
      nameField: 'UNIT_NAME',
      create: 'partition',
    } as const;
    await importOrFail(exchange, { ...fields, text: readCity('toronto/police_divisions.geojson') });
    const territory = territoryOf(exchange, 'police');
    expect([...territory.grids('police')]).toHaveLength(16);
    expect(faultsOf(territory, 'police').filter((each) => !each.includes('not_contiguous'))).toEqual([]);
  });

  it.runIf(isAtHand('seattle'))(
    'of Seattle, beats in precincts drawn apart, have no faults but several parts',
    async () => {
      const precincts = {
        layer: 'spd',
        tier: 'precinct',
        codeField: 'name',
        nameField: 'name',
        create: 'partition',
      } as const;
      await importOrFail(exchange, { ...precincts, text: readCity('seattle/spd_precincts.geojson') });
      const beats = { ...precincts, tier: 'beat', parentBy: 'location' } as const;
      await importOrFail(exchange, { ...beats, text: readCity('seattle/spd_beats_2015.geojson') });
      const territory = territoryOf(exchange, 'spd');
      expect([...territory.grids('spd')].length).toBeGreaterThan(51);
      expect(faultsOf(territory, 'spd').filter((each) => !each.includes('not_contiguous'))).toEqual([]);
    },
  );
});
