import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { RequestContext } from '../../src/access/requestContext.ts';
import type { Draft } from '../../src/changesets/changeset.type.ts';
import type { Op } from '../../src/changesets/ops/op.ts';
import { AddressPointRepository } from '../../src/consequences/addressPoint.repository.ts';
import { ConsequenceService, type Consequences } from '../../src/consequences/consequence.service.ts';
import { OpenIncidentRepository } from '../../src/consequences/incidents/openIncident.repository.ts';
import { OpenIncidents } from '../../src/consequences/incidents/openIncidents.service.ts';
import { inEveryArea } from '../../src/db/areas.ts';
import { GridAreas } from '../../src/grids/areas.ts';
import { Hands } from '../../src/incidents/desk/hands.ts';
import { IncidentDesk } from '../../src/incidents/desk/incidentDesk.ts';
import { IncidentRepository } from '../../src/incidents/incident.repository.ts';
import type { IncidentFile } from '../../src/incidents/incident.type.ts';
import { MoveService } from '../../src/incidents/reporting/move.service.ts';
import { ReportService } from '../../src/incidents/reporting/report.service.ts';
import { ReportPlanner } from '../../src/incidents/reporting/reportPlanner.ts';
import { Router } from '../../src/incidents/routing/router.ts';
import { ChangesetHouse } from '../changesets/changesetHouse.ts';
import { CORNER, placeAt, STEP } from '../grids/squareGrids.ts';
import { practiceOf } from '../incidents/routing/routingWorld.ts';

/** The services of changesets and of incidents over one small city. */
export class IncidentsHouse {
  readonly house: ChangesetHouse;
  readonly reports: ReportService;
  readonly moves: MoveService;
  readonly consequences: ConsequenceService;
  readonly openIncidents: OpenIncidents;
  readonly #repository = new IncidentRepository();

  private constructor(house: ChangesetHouse) {
    this.house = house;
    const { app } = house.api;
    const { atlas, directory, ownership, moments, lineage, finder, editions } = app;
    const { db } = app.database;
    const practice = { practiceAt: () => practiceOf({}) };
    const routing = new Router({ directory, practice, newId: randomUUID });
    const repository = this.#repository;
    const audit = app.audit.log;
    const tree = new GridAreas(atlas, finder, moments);
    const planner = new ReportPlanner(ownership, { routing, practice, directory });
    const warnings = { instruct: async () => ({ tasks: [], notices: [] }) };
    this.reports = new ReportService({ db, repository, audit, moments }, planner, warnings);
    const layerIds = () => new Map(atlas.layersAt(editions.latest).map(({ code, id }) => [code, id]));
    const desk = new IncidentDesk(
      { db, repository, audit },
      new Hands({ directory, moments, tree }),
      { tree, layerIds },
      () => house.now,
    );
    this.moves = new MoveService(desk, { db, repository }, { atlas, lineage, tree, moments, ownership }, routing);
    this.consequences = new ConsequenceService(app, new AddressPointRepository(db), app.addresses.finder);
    this.openIncidents = new OpenIncidents(db, new OpenIncidentRepository(), () => house.now);
  }

  static async open(): Promise<IncidentsHouse> {
    return new IncidentsHouse(await ChangesetHouse.open());
  }

  by(...codes: string[]): RequestContext {
    return this.house.as('desk', 'dispatcher', ...codes);
  }

  /** A matter at a place of the squared paper. */
  report(column: number, row: number): Promise<IncidentFile> {
    return this.reports.report(this.by(), { category: 'dispute', at: { point: placeAt(column, row) } });
  }

  /** The middle of the south-west village goes to the one north of it, and the south-east one is split. */
  ops(): Op[] {
    const point = (column: number, row: number) => [CORNER.x + column * STEP, CORNER.y + row * STEP] as const;
    const ring = [
      [0, 2],
      [0.5, 2],
      [0.5, 1],
      [1.5, 1],
      [1.5, 2],
      [2, 2],
      [2, 4],
      [0, 4],
    ].flatMap(([c, r]) => point(c, r));
    const halves = { codes: ['X1', 'X2'], names: ['West', 'East'], ids: [randomUUID(), randomUUID()] };
    return [
      { reshape: { grid: this.house.id('B'), boundary: [[new Int32Array(ring)]] } },
      { split: { grid: this.house.id('X'), line: [point(3, -1), point(3, 3)], ...halves } },
    ];
  }

  preview(draft: Draft): Promise<Consequences> {
    return this.consequences.preview(draft);
  }

  async listed(draft: Draft, by: RequestContext = this.by()) {
    return this.openIncidents.list(by, await this.preview(draft));
  }

  /** Of every incident, the grids that own it now. */
  async ownersOfAll(): Promise<Map<string, string[]>> {
    const { rows } = await inEveryArea(this.house.api.app.database.db, (trx) =>
      sql<{ id: string; owners: string[] }>`
        select incident_id as id, array_agg(grid_id::text order by grid_id::text) as owners from incident_party
        where reason = 'OWNER' and to_version is null group by incident_id`.execute(trx),
    );
    return new Map(rows.map(({ id, owners }) => [id, owners]));
  }

  read(id: string): Promise<IncidentFile> {
    return inEveryArea(this.house.api.app.database.db, async (trx) => (await this.#repository.lock(trx, id))!);
  }

  owners({ parties }: Pick<IncidentFile, 'parties'>): string[] {
    return parties.flatMap(({ reason, gridId }) => (reason === 'OWNER' ? [gridId] : [])).sort();
  }
}
