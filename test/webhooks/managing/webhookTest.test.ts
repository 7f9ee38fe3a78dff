import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemTiming } from '../../../src/webhooks/delivery/sending/retrySchedule.ts';
import { Sender } from '../../../src/webhooks/delivery/sending/sender.ts';
import { WebhookPing } from '../../../src/webhooks/delivery/webhookPing.ts';
import { TargetGuard } from '../../../src/webhooks/guard/targetGuard.ts';
import { WebhookRepository } from '../../../src/webhooks/webhook.repository.ts';
import { DELIVERIES, MOVE, ROTATE, SEAL_KEY, TEST, WebhooksWorld } from './webhooksWorld.ts';

const NETWORKS = ['127.0.0.0/8'];
const taken: { headers: IncomingHttpHeaders; body: string }[] = [];
const sender = new Sender(new TargetGuard(NETWORKS), SEAL_KEY);
let receiver: Server;
let world: WebhooksWorld;
let status = 204;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      taken.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
  const pingerOn = ({ db }: WebhooksWorld['keys']) =>
    new WebhookPing({
      endpoints: new WebhookRepository(db),
      sender,
      // Receivers refuse what is older than five minutes by their own clock.
      timing: systemTiming(() => new Date()),
      source: '/wangge',
    });
  world = await WebhooksWorld.open(NETWORKS, pingerOn);
  world.keys.now = new Date();
});
afterAll(async () => {
  await sender.close();
  await new Promise((closed) => receiver.close(closed));
});

it('a test reaches the receiver, signed by every secret in use, and is in the log of deliveries', async () => {
  const { port } = receiver.address() as AddressInfo;
  const { webhook, secret } = await world.make({ url: `http://127.0.0.1:${port}/hook` });
  const admin = world.keys.viewer('admin', 'D1');
  const ask = (source: string, more: object = {}) => world.ask(admin, source, { id: webhook.id, ...more });
  const verified = (by: string) => {
    const { headers, body } = taken.at(-1)!;
    return new Webhook(by).verify(body, headers as Record<string, string>);
  };
  const first = (await ask(TEST)).data.testWebhook;
  expect(first).toEqual({ delivered: true, httpStatus: 204, milliseconds: expect.any(Number), error: null });
  expect(verified(secret)).toMatchObject({ type: 'wangge.webhook.ping', data: { within: webhook.areaId } });

  const rotated = (await ask(ROTATE, { hours: 168 })).data.rotateWebhookSecret;
  status = 500;
  const second = (await ask(TEST)).data.testWebhook;
  expect(second).toMatchObject({ delivered: false, httpStatus: 500, error: 'HTTP_500' });
  const { edges } = (await ask(DELIVERIES)).data.webhookDeliveries;
  expect(
    edges.map(({ node }: { node: { outcome: string; error: string | null } }) => [node.outcome, node.error]),
  ).toEqual([
    ['PING', 'HTTP_500'],
    ['PING', null],
  ]);
  for (const each of [secret, rotated.secret]) expect(verified(each)).toMatchObject({ type: 'wangge.webhook.ping' });

  await ask(MOVE, { url: 'http://127.0.0.1:1/' }).then(({ errors }) => expect(errors[0].code).toBe('BAD_INPUT'));
  await new Promise<void>((closed) => {
    receiver.close(() => closed());
    receiver.closeAllConnections();
  });
  const last = (await ask(TEST)).data.testWebhook;
  expect(last).toMatchObject({ delivered: false, httpStatus: null, error: 'CONNECTION_REFUSED' });
});
