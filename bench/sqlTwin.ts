import { buildSchema, type GraphQLSchema, isObjectType, printSchema } from 'graphql';
import type { Pool } from 'pg';

/**
 * The same question answered the usual way: PostGIS is asked for every request, with one prepared statement that finds
 * the smallest grid of each layer, climbs the tree and joins the people; a batch is one join. It runs behind the same
 * HTTP server, so what differs is only where the answer comes from.
 */
export function sqlTwinSchema(api: GraphQLSchema, pool: Pool, edition: number): GraphQLSchema {
  const schema = withExtensions(buildSchema(printSchema(api)), api);
  const fields = schema.getQueryType()!.getFields();
  fields.ownership.resolve = async (_root, { at }) => {
    const [answer] = await askPostgis(pool, [at.point], edition);
    return answer;
  };
  fields.ownerships.resolve = (_root, { at }) =>
    askPostgis(
      pool,
      (at as { point: Point }[]).map((place) => place.point),
      edition,
    );
  return schema;
}

/** The text of a schema says neither rights nor sizes, and the doors want both. */
function withExtensions(schema: GraphQLSchema, api: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    const original = api.getType(type.name);
    if (!isObjectType(type) || !isObjectType(original)) continue;
    for (const field of Object.values(type.getFields()))
      field.extensions = original.getFields()[field.name]?.extensions ?? {};
  }
  return schema;
}

interface Point {
  readonly lon: number;
  readonly lat: number;
}

/** The twin gets the index it would want: one on the boundary alone. */
export const TWIN_INDEX = `create index if not exists grid_version_twin on grid_version using gist (boundary) where edition_to is null`;

const STATEMENT = `
with recursive place as (
  select n, ST_SetSRID(ST_Point(lon, lat), 4326) as at
  from unnest($1::float8[], $2::float8[]) with ordinality as p (lon, lat, n)
), hit as (
  select distinct on (p.n, v.layer_id) p.n, v.layer_id, v.grid_id, v.parent_id, v.tier_id, v.name, v.manager_id, 0 as depth
  from place p
  join grid_version v on v.boundary && p.at and ST_Covers(v.boundary, p.at)
    and v.edition_to is null and v.valid @> $3::timestamptz
  join tier t on t.id = v.tier_id
  order by p.n, v.layer_id, t.rank desc, v.id
), chain as (
  select * from hit
  union all
  select c.n, v.layer_id, v.grid_id, v.parent_id, v.tier_id, v.name, v.manager_id, c.depth + 1
  from chain c
  join grid_version v on v.grid_id = c.parent_id and v.edition_to is null and v.valid @> $3::timestamptz
), holder as (
  select distinct on (c.n, r.answers_as) c.n, r.answers_as, r.name as role, c.grid_id, c.depth, p.id as post_id,
    coalesce(pv.name, bv.name) as name, coalesce(pv.office_phone, bv.office_phone) as phone,
    case when a.person_id is null then 'Body' else 'Person' end as kind
  from chain c
  join post p on p.grid_id = c.grid_id
  join role r on r.id = p.role_id and r.answers_as is not null
  join appointment a on a.post_id = p.id and a.edition_to is null and a.valid @> $3::timestamptz
  left join person_version pv on pv.person_id = a.person_id and pv.edition_to is null and pv.valid @> $3::timestamptz
  left join body_version bv on bv.body_id = a.body_id and bv.edition_to is null and bv.valid @> $3::timestamptz
  order by c.n, r.answers_as, c.depth, r.position, a.rank, a.id
)
select p.n::int as n,
  (select json_agg(json_build_object('layer', l.code, 'id', c.grid_id, 'name', c.name, 'tier', t.code,
      'code', (select g.code from grid_code g where g.grid_id = c.grid_id and g.main and g.edition_to is null))
      order by l.position, c.depth)
   from chain c join layer l on l.id = c.layer_id join tier t on t.id = c.tier_id where c.n = p.n) as chain,
  (select json_agg(h) from holder h where h.n = p.n) as holders
from place p order by p.n`;

interface Row {
  readonly chain: { layer: string; id: string; name: string; tier: string; code: string | null }[] | null;
  readonly holders: { answers_as: string; name: string; phone: string | null; kind: string }[] | null;
}

async function askPostgis(pool: Pool, points: readonly Point[], edition: number): Promise<object[]> {
  const asOf = new Date();
  const values = [points.map((point) => point.lon), points.map((point) => point.lat), asOf];
  const { rows } = await pool.query<Row>({ name: 'ownership', text: STATEMENT, values });
  return rows.map((row) => ({
    edition,
    asOf,
    layers: layersOf(row),
    officer: holdingOf(row, 'officer'),
    gridWorker: holdingOf(row, 'gridWorker'),
    mediationTeam: holdingOf(row, 'mediationTeam'),
  }));
}

function layersOf({ chain }: Row): object[] {
  const layers = new Map<string, object[]>();
  for (const { layer, tier, ...grid } of chain ?? []) {
    const grids = layers.get(layer) ?? [];
    grids.push({ ...grid, tier: { code: tier } });
    layers.set(layer, grids);
  }
  return [...layers].map(([code, grids]) => ({ layer: { code }, status: 'OWNED', grid: grids[0], chain: grids }));
}

function holdingOf({ holders }: Row, answersAs: string): object | null {
  const holder = holders?.find((entry) => entry.answers_as === answersAs);
  return holder ? { holder: { __typename: holder.kind, name: holder.name, officePhone: holder.phone } } : null;
}
