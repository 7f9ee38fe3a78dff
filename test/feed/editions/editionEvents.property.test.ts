import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { appoint, makeBody, makePerson, makePost } from '../../posts/postsFixture.ts';
import { asSuperuser } from '../../support/database.ts';
import { cover } from '../../teams/teamsWorld.ts';
import { EditionsWorld, TOWNS, VILLAGES } from './editionsWorld.ts';
import { linesOf, readRegistry, toldAtOnce, toldBetween } from './tellingOracle.ts';

const RUNS = Number(process.env.EDITION_RUNS ?? 2);
const ACTS = Number(process.env.EDITION_ACTS ?? 12);
const DAY = 86_400_000;
const ROLES = ['officer', 'worker'];

type Act = readonly [kind: number, a: number, b: number, days: number];
const act = fc.tuple(fc.nat(8), fc.nat(63), fc.nat(63), fc.integer({ min: -5, max: 9 }));

/** Does what numbers say, as far as the registry lets it. */
class Publisher {
  readonly world: EditionsWorld;
  readonly #held: { readonly id: string; readonly personId: string; over: boolean }[] = [];
  readonly #seats = new Set<string>();
  readonly #covers = new Set<string>();
  readonly #gone = new Set<string>();

  constructor(world: EditionsWorld) {
    this.world = world;
  }

  /** Whether an edition came of it. */
  async act([kind, a, b, days]: Act): Promise<boolean> {
    const { world } = this;
    const from = new Date(world.now.getTime() + (days > 0 ? days * DAY : days * 100 * DAY * (kind % 2)));
    const village = VILLAGES[a % VILLAGES.length];
    const town = TOWNS[b % TOWNS.length];
    if (this.#gone.has(village)) return false;
    if (kind === 0) return this.#done(world.revise(village, { parentId: world.id(town) }, from));
    if (kind === 1) return this.#done(world.revise(town, { parentId: world.id(`D${(a % 2) + 1}`) }, from));
    if (kind === 2) return this.#done(world.revise(a % 2 ? village : town, { name: `Name ${b}` }, from));
    if (kind === 3) return this.#recode(village, b);
    if (kind === 4) return this.#merge(village, VILLAGES[b % VILLAGES.length], from);
    if (kind === 5) return this.#staff(b % 2 ? village : town, ROLES[a % 2], from, b);
    if (kind === 6) return this.#leave(a, from);
    if (kind === 7) return this.#cover(b % 2 ? village : town, from);
    return this.#giveUp(village);
  }

  async #done(edition: Promise<unknown>): Promise<true> {
    await edition;
    return true;
  }

  #recode(village: string, b: number): Promise<true> {
    const grids = [{ gridId: this.world.id(village), codes: [{ scheme: 'other', code: `${village}-${b}` }] }];
    return this.#done(this.world.publish((trx, ed) => this.world.grids.setCodes(trx, ed, grids, this.world.now)));
  }

  async #merge(village: string, other: string, from: Date): Promise<boolean> {
    if (village === other || this.#gone.has(other) || this.#gone.size > 3) return false;
    this.#gone.add(village);
    const links = [{ from: this.world.id(village), to: this.world.id(other), how: 'MERGED' as const }];
    await this.world.publish(async (trx, ed) => {
      await this.world.grids.retireGrids(trx, ed, [this.world.id(village)], from);
      await this.world.grids.insertLineage(trx, ed, links, from);
    }, from);
    return true;
  }

  async #staff(code: string, role: string, from: Date, b: number): Promise<boolean> {
    if (this.#seats.has(code + role)) return false;
    this.#seats.add(code + role);
    const { posts } = this.world;
    const [post, person] = [makePost(role, this.world.id(code)), makePerson(`Person ${b}`)];
    const validTo = b % 3 === 0 ? new Date(from.getTime() + (b + 1) * DAY) : null;
    const appointment = appoint(post, person, { validFrom: from, validTo });
    this.#held.push({ id: appointment.id, personId: person.id, over: validTo !== null });
    await this.world.publish(async (trx, ed) => {
      await posts.insertPosts(trx, ed, [post]);
      await posts.insertPeople(trx, ed, [person]);
      await posts.insertAppointments(trx, ed, [appointment]);
    }, from);
    return true;
  }

  async #leave(a: number, from: Date): Promise<boolean> {
    const held = this.#held[a % Math.max(this.#held.length, 1)];
    if (!held) return false;
    const { posts } = this.world;
    if (a % 3 > 0 || held.over) {
      const phone = { id: held.personId, from, set: { officePhone: `0${a}` } };
      await this.world.publish((trx, ed) => posts.revisePeople(trx, ed, [phone]), from).catch(() => undefined);
    } else {
      held.over = true;
      await this.world.publish((trx, ed) => posts.endAppointments(trx, ed, [held.id], from), from);
    }
    return true;
  }

  async #cover(code: string, from: Date): Promise<boolean> {
    if (this.#covers.has(code)) return false;
    this.#covers.add(code);
    const team = makeBody('Team');
    await this.world
      .publish(async (trx, ed) => {
        await this.world.posts.insertBodies(trx, ed, [team]);
        await this.world.teams.insertCoverage(trx, ed, [cover(team.id, this.world.id(code), { validFrom: from })]);
      }, from)
      .catch(() => undefined);
    return true;
  }

  async #giveUp(village: string): Promise<false> {
    const from = this.world.now;
    const thrown = this.world.publish(async (trx, ed) => {
      await this.world.grids.reviseGrids(trx, ed, [{ gridId: this.world.id(village), from, set: { name: 'Thrown' } }]);
      throw new Error('given up');
    });
    await expect(thrown).rejects.toThrow('given up');
    return false;
  }
}

/** Throws where an area is told anything else than plain rows say. */
async function agrees(acts: readonly Act[]): Promise<void> {
  const world = await EditionsWorld.open();
  const publisher = new Publisher(world);
  const idOf = (code: string) => world.id(code);
  for (const each of acts) {
    const before = world.editions.latest;
    await publisher.act(each);
    const isNew = world.editions.latest > before;
    const published = linesOf(await world.told(), idOf).sort();
    expect(published).toEqual(isNew ? toldAtOnce(await readRegistry(world.db)).sort() : []);
    const after = world.now.getTime();
    await world.until(new Date(after + (each[1] % 4) * DAY));
    const due = toldBetween(await readRegistry(world.db), after, world.now.getTime());
    expect(linesOf(await world.told(), idOf).sort()).toEqual(due.sort());
  }
}

const property = fc.asyncProperty(fc.array(act, { minLength: ACTS, maxLength: ACTS }), agrees);

describe('whatever is published', () => {
  it('is told to the areas that plain rows say, when it is published and on its days', async () => {
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  }, 3_600_000);

  it('would be found if those who lose a grid were not told', async () => {
    const { db } = await EditionsWorld.open();
    const change = (text: string) => asSuperuser(db, (trx) => sql.raw(text).execute(trx));
    const { rows } = await sql<{ text: string }>`
      select pg_get_functiondef('told_of(uuid[], uuid[], timestamptz, timestamptz)'::regprocedure) as text`.execute(db);
    const move: Act = [0, 0, 3, 0];
    await agrees([move]);
    await change(rows[0].text.replace('unnest(grids || parents)', 'unnest(grids)'));
    try {
      await expect(agrees([move])).rejects.toThrow();
    } finally {
      await change(rows[0].text);
    }
  });
});
