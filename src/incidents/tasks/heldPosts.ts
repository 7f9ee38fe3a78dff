import type { Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { CourseActor } from '../course/command.ts';
import type { HeldPosts } from '../store/lists.repository.ts';
import type { TaskRepository } from './task.repository.ts';

/** Posts that are the actor's now. Throws BAD_INPUT for a login that names no member of staff. */
export function getHeld(
  trx: Transaction<Database>,
  tasks: Pick<TaskRepository, 'listHeld'>,
  { staffId, bodyId }: CourseActor,
  field: string,
): Promise<HeldPosts> {
  if (staffId !== null) return tasks.listHeld(trx, staffId, bodyId);
  const message = `${field}: your login does not say which member of staff you are, so no post is yours. Leave it out, or filter by a post.`;
  throw new DomainError('BAD_INPUT', message, { field });
}
