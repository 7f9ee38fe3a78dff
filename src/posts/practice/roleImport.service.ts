import type { CellFault } from '../../csv/cellFault.ts';
import { asCsv } from '../../csv/readTable.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { EditionService } from '../../grids/edition.service.ts';
import type { Directory } from '../directory.ts';
import type { PostRepository } from '../post.repository.ts';
import type { RoleDraft } from '../post.type.ts';
import { type RolesRow, readRolesFile } from './rolesFile.ts';

export interface RoleImportOptions {
  readonly encoding?: string;
  readonly commit: boolean;
  readonly title?: string;
}

/** What an import made, or would make. */
export interface RoleImportReport {
  readonly rows: number;
  readonly faults: readonly CellFault[];
  readonly would: { readonly roles: number; readonly seats: number };
  /** The edition that was published; null in a dry run, with a fault, and where nothing is new. */
  readonly edition: number | null;
}

/** Brings local practice in from a file: which roles there are, and at which tiers they sit. */
export class RoleImportService {
  readonly #editions: EditionService;
  readonly #posts: PostRepository;
  readonly #known: { readonly atlas: Atlas; readonly directory: Directory };

  constructor(editions: EditionService, posts: PostRepository, known: { atlas: Atlas; directory: Directory }) {
    this.#editions = editions;
    this.#posts = posts;
    this.#known = known;
  }

  /**
   * One file is one edition; a dry run unless `commit`. With any fault nothing is written, and a file that says nothing
   * new publishes nothing. A role that was published never changes, it can only sit at more tiers.
   */
  async importRoles(bytes: Uint8Array, { encoding, commit, title }: RoleImportOptions): Promise<RoleImportReport> {
    const csv = await asCsv(bytes, encoding);
    const { rows, faults } = readRolesFile(csv.bytes, csv.encoding);
    const plan = this.#plan(rows, faults);
    const would = {
      roles: plan.filter((draft) => !this.#isKnown(draft.code)).length,
      seats: plan.flatMap((draft) => draft.tiers).length,
    };
    const report = { rows: rows.length, faults, would, edition: null };
    if (!commit || faults.length > 0 || would.seats === 0) return report;
    const { edition } = await this.#editions.publish(title ?? 'Roles', async (trx, edition) => {
      for (const draft of plan) {
        if (this.#isKnown(draft.code)) await this.#posts.insertRoleTiers(trx, edition, draft.code, draft.tiers);
        else await this.#posts.insertRoles(trx, edition, [draft]);
      }
    });
    return { ...report, edition };
  }

  #isKnown(code: string): boolean {
    return this.#known.directory.findRole(code, this.#editions.latest) !== undefined;
  }

  /** The roles of the file with the seats that are new. Adds to `faults` what contradicts the registry or the file itself. */
  #plan(rows: readonly RolesRow[], faults: CellFault[]): RoleDraft[] {
    const drafts = new Map<string, RoleDraft & { tiers: { layer: string; tier: string; required: boolean }[] }>();
    for (const row of rows) {
      const { code, name, position, categories, answers_as: answersAs, layer, tier, required } = row;
      const fault = (column: string, value: string, reason: string) =>
        faults.push({ row: row.row, column, value, reason });
      const draft = drafts.get(code) ?? { code, name, answersAs, position, categories, tiers: [] };
      drafts.set(code, draft);
      const known = this.#known.directory.findRole(code, this.#editions.latest);
      for (const said of known ? [draft, known] : [draft]) {
        if (said.name !== name) fault('name', name, `differs from “${said.name}”, and a role has one name for ever`);
        if (said.answersAs !== answersAs)
          fault('answers_as', answersAs ?? '', `differs from “${said.answersAs ?? ''}”`);
        if (said.position !== position) fault('position', String(position), `differs from ${said.position}`);
        if (said.categories.join(';') !== categories.join(';'))
          fault('categories', categories.join(';'), `differs from “${said.categories.join(';')}”`);
      }
      const seat = this.#known.atlas.findTier(layer, tier);
      if (!seat) fault('tier', tier, `is no tier of a layer ${layer}; import its grids first`);
      else if (draft.tiers.some((other) => other.layer === layer && other.tier === tier))
        fault('tier', tier, 'is there twice for this role');
      else if (!known || !this.#sits(seat.id, code)) draft.tiers.push({ layer, tier, required });
    }
    return [...drafts.values()];
  }

  #sits(tierId: number, code: string): boolean {
    return this.#known.directory.tierRoles(tierId, this.#editions.latest).some(({ role }) => role.code === code);
  }
}
