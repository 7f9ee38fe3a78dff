import { randomUUID } from 'node:crypto';
import { buildCity } from '../../seeds/city.ts';
import { loadCity } from '../../seeds/load.ts';
import type { CityPlan, GridPlan, HighlightPlan } from '../../seeds/plan.type.ts';
import { fromLattice } from '../../src/geometry/lattice.ts';
import { representativePoint, type Shape } from '../../src/geometry/polygon.ts';
import type { WriteEdition } from '../../src/grids/edition.service.ts';
import type { GridDraft } from '../../src/grids/territory.type.ts';
import { type Answer, type Api, NOW, openApi } from '../support/api.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';

/** When the demo editions were published: some of their changes were still to come. */
const PUBLISHED = new Date('2022-12-15T09:00:00+08:00');

/** The demo town behind its public API, with the plan it was made from. */
export interface Town {
  readonly api: Api;
  readonly plan: CityPlan;
  readonly highlight: (name: string) => HighlightPlan & { readonly at: PlaceAt };
  /** Publishes an extra fixture through the same services as the demo. */
  publish<T>(title: string, write: WriteEdition<T>): Promise<number>;
  /** Runs a part of a test at another time: from midnight of a day on, or at an instant with its offset. */
  on<T>(time: string, run: () => Promise<T>): Promise<T>;
}

interface PlaceAt {
  readonly point: { readonly lon: number; readonly lat: number };
}

export async function openTown(plan: CityPlan = buildCity('town')): Promise<Town> {
  await emptyTables((await openTestDatabase()).db);
  let now = PUBLISHED;
  const api = await openApi({ clock: () => now });
  const { editions, writers } = api.app;
  await loadCity({ editions, ...writers }, plan, () => {});
  now = NOW;
  return {
    api,
    plan,
    highlight(name) {
      const found = plan.highlights[name];
      return { ...found, at: { point: { lon: found.lon, lat: found.lat } } };
    },
    publish: async (title, write) => (await editions.publish(title, write)).edition,
    async on(time, run) {
      now = time.includes('T') ? new Date(time) : midnight(time);
      return run().finally(() => {
        now = NOW;
      });
    },
  };
}

/** The first instant of a day, on the town's clock. */
export function midnight(day: string): Date {
  return new Date(`${day}T00:00:00+08:00`);
}

/** A place well inside a shape. */
export function placeIn(shape: Shape): PlaceAt {
  const { x, y } = representativePoint(shape)!;
  return { point: { lon: fromLattice(x), lat: fromLattice(y) } };
}

export function gridsOf(plan: CityPlan, layer: string, tier: string): GridPlan[] {
  return plan.grids.filter((grid) => grid.layer === layer && grid.tier === tier);
}

/** A grid for a fixture; what is not given is plain and open-ended. */
export function makeGrid(
  draft: Pick<GridDraft, 'layer' | 'tier' | 'name' | 'boundary'> & Partial<GridDraft> & { readonly code: string },
): GridDraft {
  const { code, ...rest } = draft;
  const plain = { id: randomUUID(), kind: 'BASIC', parentId: null, managerId: null, loads: [] };
  const dates = { validFrom: midnight('2020-01-01'), validTo: null };
  return { ...plain, ...dates, codes: [{ scheme: 'local', code }], ...rest };
}

/** Every grid that meets a filter, page by page as a client reads them. */
export async function listGrids(
  { api }: Town,
  filter: object,
  selection: string,
  asOf?: Date,
): Promise<readonly Answer[]> {
  const query = `query ($filter: GridFilter, $after: String, $asOf: DateTime) {
    grids(filter: $filter, first: 200, after: $after, asOf: $asOf) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { ${selection} } }
    }
  }`;
  const nodes: Answer[] = [];
  for (let after: string | null = null; ; ) {
    const { grids }: Answer = await api.ask(query, { filter, after, asOf });
    nodes.push(...grids.edges.map((edge: Answer) => edge.node));
    if (grids.pageInfo.hasNextPage) after = grids.pageInfo.endCursor;
    else if (nodes.length === grids.totalCount) return nodes;
    else throw new Error(`The pages hold ${nodes.length} grids, not ${grids.totalCount}`);
  }
}

const HOLDING = `post { id vacant role { code name } grid { id tier { code rank } } } grid { id } rank onDuty reason
  holder { __typename ... on Person { id name officePhone body { id name } } ... on Body { id name kind officePhone } }`;

export const LOOKUP = `query ($at: PlaceInput!, $asOf: DateTime, $edition: Int, $category: String) {
  ownership(at: $at, asOf: $asOf, edition: $edition, category: $category) {
    edition asOf validUntil place { point { lon lat } accuracyMetres confidence }
    officer { ${HOLDING} } gridWorker { ${HOLDING} } mediationTeam { ${HOLDING} } holdings { ${HOLDING} }
    layers {
      layer { code name kind tiers { code rank } } status gap
      grid { id code name kind tier { code rank } }
      chain { id code name kind tier { code rank } parent { id } manager { id name kind } }
      alsoIn { id code name } nearby { grid { id } distanceMetres }
      shares { share grid { id code name parent { id } holdings { post { role { code } } holder { ... on Person { name } } } } }
    }
    notices { code message }
  }
}`;

/** Asks who answers for a place. `layer` and `roles` find parts of the answer. */
export async function lookup({ api }: Town, at: object, question: object = {}): Promise<Answer> {
  const { ownership } = await api.ask(LOOKUP, { at, ...question });
  return {
    ...ownership,
    layer: (code: string) => ownership.layers.find((each: Answer) => each.layer.code === code),
    inRole: (code: string) => ownership.holdings.filter((each: Answer) => each.post.role.code === code),
  };
}

/** One lookup for each of many places, at most 1,000 a request. */
export async function lookupMany({ api }: Town, places: readonly object[], selection: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let i = 0; i < places.length; i += 1000) {
    const at = places.slice(i, i + 1000);
    const { ownerships } = await api.ask(`query ($at: [PlaceInput!]!) { ownerships(at: $at) { ${selection} } }`, {
      at,
    });
    answers.push(...ownerships);
  }
  return answers;
}

/** Adds up the shares of each `from` of a crosswalk, by its id. */
export function totalShares(rows: readonly Answer[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { from, share } of rows) totals.set(from.id, (totals.get(from.id) ?? 0) + share);
  return totals;
}

export const CROSSWALK = `query ($from: TierRef!, $to: TierRef!, $within: ID) {
  crosswalk(from: $from, to: $to, within: $within) { from { id code name areaSquareMetres } to { id code name } share }
}`;
