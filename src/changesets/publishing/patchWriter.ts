import type { Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { CodeDraft, GridDraft, SchemeDraft } from '../../grids/territory.type.ts';
import type { Draft } from '../changeset.type.ts';
import { lasting } from '../drafting/draftState.ts';
import { codesOf, isSameVersion, membersOf } from '../territory/codec.ts';
import type { DraftGrid } from '../territory/draftGrid.ts';
import type { Lineage, Patch } from '../territory/patch.ts';
import { crossingRefusal, listCrossings } from './baseCheck.ts';
import type { PublishingRepository } from './publishing.repository.ts';

type Trx = Transaction<Database>;

/** What writes territory inside an edition being published: the repository of grids/, as a changeset needs it. */
export interface TerritoryWriter {
  hasScheme(trx: Trx, code: string): Promise<boolean>;
  insertScheme(trx: Trx, edition: number, scheme: SchemeDraft): Promise<void>;
  insertGrids(trx: Trx, edition: number, drafts: readonly GridDraft[]): Promise<void>;
  insertVersions(trx: Trx, edition: number, drafts: readonly GridDraft[]): Promise<void>;
  retireGrids(trx: Trx, edition: number, gridIds: readonly string[], from: Date): Promise<void>;
  setCodes(
    trx: Trx,
    edition: number,
    grids: readonly { gridId: string; codes: readonly CodeDraft[] }[],
    from: Date,
  ): Promise<void>;
  setMembers(
    trx: Trx,
    edition: number,
    grids: readonly { gridId: string; memberIds: readonly string[] }[],
    from: Date,
  ): Promise<void>;
  insertLineage(trx: Trx, edition: number, links: readonly Lineage[], at: Date): Promise<void>;
  endCoveredGaps(trx: Trx, edition: number, from: Date): Promise<void>;
}

/** Writes drafts into editions being published. */
export class PatchWriter {
  readonly #grids: TerritoryWriter;
  readonly #repository: PublishingRepository;

  constructor(grids: TerritoryWriter, repository: PublishingRepository) {
    this.#grids = grids;
    this.#repository = repository;
  }

  /** Throws CONFLICT when the registry is not what the draft starts from any more, BAD_INPUT for an instant before that. */
  async write(trx: Trx, edition: number, draft: Draft, at: Date): Promise<void> {
    const ids = [...draft.patch.keys()];
    const crossings = listCrossings(draft.patch, await this.#repository.readStanding(trx, ids, at), at);
    if (crossings.length > 0) {
      const crossed = crossings.map(({ grid }) => grid);
      throw crossingRefusal(crossings, await this.#repository.listLastEditions(trx, crossed), draft.record);
    }
    await this.#writeGrids(trx, edition, draft, at);
    await this.#writeBesides(trx, edition, draft, at);
    await this.#grids.insertLineage(trx, edition, lasting(draft.lineage, draft), at);
    await this.#grids.endCoveredGaps(trx, edition, at);
  }

  /**
   * A changed grid is closed and written anew, all in few statements: the check has shown that one version stands, for
   * ever, so nothing planned for later is lost by it.
   */
  async #writeGrids(trx: Trx, edition: number, { patch }: Draft, at: Date): Promise<void> {
    const closed: string[] = [];
    const changed: DraftGrid[] = [];
    const made: DraftGrid[] = [];
    for (const [id, { before, after }] of patch) {
      if (before && after && isSameVersion(before, after)) continue;
      if (before) closed.push(id);
      if (after) (before ? changed : made).push(after);
    }
    const known = new Set(
      await this.#repository.listKnown(
        trx,
        made.map(({ id }) => id),
      ),
    );
    const draftsOf = (grids: readonly DraftGrid[]) => grids.map((grid) => toDraft(grid, at));
    await this.#grids.retireGrids(trx, edition, closed, at);
    await this.#grids.insertGrids(trx, edition, draftsOf(made.filter(({ id }) => !known.has(id))));
    await this.#grids.insertVersions(trx, edition, draftsOf([...changed, ...made.filter(({ id }) => known.has(id))]));
  }

  /** Codes of grids that end stay theirs until another takes them over. */
  async #writeBesides(trx: Trx, edition: number, { patch }: Draft, at: Date): Promise<void> {
    const codes: { gridId: string; codes: readonly CodeDraft[] }[] = [];
    const members: { gridId: string; memberIds: readonly string[] }[] = [];
    for (const [gridId, { before, after }] of patch) {
      if (after && (!before || codesOf(before) !== codesOf(after))) codes.push({ gridId, codes: after.codes });
      const [had, has] = [before?.memberIds ?? [], after?.memberIds ?? []];
      if (membersOf({ memberIds: had }) !== membersOf({ memberIds: has })) members.push({ gridId, memberIds: has });
    }
    for (const code of ownSchemes(patch)) {
      if (!(await this.#grids.hasScheme(trx, code))) await this.#grids.insertScheme(trx, edition, { code, name: code });
    }
    if (codes.length > 0) await this.#grids.setCodes(trx, edition, codes, at);
    if (members.length > 0) await this.#grids.setMembers(trx, edition, members, at);
  }
}

/** Schemes named as their layers, where new grids have their codes whose tier names none: made when first needed. */
function ownSchemes(patch: Patch): Set<string> {
  const made = [...patch.values()].flatMap(({ before, after }) => (after && !before ? [after] : []));
  return new Set(
    made.filter(({ layer, codes }) => codes.some(({ scheme }) => scheme === layer)).map(({ layer }) => layer),
  );
}

// The codes come afterwards, when those that are given up are closed.
function toDraft({ id, layer, tier, name, kind, parentId, managerId, shape, loads }: DraftGrid, at: Date): GridDraft {
  const state = { name, kind, parentId, managerId, boundary: shape, loads };
  return { id, layer, tier, codes: [], ...state, validFrom: at, validTo: null };
}
