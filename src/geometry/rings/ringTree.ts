/** Which ring of a shape: polygon number, and ring number within it (0 is the outer one). */
export interface RingPlace {
  readonly polygon: number;
  readonly ring: number;
}

interface TreeFault {
  readonly code: 'HOLE_OUTSIDE' | 'POLYGONS_OVERLAP' | 'INTERIOR_CUT';
  readonly ring: number;
  readonly other: number;
  readonly vertex: number;
}

/** Which ring lies in which, and which touch: what the sweep over the edges learns about rings that do not cross. */
export class RingTree {
  private readonly places: readonly RingPlace[];
  /** Per ring: its westmost vertex, its direction, and the innermost ring around it. */
  private readonly entered: { vertex: number; counterClockwise: boolean; around: number | undefined }[] = [];
  /** Union-find over the rings of one polygon that touch. */
  private readonly joined = new Map<number, number>();
  private cut: TreeFault | undefined;

  constructor(places: readonly RingPlace[]) {
    this.places = places;
  }

  /** A ring is met at its westmost vertex, by the lower of its two edges there; later meetings change nothing. */
  enter(ring: number, vertex: number, rises: boolean, around: number | undefined): void {
    this.entered[ring] ??= { vertex, counterClockwise: rises, around };
  }

  /** The innermost ring that holds what lies just above an edge of this ring. */
  regionAbove(ring: number, rises: boolean): number | undefined {
    const { counterClockwise, around } = this.entered[ring];
    return rises === counterClockwise ? ring : around;
  }

  /** Rings that meet in one point. A circle of touching rings of one polygon encloses a piece of its interior. */
  touch(rings: readonly number[], vertex: number): void {
    const first = new Map<number, number>();
    for (const ring of rings) {
      const { polygon } = this.places[ring];
      const other = first.get(polygon);
      if (other === undefined) {
        first.set(polygon, ring);
        continue;
      }
      const [root, otherRoot] = [this.root(ring), this.root(other)];
      if (root === otherRoot) this.cut ??= { code: 'INTERIOR_CUT', ring, other, vertex };
      else this.joined.set(root, otherRoot);
    }
  }

  private root(ring: number): number {
    let at = ring;
    for (let above = this.joined.get(at); above !== undefined; above = this.joined.get(at)) {
      const further = this.joined.get(above);
      if (further !== undefined) this.joined.set(at, further);
      at = above;
    }
    return at;
  }

  /** The first fault of nesting or touching, once every ring has been met. */
  fault(): TreeFault | undefined {
    const shells = new Map<number, number>();
    for (const [ring, place] of this.places.entries()) {
      if (place.ring > 0) continue;
      shells.set(place.polygon, ring);
      const { around: other, vertex } = this.entered[ring];
      if (other !== undefined && this.places[other].ring === 0) {
        return { code: 'POLYGONS_OVERLAP', ring, other, vertex };
      }
    }
    for (const [ring, place] of this.places.entries()) {
      const other = shells.get(place.polygon)!;
      const { around, vertex } = this.entered[ring];
      if (place.ring > 0 && around !== other) return { code: 'HOLE_OUTSIDE', ring, other, vertex };
    }
    return this.cut;
  }
}
