import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryWorld } from './deliveryWorld.ts';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await DeliveryWorld.open();
});
beforeEach(() => world.renew());
afterAll(() => world.close());

describe('an endpoint', () => {
  it('gets every event of its area once, in order, signed, with nothing of place or words', async () => {
    const receiver = await world.receiver();
    const { id, secret } = await world.endpoint(receiver.url);
    const ids = await world.happen(12);
    await world.happen(2, { areas: [world.elsewhere] });
    await world.round();
    expect(receiver.requests.map((request) => request.id)).toEqual(ids);
    receiver.verify(secret);
    const [{ body, headers }] = receiver.requests;
    expect(headers['content-type']).toBe('application/cloudevents+json');
    expect(JSON.parse(body)).toEqual({
      specversion: '1.0',
      id: ids[0],
      source: '/wangge/test',
      type: 'wangge.incident.reported',
      subject: '7',
      time: world.now.toISOString(),
      datacontenttype: 'application/json',
      data: {
        within: world.town,
        act: 'report',
        incident: { id: '7', version: 3, category: 'NOISE', status: 'OPEN', severity: 'HIGH' },
      },
    });
    expect(await world.standing(id)).toMatchObject({
      position: world.base + 14,
      delivered: 12,
      failed: 0,
      status: 'ACTIVE',
      deliveredAt: world.now,
    });
    expect(await world.rows('webhook_attempt', id)).toHaveLength(12);
  });

  it('gets only its topic, categories, kinds and area, and kinds that its client may have', async () => {
    await world.newClient({ eventTypes: ['incident.reported', 'incident.closed', 'boundary'] });
    const [all, noise, closed, below, borders] = await Promise.all([1, 2, 3, 4, 5].map(() => world.receiver()));
    await world.endpoint(all.url);
    await world.endpoint(noise.url, { categories: ['NOISE'] });
    await world.endpoint(closed.url, { eventTypes: ['incident.closed', 'incident.entered'] });
    await world.endpoint(below.url, { grid: world.district });
    await world.endpoint(borders.url, { topic: 'BOUNDARY' });
    const [reported] = await world.happen(1);
    const [fire] = await world.happen(1, { category: 'FIRE', areas: [world.town] });
    const [end] = await world.happen(1, { kind: 'CLOSED', areas: [world.town] });
    await world.happen(1, { kind: 'ENTERED', areas: [world.town] });
    const [edition] = await world.happen(1, {
      topic: 'BOUNDARY',
      kind: 'PUBLISHED',
      areas: [world.town],
      category: null,
    });
    await world.round();
    expect([all, noise, closed, below, borders].map((receiver) => receiver.taken)).toEqual([
      [reported, fire, end],
      [reported, end],
      [end],
      [reported],
      [edition],
    ]);
  });

  it('waits alone: another is served beside it', async () => {
    const [broken, fine] = [await world.receiver(), await world.receiver()];
    broken.behave = () => ({ status: 500 });
    const { id } = await world.endpoint(broken.url);
    await world.endpoint(fine.url);
    const ids = await world.happen(3);
    await world.round(world.office({ holdMs: 0 }));
    expect(fine.taken).toEqual(ids);
    expect(broken.requests).toHaveLength(1);
    expect(await world.standing(id)).toMatchObject({
      position: world.base,
      attempt: 1,
      failingSince: world.now,
      failed: 1,
    });
  });
});

