/** Draws docs/demo-town.svg, the README's picture: `node --import tsx seeds/picture.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fromLattice } from '../src/geometry/lattice.ts';
import { boxOf, type Shape } from '../src/geometry/polygon.ts';
import { buildCity } from './city.ts';

const WIDTH = 900;
const FONT = 'font-family="sans-serif" font-size="13"';

const plan = buildCity('town');
const { minX: west, maxX: east, minY: south, maxY: north } = boxOf(plan.grids.flatMap((grid) => grid.boundary));
const scale = WIDTH / (east - west);
// A degree of longitude is shorter than one of latitude by the cosine of the latitude.
const stretch = 1 / Math.cos((fromLattice((south + north) / 2) * Math.PI) / 180);
const height = Math.ceil((north - south) * scale * stretch);

const across = (x: number) => ((x - west) * scale).toFixed(1);
const down = (y: number) => ((north - y) * scale * stretch).toFixed(1);

function path(shape: Shape): string {
  return shape
    .flat()
    .map((ring) => {
      const points: string[] = [];
      for (let i = 0; i < ring.length; i += 2) points.push(`${across(ring[i])},${down(ring[i + 1])}`);
      return `M${points.filter((point, i) => point !== points[i - 1]).join(' ')}Z`;
    })
    .join('');
}

function draw(layer: string, tier: string | undefined, style: string): string {
  const grids = plan.grids.filter((grid) => grid.layer === layer && (!tier || grid.tier === tier));
  return `<g ${style} fill-rule="evenodd">${grids.map((grid) => `<path d="${path(grid.boundary)}"/>`).join('')}</g>`;
}

const governance = plan.layers.find((layer) => layer.code === 'governance')!.tiers.map((tier) => tier.code);
const { lon, lat } = plan.highlights.firstQuery;
const [x, y] = [across(lon * 1e7), down(lat * 1e7)];
const svg = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height + 30}" width="${WIDTH}">`,
  `<rect width="100%" height="100%" fill="white"/>`,
  draw('governance', governance.at(-1), 'fill="#eef5ea" stroke="#b9d3ad" stroke-width="0.4"'),
  draw('governance', governance.at(-3), 'fill="none" stroke="#5f9350" stroke-width="0.8"'),
  draw('governance', governance.at(-4), 'fill="none" stroke="#2f5f24" stroke-width="2"'),
  draw('water', undefined, 'fill="#a8cdf0" fill-opacity="0.8" stroke="#4a86c2"'),
  draw('police', 'station', 'fill="none" stroke="#c0392b" stroke-width="1.6" stroke-dasharray="6 3"'),
  `<circle cx="${x}" cy="${y}" r="6" fill="#c0392b" stroke="white" stroke-width="2"/>`,
  `<text x="8" y="${height + 20}" ${FONT}>green: micro-grids, villages, towns · red: police stations, cut independently · blue: lake and river · dot: the place asked about below</text>`,
  '</svg>',
];
mkdirSync('docs', { recursive: true });
writeFileSync('docs/demo-town.svg', `${svg.join('\n')}\n`);
