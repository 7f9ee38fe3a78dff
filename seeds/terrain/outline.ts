import type { Ring, Shape } from '../../src/geometry/polygon.ts';
import type { Mesh } from './mesh.ts';

/**
 * The union of faces of a mesh, told by which sides have no neighbour in the set. At the end of such a side exactly
 * one other side of the outline begins, since three faces meet at each node: on the same face, or on the neighbour at
 * that corner. Each connected part has one outer ring, counter-clockwise, and its holes, clockwise.
 */
export function outline(mesh: Mesh, faces: readonly number[]): Shape {
  const parts = numberParts(mesh, faces);
  const walked = new Set<number>();
  const polygons: Ring[][] = [];
  for (const [face, part] of parts) {
    const around = mesh.neighbours(face);
    for (let side = 0; side < 6; side++) {
      if (parts.has(around[side]) || walked.has(face * 6 + side)) continue;
      const ring = walk(mesh, parts, face, side, walked);
      polygons[part] ??= [];
      if (isCounterClockwise(ring)) polygons[part].unshift(ring);
      else polygons[part].push(ring);
    }
  }
  return polygons;
}

/** Face → number of its connected part. */
function numberParts(mesh: Mesh, faces: readonly number[]): Map<number, number> {
  const unseen = new Set(faces);
  const parts = new Map<number, number>();
  let part = 0;
  for (const first of faces) {
    if (!unseen.delete(first)) continue;
    const reached = [first];
    for (const face of reached) {
      parts.set(face, part);
      for (const next of mesh.neighbours(face)) if (unseen.delete(next)) reached.push(next);
    }
    part++;
  }
  return parts;
}

function walk(mesh: Mesh, inside: ReadonlyMap<number, number>, from: number, start: number, walked: Set<number>): Ring {
  const points: number[] = [];
  let [face, side] = [from, start];
  while (!walked.has(face * 6 + side)) {
    walked.add(face * 6 + side);
    mesh.appendSide(face, side, points);
    side = (side + 1) % 6;
    const next = mesh.neighbours(face)[side];
    if (!inside.has(next)) continue;
    face = next;
    side = (side + 4) % 6;
  }
  return Int32Array.from(points);
}

function isCounterClockwise(ring: Ring): boolean {
  let area = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    area += (ring[j] - ring[0]) * (ring[i + 1] - ring[1]) - (ring[i] - ring[0]) * (ring[j + 1] - ring[1]);
  }
  return area > 0;
}
