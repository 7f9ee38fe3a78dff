import { DomainError } from '../../errors.ts';
import type { MemberCount } from '../team.type.ts';

const MAX_KINDS = 50;
const MAX_COUNT = 1_000_000;

/** Throws BAD_INPUT unless every kind is named once and counted by a whole number of 0 to 1,000,000. */
export function assertMembers(members: readonly MemberCount[]): void {
  const refuse = (words: string): never => {
    throw new DomainError('BAD_INPUT', `members: ${words}`, { field: 'members' });
  };
  if (members.length > MAX_KINDS) refuse(`name at most ${MAX_KINDS} kinds.`);
  const kinds = new Set<string>();
  for (const { kind, count } of members) {
    if (kind.trim() === '' || [...kind].length > 40) refuse('a kind is a local word of 1 to 40 characters.');
    if (kinds.has(kind)) refuse(`${kind} is there twice; add the counts up.`);
    if (!Number.isInteger(count) || count < 0 || count > MAX_COUNT) {
      refuse(`${kind}: a count is a whole number of 0 to ${MAX_COUNT}, not ${count}.`);
    }
    kinds.add(kind);
  }
}
