import { type GridEntry, isKnown } from '../../grids/atlas/rows.ts';
import type { DatedRow } from '../../grids/log/datedLog.ts';
import { FOREVER } from '../../grids/moment.ts';
import { stableId } from '../../ids.ts';
import type { BodyDraft, BodyState } from '../../posts/post.type.ts';
import type { TeamState } from '../team.type.ts';
import type { BodyKeys } from './bodyKeys.ts';
import type { KnownIndex, KnownTeams, RowPlan } from './teamPlan.ts';
import { BadTeamCell, type TeamsColumn, type TeamsRow } from './teamsFile.ts';

interface Ground {
  readonly index: KnownIndex;
  readonly keys: BodyKeys;
  readonly known: KnownTeams;
  /** When a row without `from` begins. */
  readonly now: Date;
}

/** What one row writes. Throws BadTeamCell where it contradicts what is known. */
export function planRow(row: TeamsRow, bodyId: string, ground: Ground): RowPlan {
  const { index, keys, now } = ground;
  const versions = index.bodies.get(bodyId) ?? [];
  const at = row.from ?? now;
  const current = versions.find((version) => holds(version, at));
  if (versions.length > 0) assertKnownBody(row, at, versions, current);
  else if (row.to && row.to <= at) throw new BadTeamCell('to', row.to.toISOString(), 'is not after the beginning');
  const parents = new Map([...(row.parents ?? [])].map(([line, text]) => [line, keys.find('parents', text)]));
  const place = { row, bodyId, at };
  return {
    ...place,
    parents,
    body: current ? null : bodyDraft(place),
    bodyRevision: current ? bodyRevision(place, current.value) : null,
    ...planComposition(place, index.teams.get(bodyId) ?? []),
    ...planParents(place, parents, index),
    ...planCoverage(place, ground),
  };
}

type Place = Pick<RowPlan, 'row' | 'bodyId' | 'at'>;

function holds(row: { validFrom: number; validTo: number }, at: Date): boolean {
  return row.validFrom <= at.getTime() && at.getTime() < row.validTo;
}

function assertKnownBody(row: TeamsRow, at: Date, versions: readonly DatedRow<BodyState>[], current: unknown): void {
  if (!current) {
    const from = new Date(Math.min(...versions.map(({ validFrom }) => validFrom))).toISOString();
    throw new BadTeamCell('from', at.toISOString(), `is a day on which the body does not exist; it begins on ${from}`);
  }
  const ends = Math.max(...versions.map(({ validTo }) => validTo));
  if (row.to && row.to.getTime() !== ends) {
    throw new BadTeamCell('to', row.to.toISOString(), 'is not when the known body ends; a file does not end bodies');
  }
}

function bodyDraft({ row, bodyId, at }: Place): BodyDraft {
  const { name, kind, officePhone } = row;
  const lists = { languages: row.languages ?? [], categories: row.categories ?? [] };
  return { id: bodyId, name, kind, officePhone, ...lists, validFrom: at, validTo: row.to };
}

function bodyRevision({ row, bodyId, at }: Place, known: BodyState): RowPlan['bodyRevision'] {
  const { name, kind, officePhone, languages, categories } = row;
  const set = changes(known, { name, kind, officePhone, languages, categories });
  return set && { id: bodyId, from: at, set };
}

function planComposition(
  { row, bodyId, at }: Place,
  known: readonly DatedRow<TeamState>[],
): Pick<RowPlan, 'team' | 'teamRevision'> {
  const { standing, members } = row;
  const current = known.find((version) => holds(version, at));
  if (current) {
    const set = changes(current.value, { standing, members });
    return { team: null, teamRevision: set && { bodyId, from: at, set } };
  }
  if (standing === null && members === null) return { team: null, teamRevision: null };
  const validTo = endBefore(known, at, row.to);
  return { team: { bodyId, standing, members: members ?? [], validFrom: at, validTo }, teamRevision: null };
}

