import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../src/db/areas.ts';
import type { Database } from '../../src/db/tables.ts';
import type { Moment } from '../../src/grids/moment.ts';

interface Row {
  readonly from: number;
  readonly to: number | null;
  readonly opened: number;
  readonly closed: number | null;
}
interface GridRow extends Row {
  readonly grid: string;
  readonly parent: string | null;
}
interface BodyRow extends Row {
  readonly body: string;
  readonly name: string;
  readonly categories: string[];
}
interface TeamRow extends Row {
  readonly body: string;
  readonly standing: string | null;
  readonly kinds: string[];
  readonly counts: number[];
}
interface ParentRow extends Row {
  readonly body: string;
  readonly line: string;
  readonly parent: string;
}
interface CoverageRow extends Row {
  readonly body: string;
  readonly grid: string;
  readonly categories: string[];
  readonly weekdays: number[];
  readonly days: number[];
  readonly weeks: number[];
  readonly zone: string | null;
}

interface Tables {
  readonly grids: GridRow[];
  readonly bodies: BodyRow[];
  readonly teams: TeamRow[];
  readonly parents: ParentRow[];
  readonly coverage: CoverageRow[];
}

/** Answers from the rows as they lie in the tables, without any memory or order: slow, and plain enough to be right. */
export class SlowTeams {
  readonly #tables: Tables;

  private constructor(tables: Tables) {
    this.#tables = tables;
  }

  static async read(db: Kysely<Database>): Promise<SlowTeams> {
    return inEveryArea(db, async (trx) => {
      const rows = async <T>(table: string, columns: string) =>
        (
          await sql<T>`select ${sql.raw(columns)}, (extract(epoch from lower(valid)) * 1000)::float8 as "from",
          (extract(epoch from upper(valid)) * 1000)::float8 as "to", edition_from as opened, edition_to as closed
          from ${sql.table(table)}`.execute(trx)
        ).rows;
      return new SlowTeams({
        grids: await rows<GridRow>('grid_version', 'grid_id as grid, parent_id as parent'),
        bodies: await rows<BodyRow>('body_version', 'body_id as body, name, categories'),
        teams: await rows<TeamRow>(
          'team_version',
          'body_id as body, standing, member_kinds as kinds, member_counts as counts',
        ),
        parents: await rows<ParentRow>('body_parent', 'body_id as body, line, parent_id as parent'),
        coverage: await rows<CoverageRow>(
          'team_coverage',
          `body_id as body, grid_id as grid, categories, weekdays, month_days as days, month_weeks as weeks, time_zone as zone`,
        ),
      });
    });
  }

  /** Names of the teams that cover a grid with the number of tiers up to what they cover, nearest first. */
  teamsOn(gridId: string, category: string | null, moment: Moment): string[] {
    const found = new Map<string, { name: string; depth: number }>();
    const answers = (categories: string[]) => !category || categories.length === 0 || categories.includes(category);
    let at: string | null = gridId;
    for (let depth = 0; at !== null; depth += 1) {
      const [grid] = now(this.#tables.grids, moment).filter((row) => row.grid === at);
      if (!grid) break;
      for (const row of now(this.#tables.coverage, moment)) {
        const [body] = now(this.#tables.bodies, moment).filter((each) => each.body === row.body);
        if (row.grid !== at || !body || found.has(row.body) || !isDay(row, moment.asOf)) continue;
        if (answers(row.categories) && answers(body.categories)) found.set(row.body, { name: body.name, depth });
      }
      at = grid.parent;
    }
    const list = [...found].map(([id, { name, depth }]) => ({ depth, said: `${depth} ${name} ${id}` }));
    return list.sort((a, b) => a.depth - b.depth || (a.said < b.said ? -1 : 1)).map(({ said }) => said);
  }

  /** Everything about one body: standing, members, and whom it stands under and above. */
  bodySays(bodyId: string, moment: Moment): string[] {
    const bodies = now(this.#tables.bodies, moment);
    const name = (id: string) => bodies.find(({ body }) => body === id)?.name;
    const lines = now(this.#tables.parents, moment);
    const [team] = now(this.#tables.teams, moment).filter(({ body }) => body === bodyId);
    const parents = lines.filter(({ body, parent }) => body === bodyId && name(parent));
    const units = new Set(lines.filter(({ body, parent }) => parent === bodyId && name(body)).map(({ body }) => body));
    return [
      `${team?.standing ?? null} ${(team?.kinds ?? []).map((kind, i) => `${kind}:${team.counts[i]}`).join(';')}`,
      ...parents.map(({ line, parent }) => `${line}=${name(parent)} ${parent}`).sort(),
      ...[...units].map((id) => `< ${name(id)} ${id}`).sort(),
    ];
  }
}

function now<T extends Row>(rows: readonly T[], { asOf, edition }: Moment): T[] {
  return rows.filter(
    ({ from, to, opened, closed }) =>
      from <= asOf && (to === null || asOf < to) && opened <= edition && (closed === null || edition < closed),
  );
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric' });
  formats.set(timeZone, known);
  return known;
}

function isDay({ weekdays, days, weeks, zone }: CoverageRow, asOf: number): boolean {
  if (zone === null) return true;
  const local = (instant = asOf) => {
    const parts = formatOf(zone).formatToParts(instant);
    return (type: string) => parts.find((part) => part.type === type)!.value;
  };
  const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(local()('weekday')) + 1;
  const date = Number(local()('day'));
  const isLast = (ahead: number) => Number(local(asOf + ahead * 86_400_000)('day')) < date;
  if (weekdays.length > 0 && !weekdays.includes(weekday)) return false;
  if (days.length > 0 && !days.includes(date) && !(days.includes(-1) && isLast(1))) return false;
  return weeks.length === 0 || weeks.includes(Math.ceil(date / 7)) || (weeks.includes(-1) && isLast(7));
}
