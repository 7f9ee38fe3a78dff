import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppointmentDraft, PersonDraft, PostDraft } from '../../src/posts/post.type.ts';
import { drawGrid, openPaper, publishGrids } from '../grids/squareGrids.ts';
import { appoint, makeBody, makePerson, makePost } from '../posts/postsFixture.ts';
import type { Api } from '../support/api.ts';
import { drawRole, publishStaff, type Wanted, whoAnswers } from './staffedPaper.ts';

const county = makeBody('County office');
const town = makeBody('Town office');
const teamA = makeBody('Team A', { languages: ['zh'] });
const teamB = makeBody('Team B', { languages: ['zh', 'pcc'] });
const squad = makeBody('Fire squad', { categories: ['fire'] });
const lakeOffice = makeBody('Lake office');
const office = makeBody('Closed office', { validTo: new Date('2025-01-01T00:00:00Z') });

// Villages V1 to V6, each a column; towns T1 (V1 to V3, managed) and T2 (V4 to V6, not managed); county C.
const C = drawGrid('gov/county', 'C', [0, 0, 6, 2], { managerId: county.id });
const T1 = drawGrid('gov/town', 'T1', [0, 0, 3, 2], { parent: C, managerId: town.id });
const T2 = drawGrid('gov/town', 'T2', [3, 0, 3, 2], { parent: C, managerId: office.id });
const [V1, V2, V3, V4, V5, V6] = Array.from({ length: 6 }, (_, i) =>
  drawGrid('gov/village', `V${i + 1}`, [i, 0, 1, 2], { parent: i < 3 ? T1 : T2 }),
);
// An overlay of two fisheries that overlap below one lake, and a yard that nobody serves.
const L = drawGrid('lake/lake', 'L', [10, 0, 4, 2], { managerId: lakeOffice.id });
const F1 = drawGrid('lake/fishery', 'F1', [10, 0, 2.5, 2], { parent: L, managerId: town.id });
const F2 = drawGrid('lake/fishery', 'F2', [11.5, 0, 2.5, 2], { parent: L, managerId: town.id });
const Y = drawGrid('yard/yard', 'Y', [20, 0, 1, 1]);

let api: Api;
const who = (column: number, wanted?: Wanted) => whoAnswers(api, column + 0.5, 0.5, wanted);
const codes = (notices: readonly { code: string }[]) =>
  notices.map((notice) => notice.code).filter((code) => !['OUTSIDE', 'GAP', 'NEAR_BORDER'].includes(code));

const roles = [
  drawRole('officer', 1, ['gov/village!', 'gov/town'], { answersAs: 'officer' }),
  drawRole('worker', 2, ['gov/village'], { answersAs: 'gridWorker' }),
  drawRole('team', 3, ['gov/village', 'gov/town'], { answersAs: 'mediationTeam' }),
  drawRole('secretary', 4, ['gov/village', 'gov/town', 'gov/county']),
  drawRole('warden', 5, ['gov/village', 'gov/town'], { categories: ['fire'] }),
  drawRole('keeper', 6, ['lake/lake', 'lake/fishery'], { answersAs: 'officer' }),
];

beforeAll(async () => {
  api = await openPaper([
    { code: 'gov', kind: 'PARTITION', tiers: ['county', 'town', 'village'] },
    { code: 'lake', kind: 'OVERLAY', tiers: ['lake', 'fishery'] },
    { code: 'yard', kind: 'PARTITION', tiers: ['yard'] },
  ]);
  await publishStaff(api, { roles, bodies: [county, town, teamA, teamB, squad, lakeOffice, office] });
  await publishGrids(api, [C, T1, T2, V1, V2, V3, V4, V5, V6, L, F1, F2, Y]);
  const people: PersonDraft[] = [];
  const posts: PostDraft[] = [];
  const appointments: AppointmentDraft[] = [];
  const staff = (post: PostDraft, ...holders: [name: string | typeof teamA, rank?: AppointmentDraft['rank']][]) => {
    posts.push(post);
    for (const [holder, rank = 'PRIMARY'] of holders) {
      const held = typeof holder === 'string' ? makePerson(holder) : holder;
      if (typeof holder === 'string') people.push(held as PersonDraft);
      appointments.push(appoint(post, held, { rank }));
    }
  };
  // V1 is well staffed.
  staff(makePost('officer', V1.id), ['Rein', 'REINFORCEMENT'], ['Zoe'], ['Ann'], ['Dep', 'DEPUTY']);
  staff(makePost('worker', V1.id), ['Wu']);
  staff(makePost('secretary', V1.id), ['Sec V1']);
  staff(makePost('secretary', T1.id), ['Sec T1']);
  staff(makePost('secretary', C.id), ['Sec C']);
  staff(makePost('team', V1.id), [teamA]);
  staff(makePost('team', T1.id), [teamB]);
  staff(makePost('warden', V1.id), ['Ward']);
  // V2 has an empty officer's post below a filled one of its town; its warden is a squad for fires only.
  staff(makePost('officer', V2.id));
  staff(makePost('officer', T1.id), ['Town cop']);
  staff(makePost('warden', V2.id), [squad]);
  staff(makePost('secretary', V2.id), [squad, 'SUPPORT']);
  // Of the two fisheries' lake only the lake itself has a keeper.
  staff(makePost('keeper', L.id), ['Keeper']);
  await publishStaff(api, { people, posts, appointments });
});
afterAll(() => api?.close());

