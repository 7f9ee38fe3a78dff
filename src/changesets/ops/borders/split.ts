import { arrange, type Noding } from '../../../geometry/arrangement.ts';
import { latticeArea2 } from '../../../geometry/coverage.ts';
import { distanceToShapeMetres } from '../../../geometry/distance.ts';
import { boxOf, containsPoint, type Polygon, representativePoint, type Shape } from '../../../geometry/polygon.ts';
import type { DraftGrid } from '../../territory/draftGrid.ts';
import { assertDrawn } from '../derived.ts';
import { mainCode, readCode, readName } from '../naming.ts';
import type { Ask, Step } from '../step.ts';
import { endGrid } from '../tree.ts';
import { nodeNear, putNodes } from './ground.ts';

export function split(step: Step, ask: Ask<'split'>): void {
  const grid = step.get(ask.grid, 'grid');
  assertDrawn(step, 'grid', grid);
  if (ask.line.length < 2) step.refuse('line', 'give at least two positions.');
  const line = nodeNear(step, grid.layer, [Int32Array.from(ask.line.flat())], [grid.shape]);
  const shapes = cut(grid.shape, line.noding);
  assertNames(step, ask, shapes.length);
  putNodes(step, line, shapes);
  const noded = step.get(grid.id, 'grid');
  const keeps = ask.codes.length < shapes.length;
  const made = shapes.slice(keeps ? 1 : 0).map((shape, i): DraftGrid => {
    const code = mainCode(step.territory, grid.layer, grid.tier, readCode(step, `codes[${i}]`, ask.codes[i]));
    const name = readName(step, `names[${i}]`, ask.names[i]);
    return { ...noded, id: ask.ids[i], codes: [code], name, shape, loads: [], memberIds: null, versionId: null };
  });
  step.change(keeps ? [{ ...noded, shape: shapes[0] }, ...made] : made);
  for (const { id } of made) step.follow(grid.id, id, 'SPLIT');
  const pieceIds = keeps ? [grid.id, ...ask.ids] : ask.ids;
  const heirOf = (child: DraftGrid) => pieceIds[nearest(shapes, child.shape)];
  if (keeps) share(step, grid.id, ask.ids, heirOf);
  else endGrid(step, grid, ask.ids, heirOf);
}

/** As many codes as pieces, or one fewer; a name and a new id for each. */
function assertNames(step: Step, { codes, names, ids }: Ask<'split'>, pieces: number): void {
  if (pieces < 2) step.refuse('line', 'it does not cut the grid: 1 piece is left. Draw it from border to border.');
  if (codes.length !== pieces && codes.length !== pieces - 1) {
    const words =
      `the line makes ${pieces} pieces: give ${pieces} codes, and all are new grids, or ${pieces - 1}, and the ` +
      `largest piece stays the grid itself; not ${codes.length}.`;
    step.refuse('codes', words, 'BAD_INPUT', { pieces });
  }
  if (names.length !== codes.length)
    step.refuse('names', `give ${codes.length}, one for each code, not ${names.length}.`);
  if (ids.length !== codes.length) step.refuse('ids', `give ${codes.length}, one for each code, not ${ids.length}.`);
  ids.forEach((id, i) => {
    const isTaken = step.territory.find(id) !== undefined || ids.indexOf(id) < i;
    if (isTaken) step.refuse(`ids[${i}]`, `there is a grid ${id} already; give a new id.`);
  });
  if (new Set(codes.map((code) => code.trim())).size < codes.length)
    step.refuse('codes', 'give each piece its own code.');
}

/**
 * The pieces that a line cuts a shape into, largest first, then the western-, then the southernmost. Parts that the line
 * does not cut, such as islands, go with the piece that is nearest.
 */
function cut(shape: Shape, noding: Noding): Shape[] {
  const whole: Polygon[] = [];
  const pieces: Polygon[][] = [];
  for (const part of shape) {
    const held = arrange([noding.replace([part])], noding.lines).faces.filter((face) => face.holders.length > 0);
    if (held.length < 2) whole.push(...noding.replace([part]));
    else for (const face of held) pieces.push([face.polygon]);
  }
  if (pieces.length === 0) return [shape];
  const beside = whole.map((part) => nearest(pieces, [part]));
  whole.forEach((part, i) => {
    pieces[beside[i]].push(part);
  });
  return pieces
    .map((piece) => ({ piece, area: latticeArea2(piece), box: boxOf(piece) }))
    .sort((a, b) => b.area - a.area || a.box.minX - b.box.minX || a.box.minY - b.box.minY)
    .map(({ piece }) => piece);
}

/** The number of the piece that holds the middle of a shape, or else is nearest to it. */
function nearest(pieces: readonly Shape[], shape: Shape): number {
  const { x, y } = representativePoint(shape) ?? { x: shape[0][0][0], y: shape[0][0][1] };
  const holding = pieces.findIndex((piece) => containsPoint(piece, x, y));
  if (holding >= 0) return holding;
  const distances = pieces.map((piece) => distanceToShapeMetres(piece, x, y));
  return distances.indexOf(Math.min(...distances));
}

/** The grid goes on beside the pieces cut off it: they get the children on their ground and are members where it is. */
function share(step: Step, id: string, pieceIds: readonly string[], heirOf: (child: DraftGrid) => string): void {
  const children = step.territory.childrenOf(id).map((child) => ({ ...child, parentId: heirOf(child) }));
  const holders = step.territory.madeOf(id).map((holder) => ({
    ...holder,
    memberIds: [...holder.memberIds!, ...pieceIds].sort(),
  }));
  step.change([...children.filter((child) => child.parentId !== id), ...holders]);
}
