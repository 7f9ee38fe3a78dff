import type { VersionEntry } from '../../grids/atlas/rows.ts';
import type { Directory } from '../../posts/directory.ts';
import type { GridPost } from '../../posts/gridPost.ts';
import type { HandlerPractice, LadderPractice } from '../../practice/practice.type.ts';
import type { Cause, IncidentNotice, NewTask, Purpose, Rung } from '../course/state.ts';
import type { TaskTimes } from './dueTimes.ts';
import { choosePost, type Finder, type PostChoice, speaks } from './postsFor.ts';
import { gridsOn, nameOf, type Reached, rungFor, withoutRung } from './practiceChoice.ts';
import type { Routed, RoutedMatter } from './route.type.ts';

/** One handler that is to be told. */
export interface Errand extends TaskTimes {
  readonly handler: HandlerPractice;
  /** Of the task; whom it goes to is judged by the purpose of the handler. */
  readonly purpose: Purpose;
  readonly cause: Cause;
  readonly aboutId: string | null;
  /** Where the handler is looked for, unless it says so itself. */
  readonly rung: Rung | null;
}

export interface Sources {
  readonly directory: Directory;
  readonly newId: () => string;
}

/** Finds the posts for one matter, handler by handler, and keeps what has to be told; asked once for one answer. */
export class Sending {
  readonly #sources: Sources;
  readonly #matter: RoutedMatter;
  readonly #ladder: LadderPractice | null;
  readonly #finder: Finder | null;
  readonly #tasks = new Map<string, NewTask>();
  readonly #notices = new Map<string, IncidentNotice>();
  #isSpoken = false;

  constructor(sources: Sources, matter: RoutedMatter, ladder: LadderPractice | null) {
    this.#sources = sources;
    this.#matter = matter;
    this.#ladder = ladder;
    const { finderId, moment } = matter;
    const person = finderId === null ? undefined : sources.directory.findPerson(finderId, moment);
    this.#finder = finderId === null ? null : { id: finderId, bodyId: person?.body?.id ?? null };
  }

  /** The same thing is told once. */
  tell(code: string, message: string): void {
    this.#notices.set(`${code} ${message}`, { code, message });
  }

  /** To the post of each grid on the rung; what cannot be sent is told. */
  send(errand: Errand): void {
    const rung = rungFor(errand.handler, errand.rung);
    if (!rung) {
      const message = `handler: ${whoIs(errand.handler)} is looked for on no layer and tier, and the matter is on no rung; name both.`;
      this.tell('NOT_CONFIGURED', message);
      return;
    }
    const grids = gridsOn(this.#matter.chains, rung);
    if (grids.length === 0) {
      const message = `rung: no grid of ${nameOf(rung)} holds the place, so ${whoIs(errand.handler)} there is not told.`;
      this.tell('MISSING_TIER', message);
      return;
    }
    for (const { name } of withoutRung(this.#matter.chains, rung)) {
      this.tell('MISSING_TIER', `rung: no grid of ${nameOf(rung)} holds the part of the place in ${name}.`);
    }
    for (const reached of grids) this.#sendTo(errand, reached, rung);
  }

  routed(): Routed {
    const { language } = this.#matter;
    if (language !== null && this.#tasks.size > 0 && !this.#isSpoken) {
      this.tell('LANGUAGE_NOT_SERVED', `language: nobody whom it goes to says that they speak ${language}.`);
    }
    return { tasks: [...this.#tasks.values()], notices: [...this.#notices.values()] };
  }

  #sendTo(errand: Errand, { version, above }: Reached, rung: Rung): void {
    const { category } = this.#matter;
    const { post, excluded } = this.#choose(errand.handler, version);
    if (excluded.length > 0) this.#tellExcluded(excluded, version);
    if (post) {
      this.#issue(errand, version, post);
      return;
    }
    if (excluded.length > 0 && this.#sendAbove(errand, above)) return;
    const why =
      excluded.length > 0 ? 'nobody but whoever found it' : `no post that answers for the category ${category}`;
    const message = `handler: ${whoIs(errand.handler)} on ${nameOf(rung)} for the category ${category}: ${version.name} has ${why}. Make the post, or change the route.`;
    this.tell('NOT_CONFIGURED', message);
  }

  /** Whoever found it holds the post: the same handler on the next rung up that has one. */
  #sendAbove(errand: Errand, above: readonly VersionEntry[]): boolean {
    for (const version of above) {
      if (!this.#isRung(version)) continue;
      const { post, excluded } = this.#choose(errand.handler, version);
      if (excluded.length > 0) this.#tellExcluded(excluded, version);
      if (!post) continue;
      this.tell('FINDER_EXCLUDED', `finder: ${post.role.name} of ${version.name} does it instead.`);
      this.#issue(errand, version, post);
      return true;
    }
    return false;
  }

  #isRung({ grid }: VersionEntry): boolean {
    const ladder = this.#ladder;
    return !ladder || ladder.layer !== grid.layer.code || ladder.tiers.includes(grid.tier.code);
  }

  #choose(handler: HandlerPractice, { grid }: VersionEntry): PostChoice {
    const { category, language, moment } = this.#matter;
    const posts = this.#sources.directory.holdingsOnGrid({ id: grid.id, tierId: grid.tier.id }, moment);
    const finder = handler.purpose === 'MEDIATE' ? this.#finder : null;
    return choosePost(posts, handler, { category, language, finder });
  }

  #tellExcluded(excluded: readonly GridPost[], { name }: VersionEntry): void {
    for (const { role } of excluded) {
      this.tell(
        'FINDER_EXCLUDED',
        `finder: ${role.name} of ${name} is held by whoever found it, who never mediates it.`,
      );
    }
  }

  #issue(errand: Errand, version: VersionEntry, { role, post, holders }: GridPost): void {
    const { purpose, cause, startsAt, dueAt, aboutId } = errand;
    const { language } = this.#matter;
    this.#isSpoken ||= language !== null && speaks({ role, post, holders }, language);
    if (post.vacant) {
      this.tell('VACANT', `${role.name} of ${version.name} is vacant; the task waits for whoever will hold it.`);
    }
    const key = `${purpose} ${post.id}`;
    if (this.#tasks.has(key)) return;
    const { grid } = version;
    const recipient = { postId: post.id, role: role.code, gridId: grid.id };
    const where = { layer: grid.layer.code, tier: grid.tier.code };
    const rest = { purpose, cause, startsAt, dueAt, aboutId, batchId: null, note: null };
    this.#tasks.set(key, { id: this.#sources.newId(), ...recipient, ...where, ...rest });
  }
}

/** In the words of the practice. */
function whoIs({ role, bodyKind }: HandlerPractice): string {
  const parts = [role === null ? '' : `role ${role}`, bodyKind === null ? '' : `a body of kind ${bodyKind}`];
  return parts.filter(Boolean).join(' held by ') || 'a handler without role and kind';
}
