import type { Kysely } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/db/tables.ts';
import { GridFinder } from '../../../src/grids/gridFinder.ts';
import { RouteTableService } from '../../../src/incidents/routing/api/routeTable.service.ts';
import { RouteTable } from '../../../src/incidents/routing/coverageReport.ts';
import { OwnershipService } from '../../../src/ownership/ownership.service.ts';
import type { Sources } from '../../../src/ownership/ownership.ts';
import { ShareRepository } from '../../../src/ownership/share.repository.ts';
import type { Practice } from '../../../src/practice/practice.type.ts';
import { drawGrid } from '../../grids/squareGrids.ts';
import { drawRole } from '../../ownership/staffedPaper.ts';
import { appoint, makePerson, makePost } from '../../posts/postsFixture.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { ladder, practiceOf, RoutingWorld, route } from './routingWorld.ts';

const D = drawGrid('gov/district', 'D', [0, 0, 6, 2]);
const T = drawGrid('gov/town', 'T', [0, 0, 4, 2], { parent: D });
const V = drawGrid('gov/village', 'V', [0, 0, 2, 2], { parent: T });
/** A village right below the district. */
const S = drawGrid('gov/village', 'S', [5, 0, 1, 2], { parent: D });
const P = drawGrid('police/station', 'P', [0, 0, 6, 2]);
const [B1, B2, B3] = [0, 1, 2].map((i) => drawGrid('police/beat', `B${i + 1}`, [i, 0, 1, 2], { parent: P }));

const ann = makePerson('Ann');
const [clerk, officer] = [makePost('clerk', V.id), makePost('officer', B1.id)];
const registry = {
  roles: [
    drawRole('clerk', 1, ['gov/village', 'gov/town!']),
    drawRole('officer', 2, ['police/beat!']),
    drawRole('head', 3, ['gov/district!']),
  ],
  ...{ bodies: [], people: [ann], posts: [clerk, officer], grids: [D, T, V, S, P, B1, B2, B3] },
  appointments: [appoint(clerk, ann), appoint(officer, ann)],
};

const sections: Partial<Practice> = {
  categories: ['dispute', 'noise', 'smoke'].map((code) => ({ code, name: code, field: null })),
  ladders: [ladder('climb', ['village', 'town', 'district'], { categories: ['dispute', 'noise'] })],
  routes: [
    route('gov/village: dispute', 'HANDLE clerk'),
    route('gov/town: dispute', 'HANDLE clerk'),
    route('gov/village: noise', 'HANDLE clerk', 'HANDLE officer @police/beat'),
    route('gov/district: rescue', 'HANDLE head'),
  ],
};

let db: Kysely<Database>;
let world: RoutingWorld;

beforeAll(async () => {
  ({ db } = await openTestDatabase());
  await emptyTables(db);
  world = await RoutingWorld.make(db, registry);
});

const tableOf = (practice: Partial<Practice>) =>
  new RouteTable(world.router(practice), { practiceAt: () => practiceOf(practice) });

function service(): RouteTableService {
  const { atlas, directory } = world;
  const moments = { read: () => world.moment } as never;
  // Of a grid nothing but its territory is asked.
  const ownership = new OwnershipService(
    { atlas, directory } as Sources,
    new ShareRepository(db),
    moments,
    {} as never,
  );
  return new RouteTableService(new GridFinder(atlas), ownership, directory, tableOf(sections));
}

/** "category tier: recipients" of each row, "not configured" where there is nobody. */
async function read(area: typeof V, category: string | null = null): Promise<string[]> {
  const rows = await service().read(area.id, category, world.moment);
  return rows.map(({ category: of, tier, configured, recipients }) => {
    const to = recipients.map(({ purpose, role, grid, vacant }) => {
      return `${purpose} ${role.code} ${grid.version.name}${vacant ? ' (vacant)' : ''}`;
    });
    return `${of} ${tier}: ${configured ? to.join(', ') : 'not configured'}`;
  });
}

describe('the table of routes', () => {
  it('has for each category and each tier from the area upwards whom it goes to, or that nobody is configured', async () => {
    expect(await read(V)).toEqual([
      'dispute village: HANDLE clerk Grid V',
      'dispute town: HANDLE clerk Grid T (vacant)',
      'dispute district: not configured',
      // Of the other layer, every grid that shares the area.
      'noise village: HANDLE clerk Grid V, HANDLE officer Grid B1, HANDLE officer Grid B2 (vacant)',
      'noise town: not configured',
      'noise district: not configured',
      'smoke null: not configured',
      // Only a route knows it, and no ladder.
      'rescue district: HANDLE head Grid D (vacant)',
    ]);
  });

  it('leaves out tiers below the area, and says which are missing above it', async () => {
    expect(await read(T, 'dispute')).toEqual([
      'dispute town: HANDLE clerk Grid T (vacant)',
      'dispute district: not configured',
    ]);
    const rows = await service().read(S.id, 'dispute', world.moment);
    expect(rows.map(({ tier, notices }) => `${tier} ${notices.map(({ code }) => code)}`)).toEqual([
      'village NOT_CONFIGURED',
      'town MISSING_TIER',
      'district NOT_CONFIGURED',
    ]);
  });

  it('says of one category that nobody knows that it is unknown', async () => {
    const [row, ...more] = await service().read(V.id, 'fog', world.moment);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ configured: false, layer: null, tier: null });
    expect(row.notices.map(({ message }) => message.split(':')[0])).toEqual(['category', 'route']);
  });

  it('says the same as what would be sent', () => {
    const chains = [world.chain(V), world.chain(B1)];
    const rows = tableOf(sections).of(chains, world.moment);
    expect(rows.filter(({ configured }) => configured)).toHaveLength(4);
    for (const { category, rung, recipients } of rows) {
      if (!rung) continue;
      const sent = world.router(sections).at(world.matter([V, B1], { category }), rung, 'ROUTE');
      expect(world.say(sent)).toEqual(world.say({ tasks: recipients as typeof sent.tasks }));
    }
  });

  it('is empty without a practice, and refuses a grid that there is not', async () => {
    expect(tableOf({}).of([world.chain(V)], world.moment)).toEqual([]);
    const [row] = tableOf({}).of([world.chain(V)], world.moment, 'dispute');
    expect(row).toMatchObject({ rung: null, configured: false });
    await expect(service().read(ann.id, null, world.moment)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
