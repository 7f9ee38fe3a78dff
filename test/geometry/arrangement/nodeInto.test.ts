import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../src/errors.ts';
import { passesPixel } from '../../../src/geometry/arrangement/noding/hotPixel.ts';
import { type Line, linesOf, nodeInto } from '../../../src/geometry/arrangement.ts';
import { findCoverageFaults, latticeArea2 } from '../../../src/geometry/coverage.ts';
import type { Shape } from '../../../src/geometry/polygon.ts';
import { findRingFault } from '../../../src/geometry/rings/ringFaults.ts';
import { type Drawing, drawing } from './drawings.ts';
import { edgesOf, meet, meetings } from './plainCheck.ts';

const RUNS = Number(process.env.ARRANGEMENT_RUNS ?? 25);
const SEED = 20240705;
const anySeed = fc.integer({ min: 0, max: 2 ** 31 });

interface Noded {
  readonly shapes: readonly Shape[];
  readonly polygon: Shape;
  readonly lines: readonly Line[];
}

function nodedOf({ shapes, polygon, lines }: Drawing): Noded {
  const noding = nodeInto(lines, shapes);
  return {
    shapes: shapes.map((shape) => noding.replace(shape)),
    polygon: noding.replace(polygon),
    lines: noding.lines,
  };
}

/** Whatever noding must never leave behind. */
function faultsOf({ tiers }: Drawing, noded: Noded): string[] {
  const faults = meetings([...noded.shapes, noded.polygon], noded.lines);
  let from = 0;
  for (const tier of tiers) {
    const shapes = noded.shapes.slice(from, from + tier.length);
    from += tier.length;
    for (const fault of findCoverageFaults(shapes)) faults.push(`${fault.kind} ${fault.shapes}`);
  }
  const [lower, upper] = tiers.map((tier, i) => {
    const first = i === 0 ? 0 : tiers[0].length;
    return noded.shapes.slice(first, first + tier.length).reduce((sum, shape) => sum + latticeArea2(shape), 0);
  });
  if (lower !== upper) faults.push('the tiers have not the same area');
  for (const shape of [...noded.shapes, noded.polygon]) {
    const fault = findRingFault(shape);
    if (fault) faults.push(fault.code);
  }
  return faults;
}

/** Rounds every crossing once, in every shape, and never looks again at what the rounding moved. */
function onceOnly({ shapes, polygon, lines }: Drawing): Noded {
  const all = [...shapes, polygon];
  const edges = edgesOf(all, lines);
  const cut = (ax: number, ay: number, bx: number, by: number): number[] => {
    const nodes: [number, number][] = [];
    for (const [cx, cy, dx, dy] of edges) {
      const whole = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx);
      const t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / whole;
      const u = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / whole;
      if (whole === 0 || t <= 0 || t >= 1 || u < 0 || u > 1) continue;
      nodes.push([Math.round(ax + t * (bx - ax)), Math.round(ay + t * (by - ay))]);
    }
    const along = ([x, y]: [number, number]) => (x - ax) * (bx - ax) + (y - ay) * (by - ay);
    return nodes.sort((p, q) => along(p) - along(q)).flat();
  };
  const walk = (places: Int32Array, closed: boolean): Int32Array => {
    const path: number[] = [];
    for (let i = 0; i < places.length; i += 2) {
      path.push(places[i], places[i + 1]);
      if (!closed && i + 2 === places.length) break;
      const j = (i + 2) % places.length;
      path.push(...cut(places[i], places[i + 1], places[j], places[j + 1]));
    }
    return Int32Array.from(path);
  };
  const walked = (shape: Shape) => shape.map((rings) => rings.map((ring) => walk(ring, true)));
  return { shapes: shapes.map(walked), polygon: walked(polygon), lines: lines.map((line) => walk(line, false)) };
}

/** Noding, or undefined where a shape would round to nothing; anything else thrown is a failure. */
function nodedOrRefused(each: Drawing): Noded | undefined {
  try {
    return nodedOf(each);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'BAD_BOUNDARY' && 'lon' in error.details) return undefined;
    throw error;
  }
}

