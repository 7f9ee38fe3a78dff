import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EditionEventKind } from '../../../src/feed/editions/editionEvent.type.ts';
import type { FeedEvent, Topic } from '../../../src/feed/feedEvent.ts';
import { IncidentEvent, IncidentEventKindEnum } from '../../../src/incidents/feed/incidentEvent.type.ts';
import { bodyOf, pingBody } from '../../../src/webhooks/delivery/sending/cloudEvent.ts';
import { systemTiming } from '../../../src/webhooks/delivery/sending/retrySchedule.ts';
import { EVENT_TYPES } from '../../../src/webhooks/managing/wishes/eventTypes.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document of any form is read here.
type Node = any;

/** Throws where it is no YAML, or a name comes twice. */
const described: Node = parse(readFileSync('docs/asyncapi.yaml', 'utf8'), { strict: true, uniqueKeys: true });

const follow = (ref: string): Node =>
  ref
    .slice(2)
    .split('/')
    .reduce((node: Node, name) => node?.[name], described);

function refsIn(node: Node): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => (name === '$ref' ? [value as string] : refsIn(value)));
}

const resolved = (node: Node): Node => (node?.$ref ? follow(node.$ref) : node);

/** What of a value is not as a schema says: the parts of JSON Schema that the page uses. */
function faults(node: Node, value: Node, path = 'body'): string[] {
  const schema = resolved(node);
  if (schema.allOf) return schema.allOf.flatMap((part: Node) => faults(part, value, path));
  if ('const' in schema && schema.const !== value) return [`${path} is not ${schema.const}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${path} is none of ${schema.enum}`];
  const kind = value === null ? 'null' : Number.isInteger(value) ? 'integer' : typeof value;
  if (schema.type && ![schema.type].flat().includes(kind)) return [`${path} is ${kind}`];
  const missing = (schema.required ?? []).filter((name: string) => value[name] === undefined);
  return [
    ...missing.map((name: string) => `${path}.${name} is missing`),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
      value[name] === undefined ? [] : faults(part, value[name], `${path}.${name}`),
    ),
  ];
}

/** Every member that any part of a schema names, down to the last. */
function named(node: Node, path = ''): string[] {
  const schema = resolved(node);
  const parts = (schema.allOf ?? []).flatMap((part: Node) => named(part, path));
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, part]) => [
    `${path}${name}`,
    ...named(part, `${path}${name}.`),
  ]);
  return [...parts, ...own];
}

function membersOf(value: Node, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [`${path}${name}`, ...membersOf(part, `${path}${name}.`)]);
}

const AT = new Date('2026-06-01T00:00:00Z');
const INCIDENT = { category: 'noise', status: 'OPEN', severity: null, x: 1, y: 2, summary: 'words', reportedBy: 'who' };

/** As the sender writes it. */
function bodyFor(type: string): Node {
  const [topic, kind] = type.toUpperCase().split('.') as [Topic, string];
  if (type === 'webhook.ping') return JSON.parse(pingBody('id', AT, 'grid', '/wangge'));
  const subject = topic === 'INCIDENT' ? 'incident-1' : '41';
  const head = {
    position: 1,
    id: 'id',
    topic,
    kind,
    subject,
    version: 3,
    category: 'noise',
    at: AT,
    areaIds: ['grid'],
  };
  const event: FeedEvent = { ...head, payload: JSON.stringify({ act: 'MOVED', incident: INCIDENT }) };
  return JSON.parse(bodyOf(event, 'grid', '/wangge'));
}

describe('docs/asyncapi.yaml', () => {
  const { messages } = described.channels.webhook;

  it('is AsyncAPI 3 in which every reference leads somewhere, and every message is used', () => {
    expect(described.asyncapi).toBe('3.0.0');
    const refs = refsIn(described);
    expect(refs.filter((ref) => follow(ref) === undefined)).toEqual([]);
    const used = new Set(refs.map((ref) => ref.replace('#/components/messages/', '')));
    expect(Object.keys(described.components.messages).filter((name) => !used.has(name))).toEqual([]);
  });

  it('has every kind of event that the code has, and no other', () => {
    expect(Object.keys(messages).sort()).toEqual([...Object.values(EVENT_TYPES).flat(), 'webhook.ping'].sort());
    const kinds = (topic: string, of: object) => Object.values(of).map((kind) => `${topic}.${kind}`.toLowerCase());
    expect(EVENT_TYPES).toEqual({
      INCIDENT: kinds('incident', IncidentEventKindEnum),
      BOUNDARY: kinds('boundary', EditionEventKind),
      OWNERSHIP: kinds('ownership', EditionEventKind),
    });
    const { IncidentEvent: fields } = described.components.schemas;
    expect(fields.properties.kind.enum).toEqual(Object.values(IncidentEventKindEnum));
    const getters = Object.entries(Object.getOwnPropertyDescriptors(IncidentEvent.prototype));
    const promised = getters.filter(([, { get }]) => get).map(([name]) => name);
    expect(Object.keys(fields.properties).sort()).toEqual(promised.sort());
  });

  it.each(Object.keys(messages))('says of %s what is sent, member by member', (type) => {
    const { payload } = resolved(messages[type]);
    const body = bodyFor(type);
    expect(faults(payload, body)).toEqual([]);
    const words = new Set(named(payload));
    expect(membersOf(body).filter((name) => !words.has(name))).toEqual([]);
    expect(JSON.stringify(body)).not.toMatch(/words|who|"x"|"y"/);
  });

  it('would be found wrong', () => {
    const { payload } = resolved(messages['incident.closed']);
    const body = bodyFor('incident.closed');
    expect(faults(payload, { ...body, type: 'wangge.incident.left' })).toEqual([
      'body.type is not wangge.incident.closed',
    ]);
    expect(faults(payload, { ...body, data: { act: 'MOVED', incident: body.data.incident } })).toEqual([
      'body.data.within is missing',
    ]);
  });
});

describe('docs/webhooks.md', () => {
  const page = readFileSync('docs/webhooks.md', 'utf8');

  it('names every kind of event, and shows a body as it is sent', () => {
    for (const type of [...Object.values(EVENT_TYPES).flat(), 'webhook.ping']) {
      const [topic, kind] = type.split('.');
      expect(page, type).toMatch(new RegExp(`wangge\\.${topic}\\.(${kind}\`|[^|]*\`\\.${kind}\`)`));
    }
    const shown = /^\{"specversion"[\s\S]*?^```/m.exec(page)![0].replace(/```$/, '');
    expect(membersOf(JSON.parse(shown))).toEqual(membersOf(bodyFor('incident.closed')));
  });

  it('shows the schedule by which a failed event is tried again', () => {
    const words = (ms: number) => {
      if (ms < 60_000) return `${ms / 1000} s`;
      return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
    };
    const { scheduleMs } = systemTiming(() => AT);
    expect(page).toContain(`| next after about | ${scheduleMs.map(words).join(' | ')} | parked |`);
  });
});
