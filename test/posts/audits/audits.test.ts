import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/api.ts';
import { day, StaffingWorld } from '../appointing/staffingWorld.ts';

let world: StaffingWorld;
let admin: Record<string, string>;
const from = day('2026-01-01');
const seat = (grid: string, role = 'officer') => ({ roleCode: role, gridId: grid });
const PAGE = 'totalCount pageInfo { hasNextPage endCursor }';

beforeAll(async () => {
  world = await StaffingWorld.open();
  admin = await world.as('admin', 'C');
  const appoint = (input: object) => world.do(admin, 'appoint', { input: { from, ...input } });
  const wang = await appoint({ ...seat('V1'), person: { name: '王磊' } });
  await appoint({ ...seat('V2'), person: { id: wang.person.id } });
  await appoint({ ...seat('V3'), person: { id: wang.person.id }, rank: 'DEPUTY' });
  await appoint({ ...seat('V4'), person: { name: '李敏' }, to: day('2026-09-01') });
  const lent = { ...seat('W1'), person: { name: '赵静' }, homeBodyId: world.station, from, to: day('2026-08-01') };
  await world.do(admin, 'reinforce', { input: lent });
  await appoint({ ...seat('W2', 'worker'), bodyId: world.hall, rank: 'SUPPORT' });
  await appoint({ ...seat('W4'), person: { name: '陈晨' } });
  const { editions, writers } = world.api.app;
  await editions.publish('W4 is merged away', (trx, edition) =>
    writers.grids.retireGrids(trx, edition, [world.id('W4')], day('2026-07-01')),
  );
});
afterAll(() => world.api.close());

/** "role on grid" of each post with a fault. */
async function posts(kind: string, asOf: Date, more: object = {}): Promise<string[]> {
  const query = `query ($kind: PostFaultKind!, $role: String, $within: ID, $asOf: DateTime, $edition: Int) {
    postAudit(kind: $kind, role: $role, within: $within, asOf: $asOf, edition: $edition, first: 200) {
      ${PAGE} edges { node { kind post { id role { code } grid { id } } grid { name } } } } }`;
  const { postAudit } = await world.api.ask(query, { kind, asOf, ...more });
  expect(postAudit.edges).toHaveLength(postAudit.totalCount);
  return postAudit.edges.map(({ node }: Answer) => `${node.post.role.code} on ${node.grid.name}`);
}

/** "name count" of each member of staff with a fault. */
async function staff(headers: Record<string, string>, kind: string, asOf: Date, more: object = {}): Promise<string[]> {
  const query = `query ($kind: StaffFaultKind!, $within: ID, $asOf: DateTime, $moreThan: Int! = 1) {
    staffAudit(kind: $kind, within: $within, asOf: $asOf, moreThan: $moreThan) {
      ${PAGE} edges { node { kind postCount person { name } } } } }`;
  const { staffAudit } = await world.api.ask(query, { kind, asOf, ...more }, headers);
  return staffAudit.edges.map(({ node }: Answer) => `${node.person.name} ${node.postCount}`);
}

