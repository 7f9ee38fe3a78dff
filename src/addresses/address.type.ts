import type { Position } from '../geometry/lattice.ts';
import type { Comparison } from './match/evidence.ts';

/** A building as it was at a moment: a thing of its own, which addresses may belong to. */
export interface BuildingRecord {
  readonly id: string;
  readonly name: string;
  readonly point: Position;
}

/** An address as it was at a moment. It holds no grid: its owners come from its point. */
export interface AddressRecord {
  readonly id: string;
  readonly text: string;
  readonly aliases: readonly string[];
  /** On the lattice. */
  readonly point: Position;
  readonly building: BuildingRecord | null;
}

/** An address that a text may mean. */
export interface MatchRecord extends Omit<Comparison, 'logOdds' | 'slips'> {
  readonly address: AddressRecord;
  /** Probability that this is the address meant; those of one search sum to at most 1. */
  readonly score: number;
}

/** Valid from `validFrom` (included) to `validTo` (excluded; null: no end is known). */
export interface Validity {
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

export interface AddressDraft extends Validity {
  readonly id: string;
  readonly text: string;
  readonly aliases: readonly string[];
  readonly point: Position;
  readonly buildingId: string | null;
}

export interface BuildingDraft extends Validity {
  readonly id: string;
  readonly name: string;
  readonly point: Position;
}
