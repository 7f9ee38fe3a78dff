import type { Command, CourseActor } from '../../../src/incidents/course/command.ts';
import type {
  IncidentState,
  NewTask,
  PartyState,
  Purpose,
  Recipient,
  Rung,
} from '../../../src/incidents/course/state.ts';

/** Where random courses are played: ids that exist, so that the same steps can go through a database. */
export interface CourseWorld {
  readonly layerIds: ReadonlyMap<string, number>;
  /** Lowest first. */
  readonly rungs: readonly Rung[];
  readonly missing: readonly Rung[];
  readonly posts: readonly Recipient[];
  /** Sets of owners between which the matter is moved; the first owns it at the start. */
  readonly owners: readonly (readonly Omit<PartyState, 'reason'>[])[];
  readonly actors: readonly CourseActor[];
  /** Other incidents, for links. */
  readonly others: readonly { readonly id: string; readonly open: boolean }[];
  readonly severities: readonly string[];
  readonly edition: number;
  newId(): string;
}

/** An incident somewhere: in memory or in a database. */
export interface CourseHouse {
  /** The incident after it. Throws DomainError, and then nothing has changed. */
  act(command: Command, actor: CourseActor, at: Date): Promise<IncidentState> | IncidentState;
  /** The incident as it is. */
  read(): Promise<IncidentState> | IncidentState;
}

export const START = new Date('2026-03-02T08:00:00Z');
const uuid = (kind: number, n: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const LAYER = 'town';
const TIERS = ['village', 'sector', 'town', 'district'];
const ROLES = ['head', 'mediator', 'worker'];

export const rung = (tier: string): Rung => ({ layer: LAYER, tier });

/** A world without a database: four rungs of which one is missing, three roles on each of the others, two layers. */
export function paperWorld(): CourseWorld {
  let ids = 0;
  const tiers = [...TIERS.filter((tier) => tier !== 'sector').map(rung), { layer: 'police', tier: 'beat' }];
  const posts = tiers.flatMap(({ layer, tier }, t) =>
    ROLES.map((role) => ({ layer, tier, role, gridId: uuid(1, t), postId: `${role}~${uuid(1, t)}` })),
  );
  const owner = (n: number, share = 1) => ({ gridId: uuid(1, n), layerId: 1, share });
  return {
    layerIds: new Map([
      [LAYER, 1],
      ['police', 2],
    ]),
    rungs: TIERS.map(rung),
    missing: [rung('sector')],
    posts,
    owners: [[owner(0)], [owner(9)], [owner(0, 0.6), owner(9, 0.4)]],
    actors: Array.from({ length: 5 }, (_, i) => ({
      subject: `login-${i}`,
      // Two logins of one member of staff, and one that says of nobody who it is.
      staffId: i === 4 ? null : uuid(2, i === 3 ? 2 : i),
      bodyId: i === 4 ? null : uuid(3, i % 2),
    })),
    others: [1, 2, 3].map((n) => ({ id: uuid(4, n), open: n !== 3 })),
    severities: ['red', 'yellow', 'green'],
    edition: 7,
    newId: () => uuid(5, ++ids),
  };
}

/** An incident just reported by the first actor, in version 1, with nothing asked of anybody. */
export function freshIncident(world: CourseWorld, change: Partial<IncidentState> = {}): IncidentState {
  return {
    id: uuid(6, 1),
    category: 'dispute',
    severity: null,
    origin: 'FOUND',
    language: null,
    responseClass: null,
    occurredAt: new Date(START.getTime() - 3_600_000),
    reportedAt: START,
    ownedAt: START,
    edition: world.edition,
    ladder: 'small_matters',
    rung: world.rungs[0],
    notices: [],
    status: 'OPEN',
    reportedBy: world.actors[0].subject,
    finderId: world.actors[0].staffId,
    version: 1,
    outcome: null,
    result: null,
    closedAt: null,
    closedBy: null,
    closedTier: null,
    parties: world.owners[0].map((owner) => ({ ...owner, reason: 'OWNER' })),
    tasks: [],
    attempts: [],
    pushes: [],
    links: [],
    ...change,
  };
}

/** A task for a post, by hand unless it says otherwise. */
export function newTask(world: CourseWorld, purpose: Purpose, change: Partial<NewTask> = {}): NewTask {
  const post = world.posts[0];
  const rest = { cause: 'HAND', dueAt: null, startsAt: null, batchId: null, aboutId: null, note: null } as const;
  return { ...post, id: world.newId(), purpose, ...rest, ...change };
}
