import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Dice } from './dice.ts';
import { anywhere, type Ground, type Place } from './ground.ts';
import type { Shared } from './httpWriter.ts';
import type { Ledger } from './ledger.ts';

const PATIENCE_MS = 8000;
const KNOWN = 60;
/** Somebody else was first, which the writer cannot know: nothing was written. */
const REFUSALS = ['WG006', '23505', '40P01', '40001'];

const INCIDENT = `insert into incident (id, category, occurred_at, reported_at, owned_at, edition, x, y, accuracy_metres, reported_by)
  values ($1, 'noise', now(), now(), now(), 1, 1050000000, 250000000, 0, 'chaos')`;
const EVENT = `insert into incident_event (id, incident_id, version, kind, act, at, "by", grid_ids)
  select $1, i.id, i.version + 1, $3, $4, now(), 'chaos', $5 from incident i where i.id = $2`;

const ENDED = `select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and pid <> pg_backend_pid()
  and application_name = 'writer'`;

/**
 * Writes events in transactions of its own: several incidents at once, some held open for a while, some rolled back. It
 * makes the ids, so it knows each event by its own, and asks for it after a COMMIT that was not answered.
 */
export class SqlWriter {
  readonly name: string;
  /** Leaves the servers some of the machine. */
  readonly restMs = 40;
  readonly #url: string;
  readonly #ground: Ground;
  readonly #dice: Dice;
  readonly #to: { readonly ledger: Ledger; readonly shared: Shared };
  #client: pg.Client | undefined;
  /** Refusals that nobody can explain. */
  readonly problems: string[] = [];

  constructor(
    name: string,
    url: string,
    { ground, dice }: { ground: Ground; dice: Dice },
    to: { readonly ledger: Ledger; readonly shared: Shared },
  ) {
    this.name = name;
    this.#url = url;
    this.#ground = ground;
    this.#dice = dice;
    this.#to = to;
  }

  async write(): Promise<void> {
    const begun = performance.now();
    const ids: string[] = [];
    const filed: string[] = [];
    const isRolledBack = this.#dice.next() < 0.15;
    let committing = false;
    try {
      const client = await this.#connect();
      await client.query('begin');
      await this.#fill(client, ids, filed);
      // Open for a while: others that began later commit first.
      if (this.#dice.next() < 0.3) await delay(this.#dice.between(1, 40));
      if (isRolledBack) {
        this.#to.ledger.rolledBack.push(...ids);
        await client.query('rollback');
        return;
      }
      committing = true;
      const { command } = await client.query('commit');
      if (command !== 'COMMIT') throw new Error(`COMMIT is answered with ${command}.`);
    } catch (error) {
      if (!(await this.#recover(error, ids, committing))) return;
    }
    this.#to.ledger.acknowledge(
      'SQL',
      begun,
      ids.map((id) => ({ id })),
    );
    this.#remember(filed);
  }

  /** One to three incidents, in the order of their ids so that writers do not wait for one another in a circle. */
  async #fill(client: pg.Client, ids: string[], filed: string[]): Promise<void> {
    const { incidents } = this.#to.shared;
    const known = new Set(Array.from({ length: this.#dice.below(3) }, () => this.#dice.one(incidents)).filter(Boolean));
    if (known.size === 0 || this.#dice.next() < 0.2) {
      const id = randomUUID();
      await client.query(INCIDENT, [id]);
      await this.#event(client, ids, id, ['REPORTED', 'REPORTED'], this.#somewhere());
      filed.push(id);
    }
    for (const id of [...known].sort()) {
      await client.query('select from incident where id = $1 for no key update', [id]);
      if (this.#dice.next() < 0.7) {
        await this.#event(client, ids, id, ['CHANGED', 'ATTEMPT'], this.#somewhere());
      } else {
        await this.#event(client, ids, id, ['LEFT', 'MOVED'], this.#somewhere());
        await this.#event(client, ids, id, ['ENTERED', 'MOVED'], this.#somewhere());
      }
    }
  }

  async #event(
    client: pg.Client,
    ids: string[],
    incident: string,
    [kind, act]: string[],
    grids: readonly Place[],
  ): Promise<void> {
    const id = randomUUID();
    const { rowCount } = await client.query(EVENT, [id, incident, kind, act, grids.map((grid) => grid.id)]);
    if (rowCount !== 1) throw new Error(`The incident ${incident} is not there.`);
    ids.push(id);
  }

  #somewhere(): readonly Place[] {
    return anywhere(this.#ground, this.#dice).owners;
  }

  /** Whether it was committed after all. */
  async #recover(error: unknown, ids: readonly string[], committing: boolean): Promise<boolean> {
    const { code = '' } = error as { code?: string };
    if (REFUSALS.includes(code)) {
      // Refused in its middle, and so all of it.
      this.#to.ledger.rolledBack.push(...ids);
      await this.#client?.query('rollback').catch(() => this.#drop());
      return false;
    }
    const backend = (this.#client as { processID?: number } | undefined)?.processID;
    this.#drop();
    this.#to.ledger.unanswered += 1;
    if (!committing) {
      // Nobody said COMMIT, so it must never appear.
      this.#to.ledger.rolledBack.push(...ids);
      await delay(this.#dice.between(20, 120));
      return false;
    }
    return this.#wasCommitted(ids, backend);
  }

  /** Asks until it is answered. Not before the session that was told COMMIT has ended: it might still do it. */
  async #wasCommitted([id]: readonly string[], backend: number | undefined): Promise<boolean> {
    for (;;) {
      await delay(this.#dice.between(20, 120));
      try {
        const client = await this.#connect();
        const { rows: alive } = await client.query(ENDED, [backend]);
        if (alive.length > 0) continue;
        const { rows } = await client.query('select from incident_event where id = $1', [id]);
        return rows.length > 0;
      } catch {
        this.#drop();
      }
    }
  }

  #remember(filed: readonly string[]): void {
    const { incidents } = this.#to.shared;
    incidents.push(...filed);
    while (incidents.length > KNOWN) incidents.shift();
  }

  async #connect(): Promise<pg.Client> {
    if (this.#client) return this.#client;
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
      application_name: 'writer',
    });
    client.on('error', () => {});
    await client.connect();
    client.on('end', () => {
      if (this.#client === client) this.#client = undefined;
    });
    this.#client = client;
    return client;
  }

  #drop(): void {
    const client = this.#client as (pg.Client & { connection?: { stream: { destroy(): void } } }) | undefined;
    this.#client = undefined;
    client?.connection?.stream.destroy();
  }

  async close(): Promise<void> {
    this.#drop();
  }
}
