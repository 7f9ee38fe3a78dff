import type { ResponsePractice } from '../../../practice/practice.type.ts';
import { hasEnded, type Purpose, type TaskState } from '../../course/state.ts';

/** One unit that is bound by a response class. */
export interface Arrival {
  readonly taskId: string;
  readonly role: string;
  /** Minutes until somebody of it was there; null: nobody was, as far as was told. */
  readonly minutes: number | null;
  /** There later than it should, or not there though its time is over. */
  readonly late: boolean;
}

type Sent = Pick<TaskState, 'id' | 'purpose' | 'role' | 'status' | 'issuedAt' | 'startsAt' | 'arrivedAt'>;

/** Those who have to go there. */
const GOING: ReadonlySet<Purpose> = new Set<Purpose>(['HANDLE', 'JOINT', 'ATTEND']);
const MINUTE_MS = 60_000;

/**
 * Who is bound by the class, in the order in which they were sent: tasks of its roles to handle the matter or to be
 * there, without those that were given back or taken away before anybody came. A class without roles binds them all.
 * Time counts from when the task was issued or begins; of what was taken down later, from when it occurred.
 */
export function arrivalsOf(
  occurredAt: Date,
  tasks: readonly Sent[],
  { minutes: allowed, roles }: Pick<ResponsePractice, 'minutes' | 'roles'>,
  now: number,
): readonly Arrival[] {
  const isBound = (task: Sent) => GOING.has(task.purpose) && (roles.length === 0 || roles.includes(task.role));
  const isDropped = (task: Sent) => hasEnded(task) && task.status !== 'CLOSED' && task.arrivedAt === null;
  return tasks
    .filter((task) => isBound(task) && !isDropped(task))
    .map(({ id, role, issuedAt, startsAt, arrivedAt }) => {
      const sent = (startsAt ?? issuedAt).getTime();
      const from = arrivedAt && arrivedAt.getTime() < sent ? occurredAt.getTime() : sent;
      const taken = (arrivedAt?.getTime() ?? now) - from;
      const minutes = arrivedAt ? taken / MINUTE_MS : null;
      return { taskId: id, role, minutes, late: taken > allowed * MINUTE_MS };
    });
}
