import type { LocalClock } from '../../clock.ts';
import type { CellFault } from '../../csv/cellFault.ts';
import { asCsv } from '../../csv/readTable.ts';
import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { EditionService } from '../../grids/edition.service.ts';
import { FOREVER } from '../../grids/moment.ts';
import type { Directory } from '../directory.ts';
import { type DutyRow, readDutiesFile } from './dutiesFile.ts';
import type { DutyRepository } from './duty.repository.ts';
import type { DutyBook } from './dutyBook.ts';
import { type DutyPlan, findContradiction, planDuties, type WantedRule } from './dutyPlan.ts';
import type { DutyState } from './dutyRule.ts';

export interface DutyImportOptions {
  readonly encoding?: string;
  /** When rows without `from` take effect; now when left out. */
  readonly effectiveAt?: Date;
  readonly commit: boolean;
  readonly title?: string;
}

/** What an import made, or would make. */
export interface DutyImportReport {
  readonly rows: number;
  /** With any fault nothing is written. */
  readonly faults: readonly CellFault[];
  /** Rules written anew, and rules that end or change. */
  readonly would: { readonly rules: number; readonly closed: number };
  /** The edition that was published; null in a dry run, with a fault, and where nothing is new. */
  readonly edition: number | null;
}

/** The memories that a file is compared with. */
export interface DutyMemory {
  readonly atlas: Pick<Atlas, 'findTier' | 'listCodes'>;
  readonly directory: Pick<Directory, 'findRole' | 'tierRoles'>;
  readonly duties: DutyBook;
}

const ATTEMPTS = 5;

/** Brings the duty matrix in from a file: one file is one edition, and a file imported again makes nothing new. */
export class DutyImportService {
  readonly #editions: EditionService;
  readonly #repository: DutyRepository;
  readonly #known: DutyMemory;
  readonly #clock: LocalClock;

  constructor(editions: EditionService, repository: DutyRepository, known: DutyMemory, clock: LocalClock) {
    this.#editions = editions;
    this.#repository = repository;
    this.#known = known;
    this.#clock = clock;
  }

  /** Throws BAD_FILE and BAD_ENCODING for the file as a whole; faults of rows are in the report. */
  async importDuties(bytes: Uint8Array, options: DutyImportOptions): Promise<DutyImportReport> {
    const csv = await asCsv(bytes, options.encoding);
    const file = readDutiesFile(csv.bytes, this.#clock.timeZone, csv.encoding);
    const at = (options.effectiveAt ?? this.#clock.now()).getTime();
    for (let attempt = 1; ; attempt += 1) {
      await this.#editions.catchUp();
      const { latest } = this.#editions;
      const faults = [...file.faults];
      const plan = this.#plan(file.rows, faults, at, latest);
      const would = { rules: plan.opened.length, closed: plan.closed.length };
      const report = { rows: file.rowCount, faults: faults.sort((a, b) => a.row - b.row), would, edition: null };
      if (!options.commit || faults.length > 0 || would.rules + would.closed === 0) return report;
      try {
        const edition = await this.#write(plan, latest, options.title ?? 'Duties', new Date(at));
        return { ...report, edition };
      } catch (error) {
        // Someone published after the file was compared: compare again.
        if (!(error instanceof DomainError && error.code === 'CONFLICT' && attempt < ATTEMPTS)) throw error;
      }
    }
  }

  async #write(plan: DutyPlan, plannedOn: number, title: string, effectiveAt: Date): Promise<number> {
    const { edition } = await this.#editions.publish(
      title,
      async (trx, edition) => {
        if (edition !== plannedOn + 1) {
          throw new DomainError('CONFLICT', 'Another edition was published while the file was read; import it again.');
        }
        await this.#repository.close(trx, edition, plan.closed);
        await this.#repository.insert(trx, edition, plan.opened);
      },
      { effectiveAt },
    );
    return edition;
  }

  #plan(rows: readonly DutyRow[], faults: CellFault[], at: number, edition: number): DutyPlan {
    const wanted: WantedRule[] = [];
    for (const row of rows) {
      const rule = this.#rule(row, edition, (column, value, reason) =>
        faults.push({ row: row.row, column, value, reason }),
      );
      const from = row.from?.getTime() ?? at;
      const to = row.to?.getTime() ?? FOREVER;
      if (!rule) continue;
      if (to <= from) faults.push({ row: row.row, column: 'to', value: row.to!.toISOString(), reason: 'is over' });
      else wanted.push({ row: row.row, rule, from, to });
    }
    const twice = findContradiction(wanted);
    if (twice) {
      const reason = `speaks of the same role, matter, tier, area and dates as row ${twice.earlier}`;
      faults.push({ row: twice.row, column: 'category', value: '', reason });
    }
    return faults.length > 0 ? { closed: [], opened: [] } : planDuties(wanted, this.#known.duties.knownIn(edition));
  }

  #rule(
    { role: code, category, stance, layer, tier: tierCode, gridCode, scheme }: DutyRow,
    edition: number,
    fault: (column: string, value: string, reason: string) => void,
  ): DutyState | undefined {
    const { atlas, directory } = this.#known;
    const role = directory.findRole(code, edition);
    if (!role) return void fault('role', code, 'is no known role; `wangge import roles` brings roles in');
    const tier = layer === null || tierCode === null ? null : atlas.findTier(layer, tierCode);
    if (tier === undefined) return void fault('tier', tierCode ?? '', `is no tier of a layer ${layer}`);
    if (tier && !directory.tierRoles(tier.id, edition).some((seat) => seat.role.code === code)) {
      return void fault('tier', tierCode ?? '', `is no tier at which ${code} sits`);
    }
    const uses = gridCode === null ? [] : atlas.listCodes(gridCode, edition);
    const grids = [
      ...new Set(uses.filter((use) => scheme === null || use.scheme.code === scheme).map((use) => use.grid.id)),
    ];
    if (gridCode !== null && grids.length !== 1) {
      const reason = grids.length === 0 ? 'is the code of no grid' : 'names several grids; give the scheme';
      return void fault('grid_code', gridCode, reason);
    }
    return { roleId: role.id, category, stance, tierId: tier?.id ?? null, gridId: grids[0] ?? null };
  }
}
