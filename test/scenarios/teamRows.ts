import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { BodyDraft } from '../../src/posts/post.type.ts';
import type { MemberCount } from '../../src/teams/team.type.ts';
import type { Answer } from '../support/api.ts';
import { gridsOf, listGrids, lookup, midnight, placeIn, type Town } from './demoTown.ts';

const DATES = { validFrom: midnight('2020-01-01'), validTo: null };

/** Teams: what they are made of, whom they stand under, what they cover. */
export function teamRows(town: () => Town): void {
  it('0.8 volunteer forces that cover a point are returned by kind, and none from outside its coverage', async () => {
    const { plan } = town();
    const towns = gridsOf(plan, 'governance', 'town');
    expect(towns.length).toBeGreaterThan(3);
    for (const grid of towns) {
      const [x] = await teamsAt(town(), placeIn(grid.boundary), { kind: 'VOLUNTEERS' });
      expect([x.body.name, x.grid.id, x.standing]).toEqual([`${grid.name}平安志愿队`, grid.id, 'civil']);
      const all = await teamsAt(town(), placeIn(grid.boundary));
      expect(all.filter((team) => team.kind === 'VOLUNTEERS')).toHaveLength(1);
      const chain = await chainsAt(town(), placeIn(grid.boundary));
      expect(all.filter((team) => !chain.has(team.grid.id))).toEqual([]);
    }
    expect(await teamsAt(town(), town().highlight('outside').at)).toEqual([]);
  });

  it('0.14 a named team of three kinds of members is stored with its counts, and found by one of them', async () => {
    const members = count({ 民警: 2, 志愿者: 12, 调解大妈: 5 });
    const id = await form(town(), { name: '反诈大妈宣讲队', kind: 'TALK_TEAM', members });
    const found = await listBodies(town(), { kind: 'TALK_TEAM' }, 'id members { kind count } size');
    expect(found.nodes).toEqual([{ id, members, size: 19 }]);
    expect(found.totalMembers).toBe(19);
    for (const memberKind of ['调解大妈', '志愿者']) {
      expect((await listBodies(town(), { memberKind }, 'id')).nodes).toContainEqual({ id });
    }
    expect((await listBodies(town(), { memberKind: '无人机' }, 'id')).nodes).toEqual([]);
  });

  it('0.15 a body with a parent in two lines is found in either, once', async () => {
    const [bureau] = (await listBodies(town(), { kind: 'POLICE_BUREAU' }, 'id')).nodes;
    const [government] = (await listBodies(town(), { kind: 'GOVERNMENT' }, 'id')).nodes;
    const parents = { police: bureau.id, party: government.id };
    const id = await form(town(), { name: '党员义警队', kind: 'TWO_LINES', parents });
    const query = 'id parents { line body { id name } }';
    const either = [
      { parent: bureau.id, line: 'police', kind: 'TWO_LINES' },
      { parent: government.id, line: 'party', kind: 'TWO_LINES' },
      { parent: bureau.id, kind: 'TWO_LINES' },
      { line: 'party', kind: 'TWO_LINES' },
      { kind: 'TWO_LINES' },
    ];
    for (const filter of either) {
      const { nodes } = await listBodies(town(), filter, query);
      expect(nodes.map((body) => body.id)).toEqual([id]);
      const lines = nodes[0].parents.map(({ line, body }: Answer) => [line, body.id]);
      expect(lines).toEqual([['party', government.id], ['police', bureau.id]]); // biome-ignore format: one list
    }
    const crossed = { parent: bureau.id, line: 'party', kind: 'TWO_LINES' };
    expect((await listBodies(town(), crossed, 'id')).nodes).toEqual([]);
  });

  it('1.9 a civil mediation centre is listed beside the official teams for its categories in its coverage, marked civil', async () => {
    const { at } = town().highlight('manyGridsTown');
    const centres = async (category: string) => {
      const teams = await teamsAt(town(), at, { category });
      return teams.filter((team) => team.kind === 'MEDIATION_CENTRE').map(({ standing }) => standing);
    };
    expect(await centres('dispute')).toEqual(['civil']);
    expect(await centres('land')).toEqual(['civil']);
    expect(await centres('fraud')).toEqual([]);
    const { mediationTeam } = await lookup(town(), at, { category: 'dispute' });
    expect(mediationTeam.holder.kind).toBe('MEDIATION_TEAM');
    const elsewhere = await teamsAt(town(), town().highlight('bouyeiTown').at, { category: 'dispute' });
    expect(elsewhere.filter((team) => team.kind === 'MEDIATION_CENTRE')).toEqual([]);
    const civil = await listBodies(town(), { standing: 'civil', kind: 'MEDIATION_CENTRE' }, 'name standing');
    expect(civil.nodes.map((body) => body.standing)).toEqual(['civil']);
  });

  it('2.2 every station has its three units, two squads and a room, and a place in its grid finds each of them', async () => {
    const { plan } = town();
    const stations = await listBodies(town(), { kind: 'POLICE_STATION' }, 'id units(line: "police") { id kind name }');
    const grids = gridsOf(plan, 'police', 'station');
    expect(stations.totalCount).toBe(grids.length);
    for (const { id, units } of stations.nodes) {
      expect(units.map((unit: Answer) => unit.kind).sort()).toEqual(['COMMAND_ROOM', 'SQUAD', 'SQUAD']);
      const grid = grids.find(({ managerId }) => managerId === id)!;
      const there = await teamsAt(town(), placeIn(grid.boundary));
      const ids = there.filter((team) => team.grid.id === grid.id).map(({ body }) => body.id);
      expect(ids).toEqual(expect.arrayContaining(units.map((unit: Answer) => unit.id)));
    }
  });

  it('2.10 561 teams of 4,898 members are imported and add up, and nothing is kept of any member', async () => {
    const { api } = town();
    const towns = gridsOf(town().plan, 'governance', 'town');
    // 407 teams of nine and 154 of eight.
    const size = (i: number) => (i < 4898 - 561 * 8 ? 9 : 8);
    const lines = Array.from({ length: 561 }, (_, i) => {
      const grid = towns[i % towns.length];
      const volunteers = size(i) - 3;
      return `"${i + 1}号义警队","YIJING","civil","民警:1;辅警:2;志愿者:${volunteers}","${grid.codes[0].code}","${grid.codes[0].scheme}"`;
    });
    const file = Buffer.from(['name,kind,standing,members,covers,scheme', ...lines].join('\n'));
    const report = await api.app.importers.teams.importTeams(file, { commit: true });
    expect([report.faults, report.would.bodies, report.would.members]).toEqual([[], 561, 4898]);
    const all = await listBodies(town(), { kind: 'YIJING' }, 'id size members { kind count } coverage { id }');
    expect([all.totalCount, all.totalMembers, new Set(all.nodes.map(({ id }) => id)).size]).toEqual([561, 4898, 561]);
    expect(all.nodes.reduce((sum, body) => sum + body.size, 0)).toBe(4898);
    expect(all.nodes.every(({ coverage }) => coverage.length === 1)).toBe(true);
    const again = await api.app.importers.teams.importTeams(file, { commit: true });
    expect([again.nothingNew, again.edition]).toEqual([true, null]);
    const { __type } = await api.ask('{ __type(name: "MemberCount") { fields { name } } }');
    expect(__type.fields.map(({ name }: Answer) => name)).toEqual(['kind', 'count']);
    const people = await api.app.importers.teams.importTeams(file, { commit: false });
    expect(people.rows).toBe(561);
  });

  it('2.14 joint partners, firms among them, each have a role and a coverage', async () => {
    const { plan } = town();
    const village = gridsOf(plan, 'governance', 'village')[3];
    const names = ['司法所', '妇联', '工会', '法院巡回法庭', '万家物业公司', '红岩煤业公司'];
    for (const [i, name] of names.entries()) {
      const kind = i < 4 ? 'PARTNER' : 'FIRM';
      await form(town(), { name: `六联·${name}`, kind, standing: 'joint', covers: [village.id] });
    }
    const partners = (await teamsAt(town(), placeIn(village.boundary))).filter(({ standing }) => standing === 'joint');
    expect(partners.map(({ kind }) => kind).sort()).toEqual(['FIRM', 'FIRM', ...Array(4).fill('PARTNER')]);
    expect(partners.every(({ grid }) => grid.id === village.id)).toBe(true);
    const covering = await listBodies(town(), { covering: village.id, standing: 'joint' }, 'name coverage { id }');
    expect(covering.nodes).toHaveLength(6);
    expect(covering.nodes.every(({ coverage }) => coverage[0].id === village.id)).toBe(true);
  });

  it('3.16 a mediation room with a circuit: its villages change with the circuit day, and answers say until when they hold', async () => {
    const [room] = (await listBodies(town(), { kind: 'MEDIATION_ROOM' }, 'id circuits { weekdays grids { id } }'))
      .nodes;
    expect(room.circuits).toHaveLength(1);
    const [{ weekdays, grids }] = room.circuits;
    expect([weekdays, grids.length]).toEqual([[2, 5], 3]);
    const { plan } = town();
    const visited = placeIn(plan.grids.find(({ id }) => id === grids[0].id)!.boundary);
    const seen = async (asOf: string) => {
      const question = { asOf, kind: 'MEDIATION_ROOM' };
      const teams = await teamsAt(town(), visited, question);
      const { nodes } = await listBodies(
        town(),
        { kind: 'MEDIATION_ROOM' },
        'coverage { id } circuits { active changesAt }',
        asOf,
      );
      const [{ coverage, circuits }] = nodes;
      const { validUntil } = await lookup(town(), visited, { asOf });
      return { here: teams.map(({ onCircuit }) => onCircuit), covered: coverage.length, ...circuits[0], validUntil };
    };
    // 2 June 2026 is a Tuesday, in Shanghai.
    const monday = await seen('2026-06-01T23:59:59.999+08:00');
    expect(monday).toMatchObject({ here: [], covered: 0, active: false, changesAt: '2026-06-01T16:00:00.000Z' });
    expect(monday.validUntil).toBe('2026-06-01T16:00:00.000Z');
    const tuesday = await seen('2026-06-02T00:00:00+08:00');
    expect(tuesday).toMatchObject({ here: [true], covered: 3, active: true, changesAt: '2026-06-02T16:00:00.000Z' });
    expect(tuesday.validUntil).toBe('2026-06-02T16:00:00.000Z');
    expect((await seen('2026-06-03T00:00:00+08:00')).here).toEqual([]);
    expect((await seen('2026-06-05T12:00:00+08:00')).here).toEqual([true]);
    const elsewhere = await teamsAt(town(), town().highlight('manyGridsTown').at, {
      asOf: '2026-06-05T12:00:00+08:00',
    });
    expect(elsewhere.filter(({ onCircuit }) => onCircuit)).toEqual([]);
  });

  it('4.9 three squads of a village answer each for its own category', async () => {
    const { plan } = town();
    const village = gridsOf(plan, 'governance', 'village')[5];
    const squads = { dispute: '矛盾化解小队', safety: '安全巡防小队', service: '便民服务小队' };
    for (const [category, name] of Object.entries(squads)) {
      await form(town(), { name, kind: 'SMALL_SQUAD', categories: [category], covers: [village.id] });
    }
    const [grid] = await listGrids(town(), { layer: 'governance', tier: 'grid', within: village.id }, 'id');
    const place = placeIn(plan.grids.find(({ id }) => id === grid.id)!.boundary);
    for (const [category, name] of Object.entries(squads)) {
      const found = await teamsAt(town(), place, { kind: 'SMALL_SQUAD', category });
      expect(found.map(({ body }) => body.name)).toEqual([name]);
      expect(found[0].grid.id).toBe(village.id);
    }
    expect(await teamsAt(town(), place, { kind: 'SMALL_SQUAD' })).toHaveLength(3);
  });
}

