import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inEveryArea } from '../../../src/db/areas.ts';
import { DeliveryLedger } from '../../../src/webhooks/delivery/ledger.ts';
import type { Office } from '../../../src/webhooks/delivery/office.ts';
import type { Parcel } from '../../../src/webhooks/delivery/sending/sender.ts';
import { WebhookPing } from '../../../src/webhooks/delivery/webhookPing.ts';
import { DeliveryWorld } from './deliveryWorld.ts';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await DeliveryWorld.open();
});
beforeEach(() => world.renew());
afterAll(() => world.close());

/** A server that is killed as soon as it wants to mark its n-th batch: nothing of it is heard any more. */
function killedAtMark(office: Office, n: number): Office {
  let marks = 0;
  const ledger = new DeliveryLedger(
    {
      write: (server, outcomes) => {
        marks += 1;
        return marks < n ? world.endpoints.write(server, outcomes) : new Promise(() => {});
      },
    },
    office.server,
  );
  return { ...office, ledger };
}

/** Says that it was taken before it was sent, and is killed at the n-th. */
function marksBeforeSending(office: Office, n: number): Office {
  let sent = 0;
  const { sender } = office;
  const send = async (parcel: Parcel, stop: AbortSignal) => {
    sent += 1;
    if (sent < n) await sender.send(parcel, stop);
    return { httpStatus: 200, error: null, milliseconds: 0 };
  };
  return { ...office, sender: { send, withRoom: (work) => sender.withRoom(work) } };
}

/** Delivers six events through a server that breaks and one that comes after it. */
async function throughAKill(broken: Office): Promise<{ happened: string[]; taken: string[]; sent: string[] }> {
  const receiver = await world.receiver();
  await world.endpoint(receiver.url);
  const happened = await world.happen(6);
  void world.round(broken).catch(() => {});
  await expect.poll(() => receiver.requests.length, { timeout: 20_000 }).toBeGreaterThan(1);
  // Until nothing more comes of it.
  let before = -1;
  const isQuiet = () => {
    const quiet = receiver.requests.length === before;
    before = receiver.requests.length;
    return quiet;
  };
  await expect.poll(isQuiet, { interval: 150 }).toBe(true);
  await world.endLeases();
  await world.round();
  return { happened, taken: receiver.taken, sent: receiver.requests.map(({ id }) => id) };
}

