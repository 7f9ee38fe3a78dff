import type { DraftGrid } from '../../../src/changesets/territory/draftGrid.ts';
import type { Territory } from '../../../src/changesets/territory/territory.ts';
import { shapeToGeoJson } from '../../../src/geometry/geojson.ts';
import type { Shape } from '../../../src/geometry/polygon.ts';
import { corner, type FileFeature, idOf, SIDE } from './drawnTown.ts';

/** A file after somebody edited it, and what it says. */
export interface EditedFile {
  readonly features: FileFeature[];
  /** Kinds of the ops that it should come back as, sorted. */
  readonly kinds: string[];
  /** By id, new ones by code. */
  readonly expected: ReadonlyMap<string, DraftGrid>;
  /** Ids of known grids with another boundary, sorted. */
  readonly redrawn: string[];
}

function dice(seed: number): (below: number) => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const VILLAGE = (column: number, row: number) => idOf(100 + row * SIDE + column);

class Editor {
  readonly kinds: string[] = [];
  readonly grids: Map<string, DraftGrid>;
  readonly redrawn = new Set<string>();
  readonly parts: { of: string; code: string; name: string }[] = [];
  readonly #roll: (below: number) => number;

  constructor(base: Territory, roll: (below: number) => number) {
    this.grids = new Map([...base.grids('gov')].map((grid) => [grid.id, grid]));
    this.#roll = roll;
  }

