import type { Office } from '../office.ts';
import { isSameFilter, mayReceive, type Standing } from './standing.ts';

/** For how long it is believed how an endpoint and its client stand. A revoked key also stands in the log, at its place. */
const FRESH_MS = 500;
/** Of its lease a server uses no more than this share, lest another has it already. */
const SURE_SHARE = 0.8;

/** OK: send. CHANGED: it asks for other events than before. NO_KEY: its client may be sent nothing. OVER: it is not ours to send. */
export type Leave = 'OK' | 'CHANGED' | 'NO_KEY' | 'OVER';

/** By what right a courier sends: the lease, the endpoint as it stands, a live key of its client. */
export class Warrant {
  readonly #office: Office;
  #standing: Standing;
  #freshUntil = 0;
  #sureUntil = 0;

  /** `leasedAt`: when the lease was asked for, by performance.now(). */
  constructor(standing: Standing, office: Office, leasedAt: number) {
    this.#standing = standing;
    this.#office = office;
    this.renewed(leasedAt);
  }

  get standing(): Standing {
    return this.#standing;
  }

  renewed(at: number): void {
    this.#sureUntil = at + this.#office.leaseMs * SURE_SHARE;
  }

  /** Believes nothing of what it knows. */
  doubt(): void {
    this.#freshUntil = 0;
  }

  /** Whether to send now. Throws DomainError. */
  async ask(): Promise<Leave> {
    if (performance.now() > this.#sureUntil) return 'OVER';
    const leave = performance.now() < this.#freshUntil ? 'OK' : await this.#look();
    if (leave === 'OVER' || mayReceive(this.#standing, this.#office.timing.clock())) return leave;
    return 'NO_KEY';
  }

  async #look(): Promise<Leave> {
    const asked = performance.now();
    const before = this.#standing;
    const standing = await this.#office.endpoints.findStanding(before.endpoint.id, this.#office.timing.clock());
    if (standing?.endpoint.status !== 'ACTIVE') return 'OVER';
    this.#freshUntil = asked + FRESH_MS;
    this.#standing = standing;
    const isSame = isSameFilter(before, standing) && before.endpoint.url === standing.endpoint.url;
    return isSame ? 'OK' : 'CHANGED';
  }
}
