import type { Kysely } from 'kysely';
import type { Database } from '../../../src/db/tables.ts';
import { Atlas } from '../../../src/grids/atlas/atlas.ts';
import { chainOf, type VersionEntry, versionAt } from '../../../src/grids/atlas/rows.ts';
import { TerritoryRepository } from '../../../src/grids/atlas/territory.repository.ts';
import { EditionService } from '../../../src/grids/edition.service.ts';
import type { Moment } from '../../../src/grids/moment.ts';
import type { GridDraft } from '../../../src/grids/territory.type.ts';
import { GridRepository } from '../../../src/grids/writing/grid.repository.ts';
import type { Routed, RoutedMatter } from '../../../src/incidents/routing/route.type.ts';
import { Router } from '../../../src/incidents/routing/router.ts';
import { DirectoryRepository } from '../../../src/posts/directory.repository.ts';
import { Directory } from '../../../src/posts/directory.ts';
import { PostRepository } from '../../../src/posts/post.repository.ts';
import type {
  HandlerPractice,
  LadderPractice,
  Practice,
  PracticeReader,
  RoutePractice,
} from '../../../src/practice/practice.type.ts';
import type { Staff } from '../../ownership/staffedPaper.ts';
import { editionBooks } from '../../support/editionBooks.ts';

export const NOW = new Date('2026-06-01T04:00:00Z');

/** Layers and tiers, root first. */
const LAYERS = [
  { code: 'gov', tiers: ['district', 'town', 'village'] },
  { code: 'police', tiers: ['station', 'beat'] },
];

/** Everything that one edition says. */
export interface Registry extends Required<Staff> {
  readonly grids: readonly GridDraft[];
}

const NOTHING: Practice = {
  ...{ categories: [], severities: [], routes: [], ladders: [], warnings: [], responses: [] },
  ...{ visits: [], contacts: [], campaigns: [], activities: [], quotas: [] },
};

export function practiceOf(sections: Partial<Practice>): Practice {
  return { ...NOTHING, ...sections };
}

/** "PURPOSE role", "PURPOSE [KIND]" or "PURPOSE role[KIND]", and " @layer/tier" for one that is elsewhere. */
export function handler(text: string, hours: number | null = null): HandlerPractice {
  const [, purpose, role, bodyKind, layer, tier] = /^(\w+) (\w+)?(?:\[(\w+)\])?(?: @(\w+)\/(\w+))?$/.exec(text)!;
  const where = { layer: layer ?? null, tier: tier ?? null };
  return {
    purpose: purpose as HandlerPractice['purpose'],
    ...where,
    role: role ?? null,
    bodyKind: bodyKind ?? null,
    hours,
  };
}

/** "layer/tier" or "layer/tier: category, category". */
export function route(text: string, ...handlers: readonly (string | HandlerPractice)[]): RoutePractice {
  const [where, categories = ''] = text.split(': ');
  const [layer, tier] = where.split('/');
  const read = handlers.map((each) => (typeof each === 'string' ? handler(each) : each));
  return { categories: categories.split(', ').filter(Boolean), layer, tier, handlers: read };
}

export function ladder(code: string, tiers: readonly string[], more: Partial<LadderPractice> = {}): LadderPractice {
  const rest = { deadlines: [], supervisor: null, climbsWhenLate: false, followUpDays: null, followUp: null };
  return { code, name: `Ladder ${code}`, categories: [], layer: 'gov', tiers, ...rest, ...more };
}

/** A registry's memory over an emptied database in which edition 1 says everything. */
export class RoutingWorld {
  readonly atlas: Atlas;
  readonly directory: Directory;
  readonly moment: Moment = { asOf: NOW.getTime(), edition: 1 };
  readonly #editions: EditionService;
  #made = 0;

  private constructor(db: Kysely<Database>) {
    this.atlas = new Atlas(new TerritoryRepository(db));
    this.directory = new Directory(new DirectoryRepository(db));
    const clock = () => NOW;
    this.#editions = new EditionService(db, clock, [this.atlas, this.directory], editionBooks(clock));
  }

  static async make(db: Kysely<Database>, said: Registry): Promise<RoutingWorld> {
    const world = new RoutingWorld(db);
    const [grids, posts] = [new GridRepository(), new PostRepository()];
    await world.#editions.publish('Everything', async (trx, edition) => {
      await grids.insertScheme(trx, edition, { code: 'local', name: 'local' });
      for (const { code, tiers } of LAYERS) {
        await grids.insertLayer(trx, edition, { code, name: code, kind: 'OVERLAY' });
        for (const [i, tier] of tiers.entries()) {
          await grids.insertTier(trx, edition, { layer: code, code: tier, name: tier, rank: i + 1 });
        }
      }
      await posts.insertBodies(trx, edition, said.bodies);
      await posts.insertRoles(trx, edition, said.roles);
      await grids.insertGrids(trx, edition, said.grids);
      await posts.insertPeople(trx, edition, said.people);
      await posts.insertPosts(trx, edition, said.posts);
      await posts.insertAppointments(trx, edition, said.appointments);
    });
    return world;
  }

  /** From the grid to its root. */
  chain({ id }: GridDraft): readonly VersionEntry[] {
    return chainOf(versionAt(this.atlas.findGrid(id)!, this.moment)!, this.moment);
  }

  router(sections: Partial<Practice>, directory: Directory = this.directory): Router {
    const practice: PracticeReader = { practiceAt: () => practiceOf(sections) };
    return new Router({ directory, practice, newId: () => `task-${++this.#made}` });
  }

  matter(grids: readonly GridDraft[], more: Partial<RoutedMatter> = {}): RoutedMatter {
    const rest = { category: 'dispute', severity: null, language: null, finderId: null };
    return { chains: grids.map((grid) => this.chain(grid)), moment: this.moment, ...rest, ...more };
  }

  /** "PURPOSE role of Grid X" of each task, in order. */
  say({ tasks }: Pick<Routed, 'tasks'>): string[] {
    return tasks.map(({ purpose, role, gridId }) => {
      const name = versionAt(this.atlas.findGrid(gridId)!, this.moment)!.name;
      return `${purpose} ${role} of ${name}`;
    });
  }
}

export const codesOf = ({ notices }: Pick<Routed, 'notices'>) => notices.map(({ code }) => code);
export const wordsOf = ({ notices }: Pick<Routed, 'notices'>) => notices.map(({ message }) => message).join('\n');
