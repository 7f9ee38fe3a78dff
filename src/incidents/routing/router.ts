import type { HandlerPractice, LadderPractice, Practice, PracticeReader } from '../../practice/practice.type.ts';
import type { Cause, Rung } from '../course/state.ts';
import { dueTimes, followUpTimes } from './dueTimes.ts';
import { ladderOf, nameOf, routeOf, rungFor, rungsAbove, rungsIn } from './practiceChoice.ts';
import type { Routed, RoutedMatter, RoutedStart, Routing, Rungs } from './route.type.ts';
import { Sending, type Sources } from './sending.ts';
import { startingPoint } from './startingPoint.ts';

interface Local {
  readonly practice: Practice;
  readonly ladder: LadderPractice | null;
}

/** Routes by the practice of the place and the posts on its grids. The same question has the same answer, but for the ids. */
export class Router implements Routing {
  readonly #sources: Sources;
  readonly #practice: PracticeReader;

  constructor({ practice, ...sources }: Sources & { readonly practice: PracticeReader }) {
    this.#sources = sources;
    this.#practice = practice;
  }

  start(matter: RoutedMatter): RoutedStart {
    const { practice } = this.#localOf(matter);
    const { ladder, rung, notices } = startingPoint(practice, matter);
    const sending = new Sending(this.#sources, matter, ladder);
    for (const { code, message } of notices) sending.tell(code, message);
    if (rung) this.#sendOn(sending, matter, { practice, ladder }, rung, 'ROUTE');
    return { ladder, rung, ...sending.routed() };
  }

  rungsOf(matter: RoutedMatter): Rungs | undefined {
    const { ladder } = this.#localOf(matter);
    return ladder ? rungsIn(ladder, matter.chains) : undefined;
  }

  at(matter: RoutedMatter, rung: Rung, cause: Cause): Routed {
    const local = this.#localOf(matter);
    const sending = new Sending(this.#sources, matter, local.ladder);
    this.#sendOn(sending, matter, local, rung, cause);
    return sending.routed();
  }

  supervisors(matter: RoutedMatter, rung: Rung, aboutId: string): Routed {
    const { practice, ladder } = this.#localOf(matter);
    const { category, chains } = matter;
    // A supervisor need not speak with those whom the matter is about.
    const sending = new Sending(this.#sources, { ...matter, language: null }, ladder);
    if (!ladder) {
      const message = `ladder: no ladder serves the category ${category}, so nobody is told that a task is late.`;
      sending.tell('NOT_CONFIGURED', message);
      return sending.routed();
    }
    const above = rungsAbove(ladder, chains, rung);
    const found = ladder.supervisor
      ? supervisorOf(ladder.supervisor, above)
      : this.#leadersAbove(sending, matter, practice, above);
    if (!found) {
      const message = `supervisor: ladder ${ladder.code} has nobody above ${nameOf(rung)} here for the category ${category}; nobody is told that a task is late.`;
      sending.tell('NOT_CONFIGURED', message);
    }
    for (const handler of found?.handlers ?? []) {
      const times = this.#due(handler, matter, ladder, rungFor(handler, found!.rung) ?? null);
      const supervisor: HandlerPractice = { ...handler, purpose: 'SUPERVISE' };
      const { rung: on } = found!;
      sending.send({ handler: supervisor, purpose: 'SUPERVISE', cause: 'OVERDUE', aboutId, rung: on, ...times });
    }
    return sending.routed();
  }

  followUps(matter: RoutedMatter, rung: Rung): Routed {
    const { practice, ladder } = this.#localOf(matter);
    const sending = new Sending(this.#sources, matter, ladder);
    if (!ladder || ladder.followUpDays === null) return sending.routed();
    const route = routeOf(practice, rung, matter.category);
    // Whoever handled it; the hours of a handler are for handling, not for looking again.
    const handler = ladder.followUp ?? route?.handlers.find(isLeading);
    if (!handler) {
      const message = `followUp: ladder ${ladder.code} names nobody, and no route on ${nameOf(rung)} has a handler for the category ${matter.category}; nobody looks again.`;
      sending.tell('NOT_CONFIGURED', message);
      return sending.routed();
    }
    const times = followUpTimes(ladder.followUpDays, ladder.followUp?.hours ?? null, matter.moment.asOf);
    sending.send({ handler, purpose: 'FOLLOW_UP', cause: 'FOLLOW_UP', aboutId: null, rung, ...times });
    return sending.routed();
  }

  handlers(matter: RoutedMatter, handlers: readonly HandlerPractice[], rung: Rung | null, cause: Cause): Routed {
    const { ladder } = this.#localOf(matter);
    const sending = new Sending(this.#sources, matter, ladder);
    this.#sendAll(sending, handlers, { matter, ladder, rung, cause });
    return sending.routed();
  }

  #localOf({ chains, category, moment }: RoutedMatter): Local {
    const practice = this.#practice.practiceAt(
      chains.flatMap((chain) => chain.map(({ grid }) => grid.id)),
      moment,
    );
    return { practice, ladder: ladderOf(practice, category) ?? null };
  }

  #sendOn(sending: Sending, matter: RoutedMatter, { practice, ladder }: Local, rung: Rung, cause: Cause): void {
    const handlers = routeOf(practice, rung, matter.category)?.handlers ?? [];
    if (handlers.length === 0) {
      const message = `route: no route on ${nameOf(rung)} names anybody for the category ${matter.category}; set one in the practice of the area, or issue tasks by hand.`;
      sending.tell('NOT_CONFIGURED', message);
    }
    this.#sendAll(sending, handlers, { matter, ladder, rung, cause });
  }

  #sendAll(
    sending: Sending,
    handlers: readonly HandlerPractice[],
    {
      matter,
      ladder,
      rung,
      cause,
    }: { matter: RoutedMatter; ladder: LadderPractice | null; rung: Rung | null; cause: Cause },
  ): void {
    for (const handler of handlers) {
      const times = this.#due(handler, matter, ladder, rung);
      sending.send({ handler, purpose: handler.purpose, cause, aboutId: null, rung, ...times });
    }
  }

  #due(handler: HandlerPractice, { severity, moment }: RoutedMatter, ladder: LadderPractice | null, rung: Rung | null) {
    return dueTimes(handler, { ladder, rung, severity, from: moment.asOf });
  }

  /** Those who lead on the next rung above that has a route; what is left out is told. */
  #leadersAbove(sending: Sending, { category }: RoutedMatter, practice: Practice, above: readonly Rung[]) {
    for (const rung of above) {
      const handlers = leadersOf(routeOf(practice, rung, category)?.handlers ?? []);
      if (handlers.length > 0) return { rung, handlers };
      const message = `route: no route on ${nameOf(rung)} names who handles the category ${category}, so that rung is not told.`;
      sending.tell('NOT_CONFIGURED', message);
    }
    return undefined;
  }
}

const isLeading = ({ purpose }: HandlerPractice) => purpose === 'HANDLE' || purpose === 'MEDIATE';

/** Those who handle; where a route only mediates, the mediators. */
function leadersOf(handlers: readonly HandlerPractice[]): readonly HandlerPractice[] {
  const handling = handlers.filter(({ purpose }) => purpose === 'HANDLE');
  return handling.length > 0 ? handling : handlers.filter(isLeading);
}

/** Where the practice says, else on the next rung above; undefined where there is none. */
function supervisorOf(supervisor: HandlerPractice, above: readonly Rung[]) {
  const rung = above.at(0) ?? null;
  return rungFor(supervisor, rung) ? { rung, handlers: [supervisor] } : undefined;
}
