import { boxAround } from '../../geometry/distance.ts';
import { stableId } from '../../ids.ts';

/** Steps of the lattice to a metre, at least. */
const STEPS_PER_METRE = 91;

/**
 * Keys to lock, so that of two matters within so many metres of each other one waits for the other: the squares that
 * the surroundings touch, of a size at which there are two by two at most in most latitudes. In ascending order.
 */
export function squaresAround(x: number, y: number, metres: number): string[] {
  const side = 2 ** Math.ceil(Math.log2(Math.max(1, 4 * metres * STEPS_PER_METRE)));
  const { minX, minY, maxX, maxY } = boxAround(x, y, metres);
  const keys: string[] = [];
  for (let column = Math.floor(minX / side); column <= Math.floor(maxX / side); column++) {
    for (let row = Math.floor(minY / side); row <= Math.floor(maxY / side); row++)
      keys.push(`${side} ${column} ${row}`);
  }
  return keys;
}

/** Numbers of 64 bits for pg_advisory_xact_lock, each once, in the order in which everybody takes them. */
export function lockNumbers(keys: readonly string[]): bigint[] {
  const numbers = keys.map((key) =>
    BigInt.asIntN(64, BigInt(`0x${stableId('warning', key).replaceAll('-', '').slice(0, 12)}`)),
  );
  return [...new Set(numbers)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
