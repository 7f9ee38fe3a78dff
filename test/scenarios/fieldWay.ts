import { expect } from 'vitest';
import type { GridPlan } from '../../seeds/plan.type.ts';
import type { Role } from '../../src/access/rights.ts';
import type { Answer } from '../support/api.ts';
import { placeIn, type Town } from './demoTown.ts';
import { chainAt } from './incidentOffices.ts';
import { act, desk, director, type Headers } from './incidentWay.ts';

/** One village of a town of the demo: its grids, those above it, and a place in it. */
export interface Village {
  readonly village: GridPlan;
  readonly town: GridPlan;
  readonly county: GridPlan;
  readonly grids: readonly GridPlan[];
  readonly at: ReturnType<typeof placeIn>;
}

export function villageIn(town: Town, townName: string, name: string): Village {
  const { plan } = town;
  const upper = plan.grids.find((grid) => grid.tier === 'town' && grid.name === townName)!;
  const village = plan.grids.find((grid) => grid.parentId === upper.id && grid.name === name)!;
  const at = placeIn(village.boundary);
  const [county] = chainAt(town, 'governance', at).filter(({ tier }) => tier === 'county');
  return { village, town: upper, county, grids: plan.grids.filter(({ parentId }) => parentId === village.id), at };
}

/** The post of a role on a grid of the demo, and the member of staff who holds it. */
export function seatOf({ plan }: Town, gridId: string, role: string): { postId: string; personId: string } {
  const post = plan.posts.find((each) => each.gridId === gridId && each.roleCode === role)!;
  const { holder } = plan.appointments.find(({ postId }) => postId === post.id)!;
  if (!('personId' in holder)) throw new Error(`A body holds the post ${role}`);
  return { postId: post.id, personId: holder.personId };
}

/** Asks as the director of everything, unless as somebody else. */
export async function askAs(town: Town, query: string, variables: object, by?: Headers): Promise<Answer> {
  return town.api.ask(query, variables, by ?? (await director(town)));
}

/** Signs in as the holder of a post of the demo. */
export function asSeat(town: Town, gridId: string, role: string, as: Role): Promise<Headers> {
  return town.api.asStaff(seatOf(town, gridId, role).personId, as, gridId);
}

const VISIT = `id kind contactKind role state flags visitedAt reviewedBy reason grid { id } visitor { id }
  place { siteId name kind }`;

/** Records a visit, by the desk unless somebody else does. */
export async function visit(town: Town, input: object, by?: Headers): Promise<Answer> {
  return act(town, 'recordVisit', { input }, by ?? (await desk(town)), VISIT);
}

/** Judges a visit as the director. */
export async function review(town: Town, id: string, accepted = true): Promise<Answer> {
  const reason = accepted ? null : '查无此事';
  return act(town, 'reviewVisit', { id, accepted, reason }, await director(town), VISIT);
}

const COUNTS = `reported found closed attempts tasksIssued tasksAcknowledged tasksHandled tasksDue tasksInTime tasksLate visits`;
export const MEASURES = COUNTS.split(' ');

/** The digest of a day, or of the week or the month that holds it. */
export async function digestOf(
  town: Town,
  within: string,
  day: string,
  more: { readonly period?: 'DAY' | 'WEEK' | 'MONTH'; readonly by?: string } = {},
): Promise<Answer> {
  const query = `query ($within: ID!, $day: String!, $period: DigestPeriod, $by: String) {
    digest(within: $within, day: $day, period: $period, by: $by) {
      total { ${COUNTS} } rows { grid { id } counts { ${COUNTS} } } days { day from to counts { ${COUNTS} } } } }`;
  return (await askAs(town, query, { within, day, period: more.period ?? 'DAY', by: more.by })).digest;
}

/** What several counts come to together. */
export function sumOf(counts: readonly Answer[]): Answer {
  return Object.fromEntries(MEASURES.map((name) => [name, counts.reduce((sum, each) => sum + each[name], 0)]));
}

/** Every task that meets a filter, page by page; between pages something may be done. */
export async function listTasks(
  town: Town,
  filter: object,
  selection: string,
  { first = 200, between = async () => {} }: { first?: number; between?: () => Promise<void> } = {},
): Promise<Answer[]> {
  const query = `query ($filter: TaskFilter, $first: Int, $after: String) {
    tasks(filter: $filter, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { ${selection} } } } }`;
  const nodes: Answer[] = [];
  for (let after: string | null = null; ; await between()) {
    const { tasks } = await askAs(town, query, { filter, first, after });
    expect(tasks.edges.length).toBeLessThanOrEqual(first);
    nodes.push(...tasks.edges.map(({ node }: Answer) => node));
    if (!tasks.pageInfo.hasNextPage) return nodes;
    after = tasks.pageInfo.endCursor;
  }
}
