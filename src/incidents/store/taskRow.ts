import { type Insertable, sql } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { TaskState } from '../course/state.ts';

/** Of table `task t`. */
export const TASK_COLUMNS = sql`t.id, t.purpose, t.cause, t.post_id as "postId", t.role, t.grid_id as "gridId",
  t.layer, t.tier, t.batch_id as "batchId", t.about_id as "aboutId", t.note, t.status, t.issued_at as "issuedAt",
  t.issued_by as "issuedBy", t.due_at as "dueAt", t.starts_at as "startsAt", t.acknowledged_at as "acknowledgedAt",
  t.acknowledged_by as "acknowledgedBy", t.arrived_at as "arrivedAt", t.handled_at as "handledAt",
  t.handled_by as "handledBy", t.handler_id as "handlerId", t.handler_body_id as "handlerBodyId", t.result, t.answer,
  t.verified_at as "verifiedAt", t.verified_by as "verifiedBy", t.closed_at as "closedAt", t.closed_by as "closedBy",
  t.ended_reason as "endedReason", t.belongs_to as "belongsTo", t.overdue_at as "overdueAt"`;

/** What goes on about a task once it is issued. */
export function courseOf(task: TaskState) {
  return {
    status: task.status,
    acknowledged_at: task.acknowledgedAt,
    acknowledged_by: task.acknowledgedBy,
    arrived_at: task.arrivedAt,
    handled_at: task.handledAt,
    handled_by: task.handledBy,
    handler_id: task.handlerId,
    handler_body_id: task.handlerBodyId,
    result: task.result,
    answer: task.answer,
    verified_at: task.verifiedAt,
    verified_by: task.verifiedBy,
    closed_at: task.closedAt,
    closed_by: task.closedBy,
    ended_reason: task.endedReason,
    belongs_to: task.belongsTo,
    overdue_at: task.overdueAt,
  };
}

export function taskRow(incidentId: string, task: TaskState): Insertable<Database['task']> {
  return {
    ...courseOf(task),
    id: task.id,
    incident_id: incidentId,
    purpose: task.purpose,
    cause: task.cause,
    post_id: task.postId,
    role: task.role,
    grid_id: task.gridId,
    layer: task.layer,
    tier: task.tier,
    batch_id: task.batchId,
    about_id: task.aboutId,
    note: task.note,
    issued_at: task.issuedAt,
    issued_by: task.issuedBy,
    due_at: task.dueAt,
    starts_at: task.startsAt,
  };
}
