import { type Kysely, sql, type Transaction } from 'kysely';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import type { Role } from '../../../src/access/rights.ts';
import type { Areas, Viewer } from '../../../src/access/viewer.ts';
import { inEveryArea } from '../../../src/db/areas.ts';
import type { Database } from '../../../src/db/tables.ts';
import type { GridDraft } from '../../../src/grids/territory.type.ts';
import type { IncidentDesk } from '../../../src/incidents/desk/incidentDesk.ts';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import type { PlacesOfIncidents } from '../../../src/incidents/reporting/incidentPlaces.ts';
import type { MoveService } from '../../../src/incidents/reporting/move.service.ts';
import type { ReportService } from '../../../src/incidents/reporting/report.service.ts';
import type { ReportRequest } from '../../../src/incidents/reporting/reportRequest.ts';
import type { OwnersOfDay } from '../../../src/incidents/reporting/shownOwnership.ts';
import type { Practice } from '../../../src/practice/practice.type.ts';
import { drawGrid, openPaper, placeAt, publishGrids } from '../../grids/squareGrids.ts';
import { drawRole, publishStaff } from '../../ownership/staffedPaper.ts';
import { appoint, makePerson, makePost } from '../../posts/postsFixture.ts';
import { type Api, NOW } from '../../support/api.ts';
import { ladder, practiceOf, route } from '../routing/routingWorld.ts';
import { buildMatters } from './matterHouse.ts';

const LAYERS = [
  { code: 'gov', kind: 'PARTITION', tiers: ['town', 'village'] },
  { code: 'police', kind: 'PARTITION', tiers: ['station', 'beat'] },
  { code: 'water', kind: 'OVERLAY', tiers: ['river'] },
] as const;

/** Villages A and B of a town with a gap between them, beats North and South of a station, a river along the south. */
function drawGround() {
  const town = drawGrid('gov/town', 'T', [0, 0, 20, 10]);
  const station = drawGrid('police/station', 'S', [0, 0, 20, 10]);
  return {
    T: town,
    A: drawGrid('gov/village', 'A', [0, 0, 9, 10], { parent: town }),
    B: drawGrid('gov/village', 'B', [10, 0, 10, 10], { parent: town }),
    S: station,
    North: drawGrid('police/beat', 'North', [0, 5, 20, 5], { parent: station }),
    South: drawGrid('police/beat', 'South', [0, 0, 20, 5], { parent: station }),
    R: drawGrid('water/river', 'R', [0, -1, 20, 3]),
  };
}

function drawStaff(grids: Readonly<Record<string, GridDraft>>) {
  const roles = [
    drawRole('head', 1, ['gov/village', 'gov/town']),
    drawRole('mediator', 2, ['gov/village', 'gov/town']),
    drawRole('deputy', 3, ['police/station']),
    drawRole('officer', 4, ['police/beat']),
  ];
  const places = { head: ['A', 'B', 'T'], mediator: ['A', 'B', 'T'], deputy: ['S'], officer: ['North', 'South'] };
  const seats = Object.entries(places).flatMap(([role, codes]) => codes.map((code) => ({ role, code })));
  const posts = seats.map(({ role, code }) => makePost(role, grids[code].id));
  const people = seats.map(({ role, code }) => makePerson(`${role} ${code}`));
  return { roles, posts, people, appointments: posts.map((post, i) => appoint(post, people[i])) };
}

export const PRACTICE: Partial<Practice> = {
  categories: [{ code: 'dispute', name: 'Dispute', field: null }],
  routes: [route('gov/village', 'HANDLE head', 'MEDIATE mediator'), route('gov/town', 'MEDIATE mediator')],
  ladders: [ladder('small', ['village', 'town'])],
};

const LOG = { error: () => {} };

export const asked = (viewer: Viewer): RequestContext => ({ viewer, requestId: 'test', log: LOG });

export function signedIn(role: Role, areas: Areas = 'everywhere', more: Partial<Viewer> = {}): RequestContext {
  return asked({ kind: 'person', subject: `test-${role}`, grants: [{ role, areas }], ...more });
}

/** A house with the services of reports, over a ground of its own; the practice may be set anew at any time. */
export class MatterWorld {
  readonly api: Api;
  readonly clock: { now: Date };
  readonly grids: ReturnType<typeof drawGround>;
  readonly reports: ReportService;
  readonly moves: MoveService;
  readonly owners: OwnersOfDay;
  readonly places: PlacesOfIncidents;
  readonly desk: IncidentDesk;
  readonly db: Kysely<Database>;
  practice: Partial<Practice> = PRACTICE;
  /** What happens between reading a report and filing it. */
  beforeFiling: () => Promise<unknown> = async () => {};
  readonly #staff: ReturnType<typeof drawStaff>;

  private constructor(
    api: Api,
    clock: { now: Date },
    grids: ReturnType<typeof drawGround>,
    staff: ReturnType<typeof drawStaff>,
  ) {
    this.api = api;
    this.clock = clock;
    this.grids = grids;
    this.#staff = staff;
    this.db = api.app.database.db;
    const house = buildMatters(
      api.app,
      () => clock.now,
      () => practiceOf(this.practice),
      () => this.beforeFiling(),
    );
    const { desk, reports, moves, owners, places } = house;
    this.desk = desk;
    this.reports = reports;
    this.moves = moves;
    this.owners = owners;
    this.places = places;
  }

  static async open(): Promise<MatterWorld> {
    const clock = { now: NOW };
    const api = await openPaper(LAYERS, ['local'], () => clock.now);
    const grids = drawGround();
    await publishGrids(api, Object.values(grids));
    const staff = drawStaff(grids);
    await publishStaff(api, staff);
    return new MatterWorld(api, clock, grids, staff);
  }

  personId(name: string): string {
    return this.#staff.people.find((person) => person.name === name)!.id;
  }

  later(minutes: number): void {
    this.clock.now = new Date(this.clock.now.getTime() + minutes * 60_000);
  }

  report(by: RequestContext, column: number, row: number, more: Partial<ReportRequest> = {}): Promise<IncidentFile> {
    return this.reports.report(by, { category: 'dispute', at: { point: placeAt(column, row) }, ...more });
  }

  /** Codes of the grids that own it, in the order of the layers, "60%" of an area; "-" for none. */
  ownersOf({ parties }: Pick<IncidentFile, 'parties'>): string[] {
    const byId = new Map(Object.entries(this.grids).map(([code, { id }]) => [id, code]));
    return parties
      .filter(({ reason }) => reason === 'OWNER')
      .sort((a, b) => a.layerId - b.layerId || b.share - a.share)
      .map(
        ({ gridId, share }) => `${byId.get(gridId) ?? gridId}${share < 0.995 ? ` ${Math.round(share * 100)}%` : ''}`,
      );
  }

  /** "PURPOSE role grid", in the order in which they were issued. */
  tasksOf({ tasks }: Pick<IncidentFile, 'tasks'>): string[] {
    const byId = new Map(Object.entries(this.grids).map(([code, { id }]) => [id, code]));
    return tasks.map(({ purpose, role, gridId }) => `${purpose} ${role} ${byId.get(gridId)}`);
  }

  everywhere<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
    return inEveryArea(this.db, work);
  }

  async count(table: 'incident' | 'task' | 'incident_request'): Promise<number> {
    const { rows } = await this.everywhere((trx) =>
      sql<{ count: number }>`select count(*)::int as count from ${sql.table(table)}`.execute(trx),
    );
    return rows[0].count;
  }
}
