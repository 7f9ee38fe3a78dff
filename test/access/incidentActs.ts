import { randomUUID } from 'node:crypto';
import { midnight } from '../scenarios/demoTown.ts';
import { NOW } from '../support/api.ts';
import type { Area, TwoAreas } from './twoAreas.ts';

type Headers = { authorization: string };

/** A matter of an area, and what hangs on it: each of them is what some field is asked about. */
export interface Matter {
  readonly id: string;
  /** Another matter of the same area. */
  readonly otherId: string;
  readonly taskId: string;
  readonly pushId: string;
  readonly visitId: string;
  readonly activityId: string;
  /** A post of the area, and a place in its grid. */
  readonly postId: string;
  readonly point: { readonly lon: number; readonly lat: number };
  /** The area, and another village of it than that of the place. */
  readonly gridId: string;
  readonly elsewhereId: string;
}

/** What is nowhere. */
export const noMatter = (): Matter => ({
  ...{ id: randomUUID(), otherId: randomUUID(), taskId: randomUUID(), pushId: randomUUID(), visitId: randomUUID() },
  ...{ activityId: randomUUID(), postId: randomUUID(), gridId: randomUUID(), elsewhereId: randomUUID() },
  point: { lon: -30, lat: 0 },
});

const PERIOD = 'from: "2026-05-01T00:00:00Z", to: "2026-06-01T00:00:00Z"';
const FRAME = '{ frame { area { id } } }';
const within =
  (more = '') =>
  ({ gridId }: Matter) =>
    `within: "${gridId}"${more}`;
const byId = ({ id }: Matter) => `id: "${id}"`;
const byTask = ({ taskId }: Matter) => `id: "${taskId}"`;

interface Asked {
  readonly args: (matter: Matter) => string;
  /** What of the answer is selected; ids and names are in it where there is anything. */
  readonly shown: string;
}

/** What is read of an area or of one thing in it. */
export const MATTERS_READ: Readonly<Record<string, Asked>> = {
  incident: { args: byId, shown: '{ id summary tasks { id } trail { act } }' },
  incidents: { args: ({ gridId }) => `filter: { within: "${gridId}" }`, shown: '{ edges { node { id } } }' },
  tasks: { args: ({ gridId }) => `filter: { within: "${gridId}" }`, shown: '{ edges { node { id } } }' },
  taskCounts: { args: within(', by: STATUS'), shown: '{ name: status count }' },
  pushes: { args: within(), shown: '{ edges { node { id } } }' },
  taskPunctuality: { args: within(`, ${PERIOD}`), shown: '{ rows { grid { id } issued } }' },
  lateTasks: { args: within(`, ${PERIOD}`), shown: '{ grid { id } lateNow }' },
  closedPerTier: { args: within(`, ${PERIOD}`), shown: '{ name: ladder total }' },
  figures: { args: within(`, ${PERIOD}`), shown: FRAME },
  compareFigures: { args: within(`, first: { ${PERIOD} }, second: { ${PERIOD} }`), shown: `{ first ${FRAME} }` },
  digest: { args: within(', day: "2026-05-20"'), shown: FRAME },
  severityFigures: { args: within(), shown: FRAME },
  loadPerPost: { args: within(', measure: "households", role: "matrix_worker"'), shown: '{ total { grid { id } } }' },
  quotas: { args: within(', month: "2026-05"'), shown: '{ rows { grid { id } } }' },
  settledCredit: { args: within(`, ${PERIOD}`), shown: FRAME },
  visit: { args: ({ visitId }) => `id: "${visitId}"`, shown: '{ id place { at { lon lat } } }' },
  visits: { args: ({ gridId }) => `filter: { within: "${gridId}" }`, shown: '{ edges { node { id } } }' },
  unvisited: { args: within(', kind: "matrix_visit"'), shown: '{ edges { node { name } } }' },
  visitKinds: { args: within(), shown: '{ name must }' },
  activities: { args: within(), shown: '{ edges { node { id } } }' },
};

const REASON = 'reason: "As the register says"';
const SHOWN = '{ id status }';

