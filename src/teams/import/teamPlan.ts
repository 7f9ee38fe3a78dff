import type { CellFault } from '../../csv/cellFault.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { DatedRow } from '../../grids/log/datedLog.ts';
import { groupBy } from '../../posts/import/subject.ts';
import type { BodyDraft, BodyState, Revision } from '../../posts/post.type.ts';
import type {
  CoverageDraft,
  CoverageState,
  ParentDraft,
  ParentState,
  TeamDraft,
  TeamRevision,
  TeamState,
} from '../team.type.ts';
import type { ParentKey } from '../writing/team.repository.ts';
import { BodyKeys } from './bodyKeys.ts';
import { findCycle } from './parentCycle.ts';
import { planRow } from './rowPlan.ts';
import { BadTeamCell, type TeamsColumn, type TeamsRow } from './teamsFile.ts';

/** What a file is compared with: the belief of one edition about all dates. */
export interface KnownTeams {
  readonly edition: number;
  readonly bodies: readonly DatedRow<BodyState>[];
  readonly teams: readonly DatedRow<TeamState>[];
  readonly parents: readonly DatedRow<ParentState>[];
  readonly coverage: readonly DatedRow<CoverageState>[];
  readonly listCodes: (code: string) => ReturnType<Atlas['listCodes']>;
}

/** What one row writes: ends first, then what is new. */
export interface RowPlan {
  readonly row: TeamsRow;
  readonly bodyId: string;
  /** When what the row says begins. */
  readonly at: Date;
  readonly parents: ReadonlyMap<string, string>;
  readonly body: BodyDraft | null;
  readonly bodyRevision: Revision<BodyDraft> | null;
  readonly team: TeamDraft | null;
  readonly teamRevision: TeamRevision | null;
  readonly parentEnds: readonly ParentKey[];
  readonly parentDrafts: readonly ParentDraft[];
  readonly coverageEnds: readonly string[];
  readonly coverageDrafts: readonly CoverageDraft[];
}

/** What the good rows write, and what is wrong with the others. */
export interface TeamPlan {
  readonly rows: readonly RowPlan[];
  readonly faults: readonly CellFault<TeamsColumn>[];
}

/** Compares a file with what is known. A row whose parent is made by a bad row is bad too. */
export function planTeams(rows: readonly TeamsRow[], known: KnownTeams, now: Date): TeamPlan {
  const faults: CellFault<TeamsColumn>[] = [];
  const blame = (row: TeamsRow, fault: unknown) => {
    if (!(fault instanceof BadTeamCell)) throw fault;
    faults.push(fault.at(row.row));
  };
  const keys = new BodyKeys(known.bodies.map(({ value }) => value));
  const meant = new Map<string, TeamsRow>();
  for (const row of rows) {
    try {
      const id = keys.take(row);
      const other = meant.get(id);
      if (other) throw new BadTeamCell('name', row.name, `says the same team as row ${other.row}`);
      meant.set(id, row);
    } catch (fault) {
      blame(row, fault);
    }
  }
  const index = indexOf(known);
  let plans: RowPlan[] = [];
  for (const [bodyId, row] of meant) {
    try {
      plans.push(planRow(row, bodyId, { index, keys, known, now }));
    } catch (fault) {
      blame(row, fault);
    }
  }
  for (let count = -1; count !== plans.length; ) {
    count = plans.length;
    plans = plans.filter((plan) => {
      const fault = orphan(plan, plans, index) ?? cycleOf(plan, plans, index);
      if (fault) blame(plan.row, fault);
      return !fault;
    });
  }
  return { rows: plans, faults };
}

/** Known rows by what they speak of. */
export interface KnownIndex {
  readonly bodies: ReadonlyMap<string, readonly DatedRow<BodyState>[]>;
  readonly teams: ReadonlyMap<string, readonly DatedRow<TeamState>[]>;
  readonly parents: ReadonlyMap<string, readonly DatedRow<ParentState>[]>;
  readonly coverage: ReadonlyMap<string, readonly DatedRow<CoverageState>[]>;
}

function indexOf({ bodies, teams, parents, coverage }: KnownTeams): KnownIndex {
  return {
    bodies: groupBy(bodies, ({ value }) => value.id),
    teams: groupBy(teams, ({ value }) => value.bodyId),
    parents: groupBy(parents, ({ value }) => value.bodyId),
    coverage: groupBy(coverage, ({ value }) => value.bodyId),
  };
}

function orphan({ parents }: RowPlan, plans: readonly RowPlan[], index: KnownIndex): BadTeamCell | undefined {
  const made = new Set(plans.map(({ bodyId }) => bodyId));
  for (const [line, id] of parents) {
    if (made.has(id) || index.bodies.has(id)) continue;
    return new BadTeamCell('parents', line, 'names a body whose own row in this file is bad');
  }
  return undefined;
}

function cycleOf(plan: RowPlan, plans: readonly RowPlan[], index: KnownIndex): BadTeamCell | undefined {
  const wanted = new Map(plans.map((each) => [each.bodyId, each.parents]));
  const line = findCycle(plan, wanted, index.parents);
  return line === undefined ? undefined : new BadTeamCell('parents', line, 'would put the body above itself');
}
