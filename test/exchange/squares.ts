import type { Position } from 'geojson';
import { shapeToGeoJson } from '../../src/geometry/geojson.ts';
import type { Shape } from '../../src/geometry/polygon.ts';

/** A square near 120° E, 30° N whose south-west corner is (column, row), 0.001° (about 100 m) a step. */
export function square(column: number, row: number, width = 1, height = width): Position[] {
  const lon = (step: number) => Number((120 + step / 1000).toFixed(7));
  const lat = (step: number) => Number((30 + step / 1000).toFixed(7));
  const [w, e, s, n] = [lon(column), lon(column + width), lat(row), lat(row + height)];
  return [
    [w, s],
    [e, s],
    [e, n],
    [w, n],
    [w, s],
  ];
}

export interface Drawn {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly parent?: unknown;
  readonly rings?: readonly (readonly (readonly unknown[])[])[];
  readonly geometry?: unknown;
}

/** The text of a GeoJSON file with these features. */
export function fileOf(drawn: readonly Drawn[]): string {
  const features = drawn.map(({ code, name, parent, rings, geometry }) => ({
    type: 'Feature',
    properties: { code, name: name ?? `Grid ${code}`, parent },
    geometry: geometry ?? { type: 'Polygon', coordinates: rings },
  }));
  return JSON.stringify({ type: 'FeatureCollection', features });
}

export function fileOfShapes(shapes: readonly Shape[]): string {
  return fileOf(shapes.map((shape, i) => ({ code: `G${i}`, geometry: shapeToGeoJson(shape) })));
}

/** Options that fit `fileOf`. */
export const FIELDS = { codeField: 'code', nameField: 'name' } as const;
