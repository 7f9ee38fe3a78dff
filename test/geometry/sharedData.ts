import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Path of open data beside the checkout (`../shared/data`), which is not part of the repository. Tests that read it run
 * where it is at hand (`it.runIf(isAtHand(…))`); each has cases of its own beside it that run everywhere.
 */
export function sharedPath(name: string): string {
  return fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));
}

export function isAtHand(name: string): boolean {
  return existsSync(sharedPath(name));
}
