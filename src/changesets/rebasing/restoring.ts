import type { Clock } from '../../clock.ts';
import { DomainError } from '../../errors.ts';
import type { EditionService } from '../../grids/edition.service.ts';
import { settled } from '../drafting/draftState.ts';
import { mainCodeOf } from '../territory/draftGrid.ts';
import type { Change, Lineage, Patch } from '../territory/patch.ts';
import type { Territory } from '../territory/territory.ts';
import type { TerritoryReader } from '../territory/territoryReader.ts';
import type { RestoringRepository } from './restoring.repository.ts';

const MOST_NAMED = 5;

/** What takes an edition back, and from what it starts. */
export interface Restored {
  readonly asOf: Date;
  readonly edition: number;
  readonly base: Territory;
  readonly patch: Patch;
  readonly lineage: readonly Lineage[];
}

/** Works out how the grids that an edition changed become again what they were. */
export class Restoring {
  readonly #editions: EditionService;
  readonly #territories: TerritoryReader;
  readonly #repository: RestoringRepository;
  readonly #clock: Clock;

  constructor(editions: EditionService, territories: TerritoryReader, repository: RestoringRepository, clock: Clock) {
    this.#editions = editions;
    this.#territories = territories;
    this.#repository = repository;
    this.#clock = clock;
  }

  /**
   * Of an edition whose day has not come, as of that day. Throws BAD_INPUT for one that is not there or changed no grid,
   * CONFLICT, naming the grids, when one of them has been changed again since.
   */
  async restore(edition: number): Promise<Restored> {
    const latest = this.#editions.latest;
    const record = this.#editions.editions[edition - 1];
    if (!record) {
      const message = `edition: there is no edition ${edition}; the registry holds 1 to ${latest}.`;
      throw new DomainError('BAD_INPUT', message, { field: 'edition', latest });
    }
    const changed = await this.#repository.listChanged(edition);
    const asOf = new Date(Math.max(this.#clock().getTime(), record.effectiveAt.getTime()));
    const base = await this.#territories.read({ asOf: asOf.getTime(), edition: latest });
    const former = await this.#territories.read({ asOf: asOf.getTime(), edition: edition - 1 });
    const again = changed.filter(({ changedAgain }) => changedAgain !== null);
    if (again.length > 0) throw changedAgain(edition, again, [base, former]);
    const patch = restoration(
      changed.map(({ gridId }) => gridId),
      base,
      former,
    );
    if (patch.size === 0) {
      const message = `edition: edition ${edition} changed no grid that stands; there is nothing to take back.`;
      throw new DomainError('BAD_INPUT', message, { field: 'edition' });
    }
    const lineage = backwards(await this.#repository.listLineage(edition), patch, base.with(patch));
    return { asOf, edition: latest, base, patch, lineage };
  }
}

function restoration(ids: readonly string[], base: Territory, former: Territory): Patch {
  const changes = new Map<string, Change>();
  for (const id of ids) {
    const [before, was] = [base.find(id) ?? null, former.find(id) ?? null];
    changes.set(id, { before, after: was && { ...was, versionId: before?.versionId ?? null } });
  }
  return settled(changes);
}

/** A grid that ends again goes on in the one that it was made from. */
function backwards(lineage: readonly Lineage[], patch: Patch, after: Territory): Lineage[] {
  return lineage
    .filter(({ from, to }) => patch.get(to)?.after === null && after.find(from))
    .map(({ from, to }) => ({ from: to, to: from, how: 'MERGED' }));
}

function changedAgain(
  edition: number,
  again: readonly { readonly gridId: string; readonly changedAgain: number | null }[],
  territories: readonly Territory[],
): DomainError {
  const grids = again.map(({ gridId, changedAgain: by }) => {
    const known = territories.map((territory) => territory.find(gridId)).find(Boolean);
    return { grid: gridId, code: known ? mainCodeOf(known) : gridId, edition: by };
  });
  const named = grids.slice(0, MOST_NAMED).map(({ code, edition: by }) => `${code} (edition ${by})`);
  const more = grids.length > MOST_NAMED ? ` and ${grids.length - MOST_NAMED} more` : '';
  const message = `edition: grids that edition ${edition} changed have been changed again since: ${named.join(', ')}${more}. Take the later edition back first, or draw what you want in a new changeset.`;
  return new DomainError('CONFLICT', message, { field: 'edition', grids });
}