/** What is done to one matter, and what is recorded in an area. */
export const MATTER_ACTS: Readonly<Record<string, Asked>> = {
  moveIncident: { args: ({ id, elsewhereId }) => `id: "${id}", to: "${elsewhereId}", ${REASON}`, shown: SHOWN },
  adoptOwners: { args: ({ id }) => `id: "${id}", ${REASON}`, shown: SHOWN },
  issueTasks: {
    args: ({ id, postId }) => `id: "${id}", input: { purpose: NOTICE, postIds: ["${postId}"] }`,
    shown: SHOWN,
  },
  escalateIncident: { args: ({ id }) => `id: "${id}", cause: REASON, ${REASON}`, shown: SHOWN },
  gradeIncident: { args: ({ id }) => `id: "${id}", severity: "matrix_red", ${REASON}`, shown: SHOWN },
  pushIncident: { args: ({ id }) => `id: "${id}", from: "governance", to: "police"`, shown: SHOWN },
  acknowledgePush: { args: ({ id, pushId }) => `id: "${id}", pushId: "${pushId}"`, shown: SHOWN },
  answerPush: { args: ({ id, pushId }) => `id: "${id}", pushId: "${pushId}", answer: "Seen to"`, shown: SHOWN },
  linkIncidents: { args: ({ id, otherId }) => `id: "${id}", otherId: "${otherId}", kind: RELATED`, shown: SHOWN },
  closeIncident: { args: ({ id }) => `id: "${id}", outcome: UNFOUNDED, result: "Nothing there"`, shown: SHOWN },
  acknowledgeTask: { args: byTask, shown: SHOWN },
  arriveAtTask: { args: byTask, shown: SHOWN },
  handleTask: { args: (matter) => `${byTask(matter)}, result: DONE, answer: "Done"`, shown: SHOWN },
  declineTask: { args: (matter) => `${byTask(matter)}, ${REASON}`, shown: SHOWN },
  recordAttempt: { args: ({ taskId }) => `taskId: "${taskId}", result: FAILED`, shown: SHOWN },
  verifyTask: { args: (matter) => `${byTask(matter)}, accepted: true`, shown: SHOWN },
  closeTask: { args: byTask, shown: SHOWN },
  withdrawTask: { args: (matter) => `${byTask(matter)}, ${REASON}`, shown: SHOWN },
  setPractice: {
    args: ({ gridId }) => `area: "${gridId}", practice: { contacts: [{ code: "matrix_call", name: "Call" }] }`,
    shown: '{ edition }',
  },
  recordActivity: { args: (matter) => activityIn(matter), shown: '{ id title }' },
  endActivity: { args: ({ activityId }) => `id: "${activityId}"`, shown: '{ id title }' },
  recordVisit: { args: (matter) => visitBy(matter), shown: '{ id state }' },
  reviewVisit: { args: ({ visitId }) => `id: "${visitId}", accepted: true`, shown: '{ id state }' },
};

const activityIn = ({ gridId }: Pick<Matter, 'gridId'>) =>
  `input: { activityClass: "matrix_fair", gridIds: ["${gridId}"], from: "2026-05-30T00:00:00Z", title: "Fair" }`;
const visitBy = ({ postId, point }: Pick<Matter, 'postId' | 'point'>, more = '') =>
  `input: { kind: "matrix_visit", postId: "${postId}", at: { lon: ${point.lon}, lat: ${point.lat} },
    visitedAt: "2026-05-31T00:00:00Z"${more} }`;

const PRACTICE = `{
  categories: [{ code: "matrix_matter", name: "Matter" }]
  severities: [{ code: "matrix_red", name: "Red" }, { code: "matrix_blue", name: "Blue" }]
  routes: [{ layer: "governance", tier: "village", handlers: [{ purpose: HANDLE, role: "matrix_worker" }] }]
  ladders: [{ code: "matrix_ladder", name: "Ladder", layer: "governance", tiers: ["village", "town"] }]
  visits: [{ code: "matrix_visit", name: "Visit", everyDays: 30, siteKinds: ["ROOM"] }]
  contacts: []
  activities: [{ code: "matrix_fair", name: "Fair" }]
  quotas: [{ role: "matrix_worker", purpose: HANDLE, perMonth: 2 }]
}`;

/** How far the task must have come for an act; for the others it was issued only. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  handleTask: ['acknowledgeTask'],
  recordAttempt: ['acknowledgeTask'],
  verifyTask: ['acknowledgeTask', 'handleTask'],
  closeTask: ['acknowledgeTask', 'handleTask', 'verifyTask'],
};

/** Fields of the same state can be asked about one matter that none of them changes. */
export function stateFor(field: string): string {
  const name = field.split('.')[1];
  const isOwnState = name === 'recordAttempt' || name === 'adoptOwners';
  return isOwnState ? name : (STEPS[name] ?? []).join();
}

const EVERYTHING: ReadonlySet<keyof Matter> = new Set(Object.keys(noMatter()) as (keyof Matter)[]);

/** Makes matters in an area, in the state that a field needs. */
export class Matters {
  readonly #world: TwoAreas;
  #now = NOW;

