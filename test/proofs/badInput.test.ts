import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CityPlan } from '../../seeds/plan.type.ts';
import type { App } from '../../src/app.ts';
import { importGrids, importPosts } from '../../src/cli/exchange.ts';
import { DomainError } from '../../src/errors.ts';
import { countRows, type Door, openDoor, openTown } from './openHouse.ts';

let app: App;
let door: Door;
let plan: CityPlan;
let before: Record<string, number>;
let folder: string;

beforeAll(async () => {
  ({ app, plan } = await openTown());
  door = await openDoor(app);
  before = await countRows(app);
  folder = mkdtempSync(join(tmpdir(), 'wangge-bad-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await door?.close();
});

const ONE =
  'query ($at: PlaceInput!, $asOf: DateTime, $edition: Int) { ownership(at: $at, asOf: $asOf, edition: $edition) { edition } }';
const MANY =
  'query ($at: [PlaceInput!]!) { ownerships(at: $at) { place { point { lon lat } } layers { status } notices { code message } } }';

const polygon = (...rings: unknown[][]) => ({ area: { type: 'Polygon', coordinates: rings } });
const SQUARE = [[105.2, 25.2], [105.21, 25.2], [105.21, 25.21], [105.2, 25.21], [105.2, 25.2]]; // biome-ignore format: one ring
const BOW_TIE = [[105.2, 25.2], [105.21, 25.21], [105.21, 25.2], [105.2, 25.22], [105.2, 25.2]]; // biome-ignore format: one ring
const circle = (corners: number) =>
  Array.from({ length: corners + 1 }, (_, i) => {
    const turn = (2 * Math.PI * (i % corners)) / corners;
    return [Number((105.3 + 0.1 * Math.cos(turn)).toFixed(7)), Number((25.3 + 0.1 * Math.sin(turn)).toFixed(7))];
  });

describe('one bad place is refused with a code, the field and the way out', () => {
  it.each<[string, object, string, RegExp]>([
    ['longitude 999', { point: { lon: 999, lat: 25 } }, 'BAD_INPUT', /^at\.point: lon must be within ±180, not 999/],
    ['swapped axes', { point: { lon: 25.2, lat: 105.2 } }, 'BAD_INPUT', /^at\.point: lat .*swapped: give lon first/],
    [
      'a negative accuracy',
      { point: { lon: 105, lat: 25, accuracyMetres: -1 } },
      'BAD_INPUT',
      /^at\.point\.accuracyMetres: a radius of 0 to 5000/,
    ],
    [
      'a huge accuracy',
      { point: { lon: 105, lat: 25, accuracyMetres: 1e9 } },
      'BAD_INPUT',
      /^at\.point\.accuracyMetres: .*give an area/,
    ],
    [
      'two fields',
      { point: { lon: 105, lat: 25 }, ...polygon(SQUARE) },
      'BAD_INPUT',
      /^at: exactly one field is given; found point and area/,
    ],
    ['no field', {}, 'BAD_INPUT', /^at: exactly one field is given; found none/],
    ['no field but null', { point: null }, 'BAD_INPUT', /^at: exactly one field is given; found none/],
    ['an unclosed ring', polygon(SQUARE.slice(0, 4)), 'BAD_GEOJSON', /^at\.area\.coordinates\[0\].*not closed/],
    ['a bow-tie', polygon(BOW_TIE), 'BAD_BOUNDARY', /^at\.area\.coordinates\[0\].*crosses/],
    [
      'a hole outside',
      polygon(
        SQUARE,
        SQUARE.map(([x, y]) => [x + 1, y]),
      ),
      'BAD_BOUNDARY',
      /^at\.area\.coordinates\[1\]/,
    ],
    [
      'an area at longitude 999',
      polygon(SQUARE.map(([, y]) => [999, y])),
      'BAD_GEOJSON',
      /^at\.area\.coordinates\[0\]\[0\].*999/,
    ],
    ['an area with swapped axes', polygon(SQUARE.map(([x, y]) => [y, x])), 'BAD_GEOJSON', /^at\.area\..*swapped/],
    [
      'NaN in an area, which JSON has only as text or null',
      polygon(SQUARE.map(([x]) => [x, 'NaN'])),
      'BAD_GEOJSON',
      /^at\.area\.coordinates\[0\]\[0\].*number/,
    ],
    [
      'null in an area',
      polygon(SQUARE.map(([x]) => [x, null])),
      'BAD_GEOJSON',
      /^at\.area\.coordinates\[0\]\[0\].*number/,
    ],
    [
      'a point as an area',
      { area: { type: 'Point', coordinates: [105, 25] } },
      'BAD_GEOJSON',
      /^at\.area: .*give a point as point/,
    ],
    [
      'an unknown geometry',
      { area: { type: 'Circle', coordinates: [105, 25] } },
      'BAD_GEOJSON',
      /^at\.area\.type: .*Circle/,
    ],
    ['30,000 vertices', polygon(circle(30_000)), 'BAD_BOUNDARY', /30000 vertices, 20000 are allowed\. Simplify/],
  ])('%s', async (_, at, code, words) => {
    const { data, errors } = await door.ask(ONE, { at });
    expect(data?.ownership ?? null).toBeNull();
    expect(errors[0]).toMatchObject({ message: expect.stringMatching(words), extensions: { code } });
    expect(errors[0].extensions).toSatisfy(({ field, path }) => String(field ?? path).startsWith('at'));
  });

  const HERE = { point: { lon: 105.2, lat: 25.2 } };
  it.each<[string, object, RegExp]>([
    ['an unknown field', { at: { ...HERE, house: 7 } }, /"house".*not defined/],
    ['a field that there never will be', { at: { cameraId: '7' } }, /"cameraId".*not defined/],
    [
      'an unknown datum',
      { at: { point: { lon: 105, lat: 25, datum: 'BEIJING54' } } },
      /"BEIJING54" does not exist in "Datum"/,
    ],
    ['NaN as text', { at: { point: { lon: 'NaN', lat: 25 } } }, /at\.point\.lon.*Float cannot represent/],
    ['null for a number', { at: { point: { lon: null, lat: 25 } } }, /at\.point\.lon.*not to be null/],
    ['no latitude', { at: { point: { lon: 105 } } }, /"lat" of required type/],
    ['an area that is text', { at: { area: 'POLYGON((0 0))' } }, /GeoJSON must be an object/],
    ['a day without an offset', { at: HERE, asOf: '2026-03-01' }, /DateTime/],
    ['no day at all', { at: HERE, asOf: 'yesterday' }, /DateTime/],
    ['half an edition', { at: HERE, edition: 1.5 }, /Int cannot represent/],
  ])('%s, by the form of the query', async (_, variables, words) => {
    const { status, data, errors } = await door.ask(ONE, variables);
    expect([status, data]).toEqual([expect.any(Number), undefined]);
    expect(errors[0].message).toMatch(words);
    expect(errors[0].extensions.code).toMatch(/^[A-Z_]+$/);
    expect(errors[0].extensions.code).not.toMatch(/INTERNAL/);
  });

  it('infinity, as JSON can spell it', async () => {
    const { errors } = await door.send(
      JSON.stringify({ query: ONE, variables: { at: { point: { lon: 7e77, lat: 25 } } } }).replace('7e+77', '1e999'),
    );
    expect(errors[0].message).toMatch(/lon/);
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
    const written = await door.ask('{ ownership(at: {point: {lon: 1e999, lat: 25}}) { edition } }');
    expect(written.errors[0].message).toMatch(/lon|Float/);
    expect(written.errors[0].extensions.code).not.toMatch(/INTERNAL/);
    const among =
      '{ ownerships(at: [{point: {lon: 1e999, lat: 25}}]) { place { point { lon lat } } teams { kind } notices { code } } }';
    const { data, errors: none } = await door.ask(among);
    expect(none).toEqual([]);
    expect(data.ownerships).toEqual([
      { place: { point: { lon: 0, lat: 25 } }, teams: [], notices: [{ code: 'BAD_PLACE' }] },
    ]);
  });

  it('an edition that was never published', async () => {
    for (const edition of [0, -1, 99]) {
      const { errors } = await door.ask(ONE, { at: HERE, edition });
      expect(errors[0].message).toMatch(new RegExp(`there is no edition ${edition}; the registry holds 1 to 6`));
      expect(errors[0].extensions).toMatchObject({ code: 'BAD_INPUT', field: 'edition', latest: 6 });
    }
  });

  it('a field that the schema does not have, and a body that is no query', async () => {
    const unknown = await door.ask('{ ownership(at: {point: {lon: 1, lat: 2}}) { owner } }');
    expect(unknown.errors[0]).toMatchObject({
      message: expect.stringContaining('"owner"'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    for (const body of ['', '{', '[]', 'null', '"query"']) {
      const { status, errors } = await door.send(body);
      expect([body, status]).toEqual([body, 400]);
      expect(errors[0].extensions.code).toMatch(/^BAD_/);
    }
  });

  it('a ring of 500,000 vertices, by the size of the request', async () => {
    const { status, errors } = await door.ask(ONE, { at: polygon(circle(500_000)) });
    expect(status).toBe(413);
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('larger than'),
      extensions: { code: 'TOO_LARGE' },
    });
  });
});

describe('many places', () => {
  it('are refused from the 1,001st on, and 1,000 are answered', async () => {
    const at = Array.from({ length: 1001 }, (_, i) => ({ point: { lon: 105 + i / 1e4, lat: 25.3 } }));
    const { data, errors } = await door.ask(MANY, { at });
    expect(data).toBeNull();
    expect(errors[0].message).toMatch(/^at: 1001 places; one request takes at most 1000\. Send several/);
    expect(errors[0].extensions).toMatchObject({ code: 'TOO_MANY_PLACES', field: 'at', places: 1001, allowed: 1000 });
    expect((await door.ask(MANY, { at: at.slice(1) })).data.ownerships).toHaveLength(1000);
  });

  it('are answered beside a bad one, which says its number and what is wrong', async () => {
    const { lon, lat } = plan.highlights.firstQuery;
    const bad = [
      { point: { lon: 999, lat } },
      { point: { lon: lat, lat: lon } },
      { point: { lon, lat }, ...polygon(SQUARE) },
      {},
      polygon(BOW_TIE),
      polygon(SQUARE.slice(0, 4)),
    ];
    const good = { point: { lon, lat } };
    const { data, errors } = await door.ask(MANY, { at: [good, ...bad, good] });
    expect(errors).toEqual([]);
    const [first, ...rest] = data.ownerships;
    const last = rest.pop();
    expect(last).toEqual(first);
    expect(first.layers.some((layer: { status: string }) => layer.status === 'OWNED')).toBe(true);
    const said = rest.map(({ notices }: { notices: { code: string; message: string }[] }) => notices);
    expect(said).toEqual(
      bad.map((_, i) => [{ code: 'BAD_PLACE', message: expect.stringMatching(new RegExp(`^at\\[${i + 1}\\]`)) }]),
    );
  });
});

describe('a file that the command is given', () => {
  const write = (name: string, content: string | Uint8Array) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const refusalOf = async (run: Promise<unknown>): Promise<DomainError> => {
    const error = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof DomainError) return error;
    throw new Error(`was accepted or failed otherwise: ${error}`);
  };
  const GRIDS = {
    layer: 'governance',
    tier: 'town',
    codeField: 'code',
    nameField: 'name',
    parentField: 'parent',
    commit: true,
  };
  const HEADER = 'grid_code,role,holder_kind,holder_name';

  it('of grids in another encoding than UTF-8', async () => {
    const text = JSON.stringify({
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { name: '李鹊镇' }, geometry: null }],
    });
    const file = write('gb.geojson', iconv.encode(text, 'GB18030'));
    const error = await refusalOf(importGrids(app, file, GRIDS, () => {}));
    expect(error).toMatchObject({
      code: 'BAD_ENCODING',
      message: expect.stringMatching(/gb\.geojson is not UTF-8.*convert it/),
    });
  });

  it.each<[string, Uint8Array, object, string, RegExp]>([
    [
      'said to be UTF-8 and not',
      iconv.encode(`${HEADER}\n421303187,leader,person,王芳\n`, 'GB18030'),
      { encoding: 'utf-8' },
      'BAD_ENCODING',
      /byte \d+ does not fit/,
    ],
    [
      'said to be GB18030 and UTF-8',
      Buffer.from(`${HEADER}\n421303187,leader,person,王芳\n`),
      { encoding: 'gb18030' },
      'BAD_ENCODING',
      /byte \d+ does not fit/,
    ],
    [
      'in an encoding nobody knows',
      Buffer.from(HEADER),
      { encoding: 'klingon' },
      'BAD_ENCODING',
      /^encoding: klingon is not known/,
    ],
    ['that is empty', Buffer.from(''), {}, 'BAD_FILE', /empty/],
    ['with a header alone', Buffer.from(`${HEADER}\n`), {}, 'BAD_FILE', /no rows/],
    [
      'with an unknown column',
      Buffer.from(`${HEADER},shoe\n1,2,3,4,5\n`),
      {},
      'BAD_FILE',
      /"shoe" is not known.*Known columns/,
    ],
    ['with resident data', Buffer.from(`${HEADER},身份证\n1,2,3,4,5\n`), {}, 'BAD_FILE', /never keeps/],
  ])('of posts %s', async (_, bytes, options, code, words) => {
    const file = write('posts.csv', bytes);
    const error = await refusalOf(importPosts(app, file, { commit: true, ...options }, () => {}));
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
  });
});

it('nothing of all this was written', async () => {
  expect(await countRows(app)).toEqual(before);
});
