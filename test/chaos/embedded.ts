import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { openDatabase } from '../../src/db/database.ts';
import { testConfig } from '../support/testConfig.ts';
import { ROOT, temporaryFolder } from './build.ts';
import { check, type Evidence } from './checker.ts';
import { Crowd } from './crowd.ts';
import { Dice } from './dice.ts';
import { prepareGround } from './ground.ts';
import { Line } from './line.ts';
import type { ChaosPlan, Outcome } from './run.ts';
import { ServerProcess } from './servers.ts';

/** Milliseconds without a new event after which all is quiet. */
const QUIET_MS = 1500;

/** The embedded database, whose only server is killed again and again while clients write and read. */
export async function runEmbeddedChaos(
  plan: Omit<ChaosPlan, 'sqlWriters'>,
): Promise<Pick<Outcome, 'faults' | 'problems' | 'acknowledged'> & { kills: number }> {
  const folder = join(temporaryFolder(), 'data');
  mkdirSync(folder);
  const settings = { DATABASE_URL: '', DATA_DIR: folder };
  const ground = await prepareGround(testConfig(settings));
  const door = await Line.open();
  const environment = {
    ...process.env,
    ...settings,
    PORT: '0',
    LOG_LEVEL: 'warn',
    RATE_LIMIT: '1000000000000',
    SOCKETS_PER_CALLER: '1000',
  };
  const server = new ServerProcess(
    'the server',
    door,
    ['--import', 'tsx', join(ROOT, 'test/chaos/server.ts')],
    environment,
  );
  server.begin();
  const crowd = new Crowd(ground, { servers: [server], writersUrl: '' }, { ...plan, sqlWriters: 0, webhooks: 0 });
  const dice = new Dice(plan.seed + 1);
  let kills = 0;
  try {
    await server.untilUp();
    await crowd.begin();
    while (kills < plan.serverKills) {
      await delay(dice.between(300, 1500));
      if (await server.kill()) kills += 1;
      await server.untilUp();
    }
    while (crowd.ledger.acknowledged.length < plan.writes) await delay(50);
    await crowd.stopWriting();
    await quiet(crowd, plan.settleMs);
  } finally {
    await crowd.close();
    await server.stop();
    await door.close();
  }
  const { log, trail } = await readDatabase(folder);
  const { acknowledged, rolledBack } = crowd.ledger;
  const readers = crowd.readers.map((reader) => reader.logged());
  const faults = check({ acknowledged, rolledBack, log, trail, readers });
  return { faults, problems: [...crowd.problems(), ...server.fell], acknowledged: acknowledged.length, kills };
}

async function quiet({ readers }: Crowd, limitMs: number): Promise<void> {
  const count = () => readers.reduce((sum, { ids }) => sum + ids.size, 0);
  const until = Date.now() + limitMs;
  for (let before = -1; before !== count() && Date.now() < until; await delay(QUIET_MS)) before = count();
}

/** Once nobody serves from the folder any more. */
async function readDatabase(dataDir: string): Promise<Pick<Evidence, 'log' | 'trail'>> {
  const database = await openDatabase({ databaseUrl: undefined, dataDir, poolSize: 1, statementTimeoutMs: 60_000 });
  try {
    return await database.asOwner(async (db) => {
      const log = await sql<Evidence['log'][number]>`select position, event_id as id, subject as incident, version,
        area_ids as "areaIds", topic = 'INCIDENT' as "isIncident" from feed_event order by position`.execute(db);
      const trail = await sql<
        Evidence['trail'][number]
      >`select id, incident_id as incident, version from incident_event`.execute(db);
      return { log: log.rows, trail: trail.rows };
    });
  } finally {
    await database.close();
  }
}
