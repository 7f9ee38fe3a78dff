import { applyChange, type IncidentChange } from '../../../src/incidents/course/change.ts';
import type { Command, CourseActor } from '../../../src/incidents/course/command.ts';
import { decide } from '../../../src/incidents/course/decide.ts';
import type { IncidentState, NewTask, Purpose, TaskState } from '../../../src/incidents/course/state.ts';
import { freshIncident, newTask, paperWorld, START } from './courseWorld.ts';

type NeedsTask = Extract<Command, { readonly taskId: string }>;
/** Left out: what it is about, where there is one thing only. */
type Short<C> = C extends NeedsTask ? Omit<C, 'taskId'> & { readonly taskId?: string } : never;

export const HOUR = 3_600_000;

/** One incident told step by step. An hour passes before each. */
export class CourseTale {
  readonly world = paperWorld();
  incident: IncidentState;
  at = START;
  /** Of the last step. */
  change: IncidentChange = { events: [] };

  constructor(start: Partial<IncidentState> = {}) {
    this.incident = freshIncident(this.world, start);
  }

  get finder(): CourseActor {
    return this.world.actors[0];
  }
  get officer(): CourseActor {
    return this.world.actors[1];
  }
  /** A member of staff with two logins. */
  get mediator(): CourseActor {
    return this.world.actors[2];
  }
  get mediatorAgain(): CourseActor {
    return this.world.actors[3];
  }
  get director(): CourseActor {
    return this.world.actors[4];
  }

  /** The last task, or that of the id. */
  task(id?: string): TaskState {
    return id ? this.incident.tasks.find((task) => task.id === id)! : this.incident.tasks.at(-1)!;
  }

  acts(): string[] {
    return this.change.events.map(({ kind, act }) => `${kind} ${act}`);
  }

  act(command: Command, actor = this.officer): this {
    this.at = new Date(this.at.getTime() + HOUR);
    this.change = decide(this.incident, command, actor, this.at, this.world);
    this.incident = applyChange(this.incident, this.change);
    return this;
  }

  /** A step on the last task, or that of `taskId`. */
  on(command: Short<NeedsTask>, actor = this.officer): this {
    return this.act({ taskId: this.task().id, ...command } as NeedsTask, actor);
  }

  issue(purpose: Purpose, change: Partial<NewTask> = {}): this {
    return this.act({ do: 'ISSUE', tasks: [newTask(this.world, purpose, change)] }, this.director);
  }

  acknowledged(purpose: Purpose, change: Partial<NewTask> = {}): this {
    return this.issue(purpose, change).on({ do: 'ACKNOWLEDGE' });
  }

  handled(purpose: Purpose, result: 'DONE' | 'FAILED' = 'DONE', change: Partial<NewTask> = {}): this {
    return this.acknowledged(purpose, change).on({ do: 'HANDLE', result, answer: 'seen to' });
  }

  verified(purpose: Purpose, result: 'DONE' | 'FAILED' = 'DONE', change: Partial<NewTask> = {}): this {
    return this.handled(purpose, result, change).on({ do: 'VERIFY', accepted: true, reason: null }, this.director);
  }

  close(outcome: 'SETTLED' | 'DUPLICATE', followUps: readonly NewTask[] = []): this {
    return this.act({ do: 'CLOSE', outcome, result: 'shook hands', followUps }, this.director);
  }

  climb(tier: string, change: Partial<Extract<Command, { do: 'CLIMB' }>> = {}): this {
    const { rungs, missing } = this.world;
    const to = rungs.find((rung) => rung.tier === tier) ?? { layer: 'town', tier };
    const why = { cause: 'REASON', reason: 'too big for here' } as const;
    return this.act({ do: 'CLIMB', to, rungs, missing, ...why, tasks: [], notices: [], ...change }, this.director);
  }

  move(change: Partial<Extract<Command, { do: 'MOVE' }>> = {}): this {
    const { owners, edition, rungs } = this.world;
    const to = { owners: owners[1], ownedAt: this.at, edition: edition + 1, ladder: 'other', rung: rungs[0] };
    const asked = { reason: 'over the ridge', tasks: [], notices: [], ...change };
    return this.act({ do: 'MOVE', ...to, ...asked }, this.director);
  }
}
