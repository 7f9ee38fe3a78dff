import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../../src/db/areas.ts';
import { runNamed } from '../../../src/db/database.ts';
import type { Database } from '../../../src/db/tables.ts';
import { DomainError } from '../../../src/errors.ts';
import type { Trx } from '../../proofs/rawRegistry.ts';
import { change, own, report, sequenceAll, tell } from '../log/feedWorld.ts';
import { type Deed, Ground, isThere, plantTree, publish, toldOf } from './treeWorld.ts';

interface Heard {
  readonly kind: string;
  readonly subject: string;
  readonly position: number;
  readonly areas: readonly string[];
}

/**
 * What is wrong with what areas were told: of each incident REPORTED or ENTERED first, nothing
 * after LEFT until then, and closed ones stay where they are.
 */
export function misheard(log: readonly Heard[], beliefs: Map<string, Set<string>>): string | undefined {
  const closed = new Set<string>();
  for (const { kind, subject, position, areas } of log) {
    if (closed.has(subject) && kind !== 'CHANGED') return `${kind} at ${position} of an incident that is closed`;
    if (kind === 'CLOSED') closed.add(subject);
    for (const area of areas) {
      const has = beliefs.get(area) ?? new Set();
      beliefs.set(area, has);
      const begins = kind === 'REPORTED' || kind === 'ENTERED';
      if (has.has(subject) === begins)
        return `${kind} at ${position} to an area that ${begins ? 'has it' : 'does not have it'}`;
      if (begins) has.add(subject);
      if (kind === 'LEFT') has.delete(subject);
    }
  }
  return undefined;
}

type Act = Exclude<Deed, { do: 'WAIT' | 'RELOCATE' | 'REPARENT' | 'END' }>;

let plays = 0;

/** What happens to incidents and the tree, by a clock of its own, and who is told of it. */
export class TreePlay {
  readonly #db: Kysely<Database>;
  /** 0 for one at which nobody looks for what the tree moved. */
  readonly #most: number;
  readonly #ground: Ground;
  readonly #ids = new Map<number, string>();
  #now = 0;

  constructor(db: Kysely<Database>, most: number) {
    this.#db = db;
    this.#most = most;
    this.#ground = new Ground(plays);
    plays += 1;
  }

  /** Plays it from the first tree on. What is wrong with what areas were told, if anything. */
  async fault(deeds: readonly Deed[]): Promise<string | undefined> {
    await plantTree(this.#db, this.#ground);
    for (const deed of deeds) {
      await this.#do(deed);
      const fault = deed.do === 'RELOCATE' ? await this.#check() : undefined;
      if (fault) return fault;
    }
    await this.#do({ do: 'RELOCATE' });
    return this.#check();
  }

  async #do(deed: Deed): Promise<void> {
    if (deed.do === 'WAIT') this.#now += deed.hours;
    else if (deed.do === 'RELOCATE') await this.#relocate();
    else if ('inHours' in deed)
      await inEveryArea(this.#db, (trx) => publish(trx, deed, this.#ground, this.#now)).catch(passOverRefusal);
    else await inEveryArea(this.#db, (trx) => this.#act(trx, deed));
  }

  async #act(trx: Trx, deed: Act): Promise<void> {
    const id = this.#ids.get(deed.incident);
    const at = this.#ground.at(this.#now);
    const grid = 'grid' in deed ? this.#ground.grid(deed.grid) : '';
    if (deed.do === 'REPORT') {
      if (id || !(await isThere(trx, grid, at))) return;
      this.#ids.set(deed.incident, await report(trx, [grid], at, randomUUID()));
      return;
    }
    if (!id) return;
    const { rows } = await sql<{ version: number; status: string }>`
      select version, status from incident where id = ${id}::uuid for no key update`.execute(trx);
    const [{ version, status }] = rows;
    if (deed.do === 'CHANGE') await change(trx, id, at);
    if (status === 'CLOSED') return;
    if (deed.do === 'CLOSE') {
      await tell(trx, { id, version: version + 1, kind: 'CLOSED', at });
      await sql`update incident set status = 'CLOSED', outcome = 'UNFOUNDED', result = 'x', closed_at = ${at}::timestamptz,
        closed_by = 'ann' where id = ${id}::uuid`.execute(trx);
    } else if (deed.do === 'MOVE' && (await isThere(trx, grid, at))) {
      await sql`update incident_party set to_version = ${version + 2}::int
        where incident_id = ${id}::uuid and to_version is null`.execute(trx);
      await own(trx, id, [grid], version + 2);
      await tell(trx, { id, version: version + 1, kind: 'LEFT', at });
      await tell(trx, { id, version: version + 2, kind: 'ENTERED', owners: [grid], at });
    }
  }

  async #relocate(): Promise<void> {
    if (this.#most === 0) return;
    const parameters = [this.#ground.at(this.#now), this.#most];
    const look = () =>
      runNamed<{ looked: number }>(
        this.#db,
        'test.relocate',
        'select relocate_incidents($1, $2) as looked',
        parameters,
      );
    for (let looks = 0; (await look())[0].looked === this.#most; looks += 1)
      if (looks > 20) throw new Error('It never comes to an end.');
  }

  async #check(): Promise<string | undefined> {
    await sequenceAll(this.#db);
    return inEveryArea(this.#db, async (trx) => {
      const { rows: log } = await sql<Heard>`select kind, subject, position, area_ids as areas from feed_event
        where topic = 'INCIDENT' order by position`.execute(trx);
      const beliefs = new Map<string, Set<string>>();
      const fault = misheard(log, beliefs);
      if (fault) return fault;
      const { rows: open } = await sql<{ id: string; owners: string[] }>`select i.id, array_agg(p.grid_id) as owners
        from incident i join incident_party p on p.incident_id = i.id and p.to_version is null and p.reason = 'OWNER'
        where i.status = 'OPEN' group by i.id`.execute(trx);
      const told = await toldOf(trx, this.#ground.at(this.#now));
      for (const { id, owners } of open) {
        const believe = [...beliefs].flatMap(([area, has]) => (has.has(id) ? [area] : [])).sort();
        if (believe.join() !== told(owners).join())
          return `an open incident is believed to be in other areas than it is`;
      }
      return undefined;
    });
  }
}

/** The laws of territory refuse some of what is drawn: then the tree stays as it is. */
function passOverRefusal(error: unknown): void {
  if (error instanceof DomainError && error.code !== 'DATABASE_FAILED' && error.code !== 'INTERNAL') return;
  if (error instanceof DomainError && error.details.sqlState === '23514') return;
  throw error;
}
