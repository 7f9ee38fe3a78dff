import Flatbush from 'flatbush';
import { buildEdgeGraph, type EdgeGraph } from '../../../../geometry/coverage/edgeGraph.ts';
import type { Box, Shape } from '../../../../geometry/polygon.ts';

/** Straight lines as four lattice numbers each: ax, ay, bx, by. */
export type Lines = readonly number[];

/** How often each border is used one way less the other way; shapes from number `plus` on are taken away, not added. */
function netOf(graph: EdgeGraph, border: number, plus: number): number {
  let net = 0;
  for (let e = graph.firstEdge[border]; e !== -1; e = graph.nextEdge[e]) {
    net += graph.from[e] < graph.to[e] === graph.shape[e] < plus ? 1 : -1;
  }
  return net;
}

/**
 * The edges that are left over when some shapes are added up and others taken away, edge by edge. They are the border of
 * the number "by how many shapes is this place held, less how many": where none is left over that number is 0
 * everywhere, exactly, without any geometry. So children tile their parent when nothing is left of
 * `netEdges(children, [parent])`, and a redraw has neither lost nor gained ground when nothing is left of
 * `netEdges(after, before)`. (The converse does not hold: a T-junction leaves edges over.)
 */
export function netEdges(plus: readonly Shape[], minus: readonly Shape[] = []): Lines {
  const graph = buildEdgeGraph(minus.length === 0 ? plus : [...plus, ...minus]);
  const lines: number[] = [];
  for (let border = 0; border < graph.borderCount; border++) {
    if (netOf(graph, border, plus.length) === 0) continue;
    const [a, b] = [graph.from[graph.firstEdge[border]], graph.to[graph.firstEdge[border]]];
    lines.push(graph.x[a], graph.y[a], graph.x[b], graph.y[b]);
  }
  return lines;
}

export function linesMeeting(lines: Lines, box: Box): number[] {
  const kept: number[] = [];
  for (let i = 0; i < lines.length; i += 4) {
    const [ax, ay, bx, by] = [lines[i], lines[i + 1], lines[i + 2], lines[i + 3]];
    if (Math.max(ax, bx) < box.minX || Math.min(ax, bx) > box.maxX) continue;
    if (Math.max(ay, by) < box.minY || Math.min(ay, by) > box.maxY) continue;
    kept.push(ax, ay, bx, by);
  }
  return kept;
}

export function boxOfLines(lines: Lines): Box {
  const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (let i = 0; i < lines.length; i += 2) {
    box.minX = Math.min(box.minX, lines[i]);
    box.maxX = Math.max(box.maxX, lines[i]);
    box.minY = Math.min(box.minY, lines[i + 1]);
    box.maxY = Math.max(box.maxY, lines[i + 1]);
  }
  return box;
}

/** Finds lines by box, many times over. */
export function lineFinder(lines: Lines): (box: Box) => number[] {
  if (lines.length === 0) return () => [];
  const tree = new Flatbush(lines.length / 4, 16, Int32Array);
  for (let i = 0; i < lines.length; i += 4) {
    const [ax, ay, bx, by] = [lines[i], lines[i + 1], lines[i + 2], lines[i + 3]];
    tree.add(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by));
  }
  tree.finish();
  return ({ minX, minY, maxX, maxY }) =>
    tree.search(minX, minY, maxX, maxY).flatMap((line) => lines.slice(4 * line, 4 * line + 4));
}
