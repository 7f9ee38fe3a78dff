import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import { fromLattice, type Position, toLattice } from '../geometry/lattice.ts';
import type {
  BaseDraft,
  ChannelDraft,
  HonourDraft,
  HousedDraft,
  LineDraft,
  PlacePostDraft,
  PremisesDraft,
  RatingDraft,
  ServiceDraft,
  SiteDraft,
  Validity,
} from './site.type.ts';

type Trx = Transaction<Database>;

const BATCH = 5000;
const VALID = sql`tstzrange(d."validFrom", d."validTo")`;
const DATES = sql`"validFrom" timestamptz, "validTo" timestamptz`;
const POINT = sql`ST_SetSRID(ST_MakePoint(d.lon, d.lat), 4326)`;

/**
 * Writes sites, premises, lines, chat groups, posts on places and bases inside an edition being published. An insert of
 * an id that is already known adds a version for other dates; two versions on one date are refused by the database.
 */
export class SiteRepository {
  async insertSites(trx: Trx, edition: number, drafts: readonly SiteDraft[]): Promise<void> {
    const rows = drafts.map(({ point, ...draft }) => ({ ...draft, ...onLattice(point) }));
    await inBatches(trx, rows, (json) => [
      identities('site', json, edition),
      sql`insert into site_version (site_id, name, kind, point, building_id, radius_metres, response_class, time_zone, valid, edition_from)
        select d.id, name, kind, ${POINT}, "buildingId", "radiusMetres", "responseClass", "timeZone", ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d (id uuid, name text, kind text, lon float8, lat float8, "buildingId" uuid,
          "radiusMetres" float8, "responseClass" text, "timeZone" text, ${DATES})`,
    ]);
  }

  async insertHoused(trx: Trx, edition: number, drafts: readonly HousedDraft[]): Promise<void> {
    await inBatches(trx, drafts, (json) => [
      sql`insert into site_body (site_id, body_id, valid, edition_from)
        select "siteId", "bodyId", ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d ("siteId" uuid, "bodyId" uuid, ${DATES})`,
    ]);
  }

  async insertServices(trx: Trx, edition: number, drafts: readonly ServiceDraft[]): Promise<void> {
    await inBatches(trx, drafts, (json) => [
      sql`insert into site_service (site_id, code, name, hours, valid, edition_from)
        select "siteId", code, name, hours, ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d ("siteId" uuid, code text, name text, hours jsonb, ${DATES})`,
    ]);
  }

  async insertRatings(trx: Trx, edition: number, drafts: readonly RatingDraft[]): Promise<void> {
    await inBatches(trx, drafts, (json) => [
      sql`insert into site_rating (site_id, scheme, stars, most, valid, edition_from)
        select "siteId", scheme, stars, most, ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d ("siteId" uuid, scheme text, stars int, most int, ${DATES})`,
    ]);
  }

  async insertHonours(trx: Trx, edition: number, drafts: readonly HonourDraft[]): Promise<void> {
    await inBatches(trx, drafts, (json) => [
      sql`insert into site_honour (site_id, name, given_on, valid, edition_from)
        select "siteId", name, "givenOn", ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d ("siteId" uuid, name text, "givenOn" date, ${DATES})`,
    ]);
  }

  async insertPremises(trx: Trx, edition: number, drafts: readonly PremisesDraft[]): Promise<void> {
    const rows = drafts.map(({ point, ...draft }) => ({ ...draft, ...onLattice(point) }));
    await inBatches(trx, rows, (json) => [
      identities('premises', json, edition),
      sql`insert into premises_version (premises_id, name, kind, point, radius_metres, valid, edition_from)
        select d.id, name, kind, ${POINT}, "radiusMetres", ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d (id uuid, name text, kind text, lon float8, lat float8,
          "radiusMetres" float8, ${DATES})`,
    ]);
  }

  async insertLines(trx: Trx, edition: number, drafts: readonly LineDraft[]): Promise<void> {
    const rows = drafts.map(({ path, ...draft }) => ({ ...draft, path: lineString(path) }));
    await inBatches(trx, rows, (json) => [
      identities('line', json, edition),
      sql`insert into line_version (line_id, name, kind, path, tolerance_metres, valid, edition_from)
        select d.id, name, kind, ST_GeomFromText(path, 4326), "toleranceMetres", ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d (id uuid, name text, kind text, path text, "toleranceMetres" float8, ${DATES})`,
    ]);
  }

