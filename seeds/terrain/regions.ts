import type { Mesh } from './mesh.ts';
import type { Random } from './random.ts';

/**
 * Cuts faces of a mesh into connected regions. Everything rests on one tool, the wavefront: the order in which faces
 * are reached from one of them when each costs a random time to enter. A prefix of it is connected and roundish, with
 * a frayed rim: half of a county, a lake, a zone.
 */
export class Regions {
  readonly #mesh: Mesh;
  readonly #random: Random;
  /** Equals the current stamp while a face waits to be reached. */
  readonly #waiting: Int32Array;
  #stamp = 0;

  constructor(mesh: Mesh, random: Random) {
    this.#mesh = mesh;
    this.#random = random;
    this.#waiting = new Int32Array(mesh.size);
  }

  /** The `count` faces of an irregular, roundish city around the middle of the mesh. */
  cityOutline(count: number): number[] {
    const bumps = [2, 3, 5].map((times) => ({
      times,
      size: 0.03 + this.#random.next() * 0.05,
      phase: this.#random.spread(Math.PI),
    }));
    const middle = this.#mesh.centre(
      Math.floor(this.#mesh.rows / 2) * this.#mesh.columns + Math.floor(this.#mesh.columns / 2),
    );
    const reach = (face: number): number => {
      const [x, y] = this.#mesh.centre(face);
      const angle = Math.atan2(y - middle[1], x - middle[0]);
      let radius = 1;
      for (const { times, size, phase } of bumps) radius += size * Math.sin(times * angle + phase);
      return Math.hypot(x - middle[0], y - middle[1]) / radius;
    };
    const ranked = this.#mesh.faces().map((face) => ({ face, reach: reach(face) }));
    ranked.sort((a, b) => a.reach - b.reach || a.face - b.face);
    return ranked.slice(0, count).map(({ face }) => face);
  }

  /** The faces that can be reached from `source` within `faces`, at most `limit`, in the order of a random wave. */
  wavefront(faces: readonly number[], source: number, limit = Infinity): number[] {
    const stamp = ++this.#stamp;
    for (const face of faces) this.#waiting[face] = stamp;
    const order: number[] = [];
    const times: number[][] = [[source]];
    for (let time = 0; time < times.length && order.length < limit; time++) {
      for (const face of times[time] ?? []) {
        if (this.#waiting[face] !== stamp) continue;
        this.#waiting[face] = 0;
        order.push(face);
        for (const next of this.#mesh.neighbours(face)) {
          if (this.#waiting[next] !== stamp) continue;
          const arrival = time + 2 + this.#random.below(4);
          times[arrival] ??= [];
          times[arrival].push(next);
        }
      }
    }
    return order.length > limit ? order.slice(0, limit) : order;
  }

  /** The connected parts of a set of faces, the largest first. */
  components(faces: readonly number[]): number[][] {
    const parts: number[][] = [];
    const seen = new Set<number>();
    for (const face of faces) {
      if (seen.has(face)) continue;
      const part = this.wavefront(faces, face);
      for (const member of part) seen.add(member);
      parts.push(part);
      if (part.length === faces.length) break;
    }
    return parts.sort((a, b) => b.length - a.length);
  }

  /**
   * Cuts faces into as many connected regions as there are weights, sized in proportion: a wave from a remote face
   * takes one half, what it cuts off from the other half goes with it, and so on within both halves.
   * A set in several parts gives each part at least one region.
   */
  split(faces: readonly number[], weights: readonly number[]): number[][] {
    const count = weights.length;
    if (faces.length < count) throw new Error(`${faces.length} faces cannot make ${count} regions.`);
    if (count === 1) return [[...faces]];
    const parts = this.components(faces);
    if (parts.length > 1) {
      const shares = apportion(
        count,
        parts.map((part) => part.length),
      );
      return parts.flatMap((part, i) => this.split(part, new Array(shares[i]).fill(1)));
    }
    const half = count >> 1;
    const share = sum(weights.slice(0, half)) / sum(weights);
    const target = Math.max(half, Math.min(faces.length - (count - half), Math.round(faces.length * share)));
    const remote = this.wavefront(faces, this.#random.pick(faces)).at(-1)!;
    const order = this.wavefront(faces, remote);
    const [rest, ...severed] = this.components(order.slice(target));
    const taken = order.slice(0, target).concat(...severed);
    const cut = count - Math.min(count - half, rest.length);
    return [...this.split(taken, weights.slice(0, cut)), ...this.split(rest, weights.slice(cut))];
  }

  /** A way of neighbouring faces from `source` to the first face that is a goal. */
  way(faces: readonly number[], source: number, isGoal: (face: number) => boolean): number[] {
    const allowed = new Set(faces);
    const order = this.wavefront(faces, source);
    const position = new Map(order.map((face, i) => [face, i]));
    const goal = order.find(isGoal);
    if (goal === undefined) throw new Error('The demo mesh has no way to the goal.');
    const way = [goal];
    while (way[0] !== source) {
      const before = this.#mesh.neighbours(way[0]).filter((face) => allowed.has(face) && position.has(face));
      before.sort((a, b) => position.get(a)! - position.get(b)!);
      way.unshift(before[0]);
    }
    return way;
  }
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Shares out `total` whole pieces in proportion to sizes (Sainte-Laguë), at least one each and at most `caps`. */
export function apportion(total: number, sizes: readonly number[], caps?: readonly number[]): number[] {
  const shares: number[] = new Array(sizes.length).fill(1);
  if (total < sizes.length || (caps && sum(caps) < total))
    throw new Error(`${total} pieces do not fit ${sizes.length} places.`);
  for (let given = sizes.length; given < total; given++) {
    let best = -1;
    for (let i = 0; i < sizes.length; i++) {
      if (caps && shares[i] >= caps[i]) continue;
      if (best < 0 || sizes[i] / (shares[i] + 0.5) > sizes[best] / (shares[best] + 0.5)) best = i;
    }
    shares[best]++;
  }
  return shares;
}
