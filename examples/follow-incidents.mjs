// Follows the incidents of an area and misses none: node follow-incidents.mjs ws://localhost:4000/graphql TOKEN AREA
// `cursor.json` says where to go on; `events.ndjson` stands for whatever you do with an event.
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, token, within, cursorFile = 'cursor.json', eventsFile = 'events.ndjson'] = process.argv.slice(2);
const query = `subscription ($within: ID!, $after: String) { incidentFeed(within: $within, after: $after) {
  id cursor kind act version at incident { id category status severity } } }`;
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

let { after = null } = JSON.parse(read(cursorFile) || '{}');
// Whoever crashes between dealing with an event and keeping its cursor gets it again: remember ids, or write by id.
const known = new Set(Array.from(read(eventsFile).matchAll(/.+/g), ([line]) => JSON.parse(line).id));

function keep(cursor) {
  after = cursor;
  writeFileSync(`${cursorFile}.new`, JSON.stringify({ after }));
  renameSync(`${cursorFile}.new`, cursorFile); // Whole or not at all.
}

function handle({ cursor, ...event }) {
  if (!known.has(event.id)) appendFileSync(eventsFile, `${JSON.stringify(event)}\n`);
  known.add(event.id);
  keep(cursor); // Only now. If yours takes time, take events and pings one after another, in their order.
}

// Nothing heard for so long, not even an answer to keepAlive: the network is gone without a word.
const silence = setTimeout(() => client.terminate(), 30_000);
// Where nothing happens the server says how far it is, so that the cursor does not grow too old.
const ping = (received, payload) => received && payload?.cursors?.feed && keep(payload.cursors.feed);
const on = { connected: () => silence.refresh(), message: () => silence.refresh(), ping };
const connectionParams = { authorization: `Bearer ${token}` };
const operation = { generateID: () => 'feed', keepAlive: 10_000, retryAttempts: 0 };
const client = createClient({ url, webSocketImpl: WebSocket, connectionParams, on, ...operation });

for (let wait = 500; ; wait = Math.min(wait * 2, 30_000)) {
  const began = after;
  const [fault] = await new Promise((end) => {
    const next = ({ data, errors }) => (data ? handle(data.incidentFeed) : stop(end(errors)));
    const sink = { next, error: (fault) => end([fault].flat()), complete: () => end([]) };
    const stop = client.subscribe({ query, variables: { within, after } }, sink);
  });
  const code = fault?.extensions?.code ?? fault?.code;
  if (['CURSOR_EXPIRED', 'NOT_FOUND', 'BAD_INPUT', 'FORBIDDEN', 'UNAUTHENTICATED', 4400, 4403].includes(code)) {
    console.error(code, fault.message || fault.reason);
    if (code === 'CURSOR_EXPIRED') console.error(`Read \`incidents\` anew, delete ${cursorFile}, then start again.`);
    process.exit(1);
  }
  if (after !== began) wait = 500;
  await sleep(wait * (0.5 + Math.random())); // The network, a restart, too slow: go on behind the cursor.
}
