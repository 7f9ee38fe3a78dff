import { LATTICE_PER_DEGREE, type Position, toLattice } from '../../src/geometry/lattice.ts';
import { orientation } from '../../src/geometry/polygon.ts';
import type { Random } from './random.ts';

export interface MeshOptions {
  readonly columns: number;
  readonly rows: number;
  /** Side of an undisturbed hexagon. */
  readonly sideMetres: number;
  /** Straight pieces per side, at least 2. */
  readonly segments: number;
  readonly centre: Position;
  readonly random: Random;
}

const METRES_PER_DEGREE = 111_320;
const JITTER = 0.27;
const WAVE_SLOPE = 0.1;
const ROUGHNESS = 0.34;
const REACH = 0.7;
const EAST = 0;
const NORTH_EAST = 1;
const NORTH_WEST = 2;
const SOUTH_WEST = 4;
const SOUTH_EAST = 5;

/**
 * The ground on which every layer of a demo city is drawn: a honeycomb, bent until no honeycomb is left to see.
 *
 * Nodes are moved by a few long waves and by a random step each; then every side becomes a crooked line by random
 * midpoint displacement, kept once and used by both its faces. All points lie on the lattice.
 *
 * Why nothing can cross: with the face's centre each side spans a triangle, and the triangles of a face that is
 * star-shaped around its centre do not overlap. A side's points stay within 70 % of its two triangles' height and
 * advance along it, so two sides never meet and none meets itself. Star-shapedness is checked exactly for each face.
 *
 * Why a honeycomb: three faces meet at each node, so the outline of any set of faces passes a node at most once.
 * Every union is a valid multipolygon without a pinched point, whichever faces it takes, and all layers share all
 * vertices: no T-junctions.
 */
export class Mesh {
  readonly columns: number;
  readonly rows: number;
  readonly #segments: number;
  /** Two nodes a face, its north and its south corner, x and y each. The other four corners belong to neighbours. */
  readonly #nodes: Int32Array;
  readonly #centres: Int32Array;
  /** The inner points of the three sides a face keeps: east, north-east, north-west, counter-clockwise. */
  readonly #bends: Int32Array;