describe('nodeInto', () => {
  it.each([
    ['a town of 30 m blocks', 30_000, 1],
    ['blocks of 2 m', 2_000, 1],
    ['blocks of half a metre, where most of it is rounding', 40, 4],
    ['blocks of 15 cm', 14, 8],
  ])('leaves lines and shapes meeting in common vertices only: %s', (_title, side, factor) => {
    let judged = 0;
    const property = fc.property(anySeed, (seed) => {
      const each = drawing(side, seed);
      const noded = each && nodedOrRefused(each);
      if (!noded) return;
      judged++;
      expect(faultsOf(each, noded)).toEqual([]);
    });
    fc.assert(property, { seed: SEED, numRuns: RUNS * factor });
    expect(judged).toBeGreaterThan(RUNS / 4);
  });

  it('the same check catches rounding without looking again, and one neighbour noded without the other', () => {
    let [once, alone] = [0, 0];
    for (let seed = 1; seed <= 40; seed++) {
      const each = drawing(60, seed);
      const noded = each && nodedOrRefused(each);
      if (!noded) continue;
      if (faultsOf(each, onceOnly(each)).length > 0) once++;
      const changed = noded.shapes.findIndex((shape, i) => shape !== each.shapes[i]);
      const shapes = noded.shapes.map((shape, i) => (i === changed ? each.shapes[i] : shape));
      if (changed >= 0 && faultsOf(each, { ...noded, shapes }).length > 0) alone++;
    }
    expect(once).toBeGreaterThan(5);
    expect(alone).toBeGreaterThan(20);
  });

  it('puts new vertices within half a step of the edge, loses none but tips of a step, and leaves what no line meets as it is', () => {
    let [same, changed] = [0, 0];
    const property = fc.property(anySeed, (seed) => {
      const each = drawing(3_000, seed);
      if (!each) return;
      const noded = nodedOf(each);
      const drawn = edgesOf([], each.lines);
      each.shapes.forEach((shape, i) => {
        const met = edgesOf([shape], []).some((edge) =>
          drawn.some(
            (line) =>
              meet(edge, line) || passesPixel(...edge, line[0], line[1]) || passesPixel(...edge, line[2], line[3]),
          ),
        );
        if (noded.shapes[i] === shape) same++;
        else {
          changed++;
          expect(met).toBe(true);
          expect(farthest(noded.shapes[i], shape)).toBeLessThanOrEqual(Math.SQRT1_2);
          expect(farthest(shape, noded.shapes[i])).toBeLessThan(2);
        }
      });
      expect(farthest(noded.polygon, each.polygon)).toBeLessThanOrEqual(Math.SQRT1_2);
    });
    fc.assert(property, { seed: SEED, numRuns: RUNS });
    expect(same).toBeGreaterThan(RUNS);
    expect(changed).toBeGreaterThan(RUNS);
  });

  it('gives the lines back in their order, from their first vertex to their last', () => {
    const property = fc.property(anySeed, (seed) => {
      const each = drawing(3_000, seed);
      if (!each) return;
      nodedOf(each).lines.forEach((line, i) => {
        const drawn = each.lines[i];
        expect([...line.subarray(0, 2)]).toEqual([...drawn.subarray(0, 2)]);
        expect([...line.slice(-2)]).toEqual([...drawn.slice(-2)]);
      });
    });
    fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it('cuts an edge where a line ends on it, as near as the lattice allows', () => {
    const slope: Shape = [[Int32Array.of(0, 0, 1_000, 333, 0, 900)]];
    const noding = nodeInto([Int32Array.of(0, 900, 500, 167)], [slope]);
    expect([...noding.replace(slope)[0][0]]).toEqual([0, 0, 500, 167, 1_000, 333, 0, 900]);
    const short = nodeInto([Int32Array.of(0, 900, 500, 168)], [slope]);
    expect(short.replace(slope)).toBe(slope);
  });

  it('does nothing for nothing, for lines far away, and for a border drawn again', () => {
    const square: Shape = [[Int32Array.of(0, 0, 10, 0, 10, 10, 0, 10)]];
    for (const lines of [[], [Int32Array.of(20, 0, 30, 5)], [new Int32Array(0)], linesOf(square)]) {
      const noding = nodeInto(lines, [square]);
      expect(noding.replace(square)).toBe(square);
      expect(noding.lines).toEqual(lines);
    }
    expect(nodeInto([Int32Array.of(0, 0, 5, 5, 5, 5)], []).lines).toEqual([Int32Array.of(0, 0, 5, 5)]);
  });

  it('cuts a neck that rounds to nothing, and refuses a shape that does', () => {
    const neck: Shape = [[Int32Array.of(0, 0, 1000, 500, 1010, 505, 2000, 0, 2000, 999, 1012, 506, 998, 500, 0, 999)]];
    const halves = nodeInto([Int32Array.of(1005, 0, 1005, 999)], [neck]).replace(neck);
    expect(halves.map((polygon) => polygon.length)).toEqual([1, 1]);
    expect(findRingFault(halves)).toBeUndefined();
    const hair: Shape = [[Int32Array.of(0, 0, 1000, 1, 500, 1)]];
    const refused = () => nodeInto([Int32Array.of(500, 1, 500, -9)], [hair]).replace(hair);
    expect(refused).toThrow(/thinner there than the lattice/);
  });
});

/** Farthest distance of a vertex of one shape from the border of another. */
function farthest(from: Shape, to: Shape): number {
  let most = 0;
  const edges = edgesOf([to], []);
  for (const ring of from.flat()) {
    for (let i = 0; i < ring.length; i += 2) {
      let least = Infinity;
      for (const [ax, ay, bx, by] of edges) {
        const [dx, dy, px, py] = [bx - ax, by - ay, ring[i] - ax, ring[i + 1] - ay];
        const t = Math.max(0, Math.min(1, (px * dx + py * dy) / (dx * dx + dy * dy)));
        least = Math.min(least, Math.hypot(px - t * dx, py - t * dy));
      }
      most = Math.max(most, least);
    }
  }
  return most;
}
