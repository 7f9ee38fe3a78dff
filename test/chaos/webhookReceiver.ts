import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { ask, type Doors } from './asking.ts';
import type { ReaderLog } from './checker.ts';
import type { Dice } from './dice.ts';
import type { Place } from './ground.ts';
import type { Reader } from './reader.ts';

const CLIENT = `mutation ($input: ApiClientInput!) { createApiClient(input: $input) { client { id } } }`;
const CREATE = `mutation ($input: WebhookInput!) { createWebhook(input: $input) { secret webhook { id } } }`;
/** How it fails, as shares: says no, breaks off before it has taken the event; else after it has. */
const [REFUSES, BREAKS] = [0.5, 0.25];

/** Receives the webhook of a grid, badly at times. What it answered with 2xx, or took before it broke off, counts as received. */
export class WebhookReceiver implements Reader {
  readonly name: string;
  readonly within: Place;
  readonly ids = new Set<string>();
  readonly events: { id: string; incident: string; version: number }[] = [];
  readonly refusals: string[] = [];
  losses = 0;
  /** How often it was asked, and how often it failed. */
  readonly asked = { times: 0, faults: 0 };
  readonly heartbeats = 0;
  readonly #doors: Doors;
  readonly #dice: Dice;
  /** Which share of its answers is a fault. */
  readonly #faults: number;
  readonly #server = createServer((request, response) => void this.#receive(request, response));
  #secret: Webhook | undefined;

  constructor(name: string, within: Place, doors: Doors, dice: Dice, faults: number) {
    this.name = name;
    this.within = within;
    this.#doors = doors;
    this.#dice = dice;
    this.#faults = faults;
  }

  /** Makes the webhook, before anything is written. */
  async begin(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
    const rights = { areas: [this.within.id], actions: ['registry.read', 'incidents.read'] };
    const { createApiClient } = await this.#ask(CLIENT, { name: 'Chaos', ...rights });
    const wish = { clientId: createApiClient.client.id, within: this.within.id, topic: 'INCIDENT', url };
    const { createWebhook } = await this.#ask(CREATE, wish);
    this.#secret = new Webhook(createWebhook.secret);
  }

  async #ask(question: string, input: object): Promise<NonNullable<Awaited<ReturnType<typeof ask>>['data']>> {
    const { data, errors } = await ask(this.#doors, question, { input });
    if (!data) throw new Error(`${this.name}: ${JSON.stringify(errors)}`);
    return data;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const fault = this.#dice.next() / this.#faults;
      this.asked.times += 1;
      if (fault < 1) this.asked.faults += 1;
      if (fault < REFUSES) return void response.writeHead(500).end();
      if (fault < REFUSES + BREAKS) return void this.#breakOff(request);
      this.#take(Buffer.concat(pieces).toString(), request.headers as Record<string, string>);
      if (fault < 1) return void this.#breakOff(request);
      await delay(1);
      response.writeHead(204).end();
    } catch (error) {
      if (!(error as Error).message.includes('aborted')) this.refusals.push(String(error));
      response.destroy();
    }
  }

  #breakOff(request: IncomingMessage): void {
    this.losses += 1;
    request.socket.resetAndDestroy();
  }

  /** Throws where the signature is not good. */
  #take(body: string, headers: Record<string, string>): void {
    this.#secret?.verify(body, headers);
    const { id, data } = JSON.parse(body);
    this.events.push({ id, incident: data.incident.id, version: data.incident.version });
    this.ids.add(id);
  }

  /** Its losses are its own. */
  lose(): void {}

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  logged(): ReaderLog {
    return { name: this.name, within: this.within.id, after: 0, events: this.events };
  }
}
