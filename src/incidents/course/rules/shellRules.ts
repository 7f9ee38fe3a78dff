import type { IncidentChange } from '../change.ts';
import type { IncidentNotice, LinkState, PushState } from '../state.ts';
import { NOTHING, neededText, optionalText, refusal, type Step } from './step.ts';

/** The column holds 20,000 characters; what was told longest ago goes first, the trail keeps what it came from. */
const MOST_CHARACTERS = 15_000;

/** Told once each. */
export function withNotices(known: readonly IncidentNotice[], added: readonly IncidentNotice[]) {
  const all = new Map([...known, ...added].map((notice) => [`${notice.code} ${notice.message}`, notice]));
  const notices = [...all.values()];
  while (JSON.stringify(notices).length > MOST_CHARACTERS) notices.shift();
  return notices;
}

export function grade({ incident, command }: Step<'GRADE'>): IncidentChange {
  const { severity } = command;
  if (severity === incident.severity)
    throw refusal('CONFLICT', 'severity', `it is ${severity} already; grade it when that changes.`);
  const reason = optionalText('reason', command.reason);
  return {
    events: [{ kind: 'CHANGED', act: 'GRADED', details: { from: incident.severity, to: severity, reason } }],
    shell: { severity },
  };
}

/** While nobody answered, the same push again is the same push. */
export function push({ incident, command, actor, at }: Step<'PUSH'>): IncidentChange {
  const { id, fromLayer, fromGridId, toLayer, toGridId, toLayerId } = command;
  if (fromLayer === toLayer)
    throw refusal('BAD_INPUT', 'toLayer', 'a push goes from one layer to another; within one, issue a task.');
  const message = optionalText('message', command.message);
  const waiting = incident.pushes.find(
    (each) => each.answeredAt === null && each.fromLayer === fromLayer && each.toLayer === toLayer,
  );
  if (waiting?.toGridId === toGridId) return NOTHING;
  if (waiting)
    throw refusal('CONFLICT', 'toLayer', 'another grid of this layer has not answered yet; it answers first.', {
      pushId: waiting.id,
      gridId: waiting.toGridId,
    });
  const places = { fromLayer, fromGridId, toLayer, toGridId };
  const isNew = !incident.parties.some((party) => party.gridId === toGridId && party.reason === 'PUSH');
  const unanswered = {
    acknowledgedAt: null,
    acknowledgedBy: null,
    answeredAt: null,
    answeredBy: null,
    answer: null,
  };
  return {
    events: [{ kind: 'CHANGED', act: 'PUSHED', details: { push: id, ...places, message } }],
    pushes: [{ id, ...places, message, sentAt: at, sentBy: actor.subject, ...unanswered }],
    ...(isNew && { partiesAdded: [{ gridId: toGridId, reason: 'PUSH', layerId: toLayerId, share: 1 }] }),
  };
}

function getPush(pushes: readonly PushState[], pushId: string): PushState {
  const push = pushes.find(({ id }) => id === pushId);
  if (push) return push;
  throw refusal('NOT_FOUND', 'pushId', 'the incident has no push of this id; its `pushes` lists them.');
}

export function acknowledgePush({ incident, command, actor, at }: Step<'ACKNOWLEDGE_PUSH'>): IncidentChange {
  const push = getPush(incident.pushes, command.pushId);
  if (push.acknowledgedBy === actor.subject) return NOTHING;
  if (push.acknowledgedBy !== null)
    throw refusal('CONFLICT', 'pushId', 'somebody else acknowledged it already; answer it when you can.');
  return {
    events: [{ kind: 'CHANGED', act: 'PUSH_ACKNOWLEDGED', details: { push: push.id, toLayer: push.toLayer } }],
    pushes: [{ ...push, acknowledgedAt: at, acknowledgedBy: actor.subject }],
  };
}

export function answerPush({ incident, command, actor, at }: Step<'ANSWER_PUSH'>): IncidentChange {
  const push = getPush(incident.pushes, command.pushId);
  if (push.answeredAt) throw refusal('CONFLICT', 'pushId', 'it was answered already; push again for more.');
  const answer = neededText('answer', command.answer, 'say what came of it.');
  const answered = {
    acknowledgedAt: push.acknowledgedAt ?? at,
    acknowledgedBy: push.acknowledgedBy ?? actor.subject,
    answeredAt: at,
    answeredBy: actor.subject,
    answer,
  };
  return {
    events: [{ kind: 'CHANGED', act: 'PUSH_ANSWERED', details: { push: push.id, toLayer: push.toLayer, answer } }],
    pushes: [{ ...push, ...answered }],
  };
}

const LINKED_AS: Record<LinkState['kind'], string> = {
  ROOT: 'this one came out of it',
  RELATED: 'they are related',
  BRANCH: 'it came out of this one',
};

export function link({ incident, command }: Step<'LINK'>): IncidentChange {
  const { otherId, kind, otherOpen } = command;
  if (otherId === incident.id) throw refusal('BAD_INPUT', 'otherId', 'is this incident; name another.');
  const known = incident.links.find((each) => each.otherId === otherId);
  if (known?.kind === kind) return NOTHING;
  if (known) throw refusal('CONFLICT', 'otherId', `linked already: ${LINKED_AS[known.kind]}.`, { kind: known.kind });
  return {
    events: [{ kind: 'CHANGED', act: 'LINKED', details: { other: otherId, kind } }],
    links: [{ otherId, kind, open: otherOpen }],
  };
}
