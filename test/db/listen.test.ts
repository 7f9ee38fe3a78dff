import { CompiledQuery } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/database.ts';
import { listenFor } from '../../src/db/listen.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import { asSuperuser, openTestDatabase } from '../support/database.ts';

let database: OpenDatabase;
const notify = CompiledQuery.raw(`select pg_notify('wangge_edition', '')`);
beforeAll(async () => {
  database = await openTestDatabase();
});

/** Resolves at the next hint. */
function nextHint() {
  let hint = () => {};
  const heard = new Promise<void>((resolve) => {
    hint = resolve;
  });
  return { hint: () => hint(), heard };
}

describe('hints of new editions', () => {
  it('arrive after the commit that says them', async () => {
    const { hint, heard } = nextHint();
    const stop = await listenFor(database, { wangge_edition: hint });
    await inTransaction(database.db, (trx) => trx.executeQuery(notify));
    await heard;
    await stop();
  });

  it('end when one stops listening', async () => {
    let hints = 0;
    const stopFirst = await listenFor(database, {
      wangge_edition: () => {
        hints += 1;
      },
    });
    await stopFirst();
    const { hint, heard } = nextHint();
    const stop = await listenFor(database, { wangge_edition: hint });
    await database.db.executeQuery(notify);
    await heard;
    await stop();
    expect(hints).toBe(0);
  });

  it('come back after the connection is lost', async () => {
    const source = database.notifications;
    if (!('newClient' in source)) {
      expect(database.engine).toBe('embedded');
      return;
    }
    const { hint, heard } = nextHint();
    const stop = await listenFor(database, { wangge_edition: hint });
    const listening = await asSuperuser(database.db, (trx) =>
      trx.executeQuery(
        CompiledQuery.raw(`select pg_terminate_backend(pid) as ended from pg_stat_activity
          where datname = current_database() and query = 'listen wangge_edition'`),
      ),
    );
    expect(listening.rows).toEqual([{ ended: true }]);
    await heard;
    await stop();
  });
});
