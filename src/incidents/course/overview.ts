import type { TaskState } from './state.ts';

/** Whoever it was issued to has still to handle it. */
export const isWaiting = ({ status }: Pick<TaskState, 'status'>) => status === 'ISSUED' || status === 'ACKNOWLEDGED';

/** Nobody has handled it, and its time is over. */
export function isLate(task: Pick<TaskState, 'status' | 'dueAt'>, at: Date): boolean {
  return isWaiting(task) && task.dueAt !== null && task.dueAt < at;
}
