import { describe, expect, it } from 'vitest';
import { readFeatureCollection } from '../../src/geometry/geojson.ts';
import { refusalOf } from './refusal.ts';

const RING = [
  [114, 30],
  [114.1, 30],
  [114.1, 30.1],
  [114, 30],
];
const polygon = (...coordinates: unknown[]) => ({ type: 'Polygon', coordinates });
const feature = (geometry: unknown, more: object = {}) => ({ type: 'Feature', properties: {}, geometry, ...more });
const file = (features: unknown[], more: object = {}) =>
  JSON.stringify({ type: 'FeatureCollection', features, ...more });

describe('a file', () => {
  it.each([
    ['BAD_FILE', 'EMPTY', ' \n'],
    ['BAD_FILE', 'NOT_JSON', '{"type":"FeatureCollection"'],
    ['BAD_FILE', 'NOT_JSON', 'code,name\n1,2'],
    ['BAD_GEOJSON', 'NOT_AN_OBJECT', '[]'],
    ['BAD_GEOJSON', 'UNKNOWN_TYPE', '{"type":"Topology"}'],
    ['BAD_GEOJSON', 'FEATURES_MISSING', '{"type":"FeatureCollection"}'],
    ['BAD_GEOJSON', 'BAD_BBOX', file([], { bbox: 'all' })],
    [
      'BAD_GEOJSON',
      'CRS_NOT_WGS84',
      file([], { crs: { type: 'link', properties: { href: 'http://example.org/crs' } } }),
    ],
  ])('is refused whole with %s, %s', (code, fault, text) => {
    expect(refusalOf(() => readFeatureCollection(text))).toMatchObject({ code, details: { fault } });
  });

  it('may begin with a byte order mark, and be one Feature or geometry', () => {
    expect(readFeatureCollection(`\ufeff${file([feature(polygon(RING))])}`).features).toHaveLength(1);
    const read = readFeatureCollection(JSON.stringify(feature(polygon(RING), { id: 7, properties: { code: 'A' } })));
    expect(read.features).toMatchObject([
      { index: 0, id: 7, properties: { code: 'A' }, geometry: polygon(RING), faults: [] },
    ]);
    expect(readFeatureCollection(JSON.stringify(polygon(RING))).features).toMatchObject([{ geometry: polygon(RING) }]);
  });

  it('keeps a bad feature in its place, with its faults, and hides no other', () => {
    const bad = polygon(
      [
        [114, 30],
        [114.1, 'x'],
        [1, 2],
        [114, 30],
      ],
      [
        [1, 1],
        [1, 2],
        [2, 2],
        [3, 3],
      ],
    );
    const { features } = readFeatureCollection(
      file([feature(polygon(RING)), null, feature(bad, { id: {} }), feature(null)]),
    );
    expect(features.map((each) => each.index)).toEqual([0, 1, 2, 3]);
    expect(features.map((each) => each.geometry?.type)).toEqual(['Polygon', undefined, undefined, undefined]);
    expect(features.map((each) => each.faults.map(({ code, path }) => `${code} ${path}`))).toEqual([
      [],
      ['NOT_AN_OBJECT features[1]'],
      [
        'NOT_A_NUMBER features[2].geometry.coordinates[0][1]',
        'UNCLOSED_RING features[2].geometry.coordinates[1][3]',
        'BAD_ID features[2].id',
      ],
      [],
    ]);
  });

  it('lists at most twenty faults of a feature, and says that there are more', () => {
    const { faults } = readFeatureCollection(file([feature(polygon(...Array(1000).fill([[1, 'x']])))])).features[0];
    expect(faults).toHaveLength(21);
    expect(faults[20].code).toBe('TOO_MANY_FAULTS');
  });

  it('warns of what RFC 7946 keeps out but does no harm', () => {
    const odd = feature(
      { ...polygon(RING), bbox: [30, 114, 30.1, 114.1] },
      { coordinates: [1, 2], properties: undefined },
    );
    const { features, warnings } = readFeatureCollection(file([odd], { properties: {} }));
    expect(warnings.map((each) => each.code)).toEqual(['MISPLACED_MEMBER']);
    expect(features[0].geometry).toEqual(polygon(RING));
    expect(features[0].faults.map((each) => each.code)).toEqual([
      'MISPLACED_MEMBER',
      'BAD_PROPERTIES',
      'BBOX_MISMATCH',
    ]);
  });
});

describe('the crs member of old files', () => {
  const named = (name: string) => file([feature(polygon(RING))], { crs: { type: 'name', properties: { name } } });

  it.each([
    'urn:ogc:def:crs:OGC:1.3:CRS84',
    'EPSG:4326',
    'urn:ogc:def:crs:EPSG::4326',
    'urn:ogc:def:crs:EPSG::4490',
    'http://www.opengis.net/def/crs/EPSG/0/4326',
  ])('is accepted with a warning as %s', (name) => {
    expect(readFeatureCollection(named(name)).warnings).toMatchObject([{ code: 'CRS_MEMBER' }]);
  });

  it('is refused for another system, with its number and the way out', () => {
    const error = refusalOf(() => readFeatureCollection(named('urn:ogc:def:crs:EPSG::4547')));
    expect(error.details).toMatchObject({ fault: 'CRS_NOT_WGS84', epsg: 4547 });
    expect(error.message).toContain('--epsg 4547');
  });

  it('is only noted when the caller knows the system; coordinates are then finite metres', () => {
    const metres = polygon([
      [500_000, 3_300_000],
      [500_100, 3_300_000],
      [500_100, 3_300_100],
      [500_000, 3_300_000],
    ]);
    const crs = { type: 'name', properties: { name: 'EPSG:4547' } };
    const { features, warnings } = readFeatureCollection(file([feature(metres)], { crs }), { allowProjected: true });
    expect(features).toMatchObject([{ geometry: metres, faults: [] }]);
    expect(warnings).toMatchObject([{ code: 'CRS_MEMBER', details: { epsg: 4547 } }]);
    const infinite = file([feature({ type: 'Point', coordinates: [0, 0] })]).replace('[0,0]', '[1e999,0]');
    expect(readFeatureCollection(infinite, { allowProjected: true }).features[0].faults).toMatchObject([
      { code: 'NOT_A_NUMBER' },
    ]);
  });
});
