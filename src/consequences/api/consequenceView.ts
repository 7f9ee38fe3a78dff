import type { AddressRecord } from '../../addresses/address.type.ts';
import { Address } from '../../addresses/api/address.type.ts';
import { DraftGrids } from '../../changesets/api/draftGrids.ts';
import type { Draft } from '../../changesets/changeset.type.ts';
import type { DraftGrid } from '../../changesets/territory/draftGrid.ts';
import type { Grid } from '../../grids/api/grid.type.ts';
import { Layer } from '../../grids/api/layer.type.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { Moment } from '../../grids/moment.ts';
import { Holding, HoldingReason, Post } from '../../posts/api/holding.type.ts';
import type { LayerChange } from '../comparer.ts';
import type { AddressChange } from '../consequence.service.ts';
import type { GroundShares } from '../groundShares.ts';
import type { IncidentChange } from '../incidents/openIncidents.service.ts';
import type { NewVacancy, PostChange } from '../postChanges.ts';
import type { AddressChangeType, CrosswalkChange, PostChangeType, VacancyChange } from './consequence.type.ts';
import type { IncidentChangeType } from './incidentChange.type.ts';

/** Shows grids before and after, with what changes on them, as clients read them. */
export class ConsequenceView {
  readonly #atlas: Atlas;
  readonly #moment: Moment;
  readonly #before: DraftGrids;
  readonly #after: DraftGrids;

  /** `moment`: as of when staff is shown. */
  constructor({ base, territory, record }: Draft, atlas: Atlas, moment: Moment) {
    const start = { asOf: record.baseAsOf.getTime(), edition: record.baseEdition };
    this.#atlas = atlas;
    this.#moment = moment;
    this.#before = new DraftGrids(base, atlas, start);
    this.#after = new DraftGrids(territory, atlas, start);
  }

  address(record: AddressRecord, { layers }: AddressChange): AddressChangeType {
    return { address: new Address(record), layers: layers.map((layer) => this.#layer(layer)) };
  }

  incident({ layers, ...incident }: IncidentChange): IncidentChangeType {
    return { ...incident, layers: layers.map((layer) => this.#layer(layer)) };
  }

  post({ entry, before, after, heirs, reasons, balance }: PostChange): PostChangeType {
    const grid = this.#before.show(before);
    const first = entry.holders.find(({ rank }) => rank === 'PRIMARY') ?? null;
    return {
      holding: new Holding(new Post(entry, grid), first, HoldingReason.DIRECT, this.#moment),
      reasons,
      before: grid,
      after: after && this.#showAfter(after),
      heirs: heirs.map((heir) => this.#showAfter(heir)),
      gainedSquareMetres: balance?.gainedSquareMetres ?? null,
      lostSquareMetres: balance?.lostSquareMetres ?? null,
      gainedShare: balance?.gainedShare ?? null,
      lostShare: balance?.lostShare ?? null,
    };
  }

  vacancy({ grid, role }: NewVacancy): VacancyChange {
    return { grid: this.#showAfter(grid), role };
  }

  crosswalk({ from, shares, lost }: GroundShares): CrosswalkChange {
    return {
      from: this.#before.show(from),
      shares: shares.map(({ to, share }) => ({ to: this.#showAfter(to), share })),
      lost,
    };
  }

  #layer({ layer, before, after }: LayerChange) {
    return {
      layer: new Layer(this.#atlas.findLayer(layer)!, this.#moment.edition),
      before: before.map((grid) => this.#before.show(grid)),
      after: after.map((grid) => this.#showAfter(grid)),
    };
  }

  #showAfter(grid: DraftGrid): Grid {
    return this.#after.show(grid);
  }
}
