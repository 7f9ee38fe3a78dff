import type { Kysely } from 'kysely';
import { runNamed } from '../db/database.ts';
import type { Database } from '../db/tables.ts';
import type { Moment } from '../grids/moment.ts';
import type { AddressRecord } from './address.type.ts';
import type { SearchKeys } from './match/anchors.ts';

/** Candidates that a search compares. */
const CANDIDATES = 50;
/** Names in the registry that one name of a question may mean. */
const NAMES = 24;
/** Addresses of one name without a number that are looked at; a longer street needs a number or a town. */
const SAME_NAME = 2000;

const COLUMNS = `v.address_id as id, v.main_text as text, v.aliases, ST_X(v.point) as lon, ST_Y(v.point) as lat,
  b.building_id, b.name as building_name, ST_X(b.point) as building_lon, ST_Y(b.point) as building_lat`;

/** Names as they are asked for, which takes a look into an index, or alike by trigrams, which takes far longer. */
export type NameSearch = 'same' | 'alike';

/** A part of the earth in degrees. */
export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

interface AddressRow {
  readonly id: string;
  readonly text: string;
  readonly aliases: string[];
  readonly lon: number;
  readonly lat: number;
  readonly building_id: string | null;
  readonly building_name: string | null;
  readonly building_lon: number | null;
  readonly building_lat: number | null;
}

/** Reads addresses as they were at a moment. */
export class AddressRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async listByIds(ids: readonly string[], moment: Moment): Promise<AddressRecord[]> {
    const text = LISTED('v.address_id = any($1::uuid[])');
    const rows = await runNamed<AddressRow>(this.#db, 'addresses_by_id', text, [ids, ...instantOf(moment)]);
    return rows.map(toRecord);
  }

