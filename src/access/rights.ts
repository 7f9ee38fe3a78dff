/** Who may ask at all. `public` is everybody who does not sign in; local roles of posts (officer …) are data, these are not. */
export const ROLES = [
  'public',
  'grid_worker',
  'officer',
  'mediator',
  'dispatcher',
  'gis_editor',
  'integrator',
  'admin',
  'auditor',
] as const;
export type Role = (typeof ROLES)[number];

/** Where a role may do something: on every grid, or on the grids of its grants and all below them in the current edition. */
type Reach = 'ANYWHERE' | 'OWN_AREA';

const { ANYWHERE, OWN_AREA } = { ANYWHERE: 'ANYWHERE', OWN_AREA: 'OWN_AREA' } as const;

const EVERYBODY = {
  public: ANYWHERE,
  grid_worker: ANYWHERE,
  officer: ANYWHERE,
  mediator: ANYWHERE,
  dispatcher: ANYWHERE,
  gis_editor: ANYWHERE,
  integrator: ANYWHERE,
  admin: ANYWHERE,
  auditor: ANYWHERE,
} as const;
const { public: _, ...SIGNED_IN } = EVERYBODY;

/**
 * The whole table of rights: action × role → where. What is not written here is not allowed. A right of an own area
 * follows the tree of the current edition, so a published boundary moves access at that instant.
 */
const TABLE = {
  /** Territory, ownership, bodies, posts, and who holds them by name and office phone. */
  'registry.read': EVERYBODY,
  /** Who am I, and what may I do? */
  'viewer.read': EVERYBODY,
  /** The file of one member of staff: everything he or she holds. Audited. */
  'staff.read': {
    grid_worker: OWN_AREA,
    officer: OWN_AREA,
    mediator: OWN_AREA,
    dispatcher: OWN_AREA,
    admin: OWN_AREA,
    auditor: OWN_AREA,
  },
  /** Appointing, lending, transferring and ending; making and ending posts; what is known of members of staff. Audited. */
  'staff.manage': { admin: OWN_AREA },
  /** Lists of members of staff by what is wrong with their posts. Audited. */
  'staff.audit': { admin: OWN_AREA, auditor: OWN_AREA },
  /** An open connection that is told of every new edition. */
  'editions.follow': SIGNED_IN,
  /** Which integrators have keys for an area, and what the keys may do; never the keys themselves. Audited. */
  'keys.read': { admin: OWN_AREA, auditor: OWN_AREA },
  /** Issuing, rotating and revoking them. Audited. */
  'keys.manage': { admin: OWN_AREA },
  /** Which webhooks of integrators of an area there are, and what was sent to them; never their secrets. Audited. */
  'webhooks.read': { admin: OWN_AREA, auditor: OWN_AREA },
  /** Making, pausing, testing, replaying and ending them, and renewing their secrets. Audited. */
  'webhooks.manage': { admin: OWN_AREA },
  /** Changesets: drafts of boundaries, their issues and what they would change. The author sees his own anywhere. Audited. */
  'boundaries.read': { gis_editor: OWN_AREA, admin: OWN_AREA, auditor: OWN_AREA },
  /** Drafting changes of boundaries and trees. Audited. */
  'boundaries.edit': { gis_editor: OWN_AREA, admin: OWN_AREA },
  /** Approving what somebody else submitted, where all of its grids are one's own. Audited. */
  'boundaries.approve': { gis_editor: OWN_AREA, admin: OWN_AREA },
  /** Publishing what was approved, where all of its grids are one's own. Audited. */
  'boundaries.publish': { gis_editor: OWN_AREA, admin: OWN_AREA },
  /** What is asked of the grids of a tier, and what they are made of. Audited. */
  'tiers.manage': { admin: OWN_AREA },
  /** Telling that a place lies in a gap, in two grids or in the wrong one. */
  'discrepancies.report': EVERYBODY,
  /** What was told of an area, and what was answered. */
  'discrepancies.read': {
    grid_worker: OWN_AREA,
    officer: OWN_AREA,
    dispatcher: OWN_AREA,
    gis_editor: OWN_AREA,
    admin: OWN_AREA,
    auditor: OWN_AREA,
  },
  /** Answering it. Audited. */
  'discrepancies.answer': { gis_editor: OWN_AREA, admin: OWN_AREA },
  /** Reporting a matter at a place; of any place, for whoever sees it is rarely the one who answers for it. Audited. */
  'incidents.report': {
    grid_worker: ANYWHERE,
    officer: ANYWHERE,
    mediator: ANYWHERE,
    dispatcher: ANYWHERE,
    integrator: ANYWHERE,
    admin: ANYWHERE,
  },
  /** Incidents that grids of an area own or have a task in: the shell, the tasks and the trail. */
  'incidents.read': {
    grid_worker: OWN_AREA,
    officer: OWN_AREA,
    mediator: OWN_AREA,
    dispatcher: OWN_AREA,
    integrator: OWN_AREA,
    admin: OWN_AREA,
    auditor: OWN_AREA,
  },
  /** Narrative and exact place, and only of what one handles oneself. Audited. */
  'incidents.unseal': { grid_worker: OWN_AREA, officer: OWN_AREA, mediator: OWN_AREA, dispatcher: OWN_AREA },
  /** Acknowledging, handling and declining tasks of posts that one holds; a dispatcher for every post of the area. Audited. */
  'incidents.handle': { grid_worker: OWN_AREA, officer: OWN_AREA, mediator: OWN_AREA, dispatcher: OWN_AREA },
  /** Issuing, verifying and closing; moving, climbing, pushing and linking. Audited. */
  'incidents.direct': { officer: OWN_AREA, dispatcher: OWN_AREA, admin: OWN_AREA },
  /** Local practice: categories, grades, routes, ladders, warnings, kinds of visits. */
  'practice.read': SIGNED_IN,
  /** Setting it for an area. Audited. */
  'practice.manage': { admin: OWN_AREA },
  /** Recording visits to places and activities on grids. Audited. */
  'visits.record': { grid_worker: OWN_AREA, officer: OWN_AREA, dispatcher: OWN_AREA },
  /** Judging what somebody else recorded. Audited. */
  'visits.review': { officer: OWN_AREA, dispatcher: OWN_AREA, admin: OWN_AREA },
  /** Visits and activities of an area. */
  'visits.read': {
    grid_worker: OWN_AREA,
    officer: OWN_AREA,
    dispatcher: OWN_AREA,
    admin: OWN_AREA,
    auditor: OWN_AREA,
  },
  /** Rates, digests and lists of oversight of an area: sums, never a matter. */
  'figures.read': {
    grid_worker: OWN_AREA,
    officer: OWN_AREA,
    mediator: OWN_AREA,
    dispatcher: OWN_AREA,
    admin: OWN_AREA,
    auditor: OWN_AREA,
  },
  /** Who did what. Not for administrators: they are among those whom it is about. Audited. */
  'audit.read': { auditor: OWN_AREA },
} as const satisfies Record<string, Partial<Record<Role, Reach>>>;

export type Action = keyof typeof TABLE;

export const RIGHTS: Readonly<Record<Action, Readonly<Partial<Record<Role, Reach>>>>> = TABLE;
export const ACTIONS = Object.keys(TABLE) as readonly Action[];

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);
export const isAction = (text: string): text is Action => Object.hasOwn(TABLE, text);
