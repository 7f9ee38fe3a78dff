import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import { areasOf } from '../../../src/access/viewer.ts';
import { HandledIncidents } from '../../../src/incidents/desk/handledIncidents.ts';
import { seenBy } from '../../../src/incidents/desk/seenBy.ts';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import { DeskWorld } from './deskWorld.ts';

let world: DeskWorld;
let incident: IncidentFile;

beforeAll(async () => {
  world = await DeskWorld.open();
  incident = await world.file(world.report(['A', 'P1'], [world.task('officer', 'A'), world.task('officer', 'C')]));
});

async function partiesFor(by: RequestContext): Promise<string[]> {
  const parts = await world.reader.partsOf(by, [incident.id]);
  const byId = new Map(Array.from(world.drafts, ([code, { id }]) => [id, code]));
  return parts
    .get(incident.id)!
    .parties.map(({ gridId, reason }) => `${reason} ${byId.get(gridId)}`)
    .sort();
}

/** Asks the database itself, and by which areas it stands afterwards. */
function ownersFor({ viewer }: RequestContext, ids: readonly string[]): Promise<{ owners: string[]; areas: string }> {
  const look = { viewer, areas: areasOf(viewer, 'incidents.read'), now: world.now };
  return seenBy(world.db, look, async (trx) => {
    const { rows } = await sql<{ gridId: string }>`
      select grid_id as "gridId" from incident_owners(${ids}::uuid[])`.execute(trx);
    const setting = await sql<{ areas: string }>`select current_setting('wangge.areas') as areas`.execute(trx);
    return { owners: rows.map(({ gridId }) => gridId).sort(), areas: setting.rows[0].areas };
  });
}

describe('the owners of an incident', () => {
  it('are all told to an officer of one of them, and of other parties those of the own area', async () => {
    expect(await partiesFor(world.viewer('officer', ['P1']))).toEqual(['OWNER A', 'OWNER P1']);
    expect(await partiesFor(world.viewer('officer', ['A']))).toEqual(['OWNER A', 'OWNER P1', 'TASK A']);
    expect(await partiesFor(world.viewer('officer', ['C']))).toEqual(['OWNER A', 'OWNER P1', 'TASK C']);
  });

  it('are told to the login that reported it', async () => {
    const clerk = world.viewer('officer', ['D'], { subject: 'hotline' });
    expect(await partiesFor(clerk)).toEqual(['OWNER A', 'OWNER P1']);
  });

  it('are not told to whoever does not see it, by the function of the database either', async () => {
    const ids = [incident.id, randomUUID()];
    expect((await ownersFor(world.viewer('officer', ['P1']), ids)).owners).toHaveLength(2);
    const stranger = world.viewer('officer', ['D']);
    expect(await ownersFor(stranger, ids)).toEqual({ owners: [], areas: world.id('D') });
    expect(await ownersFor(world.viewer('officer', []), ids)).toEqual({ owners: [], areas: '' });
    expect(await partiesFor(stranger)).toEqual([]);
  });

  it('of several incidents are those of each that is seen', async () => {
    const other = await world.file(world.report(['D']));
    const parts = await world.reader.partsOf(world.viewer('officer', ['P1']), [other.id, incident.id]);
    expect([other, incident].map(({ id }) => parts.get(id)?.parties.length)).toEqual([0, 2]);
  });
});

describe('whoever handles an incident', () => {
  it('is the holder of a post with a task of it, or where its grid has ended of the one it went on in', async () => {
    const sight = new HandledIncidents(world.reader);
    const ids = [incident.id, randomUUID(), 'nonsense'];
    const zhao = world.staff('zhao', 'officer', 'D');
    expect(await sight.handled(world.staff('wang', 'officer', 'A'), ids)).toEqual(new Set([incident.id]));
    expect(await sight.handled(world.staff('li', 'officer', 'T1'), ids)).toEqual(new Set());
    expect(await sight.handled(zhao, ids)).toEqual(new Set());
    await world.endGrid('C', 'D');
    expect(await sight.handled(zhao, ids)).toEqual(new Set([incident.id]));
    expect(await sight.handled(world.viewer('officer', ['D']), ids)).toEqual(new Set());
  });
});