interface NewTeam {
  readonly name: string;
  readonly kind: string;
  readonly standing?: string;
  readonly members?: readonly MemberCount[];
  readonly categories?: readonly string[];
  /** Ids of bodies by line. */
  readonly parents?: Readonly<Record<string, string>>;
  /** Ids of grids. */
  readonly covers?: readonly string[];
}

/** Publishes a team as one edition; gives its id. */
async function form({ api, publish }: Town, team: NewTeam): Promise<string> {
  const id = randomUUID();
  const { name, kind, standing = null, members = [], categories = [], parents = {}, covers = [] } = team;
  const body: BodyDraft = { id, name, kind, officePhone: null, languages: [], categories, ...DATES };
  const { posts, teams } = api.app.writers;
  await publish(`Team ${name}`, async (trx, edition) => {
    await posts.insertBodies(trx, edition, [body]);
    await teams.insertTeams(trx, edition, [{ bodyId: id, standing, members, ...DATES }]);
    const lines = Object.entries(parents).map(([line, parentId]) => ({ bodyId: id, line, parentId, ...DATES }));
    await teams.insertParents(trx, edition, lines);
    const coverage = covers.map((gridId) => ({ id: randomUUID(), bodyId: id, gridId, categories: [], days: null }));
    const dated = coverage.map((each) => ({ ...each, ...DATES }));
    await teams.insertCoverage(trx, edition, dated);
  });
  return id;
}

