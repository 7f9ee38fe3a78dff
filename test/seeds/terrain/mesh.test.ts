import { describe, expect, it } from 'vitest';
import { Mesh } from '../../../seeds/terrain/mesh.ts';
import { outline } from '../../../seeds/terrain/outline.ts';
import { Random } from '../../../seeds/terrain/random.ts';
import { containsPoint, countVertices } from '../../../src/geometry/polygon.ts';
import { crossings, directedEdges, type Segment } from '../coverage.ts';

const CELL = 8_000;

function meshOf(segments: number): Mesh {
  const centre = { lon: 105.2, lat: 25.2 };
  return new Mesh({ columns: 40, rows: 40, sideMetres: 130, segments, centre, random: new Random(5) });
}

function segmentsOf(mesh: Mesh): Segment[] {
  const edges = directedEdges(mesh.faces().map((face) => outline(mesh, [face])));
  const once = new Map<string, Segment>();
  for (const edge of edges) {
    const [ax, ay, bx, by] = edge.split(' ').map(Number);
    const forward = ax < bx || (ax === bx && ay < by);
    const segment: Segment = forward ? [ax, ay, bx, by] : [bx, by, ax, ay];
    once.set(segment.join(' '), segment);
  }
  return [...once.values()];
}

describe('the mesh under the demo city', () => {
  it.each([2, 6])('has no two sides of %i pieces that cross or touch', (segments) => {
    expect(crossings(segmentsOf(meshOf(segments)), CELL)).toEqual([]);
  });

  it('would be caught with one side drawn too long', () => {
    const broken = segmentsOf(meshOf(2));
    const at = broken.length >> 1;
    const [ax, ay, bx, by] = broken[at];
    broken[at] = [ax - 4 * (bx - ax), ay - 4 * (by - ay), bx + 4 * (bx - ax), by + 4 * (by - ay)];
    expect(crossings(broken, CELL)).not.toEqual([]);
  });

  it('shares every side with exactly one face on the other hand', () => {
    const mesh = meshOf(3);
    const edges = directedEdges(mesh.faces().map((face) => outline(mesh, [face])));
    expect(new Set(edges).size).toBe(edges.length);
    const inner = mesh.faces().find((face) => mesh.neighbours(face).every((next) => mesh.faces().includes(next)))!;
    const all = new Set(edges);
    for (const edge of directedEdges([outline(mesh, [inner])])) {
      const [ax, ay, bx, by] = edge.split(' ');
      expect(all.has(`${bx} ${by} ${ax} ${ay}`)).toBe(true);
    }
  });

  it('gives each face a centre inside it and 6 corners with their bends', () => {
    const mesh = meshOf(4);
    for (const face of mesh.faces()) {
      const shape = outline(mesh, [face]);
      expect(countVertices(shape)).toBe(24);
      expect(containsPoint(shape, ...mesh.centre(face))).toBe(true);
    }
  });
});