function planParents(
  { row, bodyId, at }: Place,
  parents: ReadonlyMap<string, string>,
  index: KnownIndex,
): Pick<RowPlan, 'parentEnds' | 'parentDrafts'> {
  const known = index.parents.get(bodyId) ?? [];
  const news = [...parents].filter(
    ([line, id]) => !known.some((each) => holds(each, at) && each.value.line === line && each.value.parentId === id),
  );
  const later = (line: string) => known.some((each) => each.value.line === line && each.validTo > at.getTime());
  return {
    parentEnds: news.flatMap(([line]) => (later(line) ? [{ bodyId, line }] : [])),
    parentDrafts: news.map(([line, parentId]) => ({ bodyId, line, parentId, validFrom: at, validTo: row.to })),
  };
}

/** The cell says all that is covered from then on; circuits are left as they are. */
function planCoverage({ row, bodyId, at }: Place, ground: Ground): Pick<RowPlan, 'coverageEnds' | 'coverageDrafts'> {
  if (row.covers === null) return { coverageEnds: [], coverageDrafts: [] };
  const wanted = new Set(row.covers.map((code) => gridOf(row, code, at, ground).id));
  const standing = (ground.index.coverage.get(bodyId) ?? []).filter(({ value }) => value.days === null);
  const current = standing.filter((each) => holds(each, at));
  const covered = new Set(current.map(({ value }) => value.gridId));
  const missing = [...wanted].filter((gridId) => !covered.has(gridId));
  return {
    coverageEnds: current.filter(({ value }) => !wanted.has(value.gridId)).map(({ value }) => value.id),
    coverageDrafts: missing.map((gridId) => ({
      id: stableId('coverage', bodyId, gridId, at.toISOString()),
      bodyId,
      gridId,
      categories: [],
      days: null,
      validFrom: at,
      validTo: endBefore(
        standing.filter(({ value }) => value.gridId === gridId),
        at,
        row.to,
      ),
    })),
  };
}

function gridOf({ scheme, to }: TeamsRow, code: string, at: Date, { known }: Ground): GridEntry {
  const refuse = (reason: string, column: TeamsColumn = 'covers'): never => {
    throw new BadTeamCell(column, code, reason);
  };
  const uses = known.listCodes(code).filter((use) => scheme === null || use.scheme.code === scheme);
  const grids = new Set(uses.map((use) => use.grid));
  if (grids.size === 0) refuse(scheme === null ? 'is the code of no grid' : `is the code of no grid in ${scheme}`);
  if (grids.size > 1) refuse(`names several grids; give the scheme: ${uses.map((use) => use.scheme.code).join(', ')}`);
  const [grid] = grids;
  const versions = grid.versions.filter((version) => isKnown(version, known.edition));
  const first = Math.min(...versions.map(({ validFrom }) => validFrom));
  const last = Math.max(...versions.map(({ validTo }) => validTo));
  if (at.getTime() < first) refuse(`begins only on ${new Date(first).toISOString()}`);
  if ((to?.getTime() ?? FOREVER) > last) refuse(`ends on ${new Date(last).toISOString()}, before the team does`);
  return grid;
}

/** The end of a new row: where the next known one begins, else the end given. */
function endBefore(known: readonly { validFrom: number }[], at: Date, to: Date | null): Date | null {
  const next = Math.min(...known.map(({ validFrom }) => validFrom).filter((from) => from > at.getTime()), FOREVER);
  return next < (to?.getTime() ?? FOREVER) ? new Date(next) : to;
}

/** What the file wants otherwise than it is known; null when nothing. Null in `wanted`: the file does not say. */
function changes<T extends object>(known: T, wanted: { readonly [Key in keyof T]?: T[Key] | null }): Partial<T> | null {
  const news = Object.entries(wanted).filter(
    ([key, value]) => value !== null && JSON.stringify(value) !== JSON.stringify(known[key as keyof T]),
  );
  return news.length === 0 ? null : (Object.fromEntries(news) as Partial<T>);
}