describe('what is not taken', () => {
  it.each([
    ['an error', { status: 500 }, 'HTTP_500'],
    ['a redirect, which is never followed', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'HTTP_307'],
    ['a cut connection', { does: 'cut' }, 'CONNECTION_LOST'],
    ['silence', { does: 'hang' }, 'TIMED_OUT'],
  ] as const)('is sent again under the same id, before anything behind it: %s', async (_name, answer, error) => {
    const receiver = await world.receiver();
    receiver.behave = (_event, n) => (n === 2 || n === 3 ? answer : {});
    const { id, secret } = await world.endpoint(receiver.url);
    const [a, b, c] = await world.happen(3);
    await world.round();
    expect(receiver.requests.map((request) => request.id)).toEqual([a, b, b, b, c]);
    receiver.verify(secret);
    expect(world.waits).toEqual([1000, 2000]);
    expect(new Set(receiver.requests.filter((request) => request.id === b).map(({ body }) => body)).size).toBe(1);
    const attempts = await world.rows('webhook_attempt', id);
    expect(attempts.map(({ outcome, attempt, error }) => [outcome, attempt, error])).toEqual([
      ['DELIVERED', 1, null],
      ['FAILED', 1, error],
      ['FAILED', 2, error],
      ['DELIVERED', 3, null],
      ['DELIVERED', 1, null],
    ]);
    expect(await world.standing(id)).toMatchObject({ delivered: 3, failed: 2, attempt: 0, failingSince: null });
  });

  it('is tried no sooner than Retry-After says, in seconds or by date, and at most a day later', async () => {
    const receiver = await world.receiver();
    const inAnHour = () => new Date(world.now.getTime() + 3_600_000).toUTCString();
    const asked = ['120', inAnHour, '999999999', '1'];
    receiver.behave = (_event, n) => {
      const value = asked[(n - 1) % 5];
      const status = n % 2 ? 429 : 503;
      return value ? { status, headers: { 'retry-after': typeof value === 'string' ? value : value() } } : {};
    };
    await world.endpoint(receiver.url);
    const ids = await world.happen(1);
    await world.round(world.office({ scheduleMs: [1000, 1000, 1000, 1000], holdMs: Number.POSITIVE_INFINITY }));
    expect(receiver.taken).toEqual(ids);
    const [first, second, third, fourth] = world.waits;
    expect([first, third, fourth]).toEqual([120_000, 86_400_000, 1000]);
    expect(Math.abs(second - 3_600_000)).toBeLessThanOrEqual(1000);
  });

  it('is parked when all attempts have failed, and the next goes on', async () => {
    const receiver = await world.receiver();
    const [a, b, c] = await world.happen(3);
    receiver.behave = ({ id }) => ({ status: id === b ? 422 : 200 });
    const { id } = await world.endpoint(receiver.url, { position: world.base });
    await world.round();
    expect(receiver.requests.map((request) => request.id)).toEqual([a, b, b, b, b, c]);
    expect(await world.rows('webhook_parked', id)).toMatchObject([
      { position: world.base + 2, event_id: b, attempts: 4, reason: 'HTTP_422', delivered_at: null },
    ]);
    expect(await world.standing(id)).toMatchObject({
      position: world.base + 3,
      delivered: 2,
      parked: 1,
      failed: 4,
      status: 'ACTIVE',
    });
  });

  it('disables at once where the receiver says that it is gone', async () => {
    const receiver = await world.receiver();
    receiver.behave = () => ({ status: 410 });
    const { id } = await world.endpoint(receiver.url);
    await world.happen(2);
    await world.round();
    await world.round();
    expect(receiver.requests).toHaveLength(1);
    expect(await world.standing(id)).toMatchObject({
      status: 'DISABLED',
      reason: 'GONE',
      position: world.base,
      statusAt: world.now,
    });
  });

  it('disables when nothing was taken for five days', async () => {
    const receiver = await world.receiver();
    receiver.behave = () => ({ status: 503 });
    const { id } = await world.endpoint(receiver.url);
    await world.happen(40);
    const hours = 3_600_000;
    await world.round(world.office({ scheduleMs: [10 * hours, 24 * hours], holdMs: Number.POSITIVE_INFINITY }));
    expect(await world.standing(id)).toMatchObject({
      status: 'DISABLED',
      reason: 'FAILING',
      parked: 3,
      position: world.base + 3,
    });
    expect(world.waits.reduce((sum, wait) => sum + wait, 0) / hours).toBeGreaterThanOrEqual(120);
  });

  it('lets the endpoint go while it waits long, and is tried by whoever takes it when it is due', async () => {
    const receiver = await world.receiver();
    receiver.behave = (_event, n) => ({ status: n === 1 ? 500 : 200 });
    const { id } = await world.endpoint(receiver.url);
    const ids = await world.happen(2);
    await world.round(world.office({ holdMs: 0 }));
    expect((await world.standing(id)).nextAttemptAt).toEqual(new Date(world.now.getTime() + 1000));
    await world.round();
    expect(receiver.requests).toHaveLength(1);
    world.now = new Date(world.now.getTime() + 1000);
    await world.round();
    expect(receiver.taken).toEqual(ids);
  });
});

describe('a replay', () => {
  it('sends what was parked in its order, behind what is in front, under the same ids', async () => {
    const receiver = await world.receiver();
    const parked = await world.happen(3);
    receiver.behave = () => ({ status: 500 });
    const { id, secret } = await world.endpoint(receiver.url, { position: world.base });
    await world.round();
    const before = receiver.requests.length;
    receiver.behave = () => ({});
    const later = await world.happen(2);
    await world.askReplay(id);
    await world.round();
    expect(receiver.requests.slice(before).map((request) => request.id)).toEqual([...later, ...parked]);
    receiver.verify(secret);
    expect(await world.standing(id)).toMatchObject({ delivered: 5, parked: 3 });
    expect((await world.rows('webhook_parked', id)).map(({ delivered_at }) => delivered_at)).toEqual(
      parked.map(() => world.now),
    );
  });

  it('is tried again and given up, without holding up what happens', async () => {
    const receiver = await world.receiver();
    const [old] = await world.happen(1);
    receiver.behave = ({ id }) => ({ status: id === old ? 500 : 200 });
    const { id } = await world.endpoint(receiver.url, { position: world.base });
    await world.round();
    await world.askReplay(id);
    await world.round();
    const [next] = await world.happen(1);
    await world.round();
    expect(receiver.taken).toEqual([next]);
    for (let n = 0; n < 5; n += 1) {
      world.now = new Date(world.now.getTime() + 10_000);
      await world.round();
    }
    expect(await world.rows('webhook_parked', id)).toMatchObject([
      { replayed_at: null, attempts: 8, delivered_at: null, reason: 'HTTP_500' },
    ]);
    receiver.behave = () => ({});
    await world.askReplay(id);
    await world.round();
    expect(receiver.taken).toEqual([next, old]);
  });

  it('is not sent to a client that may not be told of it any more', async () => {
    const receiver = await world.receiver();
    await world.happen(1);
    receiver.behave = () => ({ status: 500 });
    const { id } = await world.endpoint(receiver.url, { position: world.base });
    await world.round();
    const before = receiver.requests.length;
    receiver.behave = () => ({});
    await world.revokeKey();
    await world.askReplay(id);
    await world.round();
    expect(receiver.requests).toHaveLength(before);
    expect(await world.standing(id)).toMatchObject({ status: 'PAUSED', reason: 'NO_KEY' });
  });
});