describe('audits of posts', () => {
  it('list vacant posts on any date, required ones that were never made too, by role and area', async () => {
    const within = world.id('D1');
    expect(await posts('VACANT', day('2026-06-01'), { role: 'officer', within })).toEqual([]);
    expect(await posts('VACANT', day('2026-10-01'), { role: 'officer', within })).toEqual(['officer on Grid V4']);
    expect(await posts('VACANT', day('2026-06-01'), { role: 'leader' })).toEqual([
      'leader on Grid D1',
      'leader on Grid D2',
    ]);
    const early = { role: 'officer', within, edition: 1 };
    expect(await posts('VACANT', day('2026-06-01'), early)).toHaveLength(4);
  });

  it('list posts without a standing owner, and those where only a deputy stands', async () => {
    expect(await posts('NO_STANDING_OWNER', day('2026-06-01'))).toEqual(['officer on Grid W1', 'worker on Grid W2']);
    expect(await posts('NO_STANDING_OWNER', day('2026-08-01'))).toEqual(['worker on Grid W2']);
    expect(await posts('DEPUTY_ONLY', day('2026-06-01'))).toEqual(['officer on Grid V3']);
  });

  it('list posts on grids that are gone, where the grid lay last', async () => {
    expect(await posts('RETIRED_GRID', day('2026-06-30'))).toEqual([]);
    expect(await posts('RETIRED_GRID', day('2026-07-01'))).toEqual(['officer on Grid W4']);
    expect(await posts('RETIRED_GRID', day('2026-07-01'), { within: world.id('D2') })).toHaveLength(1);
    expect(await posts('RETIRED_GRID', day('2026-07-01'), { within: world.id('D1') })).toEqual([]);
    await expect(posts('RETIRED_GRID', from, { within: 'X' })).rejects.toThrow(/NOT_FOUND: within/);
    await expect(posts('VACANT', from, { role: 'mayor' })).rejects.toThrow(/NOT_FOUND: role/);
  });

  it('go page by page without a repeat or a hole', async () => {
    const query = `query ($after: String) {
      postAudit(kind: VACANT, asOf: "2030-01-01T00:00:00Z", first: 2, after: $after) { ${PAGE} edges { node { post { id } } } } }`;
    const ids: string[] = [];
    for (let after: string | null = null; ; ) {
      const { postAudit }: Answer = await world.api.ask(query, { after });
      ids.push(...postAudit.edges.map(({ node }: Answer) => node.post.id));
      if (!postAudit.pageInfo.hasNextPage) {
        expect(ids).toHaveLength(postAudit.totalCount);
        break;
      }
      after = postAudit.pageInfo.endCursor;
    }
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('audits of people', () => {
  it('list those without a post, those without a grid, and those with many posts', async () => {
    expect(await staff(admin, 'NO_POST', day('2026-06-01'))).toEqual([]);
    expect(await staff(admin, 'NO_POST', day('2026-09-01'))).toEqual(['李敏 0', '赵静 0']);
    expect(await staff(admin, 'NO_GRID', day('2026-06-30'))).toEqual([]);
    expect(await staff(admin, 'NO_GRID', day('2026-07-01'))).toEqual(['陈晨 1']);
    expect(await staff(admin, 'MANY_POSTS', day('2026-06-01'), { moreThan: 1 })).toEqual(['王磊 3']);
    expect(await staff(admin, 'MANY_POSTS', day('2026-06-01'), { moreThan: 3 })).toEqual([]);
    await expect(staff(admin, 'MANY_POSTS', from, { moreThan: -1 })).rejects.toThrow(/BAD_INPUT: moreThan/);
  });

  it('show only those of the own area, those of a grid that is gone too, and answer for a foreign grid as for none', async () => {
    world.now = day('2026-10-01');
    const [first, second] = [await world.as('auditor', 'D1'), await world.as('admin', 'D2')];
    admin = await world.as('admin', 'C');
    const on = day('2026-10-01');
    expect(await staff(first, 'NO_POST', on)).toEqual(['李敏 0']);
    expect(await staff(second, 'NO_POST', on)).toEqual(['赵静 0']);
    expect(await staff(second, 'NO_GRID', on)).toEqual(['陈晨 1']);
    expect(await staff(first, 'NO_GRID', on)).toEqual([]);
    expect(await staff(admin, 'NO_POST', on, { within: 'V4' })).toEqual(['李敏 0']);
    for (const within of [world.id('W1'), 'W1', 'nowhere']) {
      const refused = staff(first, 'NO_POST', on, { within });
      await expect(refused).rejects.toThrow('NOT_FOUND: within: there is no such grid within your areas.');
    }
  });

  it('are for administrators and auditors, and recorded without a name', async () => {
    for (const role of ['officer', 'dispatcher', 'gis_editor'] as const) {
      await expect(staff(await world.as(role, 'C'), 'NO_POST', from)).rejects.toThrow(/FORBIDDEN/);
    }
    await expect(staff({}, 'NO_POST', from)).rejects.toThrow(/UNAUTHENTICATED/);
    const reads = (await world.audited()).filter(({ action }) => action === 'staff.audit');
    expect(reads[0]).toMatchObject({
      ...{ result: 'READ', object_kind: 'person', object_id: 'list', grid_id: world.id('C') },
      details: { kind: 'NO_POST', count: 0 },
    });
    expect(JSON.stringify(reads)).not.toContain('李敏');
  });
});