describe('the posts of a place', () => {
  it('are those of its smallest grid directly and of the grids above by inheritance, nearest tier first', async () => {
    const { holdings, notices } = await who(0);
    expect(holdings).toEqual([
      'officer V1: Ann PRIMARY DIRECT',
      'officer V1: Zoe PRIMARY DIRECT',
      'officer V1: Dep DEPUTY DIRECT',
      'officer V1: Rein REINFORCEMENT DIRECT',
      'worker V1: Wu PRIMARY DIRECT',
      'team V1: Team A PRIMARY DIRECT',
      'secretary V1: Sec V1 PRIMARY DIRECT',
      'warden V1: Ward PRIMARY DIRECT',
      'officer T1: Town cop PRIMARY INHERITED',
      'team T1: Team B PRIMARY INHERITED',
      'secretary T1: Sec T1 PRIMARY INHERITED',
      'secretary C: Sec C PRIMARY INHERITED',
    ]);
    expect(codes(notices)).toEqual([]);
  });

  it('list one role on several tiers nearest first when the role is asked for', async () => {
    const { holdings } = await who(0, { role: 'secretary' });
    expect(holdings.map((line) => line.split(' ')[1])).toEqual(['V1:', 'T1:', 'C:']);
    expect((await who(0, { role: 'nobody knows it' })).holdings).toEqual([]);
  });

  it('are filtered by duty: without a roster every holder is on duty and an empty post is not', async () => {
    const all = (await who(1)).holdings;
    const onDuty = (await who(1, { onDuty: true })).holdings;
    const offDuty = (await who(1, { onDuty: false })).holdings;
    expect(offDuty).toEqual(['officer V2: - PRIMARY DIRECT', 'worker V2: - PRIMARY DIRECT']);
    expect(all.filter((line) => !offDuty.includes(line))).toEqual(onDuty);
    expect((await who(1, { role: 'officer', onDuty: true })).holdings).toEqual([
      'officer T1: Town cop PRIMARY INHERITED',
    ]);
  });

  it('are empty before anything was, and before any grid was', async () => {
    const { holdings, officer, notices } = await who(0, { asOf: '2019-01-01T00:00:00Z' });
    expect([holdings, officer, codes(notices)]).toEqual([[], null, []]);
  });
});

