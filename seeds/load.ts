import type { Transaction } from 'kysely';
import type { AddressWritingRepository } from '../src/addresses/addressWriting.repository.ts';
import { allowLongStatements } from '../src/db/database.ts';
import type { Database } from '../src/db/tables.ts';
import type { EditionService } from '../src/grids/edition.service.ts';
import type { GridRepository } from '../src/grids/writing/grid.repository.ts';
import type { PostRepository } from '../src/posts/post.repository.ts';
import type { PracticeRepository } from '../src/practice/practice.repository.ts';
import type { SiteRepository } from '../src/sites/site.repository.ts';
import type { TeamRepository } from '../src/teams/writing/team.repository.ts';
import { loadLocalPractice } from './localPractice.ts';
import type { AppointmentPlan, ChangePlan, CityPlan, PersonPlan, PostPlan } from './plan.type.ts';
import { SiteSeeds } from './sites.ts';
import { planTeams } from './teams.ts';

/** The part of the house that a plan is written through. */
export interface Registry {
  readonly editions: EditionService;
  readonly grids: GridRepository;
  readonly posts: PostRepository;
  readonly addresses: AddressWritingRepository;
  readonly teams: TeamRepository;
  readonly sites: SiteRepository;
  readonly practice: PracticeRepository;
}

export type LoadProgress = (step: string, done: number, total: number) => void;

// The laws of 50,000 grids are judged in the one statement that commits them.
const LONGEST_MS = 600_000;
const TITLE = 'The demo city as it was founded';

/** Publishes a plan: edition 1 is the city as it was founded, and each change is the next edition. */
export async function loadCity(registry: Registry, plan: CityPlan, onProgress: LoadProgress): Promise<void> {
  const loader = new CityLoader(registry, plan, onProgress);
  const { editions } = registry;
  await editions.publish(TITLE, (trx, edition) => loader.found(trx, edition), { effectiveAt: loader.founded });
  for (const [index, change] of plan.changes.entries()) {
    onProgress('Publishing later editions', index, plan.changes.length);
    await editions.publish(change.title, (trx, edition) => loader.change(trx, edition, change), {
      effectiveAt: change.effectiveAt,
    });
  }
}

type Trx = Transaction<Database>;

class CityLoader {
  readonly #registry: Registry;
  readonly #plan: CityPlan;
  readonly #onProgress: LoadProgress;
  readonly #seats: Map<string, PostPlan>;
  readonly founded: Date;

  constructor(registry: Registry, plan: CityPlan, onProgress: LoadProgress) {
    this.#registry = registry;
    this.#plan = plan;
    this.#onProgress = onProgress;
    this.#seats = seatPosts(plan.posts);
    this.founded = new Date(Math.min(...plan.grids.map((grid) => grid.validFrom.getTime())));
  }

  async found(trx: Trx, edition: number): Promise<void> {
    const { posts } = this.#registry;
    const { bodies, roles, appointments } = this.#plan;
    await allowLongStatements(trx, LONGEST_MS);
    // Bodies before grids, which they manage; roles after tiers, where they sit.
    await posts.insertBodies(trx, edition, bodies.map(anyMatter));
    await this.#drawTerritory(trx, edition);
    this.#onProgress('Writing posts', 0, 0);
    await posts.insertRoles(trx, edition, roles);
    await posts.insertPosts(trx, edition, [...new Set(this.#seats.values())]);
    await this.#appoint(trx, edition, appointments, new Set());
    await this.#registry.addresses.insertBuildings(trx, edition, this.#plan.buildings);
    await this.#registry.addresses.insertAddresses(trx, edition, this.#plan.addresses);
    await new SiteSeeds(this.#plan).load(trx, edition, this.#registry.sites, posts);
    await this.#formTeams(trx, edition);
    await loadLocalPractice(trx, edition, this.#registry.practice, this.#plan);
    this.#onProgress('Checking that borders meet and nothing overlaps', 0, 0);
  }

  async change(trx: Trx, edition: number, change: ChangePlan): Promise<void> {
    const { grids, posts } = this.#registry;
    await grids.reviseGrids(trx, edition, change.grids);
    for (const { id, at } of change.endAppointments ?? []) await posts.endAppointments(trx, edition, [id], at);
    const { changes, appointments } = this.#plan;
    const earlier = changes.slice(0, changes.indexOf(change)).flatMap((each) => each.appointments ?? []);
    const filed = new Set([...appointments, ...earlier].map(personOf));
    await this.#appoint(trx, edition, change.appointments ?? [], filed);
  }

  async #drawTerritory(trx: Trx, edition: number): Promise<void> {
    const { grids } = this.#registry;
    const plan = this.#plan;
    for (const scheme of plan.schemes) await grids.insertScheme(trx, edition, scheme);
    for (const layer of plan.layers) {
      await grids.insertLayer(trx, edition, layer);
      for (const { codeScheme, ...tier } of layer.tiers) {
        await grids.insertTier(trx, edition, { ...tier, layer: layer.code, scheme: codeScheme });
      }
    }
    const total = plan.grids.length;
    await grids.insertGrids(trx, edition, plan.grids, (done) => this.#onProgress('Writing grids', done, total));
    const gaps = plan.gaps.map((gap) => ({ ...gap, validFrom: this.founded }));
    await grids.insertGaps(trx, edition, gaps);
  }

  async #formTeams(trx: Trx, edition: number): Promise<void> {
    const { posts, teams } = this.#registry;
    const plan = planTeams(this.#plan);
    await posts.insertBodies(trx, edition, plan.bodies);
    await teams.insertTeams(trx, edition, plan.teams);
    await teams.insertParents(trx, edition, plan.parents);
    await teams.insertCoverage(trx, edition, plan.coverage);
  }

  /** People are filed with their first appointment: the registry keeps nobody without one. */
  async #appoint(trx: Trx, edition: number, appointments: readonly AppointmentPlan[], filed: Set<string | undefined>) {
    const { posts } = this.#registry;
    const wanted = new Set(appointments.map(personOf));
    const isNew = (person: PersonPlan) => wanted.has(person.id) && !filed.has(person.id);
    await posts.insertPeople(trx, edition, this.#plan.people.filter(isNew));
    const seated = appointments.map((each) => ({ ...each, postId: this.#seats.get(each.postId)!.id }));
    await posts.insertAppointments(trx, edition, seated);
  }
}

function anyMatter<T extends object>(body: T): T & { categories: readonly string[] } {
  return { ...body, categories: [] };
}

function personOf({ holder }: AppointmentPlan): string | undefined {
  return 'personId' in holder ? holder.personId : undefined;
}

/** The registry has one post for each role and grid; where a plan has several, their holders share the first. */
function seatPosts(planned: readonly PostPlan[]): Map<string, PostPlan> {
  const first = new Map<string, PostPlan>();
  const seats = new Map<string, PostPlan>();
  for (const post of planned) {
    const key = `${post.roleCode}/${post.gridId}`;
    if (!first.has(key)) first.set(key, post);
    seats.set(post.id, first.get(key)!);
  }
  return seats;
}
