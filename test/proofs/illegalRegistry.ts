import { sql } from 'kysely';
import { beginEdition, box, idOf, insertRawGrid, insertRawLayers, type Trx } from './rawRegistry.ts';

/** Where `$E` stands in a statement, the number of the edition being published is put. */
export type Statement = string;

/** One lattice step in the units of `box`. */
export const STEP = 0.0001;

export interface Place {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly parent: string | null;
}

/** Towns 8 × 8, villages 4 × 4, fields 2 × 2. The police beats are made of the fields of the first town. */
const town = (n: number): Place => ({ id: idOf(100 + n), x: 8 * n, y: 0, parent: null });
const village = (n: number): Place => ({
  id: idOf(200 + n),
  x: 4 * (n % 4),
  y: 4 * Math.floor(n / 4),
  parent: idOf(100 + Math.floor((n % 4) / 2)),
});
const field = (n: number): Place => {
  const [column, row] = [n % 8, Math.floor(n / 8)];
  const parent = idOf(200 + Math.floor(column / 2) + 4 * Math.floor(row / 2));
  return { id: idOf(300 + n), x: 2 * column, y: 2 * row, parent };
};
const sequence = (length: number) => Array.from({ length }, (_, n) => n);
export const TOWNS = sequence(2).map(town);
export const VILLAGES = sequence(8).map(village);
export const FIELDS = sequence(32).map(field);
export const fieldAt = (x: number, y: number): Place => FIELDS.find((each) => each.x === x && each.y === y)!;

/** Two stations side by side over the first town, each with two beats, one above the other. */
export const STATIONS = sequence(2).map((n): Place => ({ id: idOf(400 + n), x: 4 * n, y: 0, parent: null }));
export const BEATS = sequence(4).map((n): Place => {
  const station = STATIONS[n % 2];
  return { id: idOf(410 + n), x: station.x, y: 4 * Math.floor(n / 2), parent: station.id };
});
export const membersOf = (beat: Place): Place[] =>
  FIELDS.filter((each) => each.x >= beat.x && each.x < beat.x + 4 && each.y >= beat.y && each.y < beat.y + 4);

export const RIVER = idOf(500);
export const CHANGESETS = {
  draft: idOf(601),
  submitted: idOf(602),
  approved: idOf(603),
  published: idOf(604),
  discarded: idOf(605),
} as const;
/** In 2050 the first of these two fields takes a strip from the second. */
export const PLANNED = [fieldAt(12, 6), fieldAt(14, 6)] as const;
export const STRIP = 0.5;

export interface Version {
  readonly id: string;
  readonly parent?: string | null;
  /** WKT, or an expression of SQL that gives a geometry. */
  readonly boundary: string | { readonly expression: string };
  readonly from?: string;
  readonly to?: string;
  readonly valid?: string;
  readonly edition?: string;
}

/** A rectangle of the registry, grown by so much at each side: west, south, east, north. */
export function rectangle(place: Pick<Place, 'x' | 'y'>, size: number, grown: readonly number[] = []): string {
  const [west = 0, south = 0, east = 0, north = 0] = grown;
  return box(place.x - west, place.y - south, size + west + east, size + south + north);
}

const quoted = (text: string | null | undefined) => (text ? `'${text}'` : 'null');

export function addGrid(id: string, tier: string, layer = 'land'): Statement {
  return `insert into grid (id, layer_id, tier_id, edition_from) select '${id}', l.id, t.id, $E from layer l
    join tier t on t.layer_id = l.id where l.code = '${layer}' and t.code = '${tier}'`;
}

export function addVersion({ id, parent, boundary, from, to, valid, edition }: Version): Statement {
  const geometry = typeof boundary === 'string' ? `ST_GeomFromText('${boundary}', 4326)` : boundary.expression;
  const range = valid ?? `tstzrange('${from ?? '2020-01-01Z'}', ${quoted(to)})`;
  return `insert into grid_version (grid_id, layer_id, tier_id, parent_id, name, boundary, valid, edition_from,
      area_square_metres)
    select id, layer_id, tier_id, ${quoted(parent)}::uuid, 'Grid', ${geometry}, ${range}, ${edition ?? '$E'}, 1e6
    from grid where id = '${id}'`;
}

export const closeVersions = (id: string): Statement =>
  `update grid_version set edition_to = $E where grid_id = '${id}' and edition_to is null`;

/** Closes what is known of a grid and writes it anew. */
export const redraw = (version: Version): Statement[] => [closeVersions(version.id), addVersion(version)];

export const addMember = (
  member: string,
  grid: string,
  valid = `tstzrange('2020-01-01Z', null)`,
  tier = 'tier_id',
): Statement =>
  `insert into grid_member (grid_id, layer_id, tier_id, member_id, valid, edition_from)
    select id, layer_id, ${tier}, '${member}', ${valid}, $E from grid where id = '${grid}'`;

export const closeMember = (member: string): Statement =>
  `update grid_member set edition_to = $E where member_id = '${member}' and edition_to is null`;

export const addLineage = (from: string, to: string, how = 'RETIRED', at = '2030-01-01Z'): Statement =>
  `insert into grid_lineage (from_id, to_id, how, at, edition_from) values ('${from}', '${to}', '${how}', '${at}', $E)`;

export const addChangeset = (id: string, author: string, columns: Record<string, string> = {}): Statement => {
  const extra = Object.keys(columns).map((name) => `, ${name}`);
  return `insert into changeset (id, title, author, base_edition, base_as_of, opened_at, changed_at${extra.join('')})
    values ('${id}', 'Draft', '${author}', 1, now(), now(), now()${Object.values(columns)
      .map((value) => `, ${value}`)
      .join('')})`;
};

