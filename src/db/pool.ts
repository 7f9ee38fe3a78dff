import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { DomainError } from '../errors.ts';
import { toDomainError } from './pgErrors.ts';

const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const DATE_ARRAY = 1182;
const TEXT_ARRAY = 1009;
const NUMERIC = 1700;

function parseWhole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number.`);
  return value;
}

const parseTexts: (text: string) => (string | null)[] = pg.types.getTypeParser(TEXT_ARRAY as never, 'text');

/** int8 and numeric → number, date → 'YYYY-MM-DD', timestamptz → Date, bytea → Buffer; ranges and geometry stay text. */
const PARSERS: Record<number, (text: string) => unknown> = {
  [INT8]: parseWhole,
  [NUMERIC]: Number,
  [DATE]: (text) => text,
  [INT8_ARRAY]: (text) => parseTexts(text).map((item) => (item === null ? null : parseWhole(item))),
  [DATE_ARRAY]: parseTexts,
};

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    PARSERS[oid] ?? pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

// A statement that begins so is sent under a name, and planned once for each connection.
const NAMED = /^\/\* name:([\w.-]{1,60}) \*\/ /;

/** Marks SQL to be sent as a statement prepared under `name`: letters, digits, dots and dashes, at most 60. */
export const named = (name: string, text: string) => `/* name:${name} */ ${text}`;

// The statement that was running, or the next one, reports the loss; without a listener it would end the process.
const ignoreLoss = () => {};

/** A connection on loan: its errors are DomainErrors, and it is dead once it is given back. */
class LentClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  #released = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
    client.on('error', ignoreLoss);
  }

  query<R>(text: string, values: ReadonlyArray<unknown>): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(text: string | PostgresCursor<R>, values: ReadonlyArray<unknown> = []): unknown {
    if (typeof text !== 'string') throw new Error('Results are not streamed; read them in pages.');
    return this.#run(text, [...values]);
  }

  async #run(text: string, values: unknown[]): Promise<pg.QueryResult> {
    if (this.#released) {
      throw new DomainError('INTERNAL', 'A transaction was used after its end; every use of trx must be awaited.');
    }
    const name = NAMED.exec(text)?.[1];
    try {
      const result = await this.#client.query({ text, values, ...(name ? { name } : {}) });
      // PostgreSQL answers COMMIT of a failed transaction with a quiet ROLLBACK.
      if (text === 'commit' && result.command === 'ROLLBACK') {
        throw new DomainError('DATABASE_FAILED', 'The transaction had failed before; nothing was written.');
      }
      return result;
    } catch (error) {
      throw toDomainError(error);
    }
  }

  release(): void {
    this.#released = true;
    this.#client.off('error', ignoreLoss);
    this.#client.release();
  }
}

/** Connections for Kysely's dialect, on either engine: one parser of values, one translation of errors. */
export class LendingPool implements PostgresPool {
  readonly #pool: pg.Pool;

  constructor(options: pg.PoolConfig) {
    this.#pool = new pg.Pool({ ...options, types });
    this.#pool.on('error', ignoreLoss);
  }

  async connect(): Promise<PostgresPoolClient> {
    try {
      return new LentClient(await this.#pool.connect());
    } catch (error) {
      throw toDomainError(error);
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}