  constructor(world: TwoAreas) {
    this.#world = world;
  }

  /** Local practice of the area, and a matter of an earlier day: closed, with a task that is late. */
  async prepare(area: Area): Promise<void> {
    const { api, town } = this.#world;
    const admin = await api.as('admin', area.gridId);
    const given = `area: "${area.gridId}", from: "2026-01-01T00:00:00Z", practice: ${PRACTICE}`;
    await api.ask(`mutation { setPractice(${given}) { edition } }`, {}, admin);
    this.#now = midnight('2026-05-20');
    await town.on('2026-05-20', async () => {
      const settled = await this.report(area);
      const done = `id: "${settled}", outcome: UNFOUNDED, result: "Nothing there"`;
      await this.act('closeIncident', done, await this.#desk(area));
      await this.#issue(await this.report(area), area, 'ATTEND', ', dueAt: "2026-05-21T00:00:00Z"');
    });
    this.#now = NOW;
  }

  /**
   * Something of the area for `field`; done so far by two logins of its desk, and seen by nobody else yet. `needed`: what
   * of it is asked about; the rest is nowhere.
   */
  async make(field: string, area: Area, needed: ReadonlySet<keyof Matter> = EVERYTHING): Promise<Matter> {
    const name = field.split('.')[1];
    const desk = await this.#desk(area);
    const { gridId, staff } = area;
    const places = { gridId, elsewhereId: area.partner.villageId, postId: staff.postId, point: staff.point };
    const made: { -readonly [key in keyof Matter]: Matter[key] } = { ...noMatter(), ...places };
    const makers: Partial<Record<keyof Matter, () => Promise<string>>> = {
      id: () => this.report(area),
      otherId: () => this.report(area),
      taskId: () => this.#issue(made.id, area, name === 'recordAttempt' ? 'MEDIATE' : 'JOINT'),
      pushId: () => this.#push(made.id, desk),
      visitId: async () => {
        const partner = `, visitorId: "${area.partner.personId}"`;
        return (await this.act('recordVisit', visitBy(area.partner, partner), desk, '{ id }')).id;
      },
      activityId: async () => (await this.act('recordActivity', activityIn(area), desk, '{ id }')).id,
    };
    const isOfMatter = needed.has('taskId') || needed.has('pushId');
    for (const [part, make] of Object.entries(makers)) {
      if (needed.has(part as keyof Matter) || (part === 'id' && isOfMatter))
        Object.assign(made, { [part]: await make() });
    }
    const matter: Matter = made;
    const second = await this.#desk(area, 'second');
    for (const step of STEPS[name] ?? []) {
      await this.act(step, MATTER_ACTS[step].args(matter), step === 'verifyTask' ? second : desk);
    }
    if (name === 'adoptOwners') await this.act('moveIncident', MATTER_ACTS.moveIncident.args(matter), desk);
    return matter;
  }

  async #push(id: string, desk: Headers): Promise<string> {
    return (await this.act('pushIncident', `id: "${id}", from: "police", to: "governance"`, desk)).pushes[0].id;
  }

  /** A matter at a place of the area; `at` is a place other than a point there. */
  async report(area: Area, at = pointText(area.staff.point), more = ''): Promise<string> {
    const input = `input: { category: "matrix_matter", severity: "matrix_blue", at: ${at}${more} }`;
    return (await this.act('reportIncident', input, await this.#desk(area))).id;
  }

  async act(name: string, args: string, by: Headers, shown = '{ id tasks { id cause } pushes { id } }') {
    return (await this.#world.api.ask(`mutation { ${name}(${args}) ${shown} }`, {}, by))[name];
  }

  async #issue(id: string, { gridId, staff }: Area, purpose: string, more = ''): Promise<string> {
    const args = `id: "${id}", input: { purpose: ${purpose}, postIds: ["${staff.postId}"]${more} }`;
    const { tasks } = await this.act('issueTasks', args, await this.#desk({ gridId }));
    return tasks.find(({ cause }: { cause: string }) => cause === 'HAND').id;
  }

  async #desk({ gridId }: Pick<Area, 'gridId'>, subject = 'desk'): Promise<Headers> {
    const issuer = this.#world.api.app.localIssuer!;
    const token = await issuer.issue({ role: 'dispatcher', within: [gridId], subject, hours: 1 }, this.#now);
    return { authorization: `Bearer ${token}` };
  }
}

export const pointText = ({ lon, lat }: Matter['point']) => `{ point: { lon: ${lon}, lat: ${lat} } }`;
