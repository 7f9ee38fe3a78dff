/** A matter, in local words. */
export interface CategoryPractice {
  readonly code: string;
  readonly name: string;
  /** A local family of matters, such as tourism or noise; null: none. */
  readonly field: string | null;
}

/** A grade of a local scheme, such as red; the list goes from the gravest to the lightest. */
export interface SeverityPractice {
  readonly code: string;
  readonly name: string;
}

/**
 * Whom a task goes to. `role`: the post of that role; `bodyKind`: a post that is held by such a body; at least one is
 * given. Without layer and tier it is looked for on the rung of the route, and with them on that grid of the chain.
 */
export interface HandlerPractice {
  readonly purpose:
    | 'HANDLE'
    | 'JOINT'
    | 'MEDIATE'
    | 'ATTEND'
    | 'SUPERVISE'
    | 'FOLLOW_UP'
    | 'RECHECK'
    | 'WARNING'
    | 'NOTICE';
  readonly layer: string | null;
  readonly tier: string | null;
  readonly role: string | null;
  readonly bodyKind: string | null;
  /** To be handled within so many hours; null: within the deadline of the ladder, if it has one. */
  readonly hours: number | null;
}

/** Who handles a matter on a rung. The first route wins that names the category; one without categories serves the rest. */
export interface RoutePractice {
  /** Empty: every matter that no other route of the rung names. */
  readonly categories: readonly string[];
  readonly layer: string;
  readonly tier: string;
  readonly handlers: readonly HandlerPractice[];
}

export interface DeadlinePractice {
  readonly tier: string;
  /** Null: every grade that no other deadline of the tier names. */
  readonly severity: string | null;
  readonly hours: number;
}

/** The order of tiers through which a matter climbs. */
export interface LadderPractice {
  readonly code: string;
  readonly name: string;
  /** Empty: every matter that no other ladder names. */
  readonly categories: readonly string[];
  readonly layer: string;
  /** Lowest first. */
  readonly tiers: readonly string[];
  readonly deadlines: readonly DeadlinePractice[];
  /** Whom it is told when a task is late: on the rung above unless it names another; null: the handlers of the rung above. */
  readonly supervisor: HandlerPractice | null;
  /** Whether a late task makes the matter climb by itself, once. */
  readonly climbsWhenLate: boolean;
  /** So many days after a settled end somebody looks again; null: nobody does. */
  readonly followUpDays: number | null;
  /** Who looks again; null: the post that handled it. */
  readonly followUp: HandlerPractice | null;
}

/** So many matters at one place within so many days make one instruction. About places and times, never about people. */
export interface WarningPractice {
  readonly code: string;
  readonly name: string;
  /** Off unless it says so. */
  readonly enabled: boolean;
  /** Empty: every matter. */
  readonly categories: readonly string[];
  /** What counts as one place: the address, the smallest grid, or within `metres` of the point. */
  readonly same: 'ADDRESS' | 'GRID' | 'NEARBY';
  readonly metres: number | null;
  /** The so-maniest matter makes the instruction: 2 is the second. */
  readonly count: number;
  readonly withinDays: number;
  /** Hours of the local day, 0 to 24, in which the matter must have occurred; null: any. `from` after `to` spans midnight. */
  readonly fromHour: number | null;
  readonly toHour: number | null;
  readonly instruct: readonly HandlerPractice[];
}

/** A response class: whoever is bound by it arrives within so many minutes. */
export interface ResponsePractice {
  readonly code: string;
  readonly minutes: number;
  /** Roles whose posts answer in it. */
  readonly roles: readonly string[];
}

/** A kind of visit. `siteKinds` must be visited, each once in so many days. */
export interface VisitPractice {
  readonly code: string;
  readonly name: string;
  readonly siteKinds: readonly string[];
  readonly everyDays: number | null;
}

/** A way to make contact, such as into a village; local kinds. */
export interface ContactPractice {
  readonly code: string;
  readonly name: string;
}

/** Something that goes on for a time under a name: incidents in it are counted under its label. */
export interface CampaignPractice {
  readonly code: string;
  readonly name: string;
  readonly from: Date;
  readonly to: Date;
  /** Empty: every matter. */
  readonly categories: readonly string[];
}

/** A class of activities that take place on grids, such as a fair or a march. */
export interface ActivityPractice {
  readonly code: string;
  readonly name: string;
}

/** So many tasks of a purpose are attended to by each post of a role in a month. */
export interface QuotaPractice {
  readonly role: string;
  readonly purpose: HandlerPractice['purpose'];
  /** Empty: every matter. */
  readonly categories: readonly string[];
  readonly perMonth: number;
}

/** Local practice of an area, all of it data. A section that an area leaves out is that of the area above. */
export interface Practice {
  readonly categories: readonly CategoryPractice[];
  readonly severities: readonly SeverityPractice[];
  readonly routes: readonly RoutePractice[];
  readonly ladders: readonly LadderPractice[];
  readonly warnings: readonly WarningPractice[];
  readonly responses: readonly ResponsePractice[];
  readonly visits: readonly VisitPractice[];
  readonly contacts: readonly ContactPractice[];
  readonly campaigns: readonly CampaignPractice[];
  readonly activities: readonly ActivityPractice[];
  readonly quotas: readonly QuotaPractice[];
}

export type Section = keyof Practice;

/** The practice that holds for a place: every section, empty where no area above sets it. */
export interface PracticeReader {
  /** `gridIds`: the grids of a place, nearest first, of one chain or of several one after the other. */
  practiceAt(gridIds: readonly string[], moment: { readonly asOf: number; readonly edition: number }): Practice;
}

/** What an area sets, section by section. Left out: as it was; null: no longer set here, so that of the area above holds. */
export type PracticeSections = { readonly [S in Section]?: Practice[S] | null };
