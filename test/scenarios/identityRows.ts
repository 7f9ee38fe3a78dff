import { expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { gridsOf, listGrids, lookup, lookupMany, makeGrid, midnight, placeIn, type Town } from './demoTown.ts';

/** What a grid is called, who runs it, and where it stands in its tree. */
export function identityRows(town: () => Town): void {
  it('1.1 淅河镇 has another manager in 2024 than in 2023 under the same code, and the change is visible before it comes', async () => {
    const { api, highlight, on } = town();
    const query = `query ($asOf: DateTime) {
      grid(code: "421303187", asOf: $asOf) { id code(scheme: "national") name manager { name } validTo
        history { manager { name } validFrom validTo edition } }
    }`;
    const before = (await api.ask(query, { asOf: '2023-06-01T00:00:00+08:00' })).grid;
    const after = (await api.ask(query, { asOf: '2024-03-01T00:00:00+08:00' })).grid;
    expect(before.manager.name).toBe('随州高新区管委会');
    expect(after.manager.name).toBe('曾都区人民政府');
    expect([after.id, after.code]).toEqual([before.id, before.code]);
    expect(before.code).toBe('421303187');

    await on('2023-06-01', async () => {
      const now = (await api.ask(query)).grid;
      expect(now.manager.name).toBe('随州高新区管委会');
      expect(new Date(now.validTo)).toEqual(midnight('2024-01-01'));
      expect(now.history.map((version: Answer) => version.manager.name)).toEqual([
        '随州高新区管委会',
        '曾都区人民政府',
      ]);
      expect((await api.ask(query, { asOf: '2024-03-01T00:00:00+08:00' })).grid.manager.name).toBe('曾都区人民政府');
      const { at } = highlight('townWithChangedManager');
      expect(new Date((await lookup(town(), at)).validUntil)).toEqual(midnight('2024-01-01'));
      const planned = await lookup(town(), at, { asOf: '2024-01-01T00:00:00+08:00' });
      const seat = planned.layer('governance').chain.find((grid: Answer) => grid.id === before.id);
      expect(seat.manager.name).toBe('曾都区人民政府');
    });
    const { editions } = await api.ask(
      '{ editions(first: 200) { edges { node { number publishedAt effectiveAt title } } } }',
    );
    const { node } = editions.edges.find((edge: Answer) => edge.node.title.includes('淅河镇'));
    expect(new Date(node.effectiveAt)).toEqual(midnight('2024-01-01'));
    expect(new Date(node.publishedAt) < new Date(node.effectiveAt)).toBe(true);
    expect(after.history[1].edition).toBe(node.number);

    // The edition before did not know it yet, and says so for ever.
    const at = highlight('townWithChangedManager').at;
    const asOf = '2024-03-01T00:00:00+08:00';
    const unaware = (await lookup(town(), at, { asOf, edition: node.number - 1 })).layer('governance').chain;
    expect(unaware.find((grid: Answer) => grid.id === before.id).manager.name).toBe('随州高新区管委会');
  });

  it('1.2 城东新区, a town run by a 工作局 and without a national code, is accepted and flagged', async () => {
    const { highlight } = town();
    const { at, expect: wanted } = highlight('townWithoutNationalCode');
    const seat = (await lookup(town(), at)).layer('governance').chain.find((grid: Answer) => grid.tier.code === 'town');
    expect([seat.id, seat.name]).toEqual([wanted.gridId, '城东新区']);
    expect(seat.manager).toMatchObject({ name: '城东新区工作局', kind: 'WORK_BUREAU' });
    const all = await listGrids(town(), { layer: 'governance' }, 'id code(scheme: "national") flags { code message }');
    const flagged = all.filter((grid) => grid.flags.length > 0);
    expect(flagged.map((grid) => grid.id)).toEqual([wanted.gridId]);
    expect(flagged[0].code).toBeNull();
    expect(flagged[0].flags[0].code).toBe('MISSING_CODE');
    expect(flagged[0].flags[0].message).toContain('城东新区');
  });

  it('1.6 寨湾村 of 2022 and 寨湾社区 of 2023 find one id, and asOf gives the name of the day', async () => {
    const { highlight } = town();
    const { at, expect: wanted } = highlight('renamedVillage');
    const found = (search: string, day: string) =>
      listGrids(town(), { layer: 'governance', tier: 'village', search }, 'id name', midnight(day));
    for (const search of ['寨湾村', '寨湾社区']) {
      expect(await found(search, '2022-06-01')).toEqual([{ id: wanted.gridId, name: '寨湾村' }]);
      expect(await found(search, '2023-06-01')).toEqual([{ id: wanted.gridId, name: '寨湾社区' }]);
    }
    const nameOn = async (asOf: string) =>
      (await lookup(town(), at, { asOf })).layer('governance').chain.find((grid: Answer) => grid.id === wanted.gridId)
        .name;
    expect(await nameOn('2022-12-31T23:59:59+08:00')).toBe('寨湾村');
    expect(await nameOn('2023-01-01T00:00:00+08:00')).toBe('寨湾社区');
  });

  it('2.23 the three codes that four systems give one grid find that grid, and conflicts are listed', async () => {
    const { api, highlight } = town();
    const { gridId, facts } = highlight('codeConflict').expect;
    const codes = facts!.codes as string[];
    expect(codes).toHaveLength(3);
    for (const code of codes) {
      expect((await api.ask('query ($code: String!) { grid(code: $code) { id } }', { code })).grid.id).toBe(gridId);
    }
    const query = '{ codeConflicts { kind codes { scheme code } grids { id name } } }';
    const { codeConflicts } = await api.ask(query);
    const own = codeConflicts.find((each: Answer) => each.kind === 'ONE_GRID_SEVERAL_CODES');
    expect(own.grids.map((grid: Answer) => grid.id)).toEqual([gridId]);
    expect(own.codes).toHaveLength(4);
    expect(new Set(own.codes.map((each: Answer) => each.code))).toEqual(new Set(codes));

    const code = facts!.ambiguousCode as string;
    const shared = codeConflicts.find((each: Answer) => each.kind === 'ONE_CODE_SEVERAL_GRIDS');
    expect(shared.codes.map((each: Answer) => each.code)).toEqual([code, code]);
    const { errors } = await api.askRaw('query ($code: String!) { grid(code: $code) { id } }', { code });
    expect(errors![0].extensions.code).toBe('AMBIGUOUS_CODE');
    const inScheme = 'query ($code: String!, $scheme: String!) { grid(code: $code, scheme: $scheme) { id } }';
    for (const [i, { scheme }] of shared.codes.entries()) {
      const { grid } = await api.ask(inScheme, { code, scheme });
      expect(shared.grids.map((each: Answer) => each.id)).toContain(grid.id);
      expect(grid.id).toBe(shared.grids[i].id);
    }
    expect(codeConflicts).toHaveLength(2);
  });

  it('3.19 龙广镇, coded under 安龙县 and run by another body, is found by its code and by its manager', async () => {
    const { api, highlight } = town();
    const { gridId, facts } = highlight('townRunFromElsewhere').expect;
    const select = '{ id name parent { name code } manager { id name kind } }';
    const { grid } = await api.ask(`{ grid(code: "522328103", scheme: "national") ${select} }`);
    expect(grid).toMatchObject({ id: gridId, name: '龙广镇', parent: { name: '安龙县', code: '522328' } });
    expect(grid.manager).toMatchObject({ id: facts!.managerId, name: '义龙新区管委会' });
    const towns = await listGrids(town(), { layer: 'governance', tier: 'town' }, select.slice(1, -1));
    const run = towns.filter((each) => each.manager.id === facts!.managerId);
    expect(run.map((each) => each.id)).toEqual([gridId]);
    const managedBy = facts!.managerId as string;
    const managed = await listGrids(town(), { tier: 'town', managedBy }, select.slice(1, -1));
    expect(managed).toEqual(run);
    const body = 'query ($id: ID!) { body(id: $id) { id name kind } }';
    expect((await api.ask(body, { id: managedBy })).body).toEqual(grid.manager);
  });

  it('4.1 李鹊镇 has 59 village grids, 1,337 micro-grids and 30,000 people, and each micro-grid is in exactly one grid', async () => {
    const { api, plan, highlight } = town();
    const within = highlight('manyGridsTown').expect.gridId!;
    const grids = await listGrids(
      town(),
      { layer: 'governance', tier: 'grid', within },
      'id children(first: 0) { totalCount } loads { measure value date source }',
    );
    const micros = await listGrids(town(), { layer: 'governance', tier: 'micro', within }, 'id parent { id }');
    expect([grids.length, micros.length]).toEqual([59, 1337]);
    expect(grids.reduce((sum, grid) => sum + grid.children.totalCount, 0)).toBe(1337);
    const people = (grid: Answer) => grid.loads.find((load: Answer) => load.measure === 'population').value;
    expect(grids.reduce((sum, grid) => sum + people(grid), 0)).toBe(30_000);
    const whole = await api.ask('query ($id: ID!) { grid(id: $id) { loads { measure value } } }', { id: within });
    expect(people(whole.grid)).toBe(30_000);

    const parents = new Map(micros.map((micro) => [micro.id, micro.parent.id]));
    const drawn = gridsOf(plan, 'governance', 'micro').filter(({ id }) => parents.has(id));
    const select = 'layers { layer { code } chain { id tier { code } } }';
    const answers = await lookupMany(
      town(),
      drawn.map(({ boundary }) => placeIn(boundary)),
      select,
    );
    const chains = answers.map(({ layers }) => layers.find((each: Answer) => each.layer.code === 'governance').chain);
    expect(chains.map(([micro, grid]) => [micro.id, grid.id])).toEqual(drawn.map(({ id }) => [id, parents.get(id)]));
    expect(new Set(parents.values()).size).toBe(59);
  });

  it("4.2 the command line of province, city, county and a station's command room: a route up or down passes each tier once", async () => {
    await publishCommandLine(town());
    const tiers = ['province', 'city', 'county', 'command_room'];
    const { layers } = await town().api.ask('{ layers { code tiers { code rank } } }');
    const { tiers: known } = layers.find((layer: Answer) => layer.code === 'command');
    expect(known.map((tier: Answer) => tier.code)).toEqual(tiers);

    const up = (await lookup(town(), town().highlight('firstQuery').at)).layer('command').chain;
    expect(up.map((grid: Answer) => grid.tier.code)).toEqual([...tiers].reverse());
    expect(up[0].manager.kind).toBe('COMMAND_ROOM');
    expect(up.at(-1).manager.name).toBe('西岭省公安厅');

    const below =
      'query ($id: ID!) { grid(id: $id) { id tier { code } children(first: 200) { edges { node { id } } } } }';
    const down: string[] = [];
    const walk = async (id: string): Promise<void> => {
      const { grid } = await town().api.ask(below, { id });
      down.push(grid.tier.code);
      const next = grid.children.edges.filter(({ node }: Answer) => up.some((each: Answer) => each.id === node.id));
      expect(next).toHaveLength(grid.id === up[0].id ? 0 : 1);
      if (next.length > 0) await walk(next[0].node.id);
    };
    await walk(up.at(-1).id);
    expect(down).toEqual(tiers);

    const upwards =
      'tier { rank } parent { tier { rank } parent { tier { rank } parent { tier { rank } parent { id } } } }';
    const rooms = await listGrids(town(), { layer: 'command', tier: 'command_room' }, upwards);
    expect(rooms.length).toBe(7);
    for (const room of rooms) {
      const { parent: county } = room;
      expect([room, county, county.parent, county.parent.parent].map((grid) => grid.tier.rank)).toEqual([4, 3, 2, 1]);
      expect(county.parent.parent.parent).toBeNull();
    }
    // The demo's own police tree too: every beat's chain has its five tiers, each once.
    const { chain } = (await lookup(town(), town().highlight('firstQuery').at)).layer('police');
    expect(chain.map((grid: Answer) => grid.tier.rank)).toEqual([5, 4, 3, 2, 1]);
  });
}

/** A layer of commands over the police tree: its province stands above the city, its rooms in the stations. */
async function publishCommandLine({ api, plan, publish }: Town): Promise<void> {
  const body = (kind: string, name: string) =>
    plan.bodies.find((each) => each.kind === kind && each.name.startsWith(name))!.id;
  const [bureau] = gridsOf(plan, 'police', 'city_bureau');
  const make = (tier: string, of: { id: string; name: string; boundary: typeof bureau.boundary }, more: object) =>
    makeGrid({ layer: 'command', tier, code: `CMD-${tier}-${of.id}`, name: of.name, boundary: of.boundary, ...more });
  const province = make('province', bureau, { name: '西岭省', managerId: body('POLICE_DEPARTMENT', '西岭省') });
  const city = make('city', bureau, { managerId: bureau.managerId, parentId: province.id });
  const counties = gridsOf(plan, 'police', 'bureau').map((each) => ({
    of: each.id,
    grid: make('county', each, { managerId: each.managerId, parentId: city.id }),
  }));
  const rooms = gridsOf(plan, 'police', 'station').map((each) =>
    make('command_room', each, {
      managerId: body('COMMAND_ROOM', each.name),
      parentId: counties.find(({ of }) => of === each.parentId)!.grid.id,
    }),
  );
  const { grids } = api.app.writers;
  await publish('Command line', async (trx, edition) => {
    await grids.insertLayer(trx, edition, { code: 'command', name: '指挥体系', kind: 'PARTITION' });
    for (const [i, code] of ['province', 'city', 'county', 'command_room'].entries()) {
      await grids.insertTier(trx, edition, { layer: 'command', code, name: code, rank: i + 1 });
    }
    await grids.insertGrids(trx, edition, [province, city, ...counties.map(({ grid }) => grid), ...rooms]);
  });
}
