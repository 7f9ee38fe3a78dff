import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { pino } from 'pino';
import { PUBLIC } from '../src/access/viewer.ts';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/database.ts';
import { Guard } from '../src/http/guard/guard.ts';
import { buildServer } from '../src/http/server.ts';
import { sqlTwinSchema, TWIN_INDEX } from './sqlTwin.ts';

/** Started by run.ts, once as Wangge and once as its twin; says where it listens on standard output. */
const isTwin = process.argv[2] === 'twin';
const config = readConfig(process.env);
const app = await buildApp(await openDatabase(config), config);
const pool = new pg.Pool({ connectionString: config.databaseUrl, max: 8 });
if (isTwin) {
  await pool.query(TWIN_INDEX);
  await pool.query('analyze');
}
if (process.argv[2] === 'switched') liftLimitsOnSignal();
const server = await buildServer({
  schema: isTwin ? sqlTwinSchema(app.schema, pool, app.editions.latest) : app.schema,
  log: pino({ level: 'silent' }),
  // The bench is one caller, and asks as much as it can.
  settings: { ...config, rateLimit: Number.MAX_SAFE_INTEGER },
  authenticate: () => PUBLIC,
  witness: isTwin ? undefined : app.witness,
  status: () => ({ ready: true, edition: app.editions.latest, followedAt: new Date(), firstQuery: () => undefined }),
});
await server.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${JSON.stringify({ port: (server.server.address() as AddressInfo).port })}\n`);

/** A signal lifts the limits and sets them again: in one process, since two of a kind differ by a tenth by themselves. */
function liftLimitsOnSignal(): void {
  const { admit } = Guard.prototype;
  const admitted = new Map<string, ReturnType<typeof admit>>();
  let lifted = false;
  process.on('SIGUSR2', () => {
    lifted = !lifted;
  });
  Guard.prototype.admit = async function (question, asker) {
    if (!lifted) return admit.call(this, question, asker);
    const known = admitted.get(question.source) ?? admit.call(this, question, asker);
    admitted.set(question.source, known);
    return { ...(await known), variables: (question.variables ?? {}) as Record<string, unknown> };
  };
}
