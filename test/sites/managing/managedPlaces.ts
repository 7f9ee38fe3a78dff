import { randomUUID } from 'node:crypto';
import type { Area, TwoAreas } from '../../access/twoAreas.ts';
import { placeIn } from '../../scenarios/demoTown.ts';

/** A team and a site of one area, and where in it a site may be opened. */
export interface ManagedPlaces {
  readonly gridId: string;
  readonly villageId: string;
  /** A body that covers the village and nothing else. */
  readonly bodyId: string;
  readonly siteId: string;
  readonly point: { readonly lon: number; readonly lat: number };
}

const placesOf = new Map<string, ManagedPlaces>();

/** Lets the body of each area cover a village of it, and opens a site there. */
export async function addPlaces({ town, own, foreign }: TwoAreas): Promise<void> {
  const { teams, sites } = town.api.app.writers;
  const dates = { validFrom: new Date('2026-01-01T00:00:00Z'), validTo: null };
  await town.publish('Teams and sites of two areas', async (trx, edition) => {
    for (const { gridId, gridIds, bodyId } of [own, foreign]) {
      const village = town.plan.grids.find(({ id, tier }) => tier === 'village' && gridIds.has(id))!;
      const { point } = placeIn(village.boundary);
      const places = { gridId, villageId: village.id, bodyId, siteId: randomUUID(), point };
      const coverage = { id: randomUUID(), bodyId, gridId: village.id, categories: [], days: null };
      await teams.insertCoverage(trx, edition, [{ ...coverage, ...dates }]);
      const site = { name: 'Room', kind: 'ROOM', point, buildingId: null, radiusMetres: 20, responseClass: null };
      await sites.insertSites(trx, edition, [{ id: places.siteId, ...site, timeZone: 'Asia/Shanghai', ...dates }]);
      placesOf.set(gridId, places);
    }
  });
}

export const placesIn = ({ gridId }: Pick<Area, 'gridId'>): ManagedPlaces => placesOf.get(gridId)!;

/** What is nowhere. */
export const nowhere = (): ManagedPlaces => ({
  ...{ gridId: randomUUID(), villageId: randomUUID(), bodyId: randomUUID(), siteId: randomUUID() },
  point: { lon: -30, lat: 0 },
});

const FROM = '"2026-02-01T00:00:00Z"';

/** Arguments of each act on teams and sites, as GraphQL text, in an order in which each can be done after the others. */
export const PLACE_ACTS: Readonly<Record<string, (places: ManagedPlaces) => string>> = {
  formTeam: ({ villageId }) => `input: { name: "Patrol", kind: "PATROL", covers: ["${villageId}"], from: ${FROM} }`,
  reviseTeam: ({ bodyId }) => `id: "${bodyId}", from: ${FROM}, set: { standing: "civil" }`,
  setParent: ({ bodyId }) => `id: "${bodyId}", line: "police", parentId: "${bodyIdOfOthers(bodyId)}", from: ${FROM}`,
  coverGrids: ({ bodyId, gridId }) => `id: "${bodyId}", gridIds: ["${gridId}"], from: ${FROM}`,
  endCoverage: ({ bodyId, villageId }) => `id: "${bodyId}", gridIds: ["${villageId}"], at: ${FROM}`,
  openSite: ({ point: { lon, lat } }) =>
    `input: { name: "Desk", kind: "DESK", point: { lon: ${lon}, lat: ${lat} }, timeZone: "Asia/Shanghai", from: ${FROM} }`,
  rateSite: ({ siteId }) => `id: "${siteId}", scheme: "stars", stars: 3, most: 5, from: ${FROM}`,
  honourSite: ({ siteId }) => `id: "${siteId}", name: "Model", givenOn: "2026-02-01"`,
  houseBody: ({ siteId, bodyId }) => `id: "${siteId}", bodyId: "${bodyId}", from: ${FROM}`,
  unhouseBody: ({ siteId, bodyId }) => `id: "${siteId}", bodyId: "${bodyId}", at: "2026-03-01T00:00:00Z"`,
  endSite: ({ siteId }) => `id: "${siteId}", at: "2026-12-01T00:00:00Z"`,
};

function bodyIdOfOthers(bodyId: string): string {
  return [...placesOf.values()].find((each) => each.bodyId !== bodyId)?.bodyId ?? randomUUID();
}