  async insertChannels(trx: Trx, edition: number, drafts: readonly ChannelDraft[]): Promise<void> {
    await inBatches(trx, drafts, (json) => [
      identities('channel', json, edition),
      sql`insert into channel_version (channel_id, name, kind, link, members, counted_on, grid_id, building_id, valid, edition_from)
        select d.id, name, kind, link, members, "countedOn", "gridId", "buildingId", ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d (id uuid, name text, kind text, link text, members int, "countedOn" date,
          "gridId" uuid, "buildingId" uuid, ${DATES})`,
    ]);
  }

  async insertBases(trx: Trx, edition: number, drafts: readonly BaseDraft[]): Promise<void> {
    await inBatches(trx, drafts, (json) => [
      sql`insert into post_base (post_id, appointment_id, site_id, valid, edition_from)
        select "postId", "appointmentId", "siteId", ${VALID}, ${edition}::int
        from jsonb_to_recordset(${json}) as d ("postId" uuid, "appointmentId" uuid, "siteId" uuid, ${DATES})`,
    ]);
  }

  /** Posts on places; their holders are appointed as to any post. Throws NOT_FOUND naming a role that is not known. */
  async insertPlacePosts(trx: Trx, edition: number, drafts: readonly PlacePostDraft[]): Promise<void> {
    const rows = drafts.map(({ place, ...draft }) => ({ ...draft, placeKind: place.kind, placeId: place.id }));
    const columns = sql`(id uuid, "roleCode" text, "placeKind" text, "placeId" uuid, "gridId" uuid, ${DATES})`;
    await inBatches(trx, rows, (json) => [
      sql`insert into post (id, role_id, grid_id, building_id, site_id, premises_id, line_id, edition_from)
        select distinct d.id, r.id, "gridId",
          case when "placeKind" = 'BUILDING' then "placeId" end, case when "placeKind" = 'SITE' then "placeId" end,
          case when "placeKind" = 'PREMISES' then "placeId" end, case when "placeKind" = 'LINE' then "placeId" end,
          ${edition}::int
        from jsonb_to_recordset(${json}) as d ${columns} join role r on r.code = d."roleCode" on conflict (id) do nothing`,
      sql`insert into post_version (post_id, valid, edition_from)
        select d.id, ${VALID}, ${edition}::int from jsonb_to_recordset(${json}) as d ${columns}
        join role r on r.code = d."roleCode"`,
    ]);
    await assertRoles(trx, drafts);
  }
}

async function assertRoles(trx: Trx, drafts: readonly PlacePostDraft[]): Promise<void> {
  const codes = [...new Set(drafts.map(({ roleCode }) => roleCode))];
  const { rows } = await sql<{ code: string }>`select c as code from unnest(${codes}::text[]) c
    where not exists (select from role r where r.code = c) limit 1`.execute(trx);
  if (rows.length === 0) return;
  const message = `There is no role ${rows[0].code}; import the roles first.`;
  throw new DomainError('NOT_FOUND', message, { role: rows[0].code });
}

function onLattice({ lon, lat }: Position): Position {
  return { lon: fromLattice(toLattice(lon)), lat: fromLattice(toLattice(lat)) };
}

function lineString(path: readonly Position[]): string {
  const points = path.map(onLattice).map(({ lon, lat }) => `${lon.toFixed(7)} ${lat.toFixed(7)}`);
  return `LINESTRING(${points.join(',')})`;
}

function identities(table: string, json: RawBuilder<unknown>, edition: number): RawBuilder<unknown> {
  return sql`insert into ${sql.table(table)} (id, edition_from) select distinct d.id, ${edition}::int
    from jsonb_to_recordset(${json}) as d (id uuid) on conflict do nothing`;
}

/** Runs the statements of each batch, which reaches them as one JSON parameter. */
async function inBatches(
  trx: Trx,
  items: readonly Validity[],
  statements: (json: RawBuilder<unknown>) => RawBuilder<unknown>[],
): Promise<void> {
  const wrong = items.find(({ validFrom, validTo }) => validTo && validFrom >= validTo);
  if (wrong) throw new DomainError('BAD_INPUT', 'validTo: it ends before it begins; give a later end.');
  for (let start = 0; start < items.length; start += BATCH) {
    const json = sql`${JSON.stringify(items.slice(start, start + BATCH))}::text::jsonb`;
    for (const statement of statements(json)) await statement.execute(trx);
  }
}