  constructor(options: MeshOptions) {
    this.columns = options.columns;
    this.rows = options.rows;
    this.#segments = options.segments;
    const count = this.columns * this.rows;
    this.#nodes = new Int32Array(count * 4);
    this.#centres = new Int32Array(count * 2);
    this.#bends = new Int32Array(count * 6 * (this.#segments - 1));
    this.#placeNodes(options);
    for (let face = 0; face < count; face++) if (this.#margin(face) >= 1) this.#bendSides(face, options.random);
    for (const face of this.faces()) this.#assertStarShaped(face);
  }

  /** Number of places for faces, those in the margin included. */
  get size(): number {
    return this.columns * this.rows;
  }

  /** All faces that may be used: those at least two places from the rim. */
  faces(): number[] {
    return Array.from({ length: this.size }, (_, face) => face).filter((face) => this.#margin(face) >= 2);
  }

  /** The six faces around, counter-clockwise from the east. */
  neighbours(face: number): number[] {
    const shift = Math.floor(face / this.columns) % 2;
    const north = face + this.columns + shift;
    const south = face - this.columns + shift;
    return [face + 1, north, north - 1, face - 1, south - 1, south];
  }

  /** The lattice point around which the face is star-shaped, far from its border. */
  centre(face: number): readonly [x: number, y: number] {
    return [this.#centres[face * 2], this.#centres[face * 2 + 1]];
  }

  /** Appends the points of a side, x and y each, counter-clockwise for the face, without its end. */
  appendSide(face: number, side: number, points: number[]): void {
    const around = this.neighbours(face);
    const bends = this.#segments - 1;
    const corner = this.#corner(face, around, side);
    points.push(this.#nodes[corner], this.#nodes[corner + 1]);
    const own = side < 3;
    const start = (own ? face * 3 + side : around[side] * 3 + side - 3) * bends;
    for (let i = 0; i < bends; i++) {
      const bend = (start + (own ? i : bends - 1 - i)) * 2;
      points.push(this.#bends[bend], this.#bends[bend + 1]);
    }
  }

  #margin(face: number): number {
    const column = face % this.columns;
    const row = Math.floor(face / this.columns);
    return Math.min(column, row, this.columns - 1 - column, this.rows - 1 - row);
  }

  /** Index into #nodes of the corner at which a side starts, counter-clockwise. */
  #corner(face: number, around: readonly number[], side: number): number {
    if (side === 0) return around[SOUTH_EAST] * 4;
    if (side === 1) return around[NORTH_EAST] * 4 + 2;
    if (side === 2) return face * 4;
    if (side === 3) return around[NORTH_WEST] * 4 + 2;
    if (side === 4) return around[SOUTH_WEST] * 4;
    return face * 4 + 2;
  }

  #placeNodes({ sideMetres, centre, random }: MeshOptions): void {
    const latticePerMetre = LATTICE_PER_DEGREE / METRES_PER_DEGREE;
    const east = latticePerMetre / Math.cos((centre.lat * Math.PI) / 180);
    const waves = [9, 17, 31].map((sides) => ({
      pitch: (2 * Math.PI) / sides,
      angle: random.spread(Math.PI),
      phase: random.spread(Math.PI),
    }));
    const place = (x: number, y: number, into: Int32Array, at: number): void => {
      let [bentX, bentY] = [x, y];
      for (const { pitch, angle, phase } of waves) {
        const push = (WAVE_SLOPE / pitch) * Math.sin(pitch * (x * Math.cos(angle) + y * Math.sin(angle)) + phase);
        bentX += push * Math.sin(angle * 2 + phase);
        bentY += push * Math.cos(angle * 2 + phase);
      }
      into[at] = toLattice(centre.lon) + Math.round(bentX * sideMetres * east);
      into[at + 1] = toLattice(centre.lat) + Math.round(bentY * sideMetres * latticePerMetre);
    };
    for (let face = 0; face < this.size; face++) {
      const row = Math.floor(face / this.columns);
      const x = Math.sqrt(3) * ((face % this.columns) + (row % 2) / 2 - this.columns / 2);
      const y = 1.5 * (row - this.rows / 2);
      place(x, y, this.#centres, face * 2);
      place(x + random.spread(JITTER), y + 1 + random.spread(JITTER), this.#nodes, face * 4);
      place(x + random.spread(JITTER), y - 1 + random.spread(JITTER), this.#nodes, face * 4 + 2);
    }
  }

  #bendSides(face: number, random: Random): void {
    const around = this.neighbours(face);
    const bends = this.#segments - 1;
    for (const side of [EAST, NORTH_EAST, NORTH_WEST]) {
      const from = this.#corner(face, around, side);
      const to = this.#corner(face, around, side + 1);
      const [x, y] = [this.#nodes[from], this.#nodes[from + 1]];
      const [dx, dy] = [this.#nodes[to] - x, this.#nodes[to + 1] - y];
      const left = this.#height(face, x, y, dx, dy);
      const right = this.#height(around[side], x, y, dx, dy);
      const offsets: number[] = new Array(bends + 2).fill(0);
      displaceMiddle(offsets, 0, bends + 1, ROUGHNESS, random);
      for (let i = 1; i <= bends; i++) {
        const along = (i + random.spread(0.3)) / (bends + 1);
        const room = REACH * Math.min(along, 1 - along);
        const off = Math.max(-room * right, Math.min(room * left, offsets[i]));
        const at = ((face * 3 + side) * bends + i - 1) * 2;
        this.#bends[at] = Math.round(x + dx * along - dy * off);
        this.#bends[at + 1] = Math.round(y + dy * along + dx * off);
      }
    }
  }

  /** How far the face's centre lies from the line through a side, in lengths of that side. */
  #height(face: number, x: number, y: number, dx: number, dy: number): number {
    const [centreX, centreY] = this.centre(face);
    return Math.abs(dx * (centreY - y) - dy * (centreX - x)) / (dx * dx + dy * dy);
  }

  #assertStarShaped(face: number): void {
    const around = this.neighbours(face);
    const [x, y] = this.centre(face);
    for (let side = 0; side < 6; side++) {
      const from = this.#corner(face, around, side);
      const to = this.#corner(face, around, (side + 1) % 6);
      const turn = orientation(this.#nodes[from], this.#nodes[from + 1], this.#nodes[to], this.#nodes[to + 1], x, y);
      if (turn <= 0)
        throw new Error(`Face ${face} of the demo mesh is folded at side ${side}: lower JITTER or WAVE_SLOPE.`);
    }
  }
}

/** Random midpoint displacement of the offsets between two that stay, in lengths of the side. */
function displaceMiddle(offsets: number[], from: number, to: number, size: number, random: Random): void {
  if (to - from < 2) return;
  const middle = (from + to) >> 1;
  offsets[middle] = (offsets[from] + offsets[to]) / 2 + random.spread(size);
  displaceMiddle(offsets, from, middle, size * 0.6, random);
  displaceMiddle(offsets, middle, to, size * 0.6, random);
}
