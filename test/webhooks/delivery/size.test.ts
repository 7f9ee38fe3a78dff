import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeliveryWorld } from './deliveryWorld.ts';
import type { Answer, Receiver } from './receiver.ts';

const EVENTS = Number(process.env.WEBHOOK_EVENTS ?? 40);
const RECEIVERS = Number(process.env.WEBHOOK_RECEIVERS ?? 4);
const FAULTS: readonly Answer[] = [
  { status: 500 },
  { status: 429, headers: { 'retry-after': '0' } },
  { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
  { does: 'cut' },
];

let world: DeliveryWorld;
beforeAll(async () => {
  world = await DeliveryWorld.open();
  await world.renew();
});
afterAll(() => world.close());

/** Numbers from 0 to 1, the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function openReceivers(roll: () => number): Promise<{ id: string; receiver: Receiver }[]> {
  return Promise.all(
    Array.from({ length: RECEIVERS }, async () => {
      const receiver = await world.receiver();
      const { id, secret } = await world.endpoint(receiver.url);
      receiver.secret = secret;
      // Three requests in ten fail, and one event in a hundred always.
      receiver.behave = ({ id: event }) =>
        event.startsWith('00') || roll() < 0.3 ? FAULTS[Math.floor(roll() * FAULTS.length)] : {};
      return { id, receiver };
    }),
  );
}

describe(`${EVENTS} events to ${RECEIVERS} receivers of which three answers in ten are faults`, () => {
  it('are all delivered or parked, in order, signed, by two servers that share the endpoints', {
    timeout: 540_000,
  }, async () => {
    const roll = dice(fc.readConfigureGlobal().seed ?? 1);
    const receivers = await openReceivers(roll);
    const happened = await world.happen(EVENTS);
    const began = performance.now();
    const offices = [1, 2].map(() =>
      world.office({
        clock: () => new Date(),
        random: roll,
        pause: undefined as never,
        scheduleMs: [1, 2, 4, 8, 8, 8, 8, 8, 8],
      }),
    );
    const servers = offices.map((office) => {
      const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
      return world.delivery({ ...office, timing: { ...office.timing, pause } });
    });
    for (const server of servers) server.start();
    const isDone = async () => {
      const standings = await Promise.all(receivers.map(({ id }) => world.standing(id)));
      return standings.every(({ delivered, parked }) => delivered + parked === EVENTS);
    };
    await expect.poll(isDone, { timeout: 530_000, interval: EVENTS > 1000 ? 1000 : 50 }).toBe(true);
    const seconds = (performance.now() - began) / 1000;
    for (const server of servers) await server.close();
    let [requests, parkedInAll] = [0, 0];
    for (const { id, receiver } of receivers) {
      const parked = new Set((await world.rows('webhook_parked', id)).map(({ event_id }) => event_id));
      expect(receiver.taken).toEqual(happened.filter((event) => !parked.has(event)));
      requests += receiver.requests.length;
      parkedInAll += parked.size;
    }
    if (EVENTS > 1000) {
      console.log(
        `${EVENTS} events, ${RECEIVERS} receivers: ${requests} requests, ${EVENTS * RECEIVERS - parkedInAll} delivered, ${parkedInAll} parked, ${seconds.toFixed(1)} s`,
      );
    }
  });
});