interface TeamQuestion {
  readonly asOf?: string;
  readonly kind?: string;
  readonly category?: string;
}

async function teamsAt({ api }: Town, at: object, question: TeamQuestion = {}): Promise<Answer[]> {
  const query = `query ($at: PlaceInput!, $asOf: DateTime, $kind: String, $category: String) {
    ownership(at: $at, asOf: $asOf) {
      teams(kind: $kind, category: $category) { kind standing onCircuit body { id name } grid { id } } } }`;
  return (await api.ask(query, { at, ...question })).ownership.teams;
}

async function chainsAt({ api }: Town, at: object): Promise<Set<string>> {
  const query = 'query ($at: PlaceInput!) { ownership(at: $at) { layers { chain { id } alsoIn { id } } } }';
  const { layers } = (await api.ask(query, { at })).ownership;
  return new Set(layers.flatMap(({ chain, alsoIn }: Answer) => [...chain, ...alsoIn].map(({ id }) => id)));
}

/** Every body that meets a filter, page by page as a client reads them. */
async function listBodies({ api }: Town, filter: object, selection: string, asOf?: string) {
  const query = `query ($filter: BodyFilter, $after: String, $asOf: DateTime) {
    bodies(filter: $filter, first: 200, after: $after, asOf: $asOf) {
      totalCount totalMembers pageInfo { hasNextPage endCursor } edges { node { ${selection} } } } }`;
  const nodes: Answer[] = [];
  for (let after: string | null = null; ; ) {
    const { bodies }: Answer = await api.ask(query, { filter, after, asOf });
    nodes.push(...bodies.edges.map((edge: Answer) => edge.node));
    const { totalCount, totalMembers, pageInfo } = bodies;
    if (!pageInfo.hasNextPage) return { nodes, totalCount, totalMembers };
    after = pageInfo.endCursor;
  }
}

function count(members: Readonly<Record<string, number>>): MemberCount[] {
  return Object.entries(members).map(([kind, n]) => ({ kind, count: n }));
}
