import type { Shape } from '../src/geometry/polygon.ts';

/** Everything a demo city is made of, ready to be written into a registry. All instants are on the +08:00 clock. */
export interface CityPlan {
  readonly layers: readonly LayerPlan[];
  readonly schemes: readonly SchemePlan[];
  /** Parents stand before their children. */
  readonly bodies: readonly BodyPlan[];
  readonly people: readonly PersonPlan[];
  readonly roles: readonly RolePlan[];
  /** As of the base edition; parents stand before their children. */
  readonly grids: readonly GridPlan[];
  readonly posts: readonly PostPlan[];
  readonly appointments: readonly AppointmentPlan[];
  readonly gaps: readonly GapPlan[];
  readonly buildings: readonly BuildingPlan[];
  readonly addresses: readonly AddressPlan[];
  /** Later editions, in the order of publication. */
  readonly changes: readonly ChangePlan[];
  readonly highlights: Readonly<Record<string, HighlightPlan>>;
}

export interface LayerPlan {
  readonly code: string;
  readonly name: string;
  readonly kind: 'PARTITION' | 'OVERLAY';
  /** From the root (rank 1) downwards. */
  readonly tiers: readonly TierPlan[];
}

interface TierPlan {
  readonly code: string;
  readonly name: string;
  readonly rank: number;
  /** The scheme in which every grid of this tier is expected to have a code; one without is accepted and flagged. */
  readonly codeScheme?: string;
}

export interface SchemePlan {
  readonly code: string;
  readonly name: string;
  /** Schemes of one family are meant to agree: different codes for one grid within a family are a conflict. */
  readonly family?: string;
}

/** Valid from `validFrom` (included) to `validTo` (excluded; null = open). */
export interface Validity {
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

export interface BodyPlan extends Validity {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly officePhone: string;
  /** ISO 639 codes. */
  readonly languages: readonly string[];
  readonly parentId?: string;
}

export interface PersonPlan extends Validity {
  readonly id: string;
  readonly name: string;
  readonly officePhone: string;
  readonly bodyId: string;
  readonly languages: readonly string[];
}

export interface RolePlan {
  readonly code: string;
  readonly name: string;
  readonly answersAs: 'officer' | 'gridWorker' | 'mediationTeam' | null;
  /** Order among roles of one tier, smallest first. */
  readonly position: number;
  /** Empty = all categories. */
  readonly categories: readonly string[];
  /** Where posts of this role sit; `required` means a grid of that tier without a holder counts as vacant. */
  readonly tiers: readonly { readonly layer: string; readonly tier: string; readonly required: boolean }[];
}

export interface GridPlan extends Validity {
  readonly id: string;
  readonly layer: string;
  readonly tier: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly kind: string;
  /** The first is the main code. */
  readonly codes: readonly { readonly scheme: string; readonly code: string }[];
  /** A body. */
  readonly managerId: string | null;
  readonly boundary: Shape;
  readonly loads: readonly LoadPlan[];
}

interface LoadPlan {
  readonly measure: string;
  readonly value: number;
  /** yyyy-mm-dd. */
  readonly date: string;
  readonly source: string;
}

export interface PostPlan extends Validity {
  readonly id: string;
  readonly roleCode: string;
  readonly gridId: string;
}

export interface AppointmentPlan extends Validity {
  readonly id: string;
  readonly postId: string;
  readonly holder: { readonly personId: string } | { readonly bodyId: string };
  readonly rank: 'PRIMARY' | 'DEPUTY' | 'REINFORCEMENT' | 'SUPPORT';
}

export interface BuildingPlan extends Validity {
  readonly id: string;
  readonly name: string;
  readonly point: { readonly lon: number; readonly lat: number };
}

export interface AddressPlan extends Validity {
  readonly id: string;
  readonly text: string;
  readonly aliases: readonly string[];
  readonly point: { readonly lon: number; readonly lat: number };
  readonly buildingId: string | null;
}

/**
 * An enclosed place that no grid of a PARTITION layer holds. NOT_SERVED: left out on purpose, nobody is meant to serve
 * it; GAP: left out by mistake.
 */
export interface GapPlan {
  readonly layer: string;
  readonly name: string;
  readonly status: 'GAP' | 'NOT_SERVED';
  readonly boundary: Shape;
}

export interface ChangePlan {
  readonly title: string;
  readonly effectiveAt: Date;
  readonly grids: readonly {
    readonly gridId: string;
    readonly from: Date;
    readonly set: Partial<Pick<GridPlan, 'name' | 'kind' | 'parentId' | 'managerId' | 'boundary'>>;
  }[];
  readonly endAppointments?: readonly { readonly id: string; readonly at: Date }[];
  readonly appointments?: readonly AppointmentPlan[];
}

/** A named place, well inside its grids, and what holds there. */
export interface HighlightPlan {
  readonly lon: number;
  readonly lat: number;
  readonly expect: HighlightExpectation;
}

export interface HighlightExpectation {
  /** Per layer, for 2026: grid ids from the smallest to the root; absent where no grid of the layer holds the place. */
  readonly chains: Readonly<Record<string, readonly string[]>>;
  /** Grids of an OVERLAY layer that hold the place too. */
  readonly also?: readonly string[];
  /** The governance layer's answer. */
  readonly status: 'OWNED' | 'GAP' | 'NOT_SERVED' | 'OUTSIDE';
  /** The grid that the highlight is about, when it is not simply the smallest. */
  readonly gridId?: string;
  /** Ids of the people or bodies who answer; null where the post is vacant. */
  readonly holders?: Readonly<Record<string, string | null>>;
  /** Further facts by name: codes, earlier names, bodies. */
  readonly facts?: Readonly<Record<string, unknown>>;
}
