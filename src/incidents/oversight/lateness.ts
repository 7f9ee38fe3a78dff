import type { Command } from '../course/command.ts';
import { isLate } from '../course/overview.ts';
import type { IncidentState, Purpose, Rung, TaskState } from '../course/state.ts';
import type { RoutedMatter, Routing } from '../routing/route.type.ts';
import { climbTo, isSameRung, nextRung } from './nextRung.ts';

/** Tasks of these purposes are the handling itself, so that a late one may take the matter to the next rung. */
const HANDLING: ReadonlySet<Purpose> = new Set<Purpose>(['HANDLE', 'JOINT', 'MEDIATE', 'ATTEND']);

/** What telling of a late task comes to; undefined where there is nothing to tell, or not any more. */
export function overdueOf(
  incident: IncidentState,
  taskId: string,
  at: Date,
  { matter, routing }: { matter: RoutedMatter; routing: Pick<Routing, 'rungsOf' | 'supervisors'> },
): Command | undefined {
  const task = incident.tasks.find(({ id }) => id === taskId);
  if (!task || task.overdueAt !== null || !isLate(task, at)) return undefined;
  if (task.startsAt !== null && task.startsAt > at) return undefined;
  const own = partOf(matter, task);
  const { tasks, notices } = routing.supervisors(own, rungOf(task, incident, own, routing), task.id);
  // A supervisor who is late is not told of it: else that would go on for ever where the practice names one post for all.
  const others = tasks.filter(({ role, gridId }) => role !== task.role || gridId !== task.gridId);
  return { do: 'OVERDUE', taskId, tasks: others, notices };
}

/** Of a matter over several grids, the chains that hold the grid of the task: whoever heads the others is not told. */
function partOf(matter: RoutedMatter, { gridId }: TaskState): RoutedMatter {
  const own = matter.chains.filter((chain) => chain.some(({ grid }) => grid.id === gridId));
  if (own.length === 0) return matter;
  const layers = new Set(own.map(([{ grid }]) => grid.layer));
  return {
    ...matter,
    chains: matter.chains.filter((chain) => own.includes(chain) || !layers.has(chain[0].grid.layer)),
  };
}

/** The rung on which a task waits; of a task beside the ladder, as of another layer, that of the matter. */
function rungOf(
  task: TaskState,
  incident: IncidentState,
  matter: RoutedMatter,
  routing: Pick<Routing, 'rungsOf'>,
): Rung {
  const own: Rung = { layer: task.layer, tier: task.tier };
  if (incident.rung === null) return own;
  return routing.rungsOf(matter)?.rungs.some((rung) => isSameRung(rung, own)) ? own : incident.rung;
}

/** The climb of an incident whose handlers are late, where its ladder says so; undefined: it stays where it is. */
export function lateClimbOf(
  incident: IncidentState,
  matter: RoutedMatter,
  routing: Pick<Routing, 'rungsOf' | 'at'>,
  at: Date,
): Command | undefined {
  const { status, rung, tasks } = incident;
  if (status !== 'OPEN' || rung === null) return undefined;
  const waits = (task: TaskState) => task.overdueAt !== null && HANDLING.has(task.purpose) && isLate(task, at);
  if (!tasks.some((task) => isSameRung(task, rung) && waits(task))) return undefined;
  const ladder = routing.rungsOf(matter);
  // On a rung that its ladder does not have any more, somebody has to say where it goes on.
  if (!ladder?.ladder.climbsWhenLate || !ladder.rungs.some((each) => isSameRung(each, rung))) return undefined;
  const to = nextRung(incident, ladder);
  return to && climbTo(to, ladder, matter, routing, { cause: 'DEADLINE', reason: null });
}
