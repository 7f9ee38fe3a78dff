import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import type { IncidentState, Recipient, Rung } from '../../../src/incidents/course/state.ts';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import { DeskWorld } from '../desk/deskWorld.ts';
import type { CourseWorld } from './courseWorld.ts';

const HOUR = 3_600_000;
const rung = (layer: string, tier: string): Rung => ({ layer, tier });

/** Some of these posts are held; the others were never made. */
const PLACES = ['A', 'P1', 'T1', 'T2'];
const ROLES = ['officer', 'mediators', 'worker'];

/** A registry in which courses are played: the same dice, with grids, posts and people that there are. */
export class StoredWorld {
  readonly desk: DeskWorld;
  readonly course: CourseWorld;
  /** Of each actor the viewer, by the name of the login. */
  readonly viewers: ReadonlyMap<string, RequestContext>;

  private constructor(desk: DeskWorld, others: CourseWorld['others']) {
    this.desk = desk;
    const { wang, li, zhao } = desk.people;
    const viewers = [
      desk.viewer('officer', 'everywhere', { subject: 'wang', staffId: wang }),
      desk.viewer('dispatcher', 'everywhere', { subject: 'li', staffId: li }),
      desk.viewer('officer', 'everywhere', { subject: 'zhao', staffId: zhao }),
      desk.viewer('dispatcher', 'everywhere', { subject: 'zhao-again', staffId: zhao }),
      desk.viewer('admin', 'everywhere', { subject: 'root' }),
    ];
    this.viewers = new Map(viewers.map((each) => [each.viewer.subject, each]));
    const { latest } = desk.editions;
    const [village, hamlet] = [rung('gov', 'village'), rung('gov', 'hamlet')];
    this.course = {
      layerIds: new Map(desk.atlas.layersAt(latest).map(({ code, id }) => [code, id])),
      rungs: [village, hamlet, rung('police', 'precinct'), rung('gov', 'town')],
      missing: [hamlet],
      posts: PLACES.flatMap((code) => ROLES.map((role) => this.#post(role, code))),
      // Halves and quarters are the same as single floats.
      owners: [[desk.owner('A')], [desk.owner('C')], [desk.owner('A', 0.75), desk.owner('P1', 0.25)]],
      actors: viewers.map(({ viewer }) => desk.hands.actorOf(viewer)),
      others,
      severities: ['red', 'yellow', 'green'],
      edition: latest,
      newId: randomUUID,
    };
  }

  /** With three other matters, one of them closed, to which links are made. */
  static async open(): Promise<StoredWorld> {
    const desk = await DeskWorld.open();
    const others = await Promise.all([1, 2, 3].map(() => desk.file(desk.report(['B']))));
    const closer = desk.viewer('admin', 'everywhere');
    const closed = { field: 'Mutation.test', right: 'incidents.direct', id: others[2].id } as const;
    const end = { do: 'CLOSE', outcome: 'DUPLICATE', result: 'told twice', followUps: [] } as const;
    await desk.desk.act(closer, closed, () => end);
    return new StoredWorld(
      desk,
      others.map(({ id }, i) => ({ id, open: i < 2 })),
    );
  }

  /** Just found by the first actor, or reported by it; with nothing asked of anybody. */
  file(isFound: boolean): Promise<IncidentFile> {
    const { desk, course } = this;
    const [{ subject, staffId }] = course.actors;
    const start: Partial<IncidentState> = isFound ? { origin: 'FOUND', finderId: staffId } : { origin: 'REPORTED' };
    const report = desk.report(['A'], [], {
      ...{ occurredAt: new Date(desk.now.getTime() - HOUR), rung: course.rungs[0], reportedBy: subject },
      ...{ origin: start.origin, finderId: start.finderId ?? null },
    });
    return desk.file(report);
  }

  #post(role: string, code: string): Recipient {
    const { postId, gridId, layer, tier } = this.desk.task(role, code);
    return { postId, role, gridId, layer, tier };
  }
}
