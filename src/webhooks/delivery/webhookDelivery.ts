import { setTimeout as delay } from 'node:timers/promises';
import { Courier } from './courier/courier.ts';
import type { Office } from './office.ts';

/** Told of what keeps webhooks from being sent: the database, never a receiver. */
export interface DeliveryLog {
  warn(details: object, message: string): void;
}

const POLL_MS = 1000;
/** Endpoints taken at once; the next ones a moment later, so that other servers get some. */
const MOST_CLAIMED = 25;
/** What is being sent may end when the server stops. */
const DRAIN_MS = 3000;
const [PURGE_EVERY_MS, KEPT_MS, MOST_PURGED] = [3_600_000, 30 * 86_400_000, 10_000];

/**
 * Sends what the log holds to all endpoints: each is served by one server at a time, in the order of the log. Safe with any
 * number of servers, and whatever is killed when: what was sent and not marked is sent again under the same id.
 */
export class WebhookDelivery {
  readonly #office: Office;
  readonly #log: DeliveryLog;
  readonly #couriers = new Map<string, Courier>();
  readonly #serving = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> = Promise.resolve();
  #renewedAt = Number.NEGATIVE_INFINITY;
  #purgedAt = Number.NEGATIVE_INFINITY;
  #failing = false;
  #closed = false;

  constructor(office: Office, log: DeliveryLog) {
    this.#office = office;
    this.#log = log;
  }

  /** How many endpoints this server serves. */
  get serving(): number {
    return this.#couriers.size;
  }

  start(): void {
    this.#ticking = this.#tick();
    void this.#ticking.finally(() => {
      if (!this.#closed) this.#timer = setTimeout(() => this.start(), POLL_MS);
    });
  }

  /** Ends soon: what is being sent longer than a moment is sent again by another server. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#ticking;
    for (const courier of this.#couriers.values()) courier.stop();
    const served = Promise.all(this.#serving);
    const drained = new AbortController();
    await Promise.race([served, delay(DRAIN_MS, undefined, { signal: drained.signal }).catch(() => {})]);
    drained.abort();
    for (const courier of this.#couriers.values()) courier.abort();
    await served;
  }

  /** Takes what is due and serves it until there is nothing more to send now. Throws DomainError. */
  async round(): Promise<void> {
    const couriers = await this.#claim();
    await Promise.all(couriers.map((courier) => this.#serve(courier, true)));
  }

  async #tick(): Promise<void> {
    try {
      await this.#renew();
      for (const courier of await this.#claim()) this.#keep(this.#serve(courier).catch((error) => this.#fails(error)));
      const due = await this.#office.replays.listDue(this.#office.server, this.#office.timing.clock());
      for (const id of due) this.#couriers.get(id)?.replay();
      await this.#purge();
      this.#failing = false;
    } catch (error) {
      this.#fails(error);
    }
  }

  #keep(serving: Promise<void>): void {
    this.#serving.add(serving);
    void serving.finally(() => this.#serving.delete(serving));
  }

  #fails(error: unknown): void {
    if (!this.#failing) this.#log.warn({ err: error }, 'Webhooks wait: what is to be sent cannot be read or marked');
    this.#failing = true;
  }

  async #claim(): Promise<Courier[]> {
    const { endpoints, server, leaseMs, timing } = this.#office;
    const asked = performance.now();
    const couriers: Courier[] = [];
    for (const id of await endpoints.claim(server, leaseMs, MOST_CLAIMED, timing.clock())) {
      const standing = await endpoints.findStanding(id, timing.clock());
      if (!standing || this.#closed) continue;
      const courier = new Courier(standing, this.#office, asked);
      this.#couriers.set(id, courier);
      couriers.push(courier);
    }
    return couriers;
  }

  async #serve(courier: Courier, once = false): Promise<void> {
    const { id } = courier.mark;
    try {
      await courier.serve(once);
    } finally {
      this.#couriers.delete(id);
      await this.#office.endpoints.release(this.#office.server, [courier.mark]);
    }
  }

  async #renew(): Promise<void> {
    const asked = performance.now();
    const { endpoints, server, leaseMs } = this.#office;
    if (asked - this.#renewedAt < leaseMs / 3) return;
    this.#renewedAt = asked;
    const marks = [...this.#couriers.values()].map((courier) => courier.mark);
    const kept = new Set(await endpoints.renew(server, leaseMs, marks));
    for (const { id } of marks) {
      const courier = this.#couriers.get(id);
      if (kept.has(id)) courier?.renewed(asked);
      else courier?.stop();
    }
  }

  async #purge(): Promise<void> {
    const asked = performance.now();
    if (asked - this.#purgedAt < PURGE_EVERY_MS) return;
    this.#purgedAt = asked;
    const before = new Date(this.#office.timing.clock().getTime() - KEPT_MS);
    await this.#office.endpoints.purge(before, MOST_PURGED);
  }
}
