import type { LocalClock } from '../../clock.ts';
import type { CellFault } from '../../csv/cellFault.ts';
import { DomainError } from '../../errors.ts';
import type { EditionService, WriteEdition } from '../../grids/edition.service.ts';
import type { Directory } from '../../posts/directory.ts';
import type { SiteRepository } from '../site.repository.ts';
import type { SiteBook } from '../siteBook.ts';
import type { SiteChangeRepository } from '../siteChange.repository.ts';
import { planSites, type SitePlan } from './sitePlan.ts';
import { readSitesFile, type SiteColumn, type SitesFile } from './sitesFile.ts';

export interface SiteImportOptions {
  /** Of a CSV file; recognised when left out. */
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

export interface SiteImportReport {
  readonly encoding: string;
  readonly rows: number;
  readonly faults: readonly CellFault<SiteColumn>[];
  /** What the good rows make (or, committed, made); `changes` counts what was known and becomes otherwise. */
  readonly would: Readonly<Record<'sites' | 'bodies' | 'services' | 'ratings' | 'honours' | 'changes', number>>;
  /** Every good row is known already. */
  readonly nothingNew: boolean;
  /** The edition published; null for a dry run, when nothing is new, and with faults unless the good rows are kept. */
  readonly edition: number | null;
}

/** What a file of sites is written through. */
export interface SiteWriters {
  readonly sites: SiteRepository;
  readonly siteChanges: SiteChangeRepository;
}

/** The memory that a file is compared with. */
export interface ShownSites {
  readonly sites: SiteBook;
  readonly directory: Directory;
}

const ATTEMPTS = 5;

/** Imports sites from CSV or XLSX: one file is one edition, and a file imported again makes nothing new. */
export class SiteImportService {
  readonly #editions: EditionService;
  readonly #writers: SiteWriters;
  readonly #shown: ShownSites;
  readonly #clock: LocalClock;

  constructor(editions: EditionService, writers: SiteWriters, shown: ShownSites, clock: LocalClock) {
    this.#editions = editions;
    this.#writers = writers;
    this.#shown = shown;
    this.#clock = clock;
  }

  /** Throws BAD_FILE and BAD_ENCODING for the file as a whole; faults of rows are in the report. */
  async importSites(bytes: Uint8Array, options: SiteImportOptions): Promise<SiteImportReport> {
    const { timeZone } = this.#clock;
    const file = await readSitesFile(bytes, options.encoding, timeZone);
    const at = options.effectiveAt ?? this.#clock.now();
    const title = options.title ?? `Sites from a file of ${file.rowCount} rows`;
    for (let attempt = 1; ; attempt += 1) {
      await this.#editions.catchUp();
      const edition = this.#editions.latest;
      const bodies = this.#bodiesByName(edition);
      const plan = planSites(file.rows, { edition, book: this.#shown.sites, bodies, timeZone }, at);
      const report = reportOn(file, plan);
      const held = report.faults.length > 0 && !options.keepGood;
      if (!options.commit || held || report.nothingNew) return report;
      try {
        const published = await this.#editions.publish(title, this.#writing(plan, edition), { effectiveAt: at });
        return { ...report, edition: published.edition };
      } catch (error) {
        // Someone published after the file was compared: compare again.
        const overtaken = error instanceof DomainError && error.code === 'CONFLICT' && attempt < ATTEMPTS;
        if (!overtaken) throw error;
      }
    }
  }

  #bodiesByName(edition: number): Map<string, Set<string>> {
    const ids = new Map<string, Set<string>>();
    for (const { value } of this.#shown.directory.knownIn(edition).bodies) {
      for (const name of [value.name, value.id]) ids.set(name, (ids.get(name) ?? new Set()).add(value.id));
    }
    return ids;
  }

  #writing(plan: SitePlan, plannedOn: number): WriteEdition<void> {
    const { sites, siteChanges } = this.#writers;
    return async (trx, edition) => {
      if (edition !== plannedOn + 1) {
        throw new DomainError('CONFLICT', 'Another edition was published while the file was read; import it again.');
      }
      // Ends before additions, for a row of this edition cannot be closed in it.
      for (const { table, key, at } of plan.ends) await siteChanges.end(trx, edition, table, key, at);
      await sites.insertSites(trx, edition, plan.sites);
      await sites.insertHoused(trx, edition, plan.housed);
      await sites.insertServices(trx, edition, plan.services);
      await sites.insertRatings(trx, edition, plan.ratings);
      await sites.insertHonours(trx, edition, plan.honours);
    };
  }
}

function reportOn(
  file: SitesFile,
  { ends, sites, housed, services, ratings, honours, faults }: SitePlan,
): SiteImportReport {
  const would = {
    sites: sites.length,
    bodies: housed.length,
    services: services.length,
    ratings: ratings.length,
    honours: honours.length,
    changes: ends.length,
  };
  return {
    encoding: file.encoding,
    rows: file.rowCount,
    faults: [...file.faults, ...faults].sort((a, b) => a.row - b.row),
    would,
    nothingNew: Object.values(would).every((count) => count === 0),
    edition: null,
  };
}
