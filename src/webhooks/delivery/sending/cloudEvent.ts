import { type FeedEvent, typeOf } from '../../../feed/feedEvent.ts';

/** What is sent of an incident: enough to know whether to ask for it. No place, no words, nobody's name. */
interface ThinIncident {
  readonly category?: unknown;
  readonly status?: unknown;
  readonly severity?: unknown;
}

interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  readonly subject?: string;
  readonly data: unknown;
}

/** CloudEvents 1.0 in structured JSON. `source`: who sends, a URI reference. */
function write(source: string, { id, type, at, subject, data }: Envelope): string {
  const head = { specversion: '1.0', id, source, type: `wangge.${type}`, subject, time: at.toISOString() };
  return JSON.stringify({ ...head, datacontenttype: 'application/json', data });
}

/** The body of an event, the same at each attempt. `within`: the area of the receiver. */
export function bodyOf(event: FeedEvent, within: string, source: string): string {
  const { id, at, subject } = event;
  return write(source, { id, type: typeOf(event), at, subject, data: { within, ...dataOf(event) } });
}

/** A test that is in no log. */
export function pingBody(id: string, at: Date, within: string, source: string): string {
  return write(source, { id, type: 'webhook.ping', at, data: { within } });
}

function dataOf({ topic, subject, version, payload }: FeedEvent): object {
  if (topic !== 'INCIDENT') return { edition: Number(subject) };
  const { act, incident } = JSON.parse(payload) as { act?: string; incident?: ThinIncident };
  const { category, status, severity } = incident ?? {};
  return { act, incident: { id: subject, version, category, status, severity } };
}
