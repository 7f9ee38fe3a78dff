/**
 * Subscribers, in a process of their own that readers.ts starts: real sockets that speak graphql-transport-ws. They read
 * of each event its number and nothing more, so that what is measured is the server.
 */

import { WebSocket } from 'ws';
import type { Opening, Order } from './readers.ts';
import { clock } from './receipts.ts';

/** Below what one address may open before it has said who it is. */
const AT_ONCE = 20;
const MARK = '"incidentFeed":{"id":"';

let numbers: number[] = [];
let times: number[] = [];
let closed = 0;
const sockets: WebSocket[] = [];

/** One socket with a subscription for each area; resolves when all of them were sent and answered by a later message. */
function open({ url, token, document, dead }: Opening, areas: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { perMessageDeflate: false });
    sockets.push(socket);
    const say = (message: object) => socket.send(JSON.stringify(message));
    socket.on('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    socket.on('error', reject);
    socket.on('close', (code, reason) => {
      closed++;
      reject(new Error(`The socket was closed: ${code} ${reason}`));
    });
    socket.on('message', (data) => {
      const text = String(data);
      if (take(text)) return;
      const { type, payload } = JSON.parse(text);
      if (type === 'connection_ack') {
        areas.forEach((within, id) => {
          say({ id: String(id), type: 'subscribe', payload: { query: document, variables: { within } } });
        });
        say({ type: 'ping' });
      } else if (type === 'ping') {
        say({ type: 'pong' });
      } else if (type === 'pong') {
        if (dead) socket.pause();
        resolve();
      } else if (type !== 'next') {
        reject(new Error(`${type}: ${JSON.stringify(payload)}`));
      }
    });
  });
}

/** Notes an event. */
function take(text: string): boolean {
  const at = text.indexOf(MARK);
  if (at < 0) return false;
  const id = text.slice(at + MARK.length, at + MARK.length + 36);
  numbers.push(Number.parseInt(id.slice(24), 16));
  times.push(clock());
  return true;
}

async function openAll(opening: Opening): Promise<void> {
  let next = 0;
  const opener = async () => {
    while (next < opening.sockets.length) await open(opening, opening.sockets[next++]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, opener));
}

async function obey(order: Order): Promise<object> {
  if (order.name === 'open') await openAll(order.opening);
  if (order.name === 'begin') [numbers, times] = [[], []];
  if (order.name === 'close') {
    for (const socket of sockets.splice(0))
      socket
        .removeAllListeners()
        .on('error', () => {})
        .terminate();
  }
  if (order.name === 'count') return { count: numbers.length };
  if (order.name !== 'take') return {};
  const all = { numbers: Float64Array.from(numbers), times: Float64Array.from(times), closed };
  [numbers, times] = [[], []];
  return all;
}

process.on('message', (order: Order) => {
  obey(order).then(
    (answer) => process.send!({ answer }),
    (error) => process.send!({ failure: String(error) }),
  );
});
