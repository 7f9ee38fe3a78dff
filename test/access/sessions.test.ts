import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../seeds/terrain/random.ts';
import type { Role } from '../../src/access/rights.ts';
import type { Answer } from '../support/api.ts';
import { openTwoAreas, type TwoAreas } from './twoAreas.ts';

const SESSIONS = 100;
/** Of all sessions together; the figure of the issue is 10,000. */
const REQUESTS = Number(process.env.SESSION_REQUESTS ?? 2_000);
const AT_ONCE = 64;

let world: TwoAreas;
beforeAll(async () => {
  world = await openTwoAreas();
});
afterAll(() => world.api.close());

interface Session {
  readonly headers: Record<string, string>;
  readonly subject: string;
  readonly role: Role;
  /** People whose file this session may open. */
  readonly sees: ReadonlySet<string>;
  readonly clients: readonly string[];
}

const READERS: readonly Role[] = ['officer', 'mediator', 'dispatcher', 'admin', 'auditor'];

async function openSessions(): Promise<Session[]> {
  const { own, foreign, api } = world;
  return Promise.all(
    Array.from({ length: SESSIONS }, async (_, i): Promise<Session> => {
      const area = i % 2 ? own : foreign;
      if (i % 10 === 9) return { headers: {}, subject: 'public', role: 'public', sees: new Set(), clients: [] };
      if (i % 10 === 8) {
        const subject = `key:${area.clientId}/${area.keyId}`;
        return { headers: area.keyHeader, subject, role: 'integrator', sees: new Set(), clients: [] };
      }
      const role = READERS[i % READERS.length];
      const name = `session-${i}`;
      const token = await api.app.localIssuer!.issue(
        { role, within: [area.gridId], subject: name, hours: 1 },
        new Date('2026-06-01T04:00:00Z'),
      );
      const clients = role === 'admin' || role === 'auditor' ? [area.clientId] : [];
      return {
        headers: { authorization: `Bearer ${token}` },
        subject: `urn:wangge:local|${name}`,
        role,
        sees: new Set(area.people),
        clients,
      };
    }),
  );
}

/** One request of a session, and what is wrong with its answer. */
async function askOnce(session: Session, random: Random): Promise<string | undefined> {
  const people = random.next() < 0.5 ? world.own.people : world.foreign.people;
  const person = people[Math.floor(random.next() * people.length)];
  const parts = ['viewer { subject }', 'layers { code }'];
  const reads = READERS.includes(session.role);
  if (reads) parts.push(`staffFile(personId: "${person}") { person { id } posts { grid { id } } }`);
  if (session.clients.length > 0) parts.push('apiClients { edges { node { id } } }');
  const { data, errors } = await world.api.askRaw(`{ ${parts.join(' ')} }`, {}, session.headers);
  if (errors) return `${session.subject}: ${JSON.stringify(errors)}`;
  if (data.viewer.subject !== session.subject) return `${session.subject} was answered as ${data.viewer.subject}`;
  if (reads && (data.staffFile !== null) !== session.sees.has(person)) return `${session.subject}: file of ${person}`;
  const shown = data.apiClients?.edges.map(({ node }: Answer) => node.id) ?? [];
  if (shown.join() !== session.clients.join()) return `${session.subject} sees integrators ${shown}`;
  return undefined;
}

it(`${SESSIONS} sessions over one pool ask at once, and each is answered as itself`, async () => {
  const sessions = await openSessions();
  const random = new Random(71);
  const wrong: string[] = [];
  let begun = 0;
  const worker = async () => {
    while (begun < REQUESTS) {
      const session = sessions[begun++ % SESSIONS];
      const fault = await askOnce(session, random);
      if (fault) wrong.push(fault);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect(wrong).toEqual([]);
  expect(begun).toBe(REQUESTS);
});
