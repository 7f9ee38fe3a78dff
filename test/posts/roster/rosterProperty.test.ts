import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../seeds/terrain/random.ts';
import type { Moment } from '../../../src/grids/moment.ts';
import type { Directory } from '../../../src/posts/directory.ts';
import { rosterFaults } from '../../../src/posts/roster/assertRoster.ts';
import type { RosterDraft } from '../../../src/posts/roster/roster.type.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { appoint, makePerson, makePost, PostsWorld } from '../postsFixture.ts';
import { countDays, type RosterPlan, randomRoster, textOf } from './minuteOracle.ts';
import { makeRoster, openDirectory, rosters } from './rosterFixture.ts';

const CODES = ['V1', 'V2', 'V3', 'V4'];
const DAY = 86_400_000;
const FIRST = Date.parse('2024-03-01T00:00:00Z') / DAY;
const RANGE = 60;
const OFFSET = 8 * 3_600_000; // Shanghai has had no summer time since 1991.

interface Kept {
  readonly plan: RosterPlan;
  readonly draft: RosterDraft;
  readonly editionFrom: number;
  /** When it was ended, and by which edition; none ends twice. */
  end?: { readonly at: number; readonly edition: number };
}

const random = new Random(411);
const kept: Kept[] = [];
const names = new Map<string, string>();
const appointmentsOf = new Map<string, string[]>();
let world: PostsWorld;
let directory: Directory;

beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await PostsWorld.make(db);
  for (const code of CODES) {
    const post = makePost('officer', world.gridId(code));
    const people = ['A', 'B', 'C'].map((name) => makePerson(`${name} of ${code}`));
    const appointments = people.map((person) => appoint(post, person));
    appointments.forEach(({ id }, i) => {
      names.set(id, people[i].name);
    });
    appointmentsOf.set(code, appointments.map(({ id }) => id)); // biome-ignore format: one line
    await world.staff({ people, posts: [post], appointments });
  }
  for (let i = 0; i < 14; i += 1) await publishSome();
  ({ directory } = await openDirectory(world));
});

async function publishSome(): Promise<void> {
  const added: { plan: RosterPlan; draft: RosterDraft }[] = [];
  for (const code of CODES.filter(() => random.below(3) === 0)) {
    const appointmentId = appointmentsOf.get(code)![random.below(3)];
    const plan = randomRoster(random, FIRST + random.below(RANGE));
    const validFrom = new Date((FIRST + random.below(RANGE)) * DAY);
    const holidays = plan.words.onHolidays === null ? null : `calendar ${kept.length + added.length}`;
    const draft = makeRoster(appointmentId, { ...plan.words, holidayCalendar: holidays, validFrom });
    // A rule that falls on no day is refused.
    if (rosterFaults(draft).length === 0) added.push({ plan, draft });
  }
  const over = kept.find(({ end }) => !end && random.below(4) === 0);
  const at = over ? over.draft.validFrom.getTime() + random.below(20) * DAY + 1 : 0;
  const edition = await world.publish(async (trx, number) => {
    if (over) await rosters.endRosters(trx, number, [over.draft.id], new Date(at));
    for (const { plan, draft } of added) {
      if (draft.holidayCalendar === null) continue;
      const days = [...plan.holidays].map((day) => ({
        calendar: draft.holidayCalendar!,
        day: textOf(day),
        name: 'Holiday',
      }));
      await rosters.insertHolidays(trx, number, days);
    }
    await rosters.insertRosters(trx, number, added.map(({ draft }) => draft)); // biome-ignore format: one line
  });
  if (over) over.end = { at, edition };
  for (const each of added) kept.push({ ...each, editionFrom: edition });
}

