import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../../src/db/areas.ts';
import type { Database } from '../../../src/db/tables.ts';
import type { Told } from './editionsWorld.ts';

/** A dated row, whatever table it is of, with the grid that it concerns. Instants in milliseconds; null: none. */
interface Row {
  readonly topic: string;
  readonly gridId: string;
  readonly parentId: string | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly opened: number;
  readonly closed: number | null;
}

interface Registry {
  readonly rows: readonly Row[];
  readonly versions: readonly Row[];
  readonly lineage: readonly { readonly from: string; readonly to: string; readonly at: number }[];
  readonly editions: readonly { readonly number: number; readonly published: number; readonly effective: number }[];
}

const ms = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8`);
const DATES = sql`${ms('lower(valid)')} as "from", ${ms('upper(valid)')} as "to", r.edition_from as opened, r.edition_to as closed`;

/** Everything that decides who is told, read whole and plainly. */
export function readRegistry(db: Kysely<Database>): Promise<Registry> {
  return inEveryArea(db, async (trx) => {
    const { rows: versions } = await sql<Row>`
      select 'BOUNDARY' as topic, grid_id as "gridId", parent_id as "parentId", ${DATES} from grid_version r`.execute(
      trx,
    );
    const { rows: others } = await sql<Row>`
      select 'BOUNDARY' as topic, grid_id as "gridId", null as "parentId", null::float8 as "from", null::float8 as "to",
        r.edition_from as opened, r.edition_to as closed from grid_code r
      union all select 'BOUNDARY', g, null, null, null, r.edition_from, null
        from grid_lineage r, unnest(array[from_id, to_id]) g
      union all select 'OWNERSHIP', p.grid_id, null, ${DATES} from post_version r join post p on p.id = r.post_id
      union all select 'OWNERSHIP', p.grid_id, null, ${DATES} from appointment r join post p on p.id = r.post_id
      union all select 'OWNERSHIP', r.grid_id, null, ${DATES} from team_coverage r
      union all select 'OWNERSHIP', p.grid_id, null, ${ms('lower(r.valid)')}, ${ms('upper(r.valid)')}, r.edition_from, r.edition_to
        from person_version r join appointment a on a.person_id = r.person_id and a.edition_to is null and a.valid && r.valid
        join post p on p.id = a.post_id`.execute(trx);
    const { rows: lineage } = await sql<Registry['lineage'][number]>`
      select from_id as "from", to_id as "to", ${ms('at')} as at from grid_lineage`.execute(trx);
    const { rows: editions } = await sql<Registry['editions'][number]>`
      select number, ${ms('published_at')} as published, ${ms('effective_at')} as effective from edition`.execute(trx);
    return { rows: [...versions, ...others], versions, lineage, editions };
  });
}

/** Upwards from some grids at an instant, as the registry stands. */
function above({ versions, lineage }: Registry, grids: Iterable<string>, at: number): Set<string> {
  const told = new Set(grids);
  for (const id of told) {
    const now = versions.find(
      (row) => row.gridId === id && row.closed === null && row.from! <= at && at < (row.to ?? Number.POSITIVE_INFINITY),
    );
    if (now?.parentId) told.add(now.parentId);
    if (!now) for (const link of lineage) if (link.from === id && link.at <= at) told.add(link.to);
  }
  return told;
}

const areasOf = (registry: Registry, rows: readonly Row[], ...days: number[]) => {
  const roots = rows.flatMap(({ gridId, parentId }) => (parentId ? [gridId, parentId] : [gridId]));
  return [...new Set(days.flatMap((day) => [...above(registry, roots, day)]))];
};

/** What is told when the newest edition is published: a line for each topic, kind and area. */
export function toldAtOnce(registry: Registry): string[] {
  const { number, published, effective } = registry.editions.reduce((a, b) => (a.number > b.number ? a : b));
  const kind = effective > published ? 'PLANNED' : 'PUBLISHED';
  return ['BOUNDARY', 'OWNERSHIP'].flatMap((topic) => {
    const rows = registry.rows.filter((row) => row.topic === topic && (row.opened === number || row.closed === number));
    return areasOf(registry, rows, published, effective).map((area) => `${topic} ${kind} ${number} ${area}`);
  });
}

/** What is told when the clock goes on from one instant to another. */
export function toldBetween(registry: Registry, after: number, upTo: number): string[] {
  const standing = registry.rows.filter(({ closed, from }) => closed === null && from !== null);
  return registry.editions.flatMap(({ number, published }) =>
    ['BOUNDARY', 'OWNERSHIP'].flatMap((topic) => {
      const rows = standing.filter((row) => row.topic === topic && row.opened === number);
      const days = new Set(rows.flatMap(({ from, to }) => [from, to]));
      return [...days].flatMap((day) => {
        if (day === null || day <= Math.max(after, published) || day > upTo) return [];
        const ofDay = rows.filter(({ from, to }) => from === day || to === day);
        return areasOf(registry, ofDay, day - 0.001, day).map((area) => `${topic} EFFECTIVE ${number} ${area} ${day}`);
      });
    }),
  );
}

/** The same lines, of events that were told. `idOf`: of the code of a grid. */
export function linesOf(events: readonly Told[], idOf: (code: string) => string): string[] {
  return events.flatMap(({ topic, kind, edition, areas, at }) =>
    areas.map((area) => `${topic} ${kind} ${edition} ${idOf(area)}${kind === 'EFFECTIVE' ? ` ${at.getTime()}` : ''}`),
  );
}
