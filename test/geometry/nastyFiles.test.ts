import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../src/errors.ts';
import { type Fault, readFeatureCollection, toShape } from '../../src/geometry/geojson.ts';
import { isAtHand, sharedPath } from './sharedData.ts';

interface Verdict {
  /** Codes that refuse the file, one of its features or, as a boundary, one of its polygons. */
  errors: string[];
  warnings: string[];
  features: number;
}

/** What becomes of a file on its way to boundaries; anything but a DomainError breaks the test. */
function judge(path: string): Verdict {
  const verdict: Verdict = { errors: [], warnings: [], features: 0 };
  const attempt = (run: () => void) => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      expect(error.message.length).toBeGreaterThan(20);
      verdict.errors.push(String(error.details.fault));
    }
  };
  const note = (faults: readonly Fault[]) => {
    for (const { code, severity } of faults) (severity === 'ERROR' ? verdict.errors : verdict.warnings).push(code);
  };
  attempt(() => {
    const { features, warnings } = readFeatureCollection(readFileSync(path, 'utf8'));
    note(warnings);
    verdict.features = features.length;
    for (const { geometry, faults, index } of features) {
      note(faults);
      expect(geometry === null && faults.length === 0 && !/null_?geometry/.test(path)).toBe(false);
      const shapeWarnings: Fault[] = [];
      if (geometry?.type.endsWith('Polygon'))
        attempt(() => toShape(geometry, `features[${index}].geometry`, shapeWarnings));
      note(shapeWarnings);
    }
  });
  return verdict;
}

const EXPECTED: Record<string, string[]> = {
  'chrieke/examples/invalid_geometries/invalid_unclosed.geojson': ['UNCLOSED_RING'],
  'chrieke/examples/invalid_geometries/invalid_less_three_unique_nodes.geojson': ['TOO_FEW_POSITIONS'],
  'chrieke/examples/invalid_geometries/invalid_incorrect_geometry_data_type.geojson': ['MISLABELED'],
  'chrieke/examples/invalid_geometries/invalid_exterior_not_ccw.geojson': [],
  'chrieke/examples/invalid_geometries/invalid_interior_not_cw.geojson': [],
  'chrieke/examples/invalid_structure/invalid_feature_wrong_geometry_key.geojson': ['GEOMETRY_MISSING'],
  'chrieke/examples/invalid_structure/invalid_feature_no_properties.geojson': ['~BAD_PROPERTIES'],
  'chrieke/examples/invalid_structure/invalid_geometry_depth_deep_polygon.geojson': ['WRONG_DEPTH'],
  'chrieke/examples/invalid_structure/invalid_geometry_coordinates_string.geojson': ['NOT_A_NUMBER'],
  'chrieke/examples/invalid_structure/invalid_geometry_coordinates_empty_position.geojson': ['TOO_FEW_NUMBERS'],
  'chrieke/examples/invalid_structure/invalid_featurecollection_type_lowercase.geojson': ['UNKNOWN_TYPE'],
  'chrieke/examples/problematic_geometries/problematic_crosses_antimeridian.geojson': ['ANTIMERIDIAN'],
  'chrieke/examples/problematic_geometries/problematic_duplicate_nodes.geojson': ['~DUPLICATE_POSITION'],
  'chrieke/examples/problematic_geometries/problematic_inner_and_exterior_ring_intersect.geojson': ['RINGS_CROSS'],
  'chrieke/examples/problematic_geometries/problematic_outside_lat_lon_boundaries.geojson': ['OUT_OF_RANGE'],
  'chrieke/examples/problematic_geometries/problematic_self_intersection_small.geojson': ['SELF_INTERSECTION'],
  'chrieke/examples/problematic_geometries/problematic_self_intersection_large.geojson': ['SELF_INTERSECTION'],
  'chrieke/examples/problematic_geometries/problematic_4d_coordinates.geojson': ['~EXTRA_NUMBERS'],
  'chrieke/examples/problematic_geometries/problematic_wrong_bbox_coordinate_order.geojson': ['~BBOX_MISMATCH'],
  'chrieke/examples/problematic_geometries/problematic_zero_length_linestring.geojson': ['~ZERO_LENGTH'],
  'chrieke/examples/problematic_structure/problematic_crs_defined.geojson': ['CRS_NOT_WGS84'],
  'chrieke/examples/problematic_structure/problematic_nested_geometrycollection.geojson': ['~NESTED_COLLECTION'],
  'geojsonhint/test/data/bad/bad-json.geojson': ['NOT_JSON'],
  'geojsonhint/test/data/bad/rootstring.geojson': ['NOT_AN_OBJECT'],
  'geojsonhint/test/data/bad/featurecollection.geojson': ['FEATURES_MISSING'],
  'geojsonhint/test/data/bad/bbox-contains-string.geojson': ['BAD_BBOX'],
  'geojsonhint/test/data/bad/multiple_problems.geojson': ['NOT_A_NUMBER', 'BAD_ID', 'UNKNOWN_TYPE', 'UNKNOWN_TYPE'],
  'geojsonhint/test/data/bad/point-labeled-as-a-multipolygon.geojson': ['MISLABELED'],
  'geojsonhint/test/data/bad/featurecollection_changed_semantics.geojson': ['~MISPLACED_MEMBER'],
  'geojsonhint/test/data/bad/different-first-size.geojson': ['~ALTITUDE_DROPPED'],
};

describe.runIf(isAtHand('nasty'))('the nasty files (needs ../shared/data/nasty)', () => {
  const root = sharedPath('nasty');
  const verdicts = () =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.geojson'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path): [string, Verdict] => [relative(root, path), judge(path)]);
  const under = (folder: string) => verdicts().filter(([name]) => name.includes(folder));

  it('are all accepted, or refused with a coded reason, and no feature is lost', () => {
    const all = verdicts();
    expect(all.length).toBeGreaterThanOrEqual(130);
    for (const [name, { features, errors, warnings }] of all) {
      expect(features + errors.length + warnings.length, name).toBeGreaterThan(0);
    }
  });

  it('are all read where they are valid; only longitudes beyond ±180 are refused', () => {
    const refused = [...under('examples/valid/'), ...under('data/good/')].filter(([, { errors }]) => errors.length > 0);
    expect(refused.map(([name]) => name)).toEqual(['geojsonhint/test/data/good/issue82.geojson']);
    expect(new Set(refused[0][1].errors)).toEqual(new Set(['OUT_OF_RANGE']));
  });

  it('are all refused or warned of where they are invalid, but for ring directions', () => {
    const accepted = [...under('invalid_structure/'), ...under('invalid_geometries/')]
      .filter(([, { errors, warnings }]) => errors.length + warnings.length === 0)
      .map(([name]) => name.split('/').at(-1));
    expect(accepted.sort()).toEqual(['invalid_exterior_not_ccw.geojson', 'invalid_interior_not_cw.geojson']);
  });

  it.each(Object.entries(EXPECTED))('%s gives %j', (name, expected) => {
    const { errors, warnings } = judge(join(root, name));
    expect([...errors, ...warnings.map((code) => `~${code}`)]).toEqual(expected);
  });
});
