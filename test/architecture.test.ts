import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breaches, type Rules, readSources, type SourceFile } from './support/importGraph.ts';

const ground = ['errors', 'clock', 'ids'];
const modules = [
  'geometry',
  'csv',
  'db',
  'access',
  'api',
  'audit',
  'keys',
  'grids',
  'addresses',
  'posts',
  'teams',
  'sites',
  'ownership',
  'changesets',
  'feed',
  'webhooks',
  'practice',
  'incidents',
  'visits',
  'figures',
  'consequences',
  'discrepancies',
  'exchange',
];

/** The drawing: who may import whom. README "The house" says why. */
const RULES: Rules = {
  arrows: {
    errors: [],
    clock: [],
    ids: [],
    config: ['errors'],
    geometry: ['errors'],
    csv: ['errors', 'clock'],
    metrics: [],
    access: [...ground, 'config'],
    db: ['errors', 'config', 'geometry', 'access'],
    api: ['errors', 'access'],
    audit: [...ground, 'access', 'api', 'db'],
    keys: [...ground, 'access', 'api', 'db', 'audit'],
    grids: [...ground, 'access', 'api', 'geometry', 'db', 'audit'],
    addresses: [...ground, 'access', 'api', 'geometry', 'csv', 'db', 'grids'],
    posts: [...ground, 'csv', 'access', 'api', 'geometry', 'db', 'audit', 'grids'],
    teams: [...ground, 'csv', 'access', 'api', 'geometry', 'db', 'audit', 'grids', 'posts'],
    sites: [...ground, 'csv', 'access', 'api', 'geometry', 'db', 'audit', 'grids', 'addresses', 'posts'],
    ownership: [...ground, 'access', 'api', 'geometry', 'db', 'grids', 'addresses', 'posts', 'teams', 'sites'],
    changesets: [...ground, 'access', 'api', 'geometry', 'db', 'audit', 'grids'],
    feed: [...ground, 'access', 'api', 'db', 'audit', 'grids', 'posts'],
    webhooks: [...ground, 'config', 'access', 'api', 'db', 'audit', 'keys', 'feed'],
    practice: [...ground, 'access', 'api', 'db', 'audit', 'grids'],
    incidents: [
      ...ground,
      'access',
      'api',
      'geometry',
      'db',
      'audit',
      'grids',
      'addresses',
      'posts',
      'teams',
      'ownership',
      'practice',
      'feed',
    ],
    visits: [...ground, 'access', 'api', 'geometry', 'db', 'audit', 'grids', 'addresses', 'posts', 'sites', 'practice'],
    figures: [...ground, 'access', 'api', 'geometry', 'db', 'audit', 'grids', 'posts', 'practice'],
    consequences: [
      ...ground,
      'access',
      'api',
      'geometry',
      'db',
      'grids',
      'addresses',
      'posts',
      'changesets',
      'incidents',
    ],
    discrepancies: [...ground, 'access', 'api', 'geometry', 'db', 'audit', 'grids', 'posts', 'ownership'],
    exchange: [...ground, 'access', 'api', 'geometry', 'db', 'grids', 'posts', 'changesets'],
    http: ['errors', 'clock', 'access'],
    schema: [
      'access',
      'api',
      'addresses',
      'audit',
      'keys',
      'grids',
      'posts',
      'teams',
      'sites',
      'ownership',
      'changesets',
      'feed',
      'webhooks',
      'practice',
      'incidents',
      'visits',
      'figures',
      'consequences',
      'discrepancies',
      'exchange',
    ],
    followLog: ['grids'],
    app: [...ground, ...modules, 'http', 'config', 'schema', 'followLog', 'metrics'],
    exampleQuestion: ['geometry', 'grids', 'app'],
    main: ['http', 'access', 'config', 'app', 'exampleQuestion'],
    cli: [...ground, ...modules, 'config', 'app', 'main', '../seeds'],
  },
  composers: ['app'],
  mostLines: 200,
  mostFiles: 8,
  longFiles: {},
};

describe('the house', () => {
  it('has only the arrows, sizes and names that were drawn', () => {
    expect(breaches(readSources(resolve('src')), RULES)).toEqual([]);
  });
});

describe('a house drawn wrongly', () => {
  const file = (path: string, imports: string[] = [], lines = 10): SourceFile => ({
    path,
    lines,
    imports: imports.map((target) => ({ path: target, typeOnly: false })),
  });
  const rules: Rules = { ...RULES, longFiles: { 'grids/short.ts': 'a reason that is gone' } };

  it.each([
    ['an arrow upwards', file('geometry/polygon.ts', ['grids/atlas.ts']), 'may not import'],
    ['an arrow to the doors', file('ownership/place.ts', ['http/server.ts']), 'may not import'],
    [
      'the repository of a neighbour',
      file('posts/directory.ts', ['grids/grid.repository.ts']),
      'repository of another module',
    ],
    ['a file outside', file('grids/atlas.ts', ['../seeds/city.ts']), 'may not import ../seeds'],
    ['a module nobody drew', file('watchlists/person.ts'), 'no known module'],
    ['a file that grew', file('grids/atlas.ts', [], 201), '201 lines'],
    ['a drawer for anything', file('grids/helpers.ts'), 'named for nothing'],
  ])('is found out: %s', (_title, wrong, words) => {
    expect(breaches([wrong], RULES)).toContainEqual(expect.stringContaining(words));
  });

  it('is found out: a cycle, a crowded folder, an exception no longer needed, no files at all', () => {
    const cycle = [
      file('grids/a.ts', ['grids/b.ts']),
      file('grids/b.ts', ['grids/c.ts']),
      file('grids/c.ts', ['grids/a.ts']),
    ];
    expect(breaches(cycle, RULES)).toEqual(['a cycle: grids/a.ts → grids/b.ts → grids/c.ts → grids/a.ts']);
    const crowd = Array.from({ length: 9 }, (_, i) => file(`grids/file${i}.ts`));
    expect(breaches(crowd, RULES)).toEqual(['grids has 9 files']);
    expect(breaches([file('grids/short.ts')], rules)).toEqual(['grids/short.ts needs no exception']);
    expect(breaches([], RULES)).toEqual(['there are no files']);
  });

  it('is not seen where there is nothing wrong', () => {
    expect(
      breaches([file('grids/a.ts', ['geometry/b.ts']), file('geometry/b.ts', ['errors.ts']), file('errors.ts')], RULES),
    ).toEqual([]);
  });
});
