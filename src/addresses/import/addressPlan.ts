import type { CellFault } from '../../csv/cellFault.ts';
import { metricAt } from '../../geometry/distance.ts';
import { type Position, toLattice } from '../../geometry/lattice.ts';
import { isUuid, stableId } from '../../ids.ts';
import type { AddressDraft, BuildingDraft } from '../address.type.ts';
import { normaliseText } from '../text/normalise.ts';
import type { AddressColumn } from './addressCells.ts';
import type { AddressRow } from './addressesFile.ts';
import { difference, retold, type Span } from './timeline.ts';

/** An address or building is told from its neighbour by more than this. */
const FARTHEST_METRES = 500;

export type AddressState = Pick<AddressDraft, 'text' | 'aliases' | 'point' | 'buildingId'>;
export type BuildingState = Pick<BuildingDraft, 'name' | 'point'>;
export type Known<State> = ReadonlyMap<string, readonly Span<State>[]>;

/** What the newest edition knows of the things that a file names. */
export interface KnownPlaces {
  readonly addresses: Known<AddressState>;
  readonly buildings: Known<BuildingState>;
}

/** What a file would write. */
export interface AddressPlan {
  readonly addresses: readonly AddressDraft[];
  readonly buildings: readonly BuildingDraft[];
  readonly closedAddresses: readonly number[];
  readonly closedBuildings: readonly number[];
  readonly faults: readonly CellFault<AddressColumn>[];
  readonly made: { readonly addresses: number; readonly buildings: number };
  /** Known addresses and buildings of which the file says something else. */
  readonly changed: number;
}

/** The ids that a row may mean: a UUID is one of ours if it is known, and else a key as any other. */
export function idsOf(row: AddressRow): { address: string[]; building: string[] } {
  const address = row.id === null ? [stableId('address', 'text', folded(row.text))] : keyIds('address', row.id);
  if (row.building === null) return { address, building: [] };
  const building =
    row.buildingId === null ? [stableId('building', 'name', row.building)] : keyIds('building', row.buildingId);
  return { address, building };
}

function keyIds(kind: string, key: string): string[] {
  const made = stableId(kind, 'key', key);
  return isUuid(key) ? [key.toLowerCase(), made] : [made];
}

function folded(text: string): string {
  return normaliseText(text).replace(/ /g, '');
}

/** Compares a file with what is known. Rows without `from`, and changes of buildings, begin at `at`. */
export function planAddresses(rows: readonly AddressRow[], known: KnownPlaces, at: number): AddressPlan {
  const planner = new Planner(known, at);
  const fromOf = (row: AddressRow) => row.from?.getTime() ?? at;
  for (const row of [...rows].sort((a, b) => fromOf(a) - fromOf(b))) planner.take(row, fromOf(row));
  return planner.plan();
}

class Planner {
  readonly #known: KnownPlaces;
  readonly #at: number;
  readonly #addresses = new Map<string, readonly Span<AddressState>[]>();
  readonly #buildings = new Map<string, readonly Span<BuildingState>[]>();
  readonly #rows = new Map<string, number>();
  readonly #faults: CellFault<AddressColumn>[] = [];

  constructor(known: KnownPlaces, at: number) {
    this.#known = known;
    this.#at = at;
  }

  take(row: AddressRow, from: number): void {
    const ids = idsOf(row);
    const id = pick(ids.address, this.#known.addresses);
    const earlier = this.#rows.get(`${id}/${from}`);
    if (earlier) {
      const reason = `is the same address from the same instant as row ${earlier}`;
      this.#fault(row, row.id === null ? 'text' : 'id', row.id ?? row.text, reason);
      return;
    }
    this.#rows.set(`${id}/${from}`, row.row);
    const buildingId = ids.building.length > 0 ? pick(ids.building, this.#known.buildings) : null;
    if (buildingId !== null && !this.#takeBuilding(buildingId, row, from)) return;
    const state = { text: row.text, aliases: row.aliases, point: row.point, buildingId };
    const spans = this.#addresses.get(id) ?? this.#known.addresses.get(id) ?? [];
    this.#addresses.set(id, retold(spans, state, from, row.to?.getTime() ?? Number.POSITIVE_INFINITY));
  }

  plan(): AddressPlan {
    const addresses = changesOf(this.#addresses, this.#known.addresses);
    const buildings = changesOf(this.#buildings, this.#known.buildings);
    return {
      addresses: addresses.added,
      buildings: buildings.added,
      closedAddresses: addresses.closed,
      closedBuildings: buildings.closed,
      faults: this.#faults,
      made: { addresses: addresses.made, buildings: buildings.made },
      changed: addresses.changed + buildings.changed,
    };
  }

  #takeBuilding(id: string, row: AddressRow, from: number): boolean {
    const known = this.#known.buildings.get(id) ?? [];
    const spans = this.#buildings.get(id) ?? known;
    const last = spans.at(-1);
    const point = last?.state.point ?? row.point;
    const metres = distanceMetres(point, row.point);
    if (metres > FARTHEST_METRES) {
      const reason = `is the name of a building ${Math.round(metres)} m away; give another building_id`;
      this.#fault(row, 'building', row.building!, reason);
      return false;
    }
    const start = known.length > 0 ? Math.max(this.#at, from) : Math.min(from, spans[0]?.from ?? from);
    if (last && last.state.name === row.building && last.to === Number.POSITIVE_INFINITY && spans[0].from <= start)
      return true;
    this.#buildings.set(id, retold(spans, { name: row.building!, point }, start, Number.POSITIVE_INFINITY));
    return true;
  }

  #fault(row: AddressRow, column: AddressColumn, value: string, reason: string): void {
    this.#faults.push({ row: row.row, column, value, reason });
  }
}

function distanceMetres(a: Position, b: Position): number {
  const { metresPerX, metresPerY } = metricAt(toLattice(a.lat));
  return Math.hypot(toLattice(b.lon - a.lon) * metresPerX, toLattice(b.lat - a.lat) * metresPerY);
}

function pick<State>(ids: readonly string[], known: Known<State>): string {
  return ids.find((id) => known.has(id)) ?? ids[ids.length - 1];
}

function changesOf<State>(wanted: Known<State>, known: Known<State>) {
  const added: (State & { id: string; validFrom: Date; validTo: Date | null })[] = [];
  const closed: number[] = [];
  let made = 0;
  let changed = 0;
  for (const [id, spans] of wanted) {
    const change = difference(known.get(id) ?? [], spans);
    closed.push(...change.closed);
    for (const { state, from, to } of change.added) {
      const validTo = to === Number.POSITIVE_INFINITY ? null : new Date(to);
      added.push({ ...state, id, validFrom: new Date(from), validTo });
    }
    if (!known.has(id)) made += 1;
    else if (change.added.length + change.closed.length > 0) changed += 1;
  }
  return { added, closed, made, changed };
}