describe('a server that is killed', () => {
  it('between the answer and the mark: the next sends again under the same id, and nothing is lost', async () => {
    const { happened, taken, sent } = await throughAKill(killedAtMark(world.office(), 2));
    expect(taken).toEqual(happened);
    expect(sent.length).toBeGreaterThan(happened.length);
  });

  it('loses an event where it marks before the answer, which this test would tell', async () => {
    const office = marksBeforeSending(world.office(), 4);
    const receiver = await world.receiver();
    await world.endpoint(receiver.url);
    const happened = await world.happen(6);
    await world.round(office);
    await world.endLeases();
    await world.round();
    expect(receiver.taken).not.toEqual(happened);
  });

  it('and comes back when another has its endpoint writes nothing any more', async () => {
    const receiver = await world.receiver();
    const { id } = await world.endpoint(receiver.url);
    await world.happen(1);
    const stale = world.office();
    expect(await world.endpoints.claim(stale.server, 60_000, 10, world.now)).toEqual([id]);
    await world.endLeases();
    await world.round();
    const outcome = { endpointId: id, position: world.base + 1, attempt: 0, nextAttemptAt: null, failingSince: null };
    expect(await stale.ledger.write({ ...outcome, deliveredAt: null, attempts: [], parked: [] })).toBe(false);
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('leases', () => {
  it('let one server at a time serve an endpoint, and go back when it ends', async () => {
    const receiver = await world.receiver();
    const endpoints = await Promise.all(Array.from({ length: 6 }, () => world.endpoint(receiver.url)));
    const claims = await Promise.all(
      Array.from({ length: 4 }, () => world.endpoints.claim(world.office().server, 60_000, 10, world.now)),
    );
    expect(claims.flat().sort()).toEqual(endpoints.map(({ id }) => id).sort());
    await world.endLeases();
    const next = world.office();
    expect(await world.endpoints.claim(next.server, 60_000, 10, world.now)).toHaveLength(6);
    await world.endpoints.release(
      next.server,
      endpoints.map(({ id }) => ({ id, position: world.log.head })),
    );
    expect(await world.endpoints.claim(world.office().server, 60_000, 10, world.now)).toHaveLength(6);
  });

  it('are given back by a server that closes, and what it serves is sent as it happens', async () => {
    const receiver = await world.receiver();
    const { id } = await world.endpoint(receiver.url);
    const delivery = world.delivery(world.office());
    delivery.start();
    await expect.poll(() => delivery.serving).toBe(1);
    const first = await world.happen(3);
    await expect.poll(() => receiver.taken).toEqual(first);
    const second = await world.happen(3);
    await expect.poll(() => receiver.taken).toEqual([...first, ...second]);
    await delivery.close();
    expect(delivery.serving).toBe(0);
    expect(await world.endpoints.claim(world.office().server, 60_000, 10, world.now)).toEqual([id]);
    expect(await world.standing(id)).toMatchObject({ delivered: 6, position: world.log.head });
  });
});

describe('a secret that is replaced', () => {
  it('signs beside the new one until it ends', async () => {
    const receiver = await world.receiver();
    const { id, secret: old } = await world.endpoint(receiver.url);
    await inEveryArea(world.db, (trx) =>
      trx
        .updateTable('webhook_secret')
        .set({ expires_at: new Date(world.now.getTime() + 3_600_000) })
        .where('endpoint_id', '=', id)
        .execute(),
    );
    const young = await world.addSecret(id);
    await expect(world.addSecret(id)).rejects.toThrow('two secrets');
    await world.happen(1);
    await world.round();
    receiver.verify(old);
    receiver.verify(young);
    world.now = new Date(world.now.getTime() + 3_600_001);
    await world.happen(1);
    await world.round();
    const [, { headers }] = receiver.requests;
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(1);
  });
});

describe('a client whose key is revoked', () => {
  it('is sent nothing more, and the endpoint waits', async () => {
    const receiver = await world.receiver();
    const { id } = await world.endpoint(receiver.url);
    await world.happen(1);
    await world.round();
    await world.revokeKey();
    await world.happen(2);
    await world.round();
    expect(receiver.requests).toHaveLength(1);
    expect(await world.standing(id)).toMatchObject({ status: 'PAUSED', reason: 'NO_KEY', position: world.base + 1 });
  });

  it('is sent nothing that was committed after it, also by a server that believes the key to be live', async () => {
    const receiver = await world.receiver();
    await world.endpoint(receiver.url);
    const before = await world.happen(2);
    // Both in the log before the server looks, which is right after the first was sent.
    receiver.behave = async (_event, n) => {
      if (n === 1) await world.revokeKey();
      if (n === 1) await world.happen(3);
      return {};
    };
    await world.round();
    expect(before).toEqual(expect.arrayContaining(receiver.taken));
  });

  it.each([
    ['has ended', { days: 1 }],
    ['lacks the right', { actions: ['editions.follow'] }],
  ])('like one whose key %s', async (_name, more: { days?: number; actions?: string[] }) => {
    await world.newClient(more);
    const receiver = await world.receiver();
    const { id } = await world.endpoint(receiver.url);
    await world.happen(1);
    if (more.days) world.now = new Date(world.now.getTime() + 86_400_000);
    await world.round();
    expect(receiver.requests).toEqual([]);
    expect(await world.standing(id)).toMatchObject({ status: 'PAUSED', reason: 'NO_KEY' });
    expect(await new WebhookPing(world.office()).ping(id).catch((error) => error.code)).toBe('CONFLICT');
  });

  it('is sent nothing of another area, whatever its endpoint says', async () => {
    const receiver = await world.receiver();
    await world.endpoint(receiver.url, { grid: world.elsewhere });
    await world.happen(1, { areas: [world.elsewhere] });
    const both = await world.happen(1, { areas: [world.elsewhere, world.town] });
    await world.round();
    expect(receiver.taken).toEqual(both);
  });
});

describe('an endpoint', () => {
  it('that is paused by somebody is left alone, and goes on where it stopped', async () => {
    const receiver = await world.receiver();
    const { id } = await world.endpoint(receiver.url);
    const set = (how: object) =>
      inEveryArea(world.db, (trx) => trx.updateTable('webhook_endpoint').set(how).where('id', '=', id).execute());
    await set({ status: 'PAUSED', reason: 'ASKED' });
    const ids = await world.happen(2);
    await world.round();
    expect(receiver.requests).toEqual([]);
    await set({ status: 'ACTIVE', reason: null });
    await world.round();
    expect(receiver.taken).toEqual(ids);
  });

  it('whose place the log no longer has waits for somebody, and skips nothing', async () => {
    const receiver = await world.receiver();
    const { id } = await world.endpoint(receiver.url);
    await world.happen(2);
    const office = world.office();
    const expired = async () => {
      const { cursorExpired } = await import('../../../src/feed/cursor.ts');
      throw cursorExpired('its time is over');
    };
    await world.round({ ...office, log: { ...office.log, head: world.log.head, read: expired } as never });
    expect(receiver.requests).toEqual([]);
    expect(await world.standing(id)).toMatchObject({
      status: 'PAUSED',
      reason: 'CURSOR_EXPIRED',
      position: world.base,
    });
  });

  it('is pinged at once, and its log says so', async () => {
    const receiver = await world.receiver();
    receiver.behave = () => ({ status: 202 });
    const { id, secret } = await world.endpoint(receiver.url);
    const result = await new WebhookPing(world.office()).ping(id);
    expect(result).toMatchObject({ outcome: 'PING', httpStatus: 202, error: null, position: null });
    receiver.verify(secret);
    expect(JSON.parse(receiver.requests[0].body)).toMatchObject({ type: 'wangge.webhook.ping', id: result.eventId });
    expect(await world.rows('webhook_attempt', id)).toMatchObject([{ outcome: 'PING', event_id: result.eventId }]);
    expect(await world.standing(id)).toMatchObject({ position: world.base, delivered: 0 });
  });

  it.each([
    ['back', (base: number) => ({ position: base - 1 })],
    ['forward without a lease', (base: number) => ({ position: base + 1 })],
    ['out of its removal', () => ({ status: 'ACTIVE', reason: null })],
  ])('cannot be moved %s by hand', async (_name, how) => {
    const { id } = await world.endpoint('https://example.org/');
    await world.happen(1);
    const set = (values: object) =>
      inEveryArea(world.db, (trx) => trx.updateTable('webhook_endpoint').set(values).where('id', '=', id).execute());
    const wish = how(world.base);
    if ('status' in wish) await set({ status: 'DISABLED', reason: 'REMOVED' });
    await expect(set(wish)).rejects.toMatchObject({ code: 'APPEND_ONLY' });
  });
});
