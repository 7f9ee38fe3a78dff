import type { LocalClock } from '../../clock.ts';
import type { CellFault } from '../../csv/cellFault.ts';
import { asCsv } from '../../csv/readTable.ts';
import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { EditionService, WriteEdition } from '../../grids/edition.service.ts';
import type { Directory } from '../directory.ts';
import type { PostRepository } from '../post.repository.ts';
import type { PostsColumn } from './postCells.ts';
import { type KnownRegistry, type PostPlan, planPosts } from './postPlan.ts';
import { type PostsFile, readPostsFile } from './postsFile.ts';
import { groupBy } from './subject.ts';

export interface ImportPostsOptions {
  /** Recognised when left out. */
  readonly encoding?: string;
  /** When rows without `from`, and changes of people and bodies, take effect; now when left out. */
  readonly effectiveAt?: Date;
  /** False: only the report. */
  readonly commit: boolean;
  /** The title of the edition. */
  readonly title?: string;
}

export interface ImportPostsReport {
  readonly encoding: string;
  readonly rows: number;
  /** With any fault nothing is written. */
  readonly faults: readonly CellFault<PostsColumn>[];
  /** What the good rows make (or, committed, made); `changes` counts changed people and bodies and moved ends. */
  readonly would: {
    readonly bodies: number;
    readonly people: number;
    readonly posts: number;
    readonly appointments: number;
    readonly changes: number;
  };
  /** Every row is known already: no edition is published. */
  readonly nothingNew: boolean;
  /** The edition published; null for a dry run, with faults and when nothing is new. */
  readonly edition: number | null;
}

/** The memory that a file is compared with. */
export interface ShownRegistry {
  readonly atlas: Pick<Atlas, 'listCodes'>;
  readonly directory: Directory;
}

const ATTEMPTS = 5;

/** Imports posts, people and bodies from CSV or XLSX: one file is one edition, and a file imported again makes nothing new. */
export class PostImportService {
  readonly #editions: EditionService;
  readonly #posts: PostRepository;
  readonly #shown: ShownRegistry;
  readonly #clock: LocalClock;

  constructor(editions: EditionService, posts: PostRepository, shown: ShownRegistry, clock: LocalClock) {
    this.#editions = editions;
    this.#posts = posts;
    this.#shown = shown;
    this.#clock = clock;
  }

  /** Throws BAD_FILE and BAD_ENCODING for the file as a whole; faults of rows are in the report. */
  async importPosts(bytes: Uint8Array, options: ImportPostsOptions): Promise<ImportPostsReport> {
    const csv = await asCsv(bytes, options.encoding);
    const file = readPostsFile(csv.bytes, { encoding: csv.encoding, timeZone: this.#clock.timeZone });
    const at = options.effectiveAt ?? this.#clock.now();
    const title = options.title ?? `Posts from a file of ${file.rowCount} rows`;
    for (let attempt = 1; ; attempt += 1) {
      await this.#editions.catchUp();
      const known = this.#known(this.#editions.latest);
      const plan = planPosts(file.rows, known, at.getTime());
      const report = reportOn(file, plan);
      if (!options.commit || report.faults.length > 0 || report.nothingNew) return report;
      try {
        const { edition } = await this.#editions.publish(title, this.#writing(plan, known.edition), {
          effectiveAt: at,
        });
        return { ...report, edition };
      } catch (error) {
        // Someone published after the file was compared: compare again.
        const overtaken = error instanceof DomainError && error.code === 'CONFLICT' && attempt < ATTEMPTS;
        if (!overtaken) throw error;
      }
    }
  }

  #known(edition: number): KnownRegistry {
    const { atlas, directory } = this.#shown;
    return {
      edition,
      staff: directory.knownIn(edition),
      roles: directory.rolesAt(edition),
      rolesOfTier: (tierId) => directory.tierRoles(tierId, edition),
      listCodes: (code) => atlas.listCodes(code, edition),
    };
  }

  #writing(plan: PostPlan, plannedOn: number): WriteEdition<void> {
    const posts = this.#posts;
    return async (trx, edition) => {
      if (edition !== plannedOn + 1) {
        throw new DomainError('CONFLICT', 'Another edition was published while the file was read; import it again.');
      }
      // Changes before additions, for a row of this edition cannot be closed in it.
      await posts.reviseBodies(trx, edition, plan.bodyRevisions);
      await posts.insertBodies(trx, edition, plan.bodies);
      await posts.revisePeople(trx, edition, plan.personRevisions);
      await posts.insertPeople(trx, edition, plan.people);
      await posts.insertPosts(trx, edition, plan.posts);
      for (const ends of groupBy(plan.ends, ({ at }) => at.toISOString()).values()) {
        const ids = ends.map(({ appointmentId }) => appointmentId);
        await posts.endAppointments(trx, edition, ids, ends[0].at);
      }
      await posts.insertAppointments(trx, edition, plan.appointments);
    };
  }
}

function reportOn(file: PostsFile, plan: PostPlan): ImportPostsReport {
  const written = [plan.bodies, plan.people, plan.posts, plan.appointments];
  const faults = [...file.faults, ...plan.faults].sort((a, b) => a.row - b.row);
  const changes = plan.bodyRevisions.length + plan.personRevisions.length + plan.ends.length;
  return {
    encoding: file.encoding,
    rows: file.rowCount,
    faults,
    would: { ...plan.made, appointments: plan.appointments.length, changes },
    nothingNew: faults.length === 0 && changes === 0 && written.every((drafts) => drafts.length === 0),
    edition: null,
  };
}