  /** Addresses behind an id, in the order of their ids. */
  async listBehind(after: string | null, limit: number, moment: Moment): Promise<AddressRecord[]> {
    const text = `${LISTED('v.address_id > $1::uuid')} order by v.address_id limit $4::int`;
    const parameters = [after ?? NO_ID, ...instantOf(moment), limit];
    return (await runNamed<AddressRow>(this.#db, 'addresses_behind', text, parameters)).map(toRecord);
  }

  /** The next instant after the moment at which any address begins or ends, as the edition knows it; null: none. */
  async nextChange(moment: Moment): Promise<Date | null> {
    const rows = await runNamed<{ at: Date | null }>(this.#db, 'addresses_change', NEXT_CHANGE, instantOf(moment));
    return rows[0].at;
  }

  /**
   * For each search, at most 50 addresses it may mean, by their names, then by their numbers and divisions. One query
   * for all.
   */
  async listCandidates(
    searches: readonly (readonly SearchKeys[])[],
    names: NameSearch,
    moment: Moment,
    within?: Bounds,
  ): Promise<AddressRecord[][]> {
    const asked = searches.flatMap((readings, search) =>
      readings.flatMap(({ anchors, numbers, divisions }) =>
        anchors.map(({ name, number, from }) => ({ search, name, number, value: from, numbers, divisions })),
      ),
    );
    const found: AddressRecord[][] = searches.map(() => []);
    if (asked.length === 0) return found;
    const box = within ? [within.west, within.south, within.east, within.north] : [];
    const rows = await runNamed<AddressRow & { search: number }>(
      this.#db,
      `address_candidates_${names}${within ? '_within' : ''}`,
      candidatesText(names, within !== undefined),
      [JSON.stringify(asked), ...instantOf(moment), ...box],
    );
    for (const row of rows) found[row.search].push(toRecord(row));
    return found;
  }
}

const THE_SAME = 'select n.id, 1.0::float8 as alike from address_name n where n.spaced = w.name';
const ALIKE = `select n.id, similarity(n.spaced, w.name)::float8 as alike from address_name n
  where n.spaced % w.name order by alike desc, n.id limit ${NAMES}`;

/** Addresses of the name `n` for the question `a`: with its number, in a range that holds it, or without any. */
const ANCHORS = `select *, 1.0 as fit from address_anchor where name_id = n.id and number = a.number
  union all
  select *, 0.8 from address_anchor
  where name_id = n.id and number_to > number_from and number_to >= a.value and number_from <= a.value
    and number <> a.number
  union all
  (select *, 0.0 from address_anchor where name_id = n.id and number is null and a.number is not null
    limit ${CANDIDATES})
  union all
  (select *, 0.0 from address_anchor where name_id = n.id and a.number is null limit ${SAME_NAME})`;

/**
 * Candidates for $1, the questions as JSON, at the instant $2 in edition $3; within the box $4 to $7 where it is given.
 * Names first, the same or by trigrams; then their addresses with the number asked for, with a range that holds it, or, where a name
 * stands alone, with none.
 */
function candidatesText(names: NameSearch, within: boolean): string {
  const inside = within ? 'and v.point && ST_MakeEnvelope($4::float8, $5::float8, $6::float8, $7::float8, 4326)' : '';
  return `
    with asked as materialized (
      select * from jsonb_to_recordset($1::text::jsonb)
        as a(search int, name text, number text, value int, numbers text[], divisions text[])
    ), name as materialized (
      select w.name, n.id, n.alike from (select distinct a.name from asked a) w
      cross join lateral (${names === 'alike' ? ALIKE : THE_SAME}) n
    ), found as (
      select a.search, k.version_id, sum(2 * n.alike + k.fit + 0.5 * k.overlap) as weight
      from asked a
      join name n on n.name = a.name
      cross join lateral (
        select k.version_id, k.fit,
          (select count(*) from unnest(k.numbers) t where t = any(a.numbers))
          + (select count(*) from unnest(k.divisions) t where t = any(a.divisions)) as overlap
        from (
          ${ANCHORS}
        ) k
        join address_version v on v.id = k.version_id
        where ${livedThen('v')} ${inside}
        order by k.fit desc, overlap desc, k.version_id limit ${CANDIDATES}
      ) k
      group by a.search, k.version_id
    ), ranked as (
      select *, row_number() over (partition by search order by weight desc, version_id) as place from found
    )
    select r.search, ${COLUMNS}
    from ranked r join address_version v on v.id = r.version_id
    left join building_version b on b.building_id = v.building_id and ${livedThen('b')}
    where r.place <= ${CANDIDATES}
    order by r.search, r.place`;
}

const NEXT_CHANGE = `select least(
  (select min(lower(valid)) from address_version where lower(valid) > $1::timestamptz and ${isKnown('$2')}),
  (select min(upper(valid)) from address_version
    where not upper_inf(valid) and upper(valid) > $1::timestamptz and ${isKnown('$2')})) as at`;

function isKnown(edition: string): string {
  return `edition_from <= ${edition}::int and (edition_to is null or edition_to > ${edition}::int)`;
}

const LISTED = (condition: string) => `select ${COLUMNS} from address_version v
  left join building_version b on b.building_id = v.building_id and ${livedThen('b')}
  where ${livedThen('v')} and ${condition}`;

/** The row was true at the instant $2, as edition $3 knew it. */
function livedThen(table: string): string {
  return `(${table}.valid @> $2::timestamptz and ${table}.edition_from <= $3::int
    and (${table}.edition_to is null or ${table}.edition_to > $3::int))`;
}

const NO_ID = '00000000-0000-0000-0000-000000000000';

function instantOf({ asOf, edition }: Moment): [Date, number] {
  return [new Date(asOf), edition];
}

function toRecord(row: AddressRow): AddressRecord {
  const { building_id: id, building_name: name, building_lon: lon, building_lat: lat } = row;
  const building = id === null ? null : { id, name: name!, point: { lon: lon!, lat: lat! } };
  const point = { lon: row.lon, lat: row.lat };
  return { id: row.id, text: row.text, aliases: row.aliases, point, building };
}
