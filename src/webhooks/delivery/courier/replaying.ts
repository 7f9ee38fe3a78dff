import type { Office } from '../office.ts';
import type { Replay } from '../outcome.ts';
import { waitAfter } from '../sending/retrySchedule.ts';
import type { SendResult } from '../sending/sender.ts';
import { attemptOf } from './judging.ts';
import { mayBeTold, type Standing } from './standing.ts';

/** Attempts at a replay, after which somebody must ask for it anew. */
const MOST_ATTEMPTS = 4;

/**
 * Sends the first parked event that was asked for. NEXT: go on with the one behind it; NONE: there is none, or it is tried
 * again later; GONE: the receiver said so; LOST: another server has the endpoint. Throws DomainError.
 */
export async function replayNext(
  { endpoint, ...standing }: Standing,
  office: Office,
  stop: AbortSignal,
): Promise<'NEXT' | 'NONE' | 'GONE' | 'LOST'> {
  const now = office.timing.clock();
  const replay = await office.replays.findNext(endpoint.id, now);
  if (!replay) return 'NONE';
  const write = (outcome: Parameters<typeof office.replays.write>[3]) =>
    office.replays.write(office.server, endpoint.id, replay, outcome);
  if (!mayBeTold({ endpoint, ...standing }, replay, now)) {
    return (await write({ reason: 'NOT_ALLOWED', again: null })) ? 'NEXT' : 'LOST';
  }
  const parcel = { url: endpoint.url, secrets: standing.secrets, id: replay.eventId, body: replay.body, at: now };
  const result = await office.sender.send(parcel, stop);
  if (result.error === 'ABORTED') return 'NONE';
  const again = againAt(replay, result, now, office);
  const outcome = result.error === null ? 'DELIVERED' : again ? 'FAILED' : 'PARKED';
  const attempt = attemptOf(replay, replay.attempt + 1, now, result, outcome);
  if (!(await write({ attempt, reason: result.error ?? 'DELIVERED', again }))) return 'LOST';
  if (result.httpStatus === 410) return 'GONE';
  return again ? 'NONE' : 'NEXT';
}

function againAt(replay: Replay, result: SendResult, now: Date, { timing }: Office): Date | null {
  if (result.error === null || result.httpStatus === 410 || replay.attempt + 1 >= MOST_ATTEMPTS) return null;
  const wait = waitAfter(replay.attempt + 1, result.retryAfterMs, timing);
  return wait === undefined ? null : new Date(now.getTime() + wait);
}
