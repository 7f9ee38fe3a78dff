import type { App } from './app.ts';
import { fromLattice } from './geometry/lattice.ts';
import { representativePoint } from './geometry/polygon.ts';
import { versionAt } from './grids/atlas/rows.ts';

const MOST_TRIED = 300;

/**
 * A query that shows what this registry can answer: a point in one of the smallest grids about which as many layers
 * and short answers as possible have something to say. Undefined where the registry holds no grid.
 */
export function exampleQuestion({ atlas, editions, ownership }: App): string | undefined {
  const moment = { asOf: Date.now(), edition: editions.latest };
  const deepest = Math.max(0, ...atlas.layersAt(moment.edition).map((layer) => layer.tiers.length));
  let best: { readonly question: string; readonly worth: number } | undefined;
  let tried = 0;
  for (const grid of atlas.grids) {
    if (grid.layer.tiers.length < deepest || grid.tier !== grid.layer.tiers.at(-1)) continue;
    const version = versionAt(grid, moment);
    const inside = version && representativePoint(version.shape);
    if (!inside) continue;
    const point = { lon: fromLattice(inside.x), lat: fromLattice(inside.y) };
    const answer = ownership.ownership({ point });
    if (answer instanceof Promise) continue;
    const held = [answer.officer, answer.gridWorker, answer.mediationTeam].filter((holding) => holding?.holder);
    const worth = held.length + answer.layers.filter(({ status }) => status === 'OWNED').length;
    if (worth > (best?.worth ?? 0)) best = { question: questionAt(point), worth };
    if (++tried >= MOST_TRIED) break;
  }
  return best?.question;
}

function questionAt({ lon, lat }: { lon: number; lat: number }): string {
  const holder = '{ holder { ... on Person { name officePhone } ... on Body { name officePhone } } }';
  return `{ ownership(at: {point: {lon: ${lon}, lat: ${lat}}}) {
    officer ${holder} gridWorker ${holder} mediationTeam ${holder}
    layers { layer { name } status chain { tier { name } name code } } notices { message } } }`;
}