export const addStep = (changeset: string, position = 1, ops = '[]'): Statement =>
  `insert into changeset_step (changeset_id, position, ops, patch, made_at)
    values ('${changeset}', ${position}, '${ops}', '{}', now())`;

export const submit = (id: string): Statement =>
  `update changeset set status = 'SUBMITTED', submitted_at = now(), revision = revision + 1 where id = '${id}'`;

export const approve = (id: string, by = 'approver'): Statement =>
  `update changeset set status = 'APPROVED', approved_at = now(), approved_by = '${by}', revision = revision + 1
    where id = '${id}'`;

export const publishAs = (id: string, edition = '$E'): Statement =>
  `update changeset set status = 'PUBLISHED', edition = ${edition}, effective_at = now(), revision = revision + 1
    where id = '${id}'`;

/** Runs statements in order, in the edition. */
export async function execute(trx: Trx, statements: readonly Statement[], edition: number | null): Promise<void> {
  for (const statement of statements) await sql.raw(statement.replaceAll('$E', String(edition))).execute(trx);
}

function territory(): Statement[] {
  const since = `tstzrange('2020-01-01Z', null)`;
  const [grows, shrinks] = PLANNED;
  const planned = [grows, shrinks].flatMap(({ id, x, y, parent }, side) => [
    addVersion({ id, parent, boundary: rectangle({ x, y }, 2), to: '2050-01-01Z' }),
    addVersion({
      id,
      parent,
      boundary: rectangle({ x, y }, 2, side === 0 ? [0, 0, STRIP, 0] : [-STRIP, 0, 0, 0]),
      from: '2050-01-01Z',
    }),
  ]);
  return [
    ...PLANNED.map(({ id }) => addGrid(id, 'field')),
    ...planned,
    ...BEATS.flatMap((beat) => membersOf(beat).map((member) => addMember(member.id, beat.id))),
    `insert into scheme (code, name, edition_from) values ('local', 'Local', $E)`,
    `insert into grid_code (grid_id, scheme_id, code, main, edition_from)
      select g.id, s.id, right(g.id::text, 3), true, $E from grid g, scheme s`,
    `insert into gap (layer_id, name, boundary, valid, edition_from)
      select id, 'Gap', ST_GeomFromText('${box(100, 100, 1)}', 4326), ${since}, $E from layer where code = 'land'`,
  ];
}

function drafts(): Statement[] {
  const { submitted, approved, published, discarded } = CHANGESETS;
  const each = Object.values(CHANGESETS);
  const pair = [idOf(700), idOf(701)];
  return [
    ...each.map((id) => addChangeset(id, 'author')),
    ...each.flatMap((id) => [addStep(id, 1), addStep(id, 2)]),
    ...each.map(
      (id) => `insert into changeset_waiver (changeset_id, issue_id, reason, waived_by, waived_at)
        values ('${id}', 'issue', 'So it is', 'author', now())`,
    ),
    ...[submitted, approved, published].map(submit),
    ...[approved, published].map((id) => approve(id)),
    `update changeset set status = 'DISCARDED' where id = '${discarded}'`,
    // What the published one did: one grid ended and goes on in another.
    ...pair.flatMap((id, n) => [addGrid(id, 'town'), addVersion({ id, boundary: box(100 + 2 * n, 0, 2) })]),
  ];
}

/** Edition 1: the territory and the drafts. Edition 2: what the published changeset did. */
export async function fillRegistry(run: (write: (trx: Trx) => Promise<void>) => Promise<void>): Promise<void> {
  await run(async (trx) => {
    const edition = await beginEdition(trx);
    await insertRawLayers(trx, edition);
    const add = (place: Place, tier: string, size: [number, number?], layer = 'land') =>
      insertRawGrid(trx, edition, { ...place, tier, layer, boundary: box(place.x, place.y, ...size) });
    await sql`insert into layer (code, name, kind, position, edition_from) values ('police', 'Police', 'PARTITION', 3, ${edition})`.execute(
      trx,
    );
    await sql`insert into tier (layer_id, code, name, rank, edition_from)
      select l.id, t.code, t.code, t.rank, ${edition}::int from (values ('station', 1), ('beat', 2)) as t (code, rank)
      join layer l on l.code = 'police'`.execute(trx);
    await sql`insert into tier_rule (tier_id, made_of, member_tier_id)
      select t.id, case t.code when 'beat' then 'MEMBERS' else 'CHILDREN' end,
        case t.code when 'beat' then (select f.id from tier f where f.code = 'field') end
      from tier t where t.code in ('station', 'beat')`.execute(trx);
    for (const place of TOWNS) await add(place, 'town', [8]);
    for (const place of VILLAGES) await add(place, 'village', [4]);
    for (const place of FIELDS) if (!PLANNED.includes(place as (typeof PLANNED)[0])) await add(place, 'field', [2]);
    for (const place of STATIONS) await add(place, 'station', [4, 8], 'police');
    for (const place of BEATS) await add(place, 'beat', [4], 'police');
    await add({ id: RIVER, x: 0, y: 0, parent: null }, 'river', [3], 'water');
    await execute(trx, [...territory(), ...drafts()], edition);
  });
  await run(async (trx) => {
    const edition = await beginEdition(trx);
    const merged = { id: idOf(700), boundary: box(100, 0, 4), from: '2030-01-01Z' };
    const before = [0, 1].map((n) =>
      addVersion({ id: idOf(700 + n), boundary: box(100 + 2 * n, 0, 2), to: '2030-01-01Z' }),
    );
    const ended = [closeVersions(idOf(700)), closeVersions(idOf(701)), ...before, addVersion(merged)];
    await execute(
      trx,
      [...ended, addLineage(idOf(701), idOf(700), 'MERGED'), publishAs(CHANGESETS.published)],
      edition,
    );
  });
}