/** The same question, answered from the drafts by counting days one by one. */
function askDrafts(code: string, { asOf, edition }: Moment): string[] {
  const local = (asOf + OFFSET) / 60_000;
  const inForce = kept.filter(({ draft, editionFrom, end }) => {
    const to = end && end.edition <= edition ? end.at : Number.POSITIVE_INFINITY;
    return editionFrom <= edition && draft.validFrom.getTime() <= asOf && asOf < to;
  });
  const own = appointmentsOf.get(code)!;
  const rostered = inForce.some(({ draft }) => own.includes(draft.appointmentId));
  const isOn = ({ plan }: Kept) => {
    const [hours, minutes] = plan.words.startsLocal.slice(11).split(':').map(Number);
    const begins = [...countDays(plan, Math.floor(local / 1440) + 1)].map((day) => day * 1440 + hours * 60 + minutes);
    return begins.some((begin) => begin <= local && local < begin + plan.words.minutes);
  };
  return own
    .filter((id) => !rostered || inForce.some((each) => each.draft.appointmentId === id && isOn(each)))
    .map((id) => names.get(id)!)
    .sort();
}

function askDirectory(asked: Directory, code: string, moment: Moment): string[] {
  const [{ holders }] = asked.postsOn(world.gridId(code), moment);
  expect(holders.map(({ holder }) => holder.name).sort()).toEqual(
    appointmentsOf.get(code)!.map((id) => names.get(id)!),
  );
  return holders.filter(({ duty }) => duty?.onDuty ?? true).map(({ holder }) => holder.name).sort(); // biome-ignore format: one line
}

const questions = (many: number) =>
  Array.from({ length: many }, () => {
    const asOf = (FIRST - 5 + random.below(RANGE + 30)) * DAY + random.below(96) * 900_000 - random.below(2);
    return { code: CODES[random.below(4)], moment: { asOf, edition: 6 + random.below(world.editions.latest - 5) } };
  });

const wrongOf = (ask: (code: string, moment: Moment) => string[], many = 1500) =>
  questions(many).filter(({ code, moment }) => ask(code, moment).join() !== askDrafts(code, moment).join());

describe('the Directory with rosters, over a random history', () => {
  it('tells who is on duty as the drafts do, at random instants in random editions, whatever was asked before', () => {
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.some(({ end }) => end)).toBe(true);
    expect(wrongOf((code, moment) => askDirectory(directory, code, moment))).toEqual([]);
  });

  it('catches a twin that keeps its answer for the week, and one that knows the newest edition only', () => {
    const held = new Map<string, string[]>();
    const lazy = (code: string, moment: Moment) => {
      const key = `${code}/${moment.edition}/${Math.floor(moment.asOf / (7 * DAY))}`;
      if (!held.has(key)) held.set(key, askDirectory(directory, code, moment));
      return held.get(key)!;
    };
    expect(wrongOf(lazy).length).toBeGreaterThan(10);
    const newest = (code: string, { asOf }: Moment) =>
      askDirectory(directory, code, { asOf, edition: world.editions.latest });
    expect(wrongOf(newest).length).toBeGreaterThan(10);
  });

  it('does not change before the next change it names, mostly does at it, and names it whatever was asked before', async () => {
    const { directory: fresh } = await openDirectory(world);
    let [ended, changed] = [0, 0];
    for (const { code, moment } of questions(300)) {
      const ids = [world.gridId(code)];
      const said = askDirectory(directory, code, moment).join();
      const until = directory.nextChange(ids, moment);
      // Another order of questions, so another state of what is kept.
      askDirectory(fresh, code, { ...moment, asOf: moment.asOf + random.below(40) * 3_600_000 });
      expect(fresh.nextChange(ids, moment)).toBe(until);
      const last = Math.min(until, moment.asOf + 10 * DAY);
      for (let asOf = moment.asOf; asOf < last; asOf += 7_200_000) {
        expect(askDirectory(directory, code, { ...moment, asOf }).join()).toBe(said);
      }
      expect(askDirectory(directory, code, { ...moment, asOf: last - 1 }).join()).toBe(said);
      if (until !== last) continue;
      ended += 1;
      if (askDirectory(directory, code, { ...moment, asOf: until }).join() !== said) changed += 1;
    }
    expect(ended).toBeGreaterThan(50);
    expect(changed).toBeGreaterThan(ended / 2);
  });
});
