import type { Transaction } from 'kysely';
import type { Areas } from '../../access/viewer.ts';
import type { Database } from '../../db/tables.ts';
import { type Position, toLattice } from '../../geometry/lattice.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import { isUuid } from '../../ids.ts';
import { notFound } from '../../posts/appointing/seats/seat.ts';
import type { DoneAct, StaffingDesk, StaffingPlan } from '../../posts/appointing/staffingDesk.ts';
import type { ManagedSiteRepository, WrittenSite } from './managedSite.repository.ts';

type Trx = Transaction<Database>;

/** What an act on a site is answered with. */
export type SiteAnswer = DoneAct['answer'] & { readonly siteId: string };

export interface SitePlanned extends Omit<StaffingPlan, 'gridIds' | 'write'> {
  /** `site` is what is written of it on all dates, oldest first. */
  write(trx: Trx, edition: number, site: readonly WrittenSite[]): Promise<void>;
}

/** Where grids are found. */
export interface SiteGround {
  readonly atlas: Pick<Atlas, 'layersAt' | 'locate' | 'locateAll'>;
  readonly moments: MomentReader;
}

/**
 * Decides which sites somebody manages: those whose point, at every instant from now on, lies in a grid of the own areas,
 * in whichever layer.
 */
export class SiteReach {
  readonly #desk: StaffingDesk;
  readonly #managed: ManagedSiteRepository;
  readonly #ground: SiteGround;

  constructor(desk: StaffingDesk, managed: ManagedSiteRepository, ground: SiteGround) {
    this.#desk = desk;
    this.#managed = managed;
    this.#ground = ground;
  }

  /** A grid of the areas that holds the point; none for a point in no grid, where one manages everywhere. Throws NOT_FOUND. */
  gridsAt(areas: Areas, point: Position): string[] {
    const found = this.#findGrids(areas, point);
    if (!found) throw notFound('point', 'place');
    return found;
  }

  /** A plan for a site that is managed: judged now, and again when nobody else publishes. Throws NOT_FOUND. */
  async managing(areas: Areas, id: string, { write, ...plan }: SitePlanned): Promise<StaffingPlan> {
    const { gridIds } = await this.#desk.read(areas, (trx) => this.#getManaged(trx, areas, id));
    return {
      ...plan,
      gridIds,
      write: async (trx, edition) => {
        const { site } = await this.#getManaged(trx, areas, id);
        await write(trx, edition, site);
        return answerAbout(id, plan.at);
      },
    };
  }

  async #getManaged(trx: Trx, areas: Areas, id: string) {
    const now = this.#ground.moments.read().asOf;
    const site = isUuid(id) ? await this.#managed.listSite(trx, id) : [];
    const ahead = site.filter(({ validTo }) => validTo === null || validTo.getTime() > now);
    const grids = ahead.map(({ point }) => this.#findGrids(areas, point));
    if (ahead.length === 0 || grids.includes(undefined)) throw notFound('id', 'site');
    return { site, gridIds: grids.flatMap((each) => each ?? []) };
  }

  #findGrids(areas: Areas, { lon, lat }: Position): string[] | undefined {
    const { atlas, moments } = this.#ground;
    const moment = moments.read();
    const [x, y] = [toLattice(lon), toLattice(lat)];
    const holding = atlas.layersAt(moment.edition).flatMap((layer) => {
      if (layer.kind === 'OVERLAY') return atlas.locateAll(layer, x, y, moment);
      return atlas.locate(layer, x, y, moment) ?? [];
    });
    const own = holding.map(({ grid }) => grid.id).find((gridId) => this.#desk.isWithin(areas, gridId));
    if (own !== undefined) return [own];
    return areas === 'everywhere' ? [] : undefined;
  }
}

export function answerAbout(siteId: string, at: Date): SiteAnswer {
  return { siteId, asOf: at.getTime() };
}
