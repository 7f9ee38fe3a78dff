import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { readHours } from '../../src/sites/hours/readHours.ts';
import type { PlaceKind, PlacePostDraft } from '../../src/sites/site.type.ts';
import type { Answer } from '../support/api.ts';
import { gridsOf, midnight, type Town } from './demoTown.ts';

const OPEN = { validFrom: midnight('2020-01-01'), validTo: null };

const SITES = `query ($filter: SiteFilter, $asOf: DateTime) { sites(filter: $filter, asOf: $asOf, first: 200) {
  totalCount edges { distanceMetres node { id name kind point { lon lat } responseClass bodies { name officePhone }
    services { code openNow } rating { stars } honours { name givenOn } } } } }`;

const HOLDINGS = `query ($at: PlaceInput!, $asOf: DateTime) { ownership(at: $at, asOf: $asOf) {
  holdings { post { id grid { id } role { code } } grid { id } through { kind id name point { lon lat } } rank reason
    base { name kind point { lon lat } } holder { __typename ... on Person { id name } ... on Body { id name kind } } }
  officer { post { role { code } } } notices { code message } } }`;

/** Places that are not areas: who is there, who answers for them, when they are open. */
export function siteRows(town: () => Town): void {
  const sites = async (filter: object, asOf?: Date): Promise<Answer[]> => {
    const { sites: found } = await town().api.ask(SITES, { filter, asOf });
    expect(found.totalCount).toBe(found.edges.length);
    return found.edges.map(({ node, distanceMetres }: Answer) => ({ ...node, distanceMetres }));
  };
  const one = async (name: string) => (await sites({})).find((site) => site.name === name)!;
  const holdingsAt = async (point: object, asOf?: Date): Promise<Answer[]> =>
    (await town().api.ask(HOLDINGS, { at: { point }, asOf })).ownership.holdings;
  const near = (name = 'firstQuery') => town().highlight(name).at.point;

  /** A point some metres from another. */
  const beside = ({ lon, lat }: { lon: number; lat: number }, east: number, north: number) => ({
    lon: lon + east / (111_195 * Math.cos((lat * Math.PI) / 180)),
    lat: lat + north / 111_195,
  });

  const publishPost = async (roleCode: string, kind: PlaceKind, placeId: string, holder: object) => {
    const { publish, api } = town();
    const { sites: places, posts } = api.app.writers;
    const gridId = town().highlight('firstQuery').expect.chains.police[0];
    const post: PlacePostDraft = { id: randomUUID(), roleCode, place: { kind, id: placeId }, gridId, ...OPEN };
    await publish('A post on a place', async (trx, edition) => {
      await places.insertPlacePosts(trx, edition, [post]);
      const appointment = { id: randomUUID(), postId: post.id, holder, rank: 'PRIMARY', ...OPEN };
      await posts.insertAppointments(trx, edition, [appointment as never]);
    });
    return post;
  };

  it('0.9 three bodies in one building give three contacts; removing one leaves two', async () => {
    const { publish, api } = town();
    const centre = await one('一室两中心');
    const phones = centre.bodies.map(({ officePhone }: Answer) => officePhone);
    expect([centre.bodies.length, new Set(phones).size]).toEqual([3, 3]);
    const [leaving] = await api.app.sites.housedIn(centre.id, api.app.moments.read());
    await publish('One moves out', (trx, edition) =>
      api.app.writers.siteChanges.end(
        trx,
        edition,
        'site_body',
        { site_id: centre.id, body_id: leaving },
        midnight('2026-05-01'),
      ),
    );
    const bodiesOn = async (day: string) =>
      (await sites({ kind: 'joint_centre' }, midnight(day)))[0].bodies.map(({ name }: Answer) => name);
    expect(await bodiesOn('2026-04-30')).toEqual(centre.bodies.map(({ name }: Answer) => name));
    expect((await bodiesOn('2026-05-01')).length).toBe(2);
    expect((await one('一室两中心')).bodies.length).toBe(2);
  });

  // By points, the way a building is asked for whose address is not filed.
  it('0.13 an officer heads one building: the building adds the 楼长; the next building does not', async () => {
    const { publish, plan } = town();
    const ids = [randomUUID(), randomUUID()];
    const points = [beside(near(), 25, -20), beside(near(), 35, -20)].map(({ lon, lat }) => ({
      lon: Math.round(lon * 1e7) / 1e7,
      lat: Math.round(lat * 1e7) / 1e7,
    }));
    const since = { validFrom: midnight('2020-01-01'), validTo: null };
    const addresses = ids.map((buildingId, i) => {
      return {
        id: randomUUID(),
        text: `淅河镇试验小区${i + 1}号楼`,
        aliases: [],
        point: points[i],
        buildingId,
        ...since,
      };
    });
    const { addresses: writer } = town().api.app.writers;
    await publish('Two buildings', async (trx, edition) => {
      const buildings = ids.map((id, i) => ({ id, name: `${i + 1}号楼`, point: points[i], ...since }));
      await writer.insertBuildings(trx, edition, buildings);
      await writer.insertAddresses(trx, edition, addresses);
    });
    const before = await holdingsAt(points[0]);
    const head = plan.people[0].id;
    const post = await publishPost('building_head', 'BUILDING', ids[0], { personId: head });
    const [first, ...others] = await holdingsAt(points[0]);
    expect(first).toMatchObject({
      post: { id: post.id, grid: null, role: { code: 'building_head' } },
      grid: null,
      through: { kind: 'BUILDING', id: ids[0], name: '1号楼', point: points[0] },
      holder: { id: head },
      reason: 'DIRECT',
    });
    expect(others).toEqual(before);
    // In the officer's file it stands among the others, counted in the area of its beat.
    const file = 'query ($id: ID!) { staffFile(personId: $id) { posts { id grid { id } } } }';
    const beat = town().highlight('firstQuery').expect.chains.police[0];
    const { staffFile } = await town().api.ask(file, { id: head }, await town().api.as('dispatcher', beat));
    expect(staffFile.posts).toContainEqual({ id: post.id, grid: null });
    for (const elsewhere of [points[1], beside(points[0], 2, 0)]) {
      expect((await holdingsAt(elsewhere)).map(({ through }) => through?.kind)).not.toContain('BUILDING');
    }
    // By address, as a caller says it or by its id.
    const heads = async (at: object) => {
      const { holdings } = (await town().api.ask(HOLDINGS, { at })).ownership;
      return holdings
        .filter(({ through }: Answer) => through?.kind === 'BUILDING')
        .map(({ holder }: Answer) => holder.id);
    };
    expect(await heads({ addressId: addresses[0].id })).toEqual([head]);
    expect(await heads({ address: '试验小区1号楼' })).toEqual([head]);
    expect(await heads({ address: '淅河镇试验小区２号楼' })).toEqual([]);
  });

  it('0.17 a starred police room: its rating on a date, and the history', async () => {
    const room = await one('社区警务室');
    const ratingOn = async (day: string) => (await sites({ kind: 'police_room' }, midnight(day)))[0].rating;
    expect(await ratingOn('2021-06-01')).toEqual({ stars: 3 });
    expect(await ratingOn('2022-03-01')).toEqual({ stars: 4 });
    const { site } = await town().api.ask(
      'query ($id: ID!) { site(id: $id) { ratings { scheme stars most validFrom validTo } } }',
      { id: room.id },
    );
    expect(site.ratings.map(({ stars, most }: Answer) => [stars, most])).toEqual([
      [3, 5],
      [4, 5],
    ]);
    expect(site.ratings[0].validTo).toBe(site.ratings[1].validFrom);
    expect((await sites({ ratingAtLeast: 4 })).map(({ name }) => name)).toEqual(['社区警务室']);
    expect(await sites({ ratingAtLeast: 4 }, midnight('2021-06-01'))).toEqual([]);
  });

  it('1.5 each kind of holder is returned on its own with its base station, which is not its area; a new kind needs no code', async () => {
    const { publish, api, plan, highlight } = town();
    const { at, expect: wanted } = highlight('firstQuery');
    const officer = (await holdingsAt(at.point)).find(({ post }) => post.role.code === 'community_officer')!;
    expect(officer.base).toMatchObject({ name: '社区警务室', kind: 'police_room' });
    const village = wanted.chains.governance.find((id) =>
      gridsOf(plan, 'governance', 'village').some((grid) => grid.id === id),
    )!;
    const kinds = ['resident_auxiliary', 'security_director', 'property_manager'];
    const station = await one('街面警务站1');
    const tiers = [{ layer: 'governance', tier: 'village', required: false }];
    await publish('New kinds of holders', async (trx, edition) => {
      const { posts, sites: places } = api.app.writers;
      const roles = kinds.map((code, i) => ({
        code,
        name: code,
        answersAs: null,
        position: 60 + i,
        categories: [],
        tiers,
      }));
      await posts.insertRoles(trx, edition, roles);
      const made = kinds.map((roleCode) => ({ id: randomUUID(), roleCode, gridId: village, ...OPEN }));
      await posts.insertPosts(trx, edition, made);
      const held = made.map((post, i) => ({
        id: randomUUID(),
        postId: post.id,
        holder: { personId: plan.people[i].id },
        rank: 'PRIMARY' as const,
        ...OPEN,
      }));
      await posts.insertAppointments(trx, edition, held);
      const [first, second] = held;
      await places.insertBases(trx, edition, [
        { postId: first.postId, appointmentId: null, siteId: station.id, ...OPEN },
        { postId: second.postId, appointmentId: second.id, siteId: station.id, ...OPEN },
      ]);
    });
    const found = (await holdingsAt(at.point)).filter(({ post }) => kinds.includes(post.role.code));
    expect(found.map(({ post, base }) => [post.role.code, base?.name ?? null])).toEqual([
      ['resident_auxiliary', '街面警务站1'],
      ['security_director', '街面警务站1'],
      ['property_manager', null],
    ]);
    expect(found[0].grid.id).toBe(village);
  });

  it('1.11 three stations staffed round the clock are found nearby, nearest first; a street returns its line owner', async () => {
    const from = near();
    const around = await sites({
      kind: 'patrol_station',
      near: from,
      withinMetres: 1000,
      openAt: '2026-06-07T03:00:00+08:00',
    });
    expect(around.map(({ name }) => name)).toEqual(['街面警务站1', '街面警务站2', '街面警务站3']);
    expect(around.map(({ distanceMetres }) => Math.round(distanceMetres / 10))).toEqual([36, 63, 92]);
    expect((await sites({ kind: 'patrol_station', near: from, withinMetres: 500 })).length).toBe(1);
    const [owner] = await holdingsAt(beside(from, 0, -70));
    expect(owner).toMatchObject({
      post: { role: { code: 'street_head' } },
      through: { kind: 'LINE', name: '解放路' },
      grid: null,
    });
    expect((await holdingsAt(beside(from, 0, -90))).map(({ through }) => through)).not.toContainEqual(
      expect.objectContaining({ kind: 'LINE' }),
    );
  });

  it('1.14 an inn returns its station, and nothing about guests', async () => {
    const point = beside(near(), -40, -50);
    const [held] = await holdingsAt(point);
    expect(held).toMatchObject({
      post: { role: { code: 'premises_station' }, grid: null },
      through: { kind: 'PREMISES', name: '栖凤客栈' },
      holder: { __typename: 'Body' },
    });
    const query = `query ($filter: PremisesFilter) { premises(filter: $filter) { totalCount edges { distanceMetres
      node { name kind point { lon } answersTo { id kind } holdings { rank } } } } }`;
    const { premises } = await town().api.ask(query, { filter: { kind: 'inn', near: point, withinMetres: 100 } });
    expect(premises.edges.map(({ node }: Answer) => [node.name, node.answersTo.id])).toEqual([
      ['栖凤客栈', held.holder.id],
    ]);
    const { __type } = await town().api.ask('{ __type(name: "Premises") { fields { name } } }');
    expect(__type.fields.map(({ name }: Answer) => name).sort()).toEqual(
      ['answersTo', 'holdings', 'id', 'kind', 'name', 'point', 'radiusMetres'].sort(),
    );
  });

  it('1.18 chat groups: name, link and head-count only; sums match; a village returns channel and officer', async () => {
    const { api, plan } = town();
    const query = `query ($id: ID!) { grid(id: $id) { channels { id name kind link members countedOn }
      holdings(role: "village_officer") { holder { ... on Person { officePhone } } } } }`;
    const villages = gridsOf(plan, 'governance', 'village').slice(0, 20);
    let members = 0;
    for (const { id } of villages) {
      const { grid } = await api.ask(query, { id });
      expect(grid.channels.length).toBe(1);
      expect(grid.channels[0]).toMatchObject({ kind: 'village_group', countedOn: '2021-12-31' });
      expect(grid.holdings.length).toBeGreaterThan(0);
      members += grid.channels[0].members;
    }
    const total = async (within: string | null, kind: string | null) =>
      (
        await api.ask(
          'query ($w: ID, $k: String) { channelTotals(within: $w, kind: $k) { channels members uncounted countedTo } }',
          { w: within, k: kind },
        )
      ).channelTotals;
    expect(await total(null, 'village_group')).toEqual({
      channels: 20,
      members,
      uncounted: 0,
      countedTo: '2021-12-31',
    });
    const towns = [...new Set(villages.map(({ parentId }) => parentId!))];
    const parts = await Promise.all(towns.map((id) => total(id, null)));
    expect(parts.reduce((sum, part) => sum + part.members, 0)).toBe(members);
    expect((await total(null, 'compound_group')).channels).toBe(0);
  });

  it('2.16 "temporary ID at 22:00" returns only sites that are open then', async () => {
    const ask = async (openAt: string) =>
      (await sites({ service: 'temporary_id', openAt })).map(({ name }) => name).sort();
    expect(await ask('2026-06-01T22:00:00+08:00')).toEqual(['24小时自助警务室']);
    expect(await ask('2026-06-01T10:00:00+08:00')).toEqual(['24小时自助警务室', '社区警务室']);
    expect(await ask('2026-06-01T12:30:00+08:00')).toEqual(['24小时自助警务室']);
    expect(await ask('2026-10-01T10:00:00+08:00')).toEqual(['24小时自助警务室']);
    const { publish, api } = town();
    const room = await one('社区警务室');
    await publish('Evenings in July', async (trx, edition) => {
      const key = { site_id: room.id, code: 'temporary_id' };
      await api.app.writers.siteChanges.end(trx, edition, 'site_service', key, midnight('2026-07-01'));
      const hours = readHours('Mo-Su 20:00-02:00');
      const service = { siteId: room.id, code: 'temporary_id', name: '临时身份证明', hours };
      await api.app.writers.sites.insertServices(trx, edition, [
        { ...service, validFrom: midnight('2026-07-01'), validTo: null },
      ]);
    });
    expect(await ask('2026-07-06T22:00:00+08:00')).toEqual(['24小时自助警务室', '社区警务室']);
    expect(await ask('2026-07-07T01:59:00+08:00')).toEqual(['24小时自助警务室', '社区警务室']);
    expect(await ask('2026-07-07T02:00:00+08:00')).toEqual(['24小时自助警务室']);
    expect(await ask('2026-06-01T22:00:00+08:00')).toEqual(['24小时自助警务室']);
  });

  it('2.19 honours are found by name and date', async () => {
    const names = async (filter: object, day = '2026-06-01') =>
      (await sites(filter, midnight(day))).map(({ name }) => name);
    expect(await names({ honour: '全市优秀警务室' })).toEqual(['社区警务室']);
    expect(await names({ honouredFrom: '2022-01-10', honouredTo: '2022-12-31' })).toEqual(['社区警务室']);
    expect(await names({ honouredFrom: '2022-01-11' })).toEqual([]);
    expect(await names({ honour: 'another' })).toEqual([]);
    expect(await names({ honour: '全市优秀警务室' }, '2022-01-09')).toEqual([]);
  });
}
