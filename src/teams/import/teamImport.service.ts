import type { Transaction } from 'kysely';
import type { LocalClock } from '../../clock.ts';
import type { CellFault } from '../../csv/cellFault.ts';
import { asCsv } from '../../csv/readTable.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { EditionService, WriteEdition } from '../../grids/edition.service.ts';
import type { Directory } from '../../posts/directory.ts';
import type { BodyDraft, Revision } from '../../posts/post.type.ts';
import type { TeamBook } from '../memory/teamBook.ts';
import type { TeamRepository } from '../writing/team.repository.ts';
import { type KnownTeams, planTeams, type RowPlan, type TeamPlan } from './teamPlan.ts';
import { readTeamsFile, type TeamsColumn, type TeamsFile } from './teamsFile.ts';

export interface TeamImportOptions {
  /** Recognised when left out. */
  readonly encoding?: string;
  /** When rows without `from` take effect; now when left out. */
  readonly effectiveAt?: Date;
  /** False: only the report. */
  readonly commit: boolean;
  /** Publish the good rows though others have faults; without it any fault stops everything. */
  readonly keepGood?: boolean;
  /** The title of the edition. */
  readonly title?: string;
}

export interface TeamImportReport {
  readonly encoding: string;
  readonly rows: number;
  readonly faults: readonly CellFault<TeamsColumn>[];
  /** What the good rows make (or, committed, made); `changes` counts everything known that becomes otherwise. */
  readonly would: {
    readonly bodies: number;
    readonly members: number;
    readonly parents: number;
    readonly coverage: number;
    readonly changes: number;
  };
  /** Every good row is known already. */
  readonly nothingNew: boolean;
  /** The edition published; null for a dry run, when nothing is new, and with faults unless the good rows are kept. */
  readonly edition: number | null;
}

/** What a file of teams is written through. */
export interface TeamWriters {
  readonly posts: {
    insertBodies(trx: Transaction<Database>, edition: number, drafts: readonly BodyDraft[]): Promise<void>;
    reviseBodies(trx: Transaction<Database>, edition: number, drafts: readonly Revision<BodyDraft>[]): Promise<void>;
  };
  readonly teams: TeamRepository;
}

/** The memory that a file is compared with. */
export interface ShownTeams {
  readonly atlas: Pick<Atlas, 'listCodes'>;
  readonly directory: Directory;
  readonly teams: TeamBook;
}

const ATTEMPTS = 5;

/** Imports teams from CSV: one file is one edition, and a file imported again makes nothing new. */
export class TeamImportService {
  readonly #editions: EditionService;
  readonly #writers: TeamWriters;
  readonly #shown: ShownTeams;
  readonly #clock: LocalClock;

  constructor(editions: EditionService, writers: TeamWriters, shown: ShownTeams, clock: LocalClock) {
    this.#editions = editions;
    this.#writers = writers;
    this.#shown = shown;
    this.#clock = clock;
  }

  /** Throws BAD_FILE and BAD_ENCODING for the file as a whole; faults of rows are in the report. */
  async importTeams(bytes: Uint8Array, options: TeamImportOptions): Promise<TeamImportReport> {
    const csv = await asCsv(bytes, options.encoding);
    const file = readTeamsFile(csv.bytes, csv.encoding, this.#clock.timeZone);
    const at = options.effectiveAt ?? this.#clock.now();
    const title = options.title ?? `Teams from a file of ${file.rowCount} rows`;
    for (let attempt = 1; ; attempt += 1) {
      await this.#editions.catchUp();
      const known = this.#known(this.#editions.latest);
      const plan = planTeams(file.rows, known, at);
      const report = reportOn(file, plan);
      const held = report.faults.length > 0 && !options.keepGood;
      if (!options.commit || held || report.nothingNew) return report;
      try {
        const writing = this.#writing(plan.rows, known.edition);
        const { edition } = await this.#editions.publish(title, writing, { effectiveAt: at });
        return { ...report, edition };
      } catch (error) {
        // Someone published after the file was compared: compare again.
        const overtaken = error instanceof DomainError && error.code === 'CONFLICT' && attempt < ATTEMPTS;
        if (!overtaken) throw error;
      }
    }
  }

  #known(edition: number): KnownTeams {
    const { atlas, directory, teams } = this.#shown;
    const { bodies } = directory.knownIn(edition);
    return { edition, bodies, ...teams.knownIn(edition), listCodes: (code) => atlas.listCodes(code, edition) };
  }

  #writing(rows: readonly RowPlan[], plannedOn: number): WriteEdition<void> {
    const { posts, teams } = this.#writers;
    return async (trx, edition) => {
      if (edition !== plannedOn + 1) {
        throw new DomainError('CONFLICT', 'Another edition was published while the file was read; import it again.');
      }
      // Ends and changes before additions, for a row of this edition cannot be closed in it.
      await posts.reviseBodies(trx, edition, each(rows, 'bodyRevision'));
      await posts.insertBodies(trx, edition, each(rows, 'body'));
      await teams.reviseTeams(trx, edition, each(rows, 'teamRevision'));
      await teams.insertTeams(trx, edition, each(rows, 'team'));
      for (const { at, parentEnds, coverageEnds } of rows) {
        await teams.endParents(trx, edition, parentEnds, at);
        if (coverageEnds.length > 0) await teams.endCoverage(trx, edition, coverageEnds, at);
      }
      await teams.insertParents(trx, edition, rows.flatMap((row) => row.parentDrafts)); // biome-ignore format: one call
      await teams.insertCoverage(trx, edition, rows.flatMap((row) => row.coverageDrafts)); // biome-ignore format: one call
    };
  }
}

function each<Key extends 'body' | 'bodyRevision' | 'team' | 'teamRevision'>(
  rows: readonly RowPlan[],
  key: Key,
): NonNullable<RowPlan[Key]>[] {
  return rows.flatMap((row) => row[key] ?? []) as NonNullable<RowPlan[Key]>[];
}

function reportOn(file: TeamsFile, { rows, faults }: TeamPlan): TeamImportReport {
  const sum = (count: (row: RowPlan) => number) => rows.reduce((total, row) => total + count(row), 0);
  const would = {
    bodies: sum(({ body }) => (body ? 1 : 0)),
    members: sum(({ team }) => team?.members.reduce((total, { count }) => total + count, 0) ?? 0),
    parents: sum(({ parentDrafts }) => parentDrafts.length),
    coverage: sum(({ coverageDrafts }) => coverageDrafts.length),
    changes: sum(
      ({ bodyRevision, teamRevision, parentEnds, coverageEnds }) =>
        (bodyRevision ? 1 : 0) + (teamRevision ? 1 : 0) + parentEnds.length + coverageEnds.length,
    ),
  };
  const teams = sum(({ team }) => (team ? 1 : 0));
  return {
    encoding: file.encoding,
    rows: file.rowCount,
    faults: [...file.faults, ...faults].sort((a, b) => a.row - b.row),
    would,
    nothingNew: teams === 0 && Object.values(would).every((count) => count === 0),
    edition: null,
  };
}
