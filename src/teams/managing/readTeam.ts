import { DomainError } from '../../errors.ts';
import { readLanguages, readOfficePhone, readStaffName, readWords } from '../../posts/appointing/staffText.ts';
import type { BodyDraft, Validity } from '../../posts/post.type.ts';
import type { MemberCount, TeamState } from '../team.type.ts';
import { assertMembers } from '../writing/assertMembers.ts';

/** A team as it is asked for. */
export interface TeamWish extends TeamChanges {
  readonly name: string;
  readonly kind: string;
  readonly officePhone?: string | null;
  readonly languages?: readonly string[] | null;
  readonly categories?: readonly string[] | null;
  /** Ids or codes of grids. */
  readonly covers?: readonly string[] | null;
  readonly from: Date;
}

/** What changes of a team; left out stays, null takes away. */
export interface TeamChanges {
  readonly members?: readonly MemberCount[] | null;
  readonly standing?: string | null;
}

type BodyFacts = Omit<BodyDraft, 'id' | keyof Validity>;

/** What a new team is as a body. Throws BAD_INPUT. */
export function readBodyOfTeam(wish: TeamWish): BodyFacts {
  return {
    name: readStaffName('name', wish.name, 200),
    kind: readWord('kind', wish.kind),
    officePhone: readOfficePhone('officePhone', wish.officePhone),
    languages: readLanguages('languages', wish.languages),
    categories: readWords('categories', wish.categories),
  };
}

/** What is said of a team; only what is given. Throws BAD_INPUT, naming the field behind `prefix`. */
export function readTeamChanges(changes: TeamChanges, prefix: string): Partial<Omit<TeamState, 'bodyId'>> {
  const { members, standing } = changes;
  return {
    ...(members === undefined ? {} : { members: readMembers(`${prefix}members`, members ?? []) }),
    ...(standing === undefined ? {} : { standing: standing && readWord(`${prefix}standing`, standing) }),
  };
}

/** A local word. Throws BAD_INPUT. */
export function readWord(field: string, text: string): string {
  if (text.trim() === '') throw new DomainError('BAD_INPUT', `${field}: it is empty; give a local word.`, { field });
  return readStaffName(field, text, 64);
}

function readMembers(field: string, members: readonly MemberCount[]): MemberCount[] {
  const read = members.map(({ kind, count }) => ({ kind: readWord(field, kind), count }));
  assertMembers(read);
  return read;
}
