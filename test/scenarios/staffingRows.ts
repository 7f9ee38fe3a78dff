import { expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { gridsOf, lookup, midnight, type Town } from './demoTown.ts';

const HOLDER = '... on Person { id name officePhone body { id name } } ... on Body { id name }';
const RESULT = `edition appointmentId post { id vacant role { code } } person { id }
  holding { rank homeUnit { id name } holder { ${HOLDER} } }`;
const WINDOW = { from: midnight('2026-06-10'), to: midnight('2026-07-05') };

/** Lending, appointing and duties, done and seen through the public API. */
export function staffingRows(town: () => Town): void {
  const admin = () => town().api.as('admin', '*');
  const act = async (name: string, type: string, input: object): Promise<Answer> => {
    const mutation = `mutation ($input: ${type}!) { ${name}(input: $input) { ${RESULT} } }`;
    return (await town().api.ask(mutation, { input }, await admin()))[name];
  };
  /** The holdings of the post that gives the short answer `officer`, with who lends. */
  const officerAt = async (at: object, day: string): Promise<Answer> => {
    const query = `query ($at: PlaceInput!, $asOf: DateTime) { ownership(at: $at, asOf: $asOf) {
      officer { post { id } rank reason holder { __typename ${HOLDER} } }
      holdings { post { id role { code } } rank homeUnit { id name } appointmentId holder { __typename ${HOLDER} } } } }`;
    const { ownership } = await town().api.ask(query, { at, asOf: midnight(day) });
    const { officer, holdings } = ownership;
    return { officer, held: holdings.filter(({ post }: Answer) => post.id === officer.post.id) };
  };
  const officerPlace = () => town().highlight('farm').at;

  it('0.18 fraud advice at a point returns the officer and the office to ring', async () => {
    const answer = await lookup(town(), officerPlace(), { category: 'fraud' });
    const { holder } = answer.officer;
    expect(holder.__typename).toBe('Person');
    expect(holder.officePhone).toMatch(/^0\d{2,3}-\d{7,8}$/);
    // Mediation is for disputes, and nobody else's matter is shown.
    expect(answer.inRole('mediation')).toEqual([]);
    expect((await lookup(town(), officerPlace(), { category: 'dispute' })).inRole('mediation')).not.toEqual([]);
  });

  it('2.9 who may do what: "not this role" is answered with the right one and who holds it', async () => {
    const lines = [
      'role,category,stance,layer,tier,from',
      'grid_worker,dispute,SUPPORTS,,,2026-01-01',
      'community_officer,dispute,NOT,,,2026-01-01',
      'mediation,dispute,LEADS,,,2026-01-01',
      'community_officer,fraud,LEADS,,,2026-01-01',
      'grid_worker,fraud,NOT,,,2026-01-01',
    ];
    const bytes = Buffer.from(lines.join('\n'));
    const { faults, edition } = await town().api.app.importers.duties.importDuties(bytes, { commit: true });
    expect([faults, edition]).toEqual([[], expect.any(Number)]);
    const ask = async (role: string, category: string) => {
      const query = `query ($role: String!, $category: String!, $at: PlaceInput!) {
        duty(role: $role, category: $category, at: $at) {
          allowed stance byMatrix instead { code } holdings { post { role { code } } holder { __typename } } } }`;
      return (await town().api.ask(query, { role, category, at: officerPlace() })).duty;
    };
    const codes = (roles: readonly Answer[]) => roles.map(({ code }) => code);
    const officer = await ask('community_officer', 'dispute');
    expect(officer).toMatchObject({ allowed: false, stance: 'NOT', byMatrix: true });
    expect(codes(officer.instead)).toEqual(['mediation']);
    expect(officer.holdings.length).toBeGreaterThan(0);
    for (const { post } of officer.holdings) expect(post.role.code).toBe('mediation');
    expect(await ask('grid_worker', 'dispute')).toMatchObject({ allowed: false, stance: 'SUPPORTS' });
    expect(codes((await ask('grid_worker', 'fraud')).instead)).toEqual(['community_officer']);
    expect(await ask('community_officer', 'fraud')).toMatchObject({ allowed: true, stance: 'LEADS', instead: [] });
  });

  it('3.12 eighty officers lent to one area: added in the window, gone after it, and the standing owner never changes', async () => {
    const { plan } = town();
    const before = await officerAt(officerPlace(), '2026-06-09');
    const standing = before.officer.holder.id;
    const homes = plan.bodies.slice(0, 4).map(({ id }) => id);
    const { post } = before.officer;
    for (let i = 0; i < 80; i += 1) {
      const person = { name: `Lent ${i}`, officePhone: '0859-3220110', bodyId: homes[i % 4] };
      await act('reinforce', 'ReinforceInput', { postId: post.id, person, homeBodyId: homes[i % 4], ...WINDOW });
    }
    const lentOn = async (day: string) => {
      const { officer, held } = await officerAt(officerPlace(), day);
      expect([day, officer.holder.id, officer.rank]).toEqual([day, standing, before.officer.rank]);
      expect(held[0].holder.id).toBe(standing);
      return held.filter(({ rank }: Answer) => rank === 'REINFORCEMENT');
    };
    expect(await lentOn('2026-06-09')).toHaveLength(0);
    for (const day of ['2026-06-10', '2026-06-20', '2026-07-04']) {
      const lent = await lentOn(day);
      expect(new Set(lent.map(({ holder }: Answer) => holder.id)).size).toBe(80);
      expect(new Set(lent.map(({ homeUnit }: Answer) => homeUnit.id))).toEqual(new Set(homes));
    }
    expect(await lentOn('2026-07-05')).toHaveLength(0);
  });

  it('3.13 an officer from elsewhere is shown with the home unit, at whose place he works and whose man he stays', async () => {
    const { plan } = town();
    const [home, other] = plan.bodies.slice(5, 7);
    const { officer } = await officerAt(officerPlace(), '2026-08-01');
    const window = { from: midnight('2026-08-01'), to: midnight('2026-08-20') };
    const person = { name: '外援', bodyId: home.id };
    const lent = await act('reinforce', 'ReinforceInput', { postId: officer.post.id, person, ...window });
    expect(lent.holding).toMatchObject({ rank: 'REINFORCEMENT', homeUnit: { id: home.id, name: home.name } });
    const named = { postId: officer.post.id, person: { name: '外援二', bodyId: home.id }, homeBodyId: other.id };
    expect((await act('reinforce', 'ReinforceInput', { ...named, ...window })).holding.homeUnit.id).toBe(other.id);
    const { held } = await officerAt(officerPlace(), '2026-08-02');
    expect(
      held.filter(({ rank }: Answer) => rank !== 'REINFORCEMENT').every((each: Answer) => each.homeUnit === null),
    ).toBe(true);
  });

  it('4.9 one of the 4 posts is shown vacant once its holder ends, filled by the next, and any number of others join', async () => {
    const { api, plan } = town();
    const grid = gridsOf(plan, 'governance', 'grid').find(({ id }) =>
      plan.posts.some(
        (post) =>
          post.gridId === id &&
          post.roleCode === 'police_aide' &&
          plan.appointments.some((each) => each.postId === post.id),
      ),
    )!;
    const shown = async (day: string) => {
      const query = `query ($id: ID!, $asOf: DateTime) { grid(id: $id, asOf: $asOf) {
        holdings(role: "police_aide") { post { vacant } appointmentId rank holder { ${HOLDER} } } } }`;
      return (await api.ask(query, { id: grid.id, asOf: midnight(day) })).grid.holdings;
    };
    const [first] = await shown('2026-09-01');
    expect(first.post.vacant).toBe(false);
    const end = `mutation ($id: ID!, $at: DateTime!) { endAppointment(appointmentId: $id, at: $at) { post { vacant } } }`;
    await api.ask(end, { id: first.appointmentId, at: midnight('2026-09-02') }, await admin());
    expect(await shown('2026-09-02')).toMatchObject([{ post: { vacant: true }, holder: null }]);
    const seat = { roleCode: 'police_aide', gridId: grid.id, from: midnight('2026-09-03') };
    await act('appoint', 'AppointInput', { ...seat, person: { name: '新警务员' } });
    for (let i = 0; i < 12; i += 1)
      await act('appoint', 'AppointInput', { ...seat, person: { name: `副 ${i}` }, rank: 'DEPUTY' });
    const filled = await shown('2026-09-03');
    expect([filled[0].holder.name, filled.length]).toEqual(['新警务员', 13]);
  });

  it('4.11 a department that backs up a station is listed after the owner, not instead', async () => {
    const { plan } = town();
    const before = await officerAt(officerPlace(), '2026-10-10');
    const department = plan.bodies[8];
    const input = {
      postId: before.officer.post.id,
      bodyId: department.id,
      rank: 'SUPPORT',
      from: midnight('2026-10-01'),
    };
    await act('appoint', 'AppointInput', input);
    const { officer, held } = await officerAt(officerPlace(), '2026-10-10');
    expect(officer.holder.id).toBe(before.officer.holder.id);
    expect(held.map(({ rank }: Answer) => rank)).toEqual([...before.held.map(({ rank }: Answer) => rank), 'SUPPORT']);
    expect(held.at(-1).holder).toMatchObject({ __typename: 'Body', id: department.id });
  });
}