  #set(id: string, change: Partial<DraftGrid>): void {
    this.grids.set(id, { ...this.grids.get(id)!, ...change });
  }

  /** Moves one inner vertex of the left town in all four villages that have it. */
  moveVertex(): void {
    const at = corner(1 + this.#roll(2), 1 + this.#roll(SIDE - 1));
    const to = [at[0] + 2 + this.#roll(2000), at[1] + 2 + this.#roll(2000)];
    for (const [id, grid] of this.grids) {
      const [ring] = grid.shape[0];
      const i = ring.findIndex((_, n) => n % 2 === 0 && ring[n] === at[0] && ring[n + 1] === at[1]);
      if (i < 0) continue;
      const moved = Int32Array.from(ring);
      moved.set(to, i);
      this.#set(id, { shape: [[moved]] });
      this.redrawn.add(id);
    }
    if (!this.kinds.includes('redraw')) this.kinds.push('redraw');
  }

  /** Cuts a village of the right town between the middles of its northern and southern border. */
  split(): void {
    const [column, row] = [SIDE / 2 + this.#roll(SIDE / 2), this.#roll(SIDE)];
    const id = VILLAGE(column, row);
    if (this.parts.some((part) => part.of === id)) return;
    const grid = this.grids.get(id)!;
    const [ring] = grid.shape[0];
    const points = Array.from({ length: 8 }, (_, i) => [ring[2 * i], ring[2 * i + 1]]);
    const west: Shape = [[Int32Array.from([0, 1, 5, 6, 7].flatMap((i) => points[i]))]];
    const east: Shape = [[Int32Array.from([1, 2, 3, 4, 5].flatMap((i) => points[i]))]];
    const [large, small] = area(west) >= area(east) ? [west, east] : [east, west];
    const code = `NEW${this.parts.length}`;
    this.#set(id, { shape: large });
    this.redrawn.add(id);
    const part = { ...grid, codes: [{ scheme: 'gov', code }], name: `Part ${code}`, shape: small, versionId: null };
    this.grids.set(code, { ...part, kind: this.grids.get(id)!.kind });
    this.parts.push({ of: id, code, name: part.name });
    this.kinds.push('split');
  }

  words(): void {
    const id = idOf(100 + this.#roll(SIDE * SIDE));
    if (this.parts.some((part) => part.of === id)) return;
    const grid = this.grids.get(id)!;
    const kind = ['rename', 'changeKind', 'recode', 'reparent', 'transfer'][this.#roll(5)];
    const isDone = { rename: grid.name.startsWith('Name'), changeKind: grid.kind !== 'BASIC' }[kind];
    const isDoneToo = { recode: grid.codes[0].code.startsWith('C'), transfer: grid.managerId !== null }[kind];
    const isMoved =
      kind === 'reparent' && grid.parentId !== idOf((Number(id.slice(-3)) - 100) % SIDE < SIDE / 2 ? 1 : 2);
    if (isDone || isDoneToo || isMoved) return;
    if (kind === 'rename') this.#set(id, { name: `Name ${this.#roll(1e6)}` });
    if (kind === 'changeKind') this.#set(id, { kind: 'EXCLUSIVE' });
    if (kind === 'recode') this.#set(id, { codes: [{ scheme: 'gov', code: `C${id.slice(-3)}` }] });
    if (kind === 'reparent') this.#set(id, { parentId: grid.parentId === idOf(1) ? idOf(2) : idOf(1) });
    if (kind === 'transfer') this.#set(id, { managerId: idOf(50 + this.#roll(5)) });
    this.kinds.push(kind);
  }
}

function area(shape: Shape): number {
  const [ring] = shape[0];
  let sum = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    sum += (ring[i] - ring[0]) * (ring[j + 1] - ring[1]) - (ring[j] - ring[0]) * (ring[i + 1] - ring[1]);
  }
  return Math.abs(sum);
}

/** Some edits, and then all that tools do to a file that nobody meant. */
export function editAtRandom(base: Territory, file: FileFeature[], seed: number): EditedFile {
  const roll = dice(seed);
  const editor = new Editor(base, roll);
  for (let i = roll(4); i > 0; i--) editor.moveVertex();
  for (let i = roll(3); i > 0; i--) editor.split();
  for (let i = roll(5); i > 0; i--) editor.words();
  const features = file.map((feature) =>
    written(feature, editor.grids.get(String(feature.properties.id))!, roll(2) === 0),
  );
  for (const { of, code, name } of editor.parts) {
    const whole = features.find(({ properties }) => properties.id === of)!;
    const part = structuredClone(whole);
    Object.assign(part.properties, { code, name });
    part.geometry = shapeToGeoJson(editor.grids.get(code)!.shape) as FileFeature['geometry'];
    features.push(part);
  }
  for (const feature of features) disguise(feature, roll);
  for (let i = features.length - 1; i > 0; i--) {
    const j = roll(i + 1);
    [features[i], features[j]] = [features[j], features[i]];
  }
  return { features, kinds: editor.kinds.sort(), expected: editor.grids, redrawn: [...editor.redrawn].sort() };
}

function written(feature: FileFeature, grid: DraftGrid, byCode: boolean): FileFeature {
  const { properties } = feature;
  if (grid.parentId !== properties.parentId) {
    if (byCode) properties.parent = grid.parentId === idOf(1) ? 'T1' : 'T2';
    else properties.parentId = grid.parentId;
  }
  Object.assign(properties, { name: grid.name, kind: grid.kind, code: grid.codes[0].code, managerId: grid.managerId });
  return { ...feature, geometry: shapeToGeoJson(grid.shape) as FileFeature['geometry'] };
}

/** What ogr2ogr, QGIS and scripts do to a feature in passing. */
function disguise(feature: FileFeature, roll: (below: number) => number): void {
  const { properties } = feature;
  let [ring] = feature.geometry.coordinates as number[][][];
  ring.pop();
  const turn = roll(ring.length);
  ring = [...ring.slice(turn), ...ring.slice(0, turn)];
  if (roll(2)) ring.reverse();
  ring = ring.map((position) => position.map((degrees) => degrees + (roll(9) - 4) * 1e-9));
  ring.push(ring[0]);
  const isMulti = roll(2) === 0;
  feature.geometry = { type: isMulti ? 'MultiPolygon' : 'Polygon', coordinates: isMulti ? [[ring]] : [ring] };
  if (roll(2)) properties.version = String(properties.version);
  if (roll(2)) properties.edition = Number(properties.edition).toFixed(1);
  if (roll(2)) properties.codes = JSON.stringify(properties.codes);
  if (roll(2)) properties.note = `seen ${roll(100)}`;
  if (roll(2)) properties.id = String(properties.id).toUpperCase();
  if (roll(2) && /^\d+$/.test(String(properties.code))) properties.code = Number(properties.code);
  for (const [name, value] of Object.entries(properties)) if (value === null && roll(2)) delete properties[name];
  if (roll(2)) delete feature.id;
  if (roll(2)) feature.properties = Object.fromEntries(Object.entries(feature.properties).reverse());
}
