import type { Kysely, Transaction } from 'kysely';
import type { Areas } from '../access/viewer.ts';
import type { Clock } from '../clock.ts';
import { inAreas } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';

/** What a client may do, and where. Actions and kinds of events are as they were written; `eventTypes` empty is all. */
export interface ClientScope {
  readonly areas: Areas;
  readonly actions: readonly string[];
  readonly eventTypes: readonly string[];
}

export interface ClientRecord extends ClientScope {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

export interface KeyRecord {
  readonly id: string;
  readonly clientId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

/** What decides over a presented key. */
export interface KeyVerdict extends ClientScope {
  readonly clientId: string;
  readonly hash: Buffer;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

const SCOPE = ['area_ids', 'everywhere', 'actions', 'event_types'] as const;
const CLIENT = ['api_client.id', 'name', 'api_client.created_at', ...SCOPE] as const;
const KEY = ['id', 'client_id', 'created_at', 'expires_at', 'revoked_at'] as const;

interface ScopeRow {
  readonly area_ids: string[];
  readonly everywhere: boolean;
  readonly actions: string[];
  readonly event_types: string[];
}
type ClientRow = ScopeRow & { readonly id: string; readonly name: string; readonly created_at: Date };
type KeyRow = Pick<ClientRow, 'id' | 'created_at'> & {
  readonly client_id: string;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
};

const scopeOf = (row: ScopeRow): ClientScope => ({
  areas: row.everywhere ? 'everywhere' : row.area_ids,
  actions: row.actions,
  eventTypes: row.event_types,
});
const clientOf = (row: ClientRow): ClientRecord => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
  ...scopeOf(row),
});
const keyOf = (row: KeyRow): KeyRecord => ({
  id: row.id,
  clientId: row.client_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
});

/** Clients and keys in the database. Every method sees only what its transaction's areas show. */
export class KeyRepository {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Runs `work` in one transaction that sees the areas as the tree stands now. Throws DomainError. */
  seeing<T>(areas: Areas, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
    return inAreas(this.#db, areas, this.#clock(), work);
  }

  /** All clients, in no order; there are tens of them, so lists are read whole. */
  async listClients(trx: Transaction<Database>): Promise<ClientRecord[]> {
    return (await trx.selectFrom('api_client').select(CLIENT).execute()).map(clientOf);
  }

  async findClient(trx: Transaction<Database>, id: string): Promise<ClientRecord | undefined> {
    const row = await trx.selectFrom('api_client').select(CLIENT).where('id', '=', id).executeTakeFirst();
    return row && clientOf(row);
  }

  async findClientOfKey(trx: Transaction<Database>, keyId: string): Promise<ClientRecord | undefined> {
    const row = await trx
      .selectFrom('api_client')
      .innerJoin('api_key', 'api_key.client_id', 'api_client.id')
      .select(CLIENT)
      .where('api_key.id', '=', keyId)
      .executeTakeFirst();
    return row && clientOf(row);
  }

  /** The keys of clients, newest first, ended ones too. */
  async listKeys(trx: Transaction<Database>, clients: readonly Pick<ClientRecord, 'id'>[]): Promise<KeyRecord[]> {
    if (clients.length === 0) return [];
    const clientIds = clients.map(({ id }) => id);
    const rows = await trx
      .selectFrom('api_key')
      .select(KEY)
      .where('client_id', 'in', clientIds)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .execute();
    return rows.map(keyOf);
  }

  async insertClient(trx: Transaction<Database>, client: ClientRecord, createdBy: string): Promise<void> {
    const row = {
      id: client.id,
      name: client.name,
      area_ids: client.areas === 'everywhere' ? [] : [...client.areas],
      everywhere: client.areas === 'everywhere',
      actions: [...client.actions],
      event_types: [...client.eventTypes],
      created_at: client.createdAt,
      created_by: createdBy,
    };
    await trx.insertInto('api_client').values(row).execute();
  }

  /** Throws CONFLICT when the client has two live keys. */
  async insertKey(trx: Transaction<Database>, key: KeyRecord, hash: Buffer): Promise<void> {
    const row = {
      id: key.id,
      client_id: key.clientId,
      secret_hash: hash,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
    };
    await trx.insertInto('api_key').values(row).execute();
  }

  /** Ends a key now; one that was revoked before stays as it is. */
  async revokeKey(trx: Transaction<Database>, keyId: string): Promise<KeyRecord> {
    await trx
      .updateTable('api_key')
      .set({ revoked_at: this.#clock() })
      .where('id', '=', keyId)
      .where('revoked_at', 'is', null)
      .execute();
    const row = await trx.selectFrom('api_key').select(KEY).where('id', '=', keyId).executeTakeFirstOrThrow();
    return keyOf(row);
  }

  /** What decides over the key of an id, wherever its areas are. Throws DATABASE_BUSY when the database is away. */
  findVerdict(keyId: string): Promise<KeyVerdict | undefined> {
    return this.seeing('everywhere', async (trx) => {
      const row = await trx
        .selectFrom('api_key')
        .innerJoin('api_client', 'api_client.id', 'api_key.client_id')
        .select(['client_id', 'secret_hash', 'expires_at', 'revoked_at', ...SCOPE])
        .where('api_key.id', '=', keyId)
        .executeTakeFirst();
      if (!row) return undefined;
      const { client_id: clientId, secret_hash: hash, expires_at: expiresAt, revoked_at: revokedAt } = row;
      return { ...scopeOf(row), clientId, hash, expiresAt, revokedAt };
    });
  }
}
