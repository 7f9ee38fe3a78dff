import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/db/tables.ts';
import { asSuperuser } from '../../support/database.ts';
import { TreePlay } from './treePlay.ts';
import { deeds, openTreeDatabase } from './treeWorld.ts';

const RUNS = Number(process.env.RELOCATION_RUNS ?? 6);
const SEED = 20261122;
/** Of plays in which twins are found out soon; with others they are too, in a tenth of all plays. */
const [SOON, SOON_CLOSED] = [11, 35];
const TWIN_RUNS = 30;

let db: Kysely<Database>;
beforeAll(async () => {
  db = await openTreeDatabase();
});

/** The first play of so many of which areas are told wrongly. */
async function findFault(runs: number, seed = SEED, most = 2): Promise<string | undefined> {
  for (const play of fc.sample(deeds, { numRuns: runs, seed })) {
    const fault = await new TreePlay(db, most).fault(play);
    if (fault) return `${fault}: ${JSON.stringify(play)}`;
  }
  return undefined;
}

describe('relocate_incidents', () => {
  it('tells each area LEFT and ENTERED, whatever editions and planned versions do to the tree', async () => {
    expect(await findFault(RUNS)).toBeUndefined();
  });

  it('a twin that nobody calls is found out', async () => {
    expect(await findFault(TWIN_RUNS, SOON, 0)).toMatch(/believed/);
  });

  it.each([
    [
      'tells LEFT to those who gain it',
      'select unnest(i.before) except select unnest(i.after)',
      'select unnest(i.after)',
    ],
    [
      'tells ENTERED to those who have it',
      'select unnest(i.after) except select unnest(i.before)',
      'select unnest(i.after)',
    ],
    ['forgets planned days', 'o.told_at < tree_at', 'false'],
    ['forgets editions', 'o.told_edition < tree_edition', 'false'],
    [
      'forgets lineage',
      'public.areas_of(t.owners, t.told_at)',
      'array(select unnest(public.areas_of(t.owners, t.told_at)) intersect select unnest(t.before) order by 1)',
    ],
    ['moves what is closed', `o.status = 'OPEN' and o.told_edition`, 'o.told_edition'],
  ])('a twin that %s is found out', async (name, from, to) => {
    const { rows } = await sql<{
      text: string;
    }>`select pg_get_functiondef('relocate_incidents'::regproc) as text`.execute(db);
    expect(rows[0].text).toContain(from);
    const put = (text: string) => asSuperuser(db, (trx) => sql.raw(text).execute(trx));
    await put(rows[0].text.replace(from, to));
    try {
      expect(await findFault(TWIN_RUNS, name.includes('closed') ? SOON_CLOSED : SOON)).toMatch(
        /believed|has it|have it|closed/,
      );
    } finally {
      await put(rows[0].text);
    }
  });
});