describe('a vacancy', () => {
  it('is shown with its notice, and the same role held further up answers without a stand-in', async () => {
    const { holdings, officer, notices } = await who(1);
    expect(holdings).toContain('officer V2: - PRIMARY DIRECT');
    expect(holdings.filter((line) => line.startsWith('officer') && line.endsWith('FALLBACK'))).toEqual([]);
    expect(officer).toBe('officer T1: Town cop PRIMARY INHERITED');
    expect(notices).toContainEqual({ code: 'VACANT', message: 'The officer of Grid V2 is vacant.' });
  });

  it('up to the root falls to the nearest body that manages, not to one farther up', async () => {
    const { holdings, gridWorker, notices } = await who(1);
    expect(holdings).toContain('worker V2: Town office PRIMARY FALLBACK');
    expect(holdings.join()).not.toContain('County office');
    expect(gridWorker).toBe('worker V2: Town office PRIMARY FALLBACK');
    const standIn = notices.find(({ code }) => code === 'FALLBACK')!;
    expect(standIn.message).toMatch(/^The worker of Grid V2: .*Town office, which manages the territory/);
  });

  it('passes over a manager that does not exist any more, and finds it on a day when it did', async () => {
    expect((await who(3)).gridWorker).toBe('worker V4: County office PRIMARY FALLBACK');
    const then = await who(3, { asOf: '2024-12-31T23:59:59Z' });
    expect(then.gridWorker).toBe('worker V4: Closed office PRIMARY FALLBACK');
  });

  it('is shown for a role of a short answer that has no post at all, and for a required one, once each', async () => {
    const { holdings, notices, raw } = await who(3);
    expect(holdings).toEqual([
      'officer V4: - PRIMARY DIRECT',
      'worker V4: - PRIMARY DIRECT',
      'team V4: - PRIMARY DIRECT',
      'officer V4: County office PRIMARY FALLBACK',
      'worker V4: County office PRIMARY FALLBACK',
      'team V4: County office PRIMARY FALLBACK',
      'secretary C: Sec C PRIMARY INHERITED',
    ]);
    expect(codes(notices)).toEqual(['VACANT', 'VACANT', 'VACANT', 'FALLBACK', 'FALLBACK', 'FALLBACK']);
    const missing = raw.holdings[0].post;
    expect([missing.id, missing.vacant]).toEqual([`vacant~${V4.id}~officer`, true]);
  });

  it('where nobody serves: no post, no manager, and a notice that says so', async () => {
    const { holdings, officer, gridWorker, mediationTeam, notices } = await who(20);
    expect([holdings, officer, gridWorker, mediationTeam]).toEqual([[], null, null, null]);
    expect(notices).toContainEqual({ code: 'NOT_SERVED', message: expect.stringContaining('nobody holds a post') });
  });
});

describe('the short answers', () => {
  it('prefer a holder, even inherited, to the stand-in, and the stand-in to an empty post', async () => {
    expect((await who(0)).officer).toBe('officer V1: Ann PRIMARY DIRECT');
    expect((await who(2)).officer).toBe('officer T1: Town cop PRIMARY INHERITED');
    expect((await who(4)).officer).toBe('officer V5: County office PRIMARY FALLBACK');
  });

  it('come from the roles that the data names: in another layer another role gives the officer', async () => {
    const { officer, gridWorker } = await who(10);
    expect([officer, gridWorker]).toEqual(['keeper L: Keeper PRIMARY INHERITED', null]);
  });

  it('know what is held above two overlapping grids: it is no vacancy of either, and is listed once', async () => {
    const { holdings, notices } = await whoAnswers(api, 12, 0.5);
    expect(holdings).toEqual(['keeper L: Keeper PRIMARY INHERITED']);
    expect(codes(notices)).toEqual([]);
  });
});

describe('a matter', () => {
  it('leaves only roles and bodies that answer for it or for everything', async () => {
    const fire = (await who(1, { category: 'fire' })).holdings;
    expect(fire).toContain('warden V2: Fire squad PRIMARY DIRECT');
    expect(fire).toContain('secretary V2: Fire squad SUPPORT DIRECT');
    const theft = (await who(1, { category: 'theft' })).holdings;
    expect(theft.join()).not.toMatch(/warden|Fire squad/);
    // The squad is no vacancy: it holds the post and answers for other matters.
    expect(theft.filter((line) => line.startsWith('secretary'))).toEqual([
      'secretary T1: Sec T1 PRIMARY INHERITED',
      'secretary C: Sec C PRIMARY INHERITED',
    ]);
  });

  it('that nobody names leaves the general ones', async () => {
    const general = (await who(0)).holdings.filter((line) => !line.startsWith('warden'));
    expect((await who(0, { category: 'no such matter' })).holdings).toEqual(general);
  });
});

describe('a language', () => {
  it('finds its speaker up the chain and says that it is why', async () => {
    const { mediationTeam, holdings, notices } = await who(0, { language: 'pcc' });
    expect(mediationTeam).toBe('team T1: Team B PRIMARY LANGUAGE');
    expect(holdings[0]).toMatch(/^team T1: Team B/);
    expect(codes(notices)).toEqual([]);
  });

  it('that the first team speaks anyway changes nothing', async () => {
    expect((await who(0, { language: 'zh' })).mediationTeam).toBe('team V1: Team A PRIMARY DIRECT');
    expect((await who(2, { language: 'pcc' })).mediationTeam).toBe('team T1: Team B PRIMARY INHERITED');
  });

  it('that none speaks gives the general team and a notice', async () => {
    const { mediationTeam, notices } = await who(0, { language: 'bo' });
    expect(mediationTeam).toBe('team V1: Team A PRIMARY DIRECT');
    expect(codes(notices)).toEqual(['LANGUAGE_NOT_SERVED']);
    expect(notices.at(-1)!.message).toContain('bo');
  });
});
