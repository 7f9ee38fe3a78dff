import type { RequestContext } from '../../access/requestContext.ts';
import type { Areas } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import type { Moment } from '../../grids/moment.ts';
import { isUuid } from '../../ids.ts';
import type { Directory } from '../../posts/directory.ts';
import type { VisitRequest } from '../visit.type.ts';
import type { VisitDesk } from '../visitDesk.ts';

type Holders = Pick<Directory, 'holdersOf' | 'findPerson'>;

/** Which post went on a visit, and which member of staff, where that is known. */
export interface Visitor {
  readonly postId: string;
  readonly role: string;
  /** The grid in whose area the post counts. */
  readonly gridId: string;
  readonly staffId: string | null;
}

/** The member of staff who signed in; null where the token names none, or one whom the registry does not know. */
export function staffIdOf(
  directory: Pick<Directory, 'findPerson'>,
  { staffId }: RequestContext['viewer'],
  moment: Moment,
): string | null {
  return (staffId !== undefined && isUuid(staffId) && directory.findPerson(staffId, moment)?.id) || null;
}

/** Whether a member of staff holds the post, or belongs to a body that does. */
export function holdsPost(directory: Holders, staffId: string, postId: string, moment: Moment): boolean {
  if (!isUuid(staffId)) return false;
  const bodyId = directory.findPerson(staffId, moment)?.body?.id;
  return directory.holdersOf(postId, moment).some(({ holder }) => holder.id === staffId || holder.id === bodyId);
}

/**
 * Who went. Somebody who holds the post now records own visits; a dispatcher those of every post of the area, and names
 * the visitor where that is known. Whoever went held the post on the day. Throws NOT_FOUND, FORBIDDEN, BAD_INPUT.
 */
export function readVisitor(
  desk: VisitDesk,
  directory: Holders & Pick<Directory, 'watch'>,
  { viewer }: Pick<RequestContext, 'viewer'>,
  asked: { readonly request: VisitRequest; readonly areas: Areas; readonly now: Moment; readonly then: Moment },
): Visitor {
  const { request, areas, now, then } = asked;
  const { postId, visitorId = null } = request;
  const post = directory.watch(postId, now);
  if (!post?.entry || !desk.isWithin(areas, post.gridId)) {
    throw refuse('NOT_FOUND', 'input.postId', 'there is no such post in your area.');
  }
  const own = viewer.staffId !== undefined && holdsPost(directory, viewer.staffId, postId, now);
  const dispatched = desk.dispatches(viewer, post.gridId);
  if (!own && !dispatched) {
    throw refuse('FORBIDDEN', 'input.postId', 'you do not hold this post now. Its holder or a dispatcher records it.');
  }
  const staffId = visitorId ?? (own ? viewer.staffId! : null);
  if (!dispatched && staffId !== viewer.staffId) {
    throw refuse('FORBIDDEN', 'input.visitorId', 'only a dispatcher records visits of somebody else.');
  }
  if (staffId !== null && !holdsPost(directory, staffId, postId, then)) {
    const field = visitorId === null ? 'input.visitedAt' : 'input.visitorId';
    throw refuse('BAD_INPUT', field, 'whoever went did not hold this post then. Name the post that was held.');
  }
  if (staffId === null && directory.holdersOf(postId, then).length === 0) {
    throw refuse('BAD_INPUT', 'input.postId', 'nobody held this post then, so nobody went in it.');
  }
  return { postId, role: post.entry.role.code, gridId: post.gridId, staffId };
}

export function refuse(code: 'BAD_INPUT' | 'FORBIDDEN' | 'NOT_FOUND', field: string, reason: string): DomainError {
  return new DomainError(code, `${field}: ${reason}`, { field });
}
