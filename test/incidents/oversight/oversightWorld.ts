import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { inEveryArea } from '../../../src/db/areas.ts';
import { LineageRepository } from '../../../src/grids/lineage/lineage.repository.ts';
import { LineageBook } from '../../../src/grids/lineage/lineageBook.ts';
import { MomentReader } from '../../../src/grids/momentReader.ts';
import { ClimbService } from '../../../src/incidents/oversight/climb.service.ts';
import { ClosingService } from '../../../src/incidents/oversight/closing.service.ts';
import { DueTaskRepository } from '../../../src/incidents/oversight/dueTask.repository.ts';
import { type DueRoom, DueWork } from '../../../src/incidents/oversight/dueWork.service.ts';
import { OversightRepository } from '../../../src/incidents/oversight/lists/oversight.repository.ts';
import { OversightService } from '../../../src/incidents/oversight/lists/oversight.service.ts';
import { MatterReader } from '../../../src/incidents/oversight/matterReader.ts';
import { Router } from '../../../src/incidents/routing/router.ts';
import type { Practice } from '../../../src/practice/practice.type.ts';
import { asSuperuser } from '../../support/database.ts';
import { DeskWorld } from '../desk/deskWorld.ts';
import { handler, ladder, practiceOf, route } from '../routing/routingWorld.ts';

export const HOUR = 3_600_000;

const ROUTES = [route('gov/village', 'HANDLE officer'), route('gov/town', 'MEDIATE mediators')];

/** The matter climbs when it is late: a day in the village, two in the town. */
export const CLIMBING: Partial<Practice> = {
  routes: ROUTES,
  ladders: [
    ladder('dispute', ['village', 'town'], {
      climbsWhenLate: true,
      deadlines: [
        { tier: 'village', severity: null, hours: 24 },
        { tier: 'town', severity: null, hours: 48 },
      ],
      ...{ followUpDays: 7, followUp: handler('FOLLOW_UP officer @gov/village') },
    }),
  ],
};

/** The matter stays where it is; the town is told. */
export const STAYING: Partial<Practice> = {
  routes: ROUTES,
  ladders: [ladder('dispute', ['village', 'town'])],
};

/** The services of oversight over the desk, with a practice that may be set anew at any time. */
export class OversightWorld {
  readonly desk: DeskWorld;
  readonly climbs: ClimbService;
  readonly closings: ClosingService;
  readonly oversight: OversightService;
  readonly router: Router;
  readonly matters: MatterReader;
  readonly logged: unknown[] = [];
  practice = CLIMBING;

  private constructor(world: DeskWorld) {
    this.desk = world;
    const { db, atlas, directory, editions, desk } = world;
    const practice = { practiceAt: () => practiceOf(this.practice) };
    this.router = new Router({ directory, practice, newId: randomUUID });
    const lineage = new LineageBook(new LineageRepository(db));
    this.matters = new MatterReader({ atlas, lineage }, new MomentReader(editions, () => world.now));
    this.climbs = new ClimbService(desk, this.router, this.matters);
    this.closings = new ClosingService(desk, this.router, this.matters);
    const room = { db, repository: new OversightRepository() };
    this.oversight = new OversightService(room, world.tree, () => world.now);
  }

  static async open(): Promise<OversightWorld> {
    return new OversightWorld(await DeskWorld.open());
  }

  /** No incident was ever; the registry stays as it is. */
  emptied(): Promise<void> {
    this.practice = CLIMBING;
    this.logged.length = 0;
    return asSuperuser(this.desk.db, async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx);
      await sql`truncate incident cascade`.execute(trx);
    });
  }

  /** As one server does it. */
  dueWork(desk: Pick<DeskWorld['desk'], 'act'> = this.desk.desk): DueWork {
    return new DueWork(this.room(), desk, this.router, this.matters);
  }

  room(): DueRoom {
    const log = { error: (...line: unknown[]) => void this.logged.push(line) };
    return { db: this.desk.db, repository: new DueTaskRepository(), clock: () => this.desk.now, log };
  }

  later(hours: number): void {
    this.desk.now = new Date(this.desk.now.getTime() + hours * HOUR);
  }

  /** An instant so many hours from now. */
  in(hours: number): Date {
    return new Date(this.desk.now.getTime() + hours * HOUR);
  }

  /** An incident in a village with one task for its officer, due in so many hours. */
  async filed(code: string, dueInHours: number | null, more: Parameters<DeskWorld['report']>[2] = {}) {
    const task = this.desk.task('officer', code, { dueAt: dueInHours === null ? null : this.in(dueInHours) });
    return this.desk.file(this.desk.report([code], [task], more));
  }

  read(id: string) {
    return inEveryArea(this.desk.db, (trx) => this.desk.repository.lock(trx, id).then((file) => file!));
  }

  trail(id: string) {
    return inEveryArea(this.desk.db, (trx) => this.desk.repository.readTrail(trx, id));
  }
}
