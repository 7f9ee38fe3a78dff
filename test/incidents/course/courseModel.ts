import type { Command, CommandName } from '../../../src/incidents/course/command.ts';
import type { IncidentState, NewTask, Rung } from '../../../src/incidents/course/state.ts';
import type { CourseStep } from './courseDice.ts';

/** I(ssued), A(cknowledged), H(andled), V(erified), C(losed), D(eclined), W(ithdrawn). */
type Letter = 'I' | 'A' | 'H' | 'V' | 'C' | 'D' | 'W';

interface ModelTask extends NewTask {
  is: Letter;
  born: number;
  taker?: string;
  arrived?: number;
  doer?: string;
  doerStaff?: string | null;
  done?: number;
  result?: 'DONE' | 'FAILED';
  told?: boolean;
}

/** From which letters a step may be taken on a task. */
const FROM: Partial<Record<CommandName, string>> = {
  ACKNOWLEDGE: 'I',
  ARRIVE: 'IA',
  HANDLE: 'A',
  VERIFY: 'H',
  CLOSE_TASK: 'V',
  DECLINE: 'IA',
  WITHDRAW: 'IAH',
  OVERDUE: 'IA',
  ATTEMPT: 'A',
};
const ON_CLOSED = 'ACKNOWLEDGE ARRIVE HANDLE VERIFY CLOSE_TASK DECLINE WITHDRAW OVERDUE'.split(' ');
const ALWAYS = 'LINK ANSWER_PUSH ACKNOWLEDGE_PUSH'.split(' ');
const ENDED = 'CDW';
const AFTERWARDS = ['FOLLOW_UP', 'RECHECK'];

const bad = (text: string) => text.trim() === '' || text.length > 500;
const badIfGiven = (text: string | null) => text !== null && bad(text);
const key = (rung: Rung | null) => rung && `${rung.layer}/${rung.tier}`;
const post = (task: NewTask) =>
  `${task.purpose} ${task.role} ${task.gridId} ${task.purpose === 'SUPERVISE' ? task.aboutId : ''}`;

/**
 * What an incident should become, told a second time and more simply than `decide` does: letters, sets and counters.
 * It judges nothing but whether a step is allowed, and remembers no more than it needs for that.
 */
export class CourseModel {
  #tasks: ModelTask[] = [];
  #open = true;
  #version: number;
  #severity: string | null;
  #rung: Rung | null;
  #owners: string[];
  #taskGrids = new Set<string>();
  #pushGrids = new Set<string>();
  #attempts: { by: string; result: string; taskId: string; at: number }[] = [];
  #pushes = new Map<string, { way: string; to: string; taker?: string; answered?: boolean }>();
  #links = new Map<string, string>();
  readonly #start: IncidentState;

  constructor(start: IncidentState) {
    this.#start = start;
    this.#version = start.version;
    this.#severity = start.severity;
    this.#rung = start.rung;
    this.#owners = start.parties.map(({ gridId }) => gridId);
  }

