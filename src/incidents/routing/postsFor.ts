import { competentIn } from '../../ownership/owners.ts';
import type { Body, Person } from '../../posts/api/staff.type.ts';
import type { GridPost, HolderEntry } from '../../posts/gridPost.ts';
import type { HandlerPractice } from '../../practice/practice.type.ts';

/** The member of staff who found a matter, and the body that he or she belongs to. */
export interface Finder {
  readonly id: string;
  readonly bodyId: string | null;
}

/** What is asked of a post besides its handler. */
export interface PostQuestion {
  readonly category: string;
  readonly language: string | null;
  /** Null where whoever found it may do it. */
  readonly finder: Finder | null;
}

export interface PostChoice {
  /** The best; undefined: none. Only those of its holders who answer for the category. */
  readonly post: GridPost | undefined;
  /** Those that whoever found it holds. */
  readonly excluded: readonly GridPost[];
}

type Wanted = Pick<HandlerPractice, 'role' | 'bodyKind'>;

/**
 * The post of one grid that a handler means: of its role, or held by a body of its kind, and answering for the category.
 * Held ones come before those that are only backed up, and vacant ones last; among equals those whose holders speak the
 * language, then those that are not held by the finder's own body, then in the order of roles. A vacant post waits for a
 * body of the kind only where the role is named too.
 */
export function choosePost(posts: readonly GridPost[], wanted: Wanted, question: PostQuestion): PostChoice {
  const { category, language, finder } = question;
  const meant = posts.flatMap((entry) => {
    const competent = competentIn(entry, category);
    return competent && isMeant(competent, wanted) ? [{ entry, competent }] : [];
  });
  const isFinders = ({ entry }: { entry: GridPost }) => finder !== null && isHeldBy(entry, finder.id);
  const order = ({ competent }: { competent: GridPost }) => [
    howHeld(competent),
    language !== null && speaks(competent, language) ? 0 : 1,
    finder?.bodyId && isHeldBy(competent, finder.bodyId) ? 1 : 0,
  ];
  const allowed = meant
    .filter((each) => !isFinders(each))
    .map((each) => ({ post: each.competent, order: order(each) }))
    .sort((a, b) => compare(a.order, b.order));
  return { post: allowed.at(0)?.post, excluded: meant.filter(isFinders).map(({ entry }) => entry) };
}

/** Whether an owner of the post says that he, she or it serves in the language. */
export function speaks({ holders }: GridPost, language: string): boolean {
  return holders.some((each) => isOwner(each) && each.holder.languages.includes(language));
}

function isMeant({ role, post, holders }: GridPost, wanted: Wanted): boolean {
  if (wanted.role === null && wanted.bodyKind === null) return false;
  if (wanted.role !== null && role.code !== wanted.role) return false;
  if (wanted.bodyKind === null || holders.some(({ holder }) => kindOf(holder) === wanted.bodyKind)) return true;
  return wanted.role !== null && post.vacant;
}

function kindOf(holder: Person | Body): string | null {
  return 'kind' in holder ? holder.kind : null;
}

function isHeldBy({ holders }: GridPost, id: string): boolean {
  return holders.some(({ holder }) => holder.id === id);
}

/** Whoever backs up the owner is no owner. */
function isOwner({ rank }: HolderEntry): boolean {
  return rank !== 'SUPPORT';
}

/** 0: held, 1: only backed up, 2: vacant. */
function howHeld({ holders }: GridPost): number {
  return holders.some(isOwner) ? 0 : holders.length > 0 ? 1 : 2;
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((value, index) => value - b[index]).find((difference) => difference !== 0) ?? 0;
}
