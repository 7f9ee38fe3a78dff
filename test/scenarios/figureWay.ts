import { isObjectType } from 'graphql';
import { expect } from 'vitest';
import { insertMatters, type Matter } from '../figures/insertMatters.ts';
import type { Answer } from '../support/api.ts';
import { lookupMany, placeIn, type Town } from './demoTown.ts';
import { director, type Headers } from './incidentWay.ts';

export const COUNTS = 'reported found settled foundClosed closed open';
const RATES = 'rates { kind name percent value numerator denominator numeratorText denominatorText text }';
const AREA = 'id name code parent { id }';
const FRAME = `frame { area { ${AREA} } by { code } from to boundaryDate treeOf edition timeZone campaign { code name } categories text }`;
/** All of a table of figures: nothing of a definition is left out. */
export const TABLE = `${FRAME} ${RATES} total { ${COUNTS} } rows { grid { ${AREA} } counts { ${COUNTS} } ${RATES} }`;
export const COMPARISON = `first { ${TABLE} } second { ${TABLE} } counts { measure first second change }
  rates { kind change first { percent } second { percent } }`;

/** Asks one field of the schema, its arguments typed as the schema says; as the director unless as somebody else. */
export async function query(town: Town, field: string, args: object, selection: string, by?: Headers): Promise<Answer> {
  const type = town.api.app.schema.getQueryType();
  if (!isObjectType(type)) throw new Error('There are no queries');
  const known = type.getFields()[field].args;
  const names = Object.keys(args);
  const types = names.map((name) => `$${name}: ${known.find((arg) => arg.name === name)!.type}`);
  const text = `query (${types.join(', ')}) { ${field}(${names.map((name) => `${name}: $${name}`).join(', ')}) { ${selection} } }`;
  return (await town.api.ask(text, args, by ?? (await director(town))))[field];
}

/** Figures with all that they are about. */
export const figures = (town: Town, args: object, by?: Headers): Promise<Answer> =>
  query(town, 'figures', args, TABLE, by);

/** As people in Shanghai write an instant. */
const local = (at: string) =>
  new Date(Date.parse(at) + 8 * 3_600_000).toISOString().replace('T', ' ').replace('.000Z', '').replace(/\..*/, '');

/**
 * A share of a table, or of one of its rows; it is printed with its numerator, denominator, area, period, day of boundaries
 * and campaign, or the test fails.
 */
export function printed(table: Answer, kind: string, row?: Answer): Answer {
  const { frame } = table;
  const rate = (row ?? table).rates.find((each: Answer) => each.kind === kind);
  expect(rate, kind).toBeTruthy();
  const [part, whole] = [rate.numerator, rate.denominator].map((count) => count.toLocaleString('en-US'));
  const share = rate.percent === null ? 'no value, for there are none' : `${part} of ${whole}, ${rate.percent}`;
  const defined = `${rate.name}: ${share}. Of ${whole} ${rate.denominatorText}: ${rate.numeratorText}, ${part}. `;
  expect(rate.text.slice(0, defined.length)).toBe(defined);
  const about = rate.text.slice(defined.length);
  const { name, code } = row?.grid ?? frame.area;
  expect(about).toContain(`${name} (${code})`);
  expect(about).toContain(`from ${local(frame.from)} up to ${local(frame.to)} Asia/Shanghai`);
  const boundaries = frame.boundaryDate
    ? `by place, on the boundaries of ${local(frame.boundaryDate)}`
    : `by owner, in the tree of ${local(frame.treeOf)}`;
  expect(about).toContain(`${boundaries}, edition ${frame.edition}`);
  if (frame.campaign) expect(about).toContain(`${frame.campaign.name} (`);
  if (frame.categories.length > 0) expect(about).toContain(`only ${frame.categories.join(', ')}`);
  return rate;
}

/** A place of the demo and the governance grids above it today, from the smallest up. */
export interface Spot {
  readonly at: { readonly lon: number; readonly lat: number };
  readonly chain: readonly { readonly id: string; readonly code: string; readonly tier: { readonly code: string } }[];
}

/** Places all over the demo, as lookups know them today. */
export async function listSpots(town: Town, count: number): Promise<Spot[]> {
  const { grids } = town.plan;
  const parents = new Set(grids.map(({ parentId }) => parentId));
  const leaves = grids.filter(({ layer, id }) => layer === 'governance' && !parents.has(id));
  const places = leaves
    .filter((_, i) => i % Math.floor(leaves.length / count) === 0)
    .map(({ boundary }) => placeIn(boundary));
  const select = 'layers { layer { code } chain { id code tier { code } } }';
  const found = await lookupMany(town, places, select);
  return places.flatMap(({ point }, i) => {
    const { chain } = found[i].layers.find(({ layer }: Answer) => layer.code === 'governance');
    return chain.length > 0 ? [{ at: point, chain }] : [];
  });
}

/** What of a spot lies in a grid, by the code of the grid. */
export const lyingIn = (spots: readonly Spot[], code: string): Spot[] =>
  spots.filter(({ chain }) => chain.some((grid) => grid.code === code));

/** Files many matters at once, each owned by one grid of a layer: reports one by one would take minutes. */
export async function fileMany(
  { api }: Town,
  layer: string,
  matters: readonly (Omit<Matter, 'owners' | 'at'> & { gridId: string; at: Spot['at'] })[],
): Promise<void> {
  const layerId = api.app.atlas.findLayer(layer)!.id;
  await insertMatters(
    api.app,
    matters.map(({ gridId, ...matter }) => ({ ...matter, owners: [{ gridId, layerId }] })),
  );
}

/** The sum of the counts of rows. */
export function sumOf(rows: readonly Answer[]): Answer {
  const sum = (name: string) => rows.reduce((all, { counts }) => all + counts[name], 0);
  return Object.fromEntries(COUNTS.split(' ').map((name) => [name, sum(name)]));
}