  /** Whether it is allowed; if so, it is done. */
  play(step: CourseStep): boolean {
    if (!this.#isSame(step) && (this.#isOver(step.command) || this.#isWrong(step))) return false;
    if (!this.#isSame(step)) this.#version += this.#do(step);
    return true;
  }

  #task = (id: string) => this.#tasks.find((task) => task.id === id);

  #isAfterwards(task: ModelTask | undefined): boolean {
    if (task?.purpose === 'SUPERVISE') return this.#isAfterwards(this.#task(task.aboutId ?? ''));
    return task !== undefined && AFTERWARDS.includes(task.purpose);
  }

  #isOver(command: Command): boolean {
    if (this.#open || ALWAYS.includes(command.do)) return false;
    if (command.do === 'ISSUE') return command.tasks.some(({ purpose }) => !AFTERWARDS.includes(purpose));
    return !('taskId' in command && ON_CLOSED.includes(command.do) && this.#isAfterwards(this.#task(command.taskId)));
  }

  /** The same step again: it is let through, and changes nothing. */
  #isSame({ command: c, actor }: CourseStep): boolean {
    if ('taskId' in c && (this.#isOver(c) || !this.#task(c.taskId))) return false;
    const task = 'taskId' in c ? this.#task(c.taskId) : undefined;
    if (c.do === 'ACKNOWLEDGE') return task?.is === 'A' && task.taker === actor.subject;
    if (c.do === 'ARRIVE') return 'IA'.includes(task!.is) && task?.arrived === c.at.getTime();
    if (c.do === 'OVERDUE') return task?.told === true;
    if (c.do === 'ACKNOWLEDGE_PUSH') return this.#pushes.get(c.pushId)?.taker === actor.subject;
    if (c.do === 'LINK') return this.#links.get(c.otherId) === c.kind;
    if (c.do === 'PUSH') {
      const waiting = this.#waiting(`${c.fromLayer}>${c.toLayer}`);
      return this.#open && !badIfGiven(c.message) && waiting?.to === c.toGridId;
    }
    return false;
  }

  #waiting = (way: string) => [...this.#pushes.values()].find((push) => push.way === way && !push.answered);

  #isFinder = ({ actor }: CourseStep) =>
    (actor.staffId !== null && actor.staffId === this.#start.finderId) ||
    (this.#start.origin === 'FOUND' && actor.subject === this.#start.reportedBy);

  #isWrong(step: CourseStep): boolean {
    const { command: c, actor, at } = step;
    const task = 'taskId' in c ? this.#task(c.taskId) : undefined;
    if ('taskId' in c && !(task && FROM[c.do]?.includes(task.is))) return true;
    const isEarly = task?.is === 'I' && task.startsAt !== null && at < task.startsAt;
    const mediates = task?.purpose === 'MEDIATE';
    switch (c.do) {
      case 'ACKNOWLEDGE':
        return isEarly;
      case 'ARRIVE':
        return isEarly || task!.arrived !== undefined || c.at > at || c.at < this.#start.occurredAt;
      case 'HANDLE':
        if (mediates && this.#isFinder(step)) return true;
        return bad(c.answer) || (mediates && c.result === 'DONE' && this.#attempts.at(-1)?.result !== 'SETTLED');
      case 'VERIFY':
        if (task!.doer === actor.subject || (actor.staffId && task!.doerStaff === actor.staffId)) return true;
        return c.accepted ? badIfGiven(c.reason) : bad(c.reason ?? '');
      case 'CLOSE_TASK':
        return false;
      case 'DECLINE':
        return task!.purpose === 'SUPERVISE' || bad(c.reason) || c.belongsTo === task!.gridId;
      case 'WITHDRAW':
        return bad(c.reason);
      case 'OVERDUE':
        return task!.dueAt === null || task!.dueAt >= at;
      case 'ATTEMPT':
        if (!mediates || this.#isFinder(step) || this.#attempts.some(({ result }) => result === 'SETTLED')) return true;
        return badIfGiven(c.note) || (c.agreement !== null && c.result !== 'SETTLED');
      case 'GRADE':
        return c.severity === this.#severity || badIfGiven(c.reason);
      case 'LINK':
        return c.otherId === this.#start.id || this.#links.has(c.otherId);
      case 'PUSH':
        return c.fromLayer === c.toLayer || badIfGiven(c.message) || !!this.#waiting(`${c.fromLayer}>${c.toLayer}`);
      case 'ACKNOWLEDGE_PUSH':
        return !this.#pushes.has(c.pushId) || this.#pushes.get(c.pushId)?.taker !== undefined;
      case 'ANSWER_PUSH':
        return !this.#pushes.has(c.pushId) || !!this.#pushes.get(c.pushId)?.answered || bad(c.answer);
      case 'ISSUE': {
        const taken = this.#tasks.filter(({ is }) => !ENDED.includes(is)).map(post);
        const all = [...taken, ...c.tasks.map(post)];
        return c.tasks.length === 0 || new Set(all).size < new Set(taken).size + c.tasks.length;
      }
      case 'MOVE': {
        const owners = c.owners.map(({ gridId }) => gridId);
        return bad(c.reason) || owners.length === 0 || `${owners.toSorted()}` === `${this.#owners.toSorted()}`;
      }
      case 'CLIMB':
        return this.#mayNotClimb(c, at);
      case 'CLOSE':
        if (bad(c.result) || c.followUps.some(({ purpose }) => !AFTERWARDS.includes(purpose))) return true;
        return c.outcome === 'SETTLED' && !this.#isSettled();
    }
  }

  #mayNotClimb(c: Extract<Command, { do: 'CLIMB' }>, at: Date): boolean {
    const ladder = c.rungs.map(key);
    const gone = c.missing.map(key);
    const [present, target] = [ladder.indexOf(key(this.#rung)), ladder.indexOf(key(c.to))];
    if (target <= present || gone.includes(key(c.to)) || badIfGiven(c.reason)) return true;
    const leavesOut = ladder.slice(present + 1, target).some((rung) => !gone.includes(rung));
    if (c.reason === null && (present < 0 || leavesOut || c.cause === 'REASON')) return true;
    const here = this.#tasks.filter((task) => key(task) === key(this.#rung));
    const since = Math.max(0, ...here.filter((t) => 'ROUTE LADDER'.includes(t.cause)).map((t) => t.born));
    if (c.cause === 'DEADLINE') return !here.some((t) => 'IA'.includes(t.is) && t.dueAt && t.dueAt < at);
    if (c.cause === 'REASON') return false;
    const last = this.#attempts.at(-1);
    const isFailed = last?.result === 'FAILED' && last.at >= since && here.some(({ id }) => id === last.taskId);
    return !isFailed && !here.some((t) => t.result === 'FAILED' && t.is !== 'W' && t.done! >= since);
  }

  #idle(): ModelTask[] {
    const over = new Set(this.#tasks.filter(({ is }) => 'VCDW'.includes(is)).map(({ id }) => id));
    const idle = this.#tasks.filter((t) => {
      const isIdle = t.purpose === 'SUPERVISE' && 'IA'.includes(t.is) && over.has(t.aboutId ?? '');
      if (isIdle) over.add(t.id);
      return isIdle;
    });
    return idle;
  }

  #isSettled(): boolean {
    const asked = this.#tasks.filter(({ purpose }) => !AFTERWARDS.includes(purpose));
    const idle = this.#idle();
    const isNothingWaiting = asked.every((task) => 'VCDW'.includes(task.is) || idle.includes(task));
    return isNothingWaiting && asked.some(({ is, result }) => 'VC'.includes(is) && result === 'DONE');
  }

  #issue(tasks: readonly NewTask[], at: Date): number {
    this.#tasks.push(...tasks.map((task): ModelTask => ({ ...task, is: 'I', born: at.getTime() })));
    for (const { gridId } of tasks) this.#taskGrids.add(gridId);
    return tasks.length > 0 ? 1 : 0;
  }

  #withdraw(tasks: readonly ModelTask[]): number {
    for (const task of tasks) task.is = 'W';
    return tasks.length > 0 ? 1 : 0;
  }

  #handled(task: ModelTask, { actor, at }: CourseStep, result: 'DONE' | 'FAILED'): number {
    Object.assign(task, { is: 'H', doer: actor.subject, doerStaff: actor.staffId, done: at.getTime(), result });
    return 1;
  }

  /** So many events come of it. */
  #do(step: CourseStep): number {
    const { command: c, actor, at } = step;
    const task = 'taskId' in c ? this.#task(c.taskId)! : this.#tasks[0];
    const take = () => {
      const isNew = task.is === 'I';
      if (isNew) Object.assign(task, { is: 'A', taker: actor.subject });
      return isNew ? 1 : 0;
    };
    switch (c.do) {
      case 'ACKNOWLEDGE':
        return take();
      case 'ARRIVE':
        task.arrived = c.at.getTime();
        return take() + 1;
      case 'HANDLE':
        return this.#handled(task, step, c.result);
      case 'VERIFY':
        if (c.accepted) task.is = 'V';
        else
          Object.assign(task, { is: 'A', doer: undefined, doerStaff: undefined, result: undefined, done: undefined });
        return 1;
      case 'CLOSE_TASK':
        task.is = 'C';
        return 1;
      case 'DECLINE':
        task.is = 'D';
        return 1;
      case 'WITHDRAW':
        return this.#withdraw([task]);
      case 'OVERDUE':
        task.told = true;
        return 1 + this.#issue(c.tasks, at);
      case 'ATTEMPT':
        this.#attempts.push({ by: actor.subject, result: c.result, taskId: task.id, at: at.getTime() });
        if (c.result === 'SETTLED') this.#handled(task, step, 'DONE');
        return 1;
      case 'GRADE':
        this.#severity = c.severity;
        return 1;
      case 'LINK':
        this.#links.set(c.otherId, c.kind);
        return 1;
      case 'PUSH':
        this.#pushes.set(c.id, { way: `${c.fromLayer}>${c.toLayer}`, to: c.toGridId });
        this.#pushGrids.add(c.toGridId);
        return 1;
      case 'ACKNOWLEDGE_PUSH':
        this.#pushes.get(c.pushId)!.taker = actor.subject;
        return 1;
      case 'ANSWER_PUSH': {
        const push = this.#pushes.get(c.pushId)!;
        push.answered = true;
        push.taker ??= actor.subject;
        return 1;
      }
      case 'ISSUE':
        return this.#issue(c.tasks, at);
      case 'CLIMB': {
        const old = this.#tasks.filter((t) => key(t) === key(this.#rung) && 'IA'.includes(t.is));
        const isTaken = (t: ModelTask) => ['HANDLE', 'MEDIATE', 'ATTEND'].includes(t.purpose);
        this.#rung = { layer: c.to.layer, tier: c.to.tier };
        return this.#withdraw(old.filter(isTaken)) + 1 + this.#issue(c.tasks, at);
      }
      case 'MOVE': {
        const stay = ['SUPERVISE', 'NOTICE', ...AFTERWARDS];
        const going = this.#tasks.filter((t) => 'IAH'.includes(t.is) && !stay.includes(t.purpose));
        this.#rung = c.rung;
        this.#owners = c.owners.map(({ gridId }) => gridId);
        const events = this.#withdraw(going) + 2 + this.#issue(c.tasks, at);
        this.#taskGrids = new Set(this.#tasks.filter(({ is }) => !'DW'.includes(is)).map(({ gridId }) => gridId));
        return events;
      }
      case 'CLOSE': {
        const verified = this.#tasks.filter(({ is }) => is === 'V');
        const isOpen = ({ is }: ModelTask) => 'IAH'.includes(is);
        const withdrawn = c.outcome === 'SETTLED' ? this.#idle() : this.#tasks.filter(isOpen);
        for (const each of verified) each.is = 'C';
        this.#open = false;
        return (verified.length > 0 ? 1 : 0) + this.#withdraw(withdrawn) + this.#issue(c.followUps, at) + 1;
      }
    }
  }

  /** To be compared with `pictureOf` the incident. */
  picture(): unknown {
    return {
      status: this.#open ? 'OPEN' : 'CLOSED',
      version: this.#version,
      severity: this.#severity,
      rung: key(this.#rung),
      tasks: this.#tasks.map((t) =>
        [t.id, t.is, t.taker ?? null, t.doer ?? null, t.result ?? null, !!t.told].join(' '),
      ),
      parties: [
        ...this.#owners.map((id) => `OWNER ${id}`),
        ...[...this.#taskGrids].map((id) => `TASK ${id}`),
        ...[...this.#pushGrids].map((id) => `PUSH ${id}`),
      ].sort(),
      attempts: this.#attempts.map(({ by, result }, i) => `${i + 1} ${by} ${result}`),
      pushes: [...this.#pushes].map(([id, { taker, answered }]) => `${id} ${taker ?? null} ${!!answered}`),
      links: [...this.#links].map(([id, kind]) => `${id} ${kind}`).sort(),
    };
  }
}

/** What the model knows of an incident; of a withdrawn task not what had been done. */
export function pictureOf(incident: IncidentState): unknown {
  const { status, version, severity, rung, parties, tasks, attempts, pushes, links } = incident;
  return {
    status,
    version,
    severity,
    rung: key(rung),
    tasks: tasks.map((t) =>
      [t.id, t.status[0], t.acknowledgedBy, t.handledBy, t.result, t.overdueAt !== null].join(' '),
    ),
    parties: parties.map(({ gridId, reason }) => `${reason} ${gridId}`).sort(),
    attempts: attempts.map(({ number, by, result }) => `${number} ${by} ${result}`),
    pushes: pushes.map((p) => `${p.id} ${p.acknowledgedBy} ${p.answeredAt !== null}`),
    links: links.map(({ otherId, kind }) => `${otherId} ${kind}`).sort(),
  };
}
