import { describe, expect, it } from 'vitest';
import { type Fault, readFeatureCollection, readGeometry } from '../../../src/geometry/geojson.ts';
import { FAULTS } from '../../../src/geometry/reading/faults.ts';
import { refusalOf } from '../refusal.ts';

const RING = [
  [114, 30],
  [114.1, 30],
  [114.1, 30.1],
  [114, 30],
];
const polygon = (...coordinates: unknown[]) => ({ type: 'Polygon', coordinates });
const feature = (geometry: unknown, more: object = {}) => ({ type: 'Feature', properties: {}, geometry, ...more });
const faultOf = (geometry: unknown) => refusalOf(() => readGeometry(geometry, 'boundary')).details;

describe('a geometry value', () => {
  it.each([
    ['NULL_GEOMETRY', 'boundary', null],
    ['NOT_AN_OBJECT', 'boundary', 'POLYGON((0 0))'],
    ['NOT_AN_OBJECT', 'boundary', [114, 30]],
    ['UNKNOWN_TYPE', 'boundary.type', {}],
    ['UNKNOWN_TYPE', 'boundary.type', { type: 'polygon', coordinates: [RING] }],
    ['UNKNOWN_TYPE', 'boundary.type', feature(polygon(RING))],
    ['UNKNOWN_TYPE', 'boundary.type', { type: Object.create(null) }],
    ['COORDINATES_MISSING', 'boundary.coordinates', { type: 'Polygon' }],
    ['CRS_NOT_WGS84', 'boundary.crs', { ...polygon(RING), crs: { properties: { name: Object.create(null) } } }],
    ['COORDINATES_MISSING', 'boundary.coordinates', { type: 'Polygon', coordinates: { 0: RING } }],
    ['GEOMETRIES_MISSING', 'boundary.geometries', { type: 'GeometryCollection' }],
    ['EMPTY', 'boundary.coordinates', polygon()],
    ['EMPTY', 'boundary.coordinates[1]', polygon(RING, [])],
    ['MISLABELED', 'boundary.coordinates', { type: 'Polygon', coordinates: RING }],
    ['WRONG_DEPTH', 'boundary.coordinates[1][0]', polygon(RING, [114, 30, 1, 2])],
    ['WRONG_DEPTH', 'boundary.coordinates[0][2]', polygon([[114, 30], [114.1, 30], [[114.1, 30.1]], [114, 30]])],
    ['WRONG_DEPTH', 'boundary.coordinates[0][0]', { type: 'MultiPolygon', coordinates: [['x']] }],
    ['TOO_FEW_NUMBERS', 'boundary.coordinates[0][1]', polygon([[114, 30], [114.1], [114.1, 30.1], [114, 30]])],
    [
      'NOT_A_NUMBER',
      'boundary.coordinates[0][1]',
      polygon([
        [114, 30],
        ['114.1', 30],
        [114.1, 30.1],
        [114, 30],
      ]),
    ],
    [
      'NOT_A_NUMBER',
      'boundary.coordinates[0][1]',
      polygon([
        [114, 30],
        [Number.NaN, 30],
        [114.1, 30.1],
        [114, 30],
      ]),
    ],
    [
      'NOT_A_NUMBER',
      'boundary.coordinates[0][1]',
      polygon([
        [114, 30],
        [114.1, null],
        [114.1, 30.1],
        [114, 30],
      ]),
    ],
    ['NOT_A_NUMBER', 'boundary.coordinates', { type: 'Point', coordinates: [114, Number.POSITIVE_INFINITY] }],
    [
      'OUT_OF_RANGE',
      'boundary.coordinates[0][1]',
      polygon([
        [114, 30],
        [999, 30],
        [114.1, 30.1],
        [114, 30],
      ]),
    ],
    ['OUT_OF_RANGE', 'boundary.coordinates', { type: 'Point', coordinates: [30, 114] }],
    ['UNCLOSED_RING', 'boundary.coordinates[0][3]', polygon([...RING.slice(0, 3), [114, 30.1]])],
    ['TOO_FEW_POSITIONS', 'boundary.coordinates[0]', polygon([RING[0], RING[1], RING[0]])],
    ['TOO_FEW_POSITIONS', 'boundary.coordinates', { type: 'LineString', coordinates: [[114, 30]] }],
    ['BAD_BBOX', 'boundary.bbox', { ...polygon(RING), bbox: [1, 2, 3] }],
    ['CRS_NOT_WGS84', 'boundary.crs', { ...polygon(RING), crs: { type: 'name', properties: { name: 'EPSG:3857' } } }],
  ])('is refused with %s at %s', (fault, path, value) => {
    const error = refusalOf(() => readGeometry(value, 'boundary'));
    expect(error).toMatchObject({ code: 'BAD_GEOJSON', details: { fault, path } });
    expect(error.message).toMatch(/^boundary.*: .+[.)]$/);
    expect(Object.keys(FAULTS)).toContain(fault);
  });

  it('hints at swapped axes and at metres', () => {
    const message = (lon: number, lat: number) =>
      refusalOf(() => readGeometry({ type: 'Point', coordinates: [lon, lat] }, 'area')).message;
    expect(message(30, 114)).toContain('swapped');
    expect(message(12_692_251, 3_897_076)).toContain('--epsg');
    expect(message(999, 30)).not.toMatch(/swapped|epsg/);
  });

  it('loses altitudes and further numbers, and says so once', () => {
    const warnings: Fault[] = [];
    const coordinates = [
      [114, 30, 5],
      [114.1, 30, 6],
      [114.1, 30.1, 7, 8],
    ];
    expect(readGeometry({ type: 'LineString', coordinates }, 'line', warnings)).toEqual({
      type: 'LineString',
      coordinates: [
        [114, 30],
        [114.1, 30],
        [114.1, 30.1],
      ],
    });
    expect(warnings.map((w) => [w.code, w.severity, w.path])).toEqual([
      ['ALTITUDE_DROPPED', 'WARNING', 'line.coordinates[0]'],
      ['EXTRA_NUMBERS', 'WARNING', 'line.coordinates[2]'],
    ]);
  });

  it('may nest collections a little, not without end', () => {
    let nested: unknown = { type: 'Point', coordinates: [114, 30] };
    for (let i = 0; i < 3; i++) nested = { type: 'GeometryCollection', geometries: [nested] };
    const warnings: Fault[] = [];
    expect(readGeometry(nested, 'area', warnings).type).toBe('GeometryCollection');
    expect(warnings).toMatchObject([{ code: 'NESTED_COLLECTION' }]);
    for (let i = 0; i < 10_000; i++) nested = { type: 'GeometryCollection', geometries: [nested] };
    expect(faultOf(nested).fault).toBe('NESTED_COLLECTION');
    expect(refusalOf(() => readFeatureCollection(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)).details.fault).toBe(
      'NOT_AN_OBJECT',
    );
  });
});
