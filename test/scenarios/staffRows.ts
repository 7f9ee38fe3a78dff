import { expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { gridsOf, listGrids, lookup, lookupMany, midnight, placeIn, type Town } from './demoTown.ts';
import { appointTo, publishStaff, type StaffRole } from './extraStaff.ts';

const FOUR_POSTS = ['grid_head', 'instructor', 'police_aide', 'grid_worker'];

/** Who holds which post: officers, workers, leaders, teams. */
export function staffRows(town: () => Town): void {
  it('2.3 every village has its officer: the villages without one are listed for any date, and one officer may cover several', async () => {
    const { api, plan, highlight, publish } = town();
    const unserved = async (day: string) => {
      const select =
        'id name parent { id } holdings(role: "village_officer") { post { vacant } holder { ... on Person { id } } }';
      const villages = await listGrids(town(), { layer: 'governance', tier: 'village' }, select, midnight(day));
      expect(villages.length).toBe(gridsOf(plan, 'governance', 'village').length);
      for (const { holdings } of villages) expect(holdings[0].post.vacant).toBe(holdings[0].holder === null);
      const without = villages.filter(({ holdings }) => holdings.every((each: Answer) => !each.holder));
      return { villages, without: without.map(({ id }) => id) };
    };
    const listed = async (day: string, within?: string) => {
      const query = `query ($asOf: DateTime, $within: ID) {
        vacancies(role: "village_officer", within: $within, first: 200, asOf: $asOf) { totalCount edges { node { id } } }
      }`;
      const { vacancies } = await api.ask(query, { asOf: midnight(day), within });
      expect(vacancies.totalCount).toBe(vacancies.edges.length);
      return vacancies.edges.map((edge: Answer) => edge.node.id);
    };
    const filled = new Set(plan.appointments.map(({ postId }) => postId));
    const posts = plan.posts.filter((post) => post.roleCode === 'village_officer');
    const vacant = posts.filter(({ id }) => !filled.has(id)).map(({ gridId }) => gridId);
    const today = await unserved('2026-06-01');
    expect(vacant).toContain(highlight('vacantVillage').expect.gridId);
    expect([...today.without].sort()).toEqual([...vacant].sort());
    expect(await listed('2026-06-01')).toEqual(today.without);
    const parent = plan.grids.find(({ id }) => id === highlight('vacantVillage').expect.gridId)!.parentId!;
    const below = today.villages.filter((village) => village.parent.id === parent).map(({ id }) => id);
    expect(await listed('2026-06-01', parent)).toEqual(today.without.filter((id) => below.includes(id)));

    const covered = new Map<string, number>();
    for (const { holdings } of today.villages) {
      for (const { holder } of holdings) if (holder) covered.set(holder.id, (covered.get(holder.id) ?? 0) + 1);
    }
    expect(Math.max(...covered.values())).toBeGreaterThan(1);

    const leaving = posts.find(({ id }) => filled.has(id))!;
    const { id } = plan.appointments.find(({ postId }) => postId === leaving.id)!;
    await publish('An officer leaves', (trx, edition) =>
      api.app.writers.posts.endAppointments(trx, edition, [id], midnight('2026-09-01')),
    );
    expect((await unserved('2026-08-31')).without).not.toContain(leaving.gridId);
    expect([...(await unserved('2026-09-01')).without].sort()).toEqual([...vacant, leaving.gridId].sort());
    expect(await listed('2026-08-31')).not.toContain(leaving.gridId);
    expect((await listed('2026-09-01')).sort()).toEqual([...vacant, leaving.gridId].sort());
  });

  it('2.4 a worker with 8 grids is returned for each of them, and 246 + 500 + 453 staff in three roles add up', async () => {
    const { plan, highlight } = town();
    const { holders, facts } = highlight('eightGridWorker').expect;
    const ids = facts!.gridIds as string[];
    const grids = ids.map((id) => plan.grids.find((grid) => grid.id === id)!);
    const answers = await lookupMany(
      town(),
      grids.map(({ boundary }) => placeIn(boundary)),
      'gridWorker { grid { id } holder { ... on Person { id } } }',
    );
    expect(answers.map(({ gridWorker }) => gridWorker.grid.id)).toEqual(ids);
    expect(new Set(answers.map(({ gridWorker }) => gridWorker.holder.id))).toEqual(new Set([holders!.gridWorker]));

    const wanted = { team_officer: 246, team_auxiliary: 500, team_worker: 453 };
    const micros = gridsOf(plan, 'governance', 'micro');
    const roles: StaffRole[] = Object.entries(wanted).map(([code, people]) => ({
      code,
      tier: 'micro',
      // The last of each role answers for eight micro-grids.
      seats: micros.slice(0, people + 7).map((micro, i) => ({ gridId: micro.id, person: Math.min(i, people - 1) })),
    }));
    await publishStaff(town(), roles);
    const select = Object.keys(wanted)
      .map((code) => `${code}: holdings(role: "${code}") { holder { ... on Person { id } } }`)
      .join(' ');
    const listed = await listGrids(town(), { layer: 'governance', tier: 'micro' }, select);
    const everyone = new Set<string>();
    for (const [code, people] of Object.entries(wanted)) {
      const held = listed
        .flatMap((micro) => micro[code])
        .flatMap(({ holder }) => (holder ? [holder.id as string] : []));
      expect([new Set(held).size, held.length]).toEqual([people, people + 7]);
      for (const id of held) everyone.add(id);
    }
    expect(everyone.size).toBe(246 + 500 + 453);
  });

  it('2.5 one officer who is also deputy party secretary and grid instructor is one person with 3 posts; ending one keeps the others', async () => {
    const { api, plan, highlight, publish } = town();
    const { at, expect: wanted } = highlight('threePostOfficer');
    const person = wanted.holders!.officer!;
    const rolesOn = async (day: string) => {
      const { holdings } = await lookup(town(), at, { asOf: midnight(day) });
      const own = holdings.filter((each: Answer) => each.holder?.id === person);
      return new Set(own.map((each: Answer) => each.post.role.code));
    };
    const three = ['community_officer', 'instructor', 'deputy_secretary'];
    expect(await rolesOn('2026-06-01')).toEqual(new Set([...three, ...(await extraRoles(town(), person))]));
    const select = 'holdings { post { id role { code } } holder { ... on Person { id name } } }';
    const all = (await listGrids(town(), {}, select)).flatMap((grid) => grid.holdings);
    const own = all.filter(({ holder }) => holder?.id === person);
    expect(new Set(own.map(({ holder }) => holder.name)).size).toBe(1);
    expect(own.map(({ post }) => post.role.code)).toEqual(expect.arrayContaining(three));
    const colleague = await api.as('dispatcher', '*');
    const heldOn = async (day: string) => {
      const query = `query ($id: ID!, $asOf: DateTime) {
        staffFile(personId: $id, asOf: $asOf) { person { id } posts { id role { code } grid { id } } } }`;
      return (await api.ask(query, { id: person, asOf: midnight(day) }, colleague)).staffFile.posts;
    };
    const ids = (posts: readonly Answer[]) => posts.map((each) => each.id).sort();
    expect(ids(await heldOn('2026-06-01'))).toEqual(ids(own.map(({ post }) => post)));

    const post = plan.posts.find(({ id, roleCode }) => {
      return roleCode === 'instructor' && plan.appointments.some((each) => each.postId === id && holds(each, person));
    })!;
    const { id } = plan.appointments.find((each) => each.postId === post.id && holds(each, person))!;
    await publish('No longer instructor', (trx, edition) =>
      api.app.writers.posts.endAppointments(trx, edition, [id], midnight('2026-10-01')),
    );
    expect([...(await rolesOn('2026-09-30'))]).toEqual(expect.arrayContaining(three));
    const left = [...(await rolesOn('2026-10-01'))];
    expect(left).toEqual(expect.arrayContaining(['community_officer', 'deputy_secretary']));
    expect(left).not.toContain('instructor');
    const before = ids(await heldOn('2026-09-30'));
    expect(before).toContain(post.id);
    expect(ids(await heldOn('2026-10-01'))).toEqual(before.filter((each) => each !== post.id));
    expect((await heldOn('2026-10-01')).every((each: Answer) => each.grid.id)).toBe(true);
    const [vacant] = (await lookup(town(), at, { asOf: midnight('2026-10-01') })).inRole('instructor');
    expect([vacant.post.vacant, vacant.holder]).toEqual([true, null]);
  });

  it('2.15 a farm is an exclusive grid: a point inside returns its head, the officer and the grid worker', async () => {
    const { at, expect: wanted } = town().highlight('farm');
    const answer = await lookup(town(), at);
    const { grid, status } = answer.layer('governance');
    expect([grid.id, grid.kind, status]).toEqual([wanted.gridId, 'EXCLUSIVE', 'OWNED']);
    const head = answer.inRole('exclusive_head')[0];
    expect([head.holder.id, head.grid.id]).toEqual([wanted.holders!.exclusive_head, wanted.gridId]);
    expect(answer.officer.holder.id).toBe(wanted.holders!.officer);
    expect(answer.gridWorker.holder.id).toBe(wanted.holders!.gridWorker);
    expect(new Set([head, answer.officer, answer.gridWorker].map((each) => each.holder.name)).size).toBe(3);
    expect(await listGrids(town(), { kind: 'EXCLUSIVE' }, 'id')).toEqual([{ id: wanted.gridId }]);
  });

  it('3.2 the leaders of village, town, county and prefecture who answer for a place are returned in order, with the officer', async () => {
    const answer = await lookup(town(), town().highlight('fourTierTown').at);
    const leaders = answer.inRole('leader');
    const tiers = leaders.map((each: Answer) => each.post.grid.tier.code);
    expect(tiers).toEqual(['village', 'town', 'county', 'city']);
    const chain = answer.layer('governance').chain.map((grid: Answer) => grid.id);
    expect(leaders.map((each: Answer) => each.grid.id)).toEqual(chain.slice(-4));
    expect(leaders.every((each: Answer) => each.holder.__typename === 'Person')).toBe(true);
    expect(new Set(leaders.map((each: Answer) => each.holder.id)).size).toBe(4);
    expect(answer.officer.holder.__typename).toBe('Person');
  });

  it('3.10 a town with leaders on four tiers and one with leaders on three stand side by side', async () => {
    for (const name of ['fourTierTown', 'threeTierTown']) {
      const { at, expect: wanted } = town().highlight(name);
      const answer = await lookup(town(), at);
      expect(answer.inRole('leader').map((each: Answer) => each.post.grid.tier.code)).toEqual(
        wanted.facts!.leaderTiers,
      );
      expect(answer.inRole('leader').every((each: Answer) => each.holder)).toBe(true);
      const chain = answer
        .layer('governance')
        .chain.map((grid: Answer) => grid.tier.code)
        .reverse();
      expect(chain.slice(2)).toEqual(wanted.facts!.tiers);
      expect(answer.layer('governance').status).toBe('OWNED');
    }
  });

  it('4.9 the 4 posts of every grid are filled or shown vacant, any number of informants and volunteers join them, and three squads answer by category', async () => {
    const { plan, highlight } = town();
    const select = 'id holdings { post { vacant role { code } } holder { __typename } }';
    for (const { holdings } of await listGrids(town(), { layer: 'governance', tier: 'grid' }, select)) {
      for (const role of FOUR_POSTS) {
        const own = holdings.filter((each: Answer) => each.post.role.code === role);
        expect(own.length).toBeGreaterThan(0);
        for (const { post, holder } of own) expect(post.vacant).toBe(holder === null);
      }
    }
    const empty = await lookup(town(), highlight('vacantGrid').at);
    expect(empty.inRole('grid_worker')[0]).toMatchObject({ holder: null, post: { vacant: true } });
    expect(empty.notices.some((notice: Answer) => notice.code === 'VACANT')).toBe(true);

    const grid = plan.grids.find(({ id }) => id === highlight('manyGridsTown').expect.chains.governance[1])!;
    const seat = (person: number) => ({ gridId: grid.id, person });
    const people = (count: number) => Array.from({ length: count }, (_, i) => seat(i));
    await publishStaff(town(), [
      { code: 'grid_informant', tier: 'grid', seats: people(120) },
      { code: 'grid_volunteer', tier: 'grid', seats: people(75) },
    ]);
    await appointTo(town(), grid.id, 'grid_squad', [
      { name: '矛盾调解队', categories: ['dispute'] },
      { name: '治安巡防队', categories: ['safety'] },
      { name: '民生服务队', categories: ['service'] },
    ]);
    const place = placeIn(grid.boundary);
    const answer = await lookup(town(), place);
    expect(answer.inRole('grid_informant').map((each: Answer) => each.holder.id)).toHaveLength(120);
    expect(answer.inRole('grid_volunteer').map((each: Answer) => each.holder.id)).toHaveLength(75);
    expect(answer.inRole('grid_squad')).toHaveLength(3);
    for (const [category, name] of Object.entries({
      dispute: '矛盾调解队',
      safety: '治安巡防队',
      service: '民生服务队',
    })) {
      const squads = (await lookup(town(), place, { category })).inRole('grid_squad');
      expect(squads.map((each: Answer) => each.holder.name)).toEqual([name]);
    }
  });
}

function holds({ holder }: { holder: object }, person: string): boolean {
  return 'personId' in holder && holder.personId === person;
}

/** Roles besides the three in which the demo itself employs the person at that place. */
async function extraRoles({ plan }: Town, person: string): Promise<string[]> {
  const held = plan.appointments.filter((each) => holds(each, person)).map(({ postId }) => postId);
  return plan.posts
    .filter(({ id, roleCode }) => held.includes(id) && roleCode === 'village_officer')
    .map((p) => p.roleCode);
}
