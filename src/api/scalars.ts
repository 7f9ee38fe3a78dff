import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { DomainError } from '../errors.ts';

/** RFC 3339 instant with an offset. */
export const DateTimeScalar = new GraphQLScalarType<Date, Date>({
  ...GraphQLDateTime.toConfig(),
  description:
    'An RFC 3339 instant with an offset, such as "2024-03-01T00:00:00+08:00". Answers are in UTC with milliseconds.',
});

function readObject(value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new DomainError('BAD_GEOJSON', 'GeoJSON must be an object such as {"type": "Polygon", "coordinates": […]}.', {
    fault: 'NOT_AN_OBJECT',
  });
}

/** A GeoJSON geometry; what is inside is judged by the strict reader, which names its faults. */
export const GeoJsonScalar = new GraphQLScalarType<object, object>({
  name: 'GeoJSON',
  description:
    'A GeoJSON geometry (RFC 7946) as a JSON object: positions are [lon, lat] in degrees on WGS84; CGCS2000 is taken as equal. Pass it as a variable.',
  serialize: (value) => value as object,
  parseValue: readObject,
});
