import { setImmediate as giveWay } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { RequestContext } from '../../access/requestContext.ts';
import { areasOf } from '../../access/viewer.ts';
import type { Clock } from '../../clock.ts';
import { inEveryArea } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { seenBy } from '../../incidents/desk/seenBy.ts';
import { movedBoxes } from '../changedGround.ts';
import { Comparer, type LayerChange } from '../comparer.ts';
import type { Consequences } from '../consequence.service.ts';
import type { OpenIncident, OpenIncidentRepository, SeenIncident } from './openIncident.repository.ts';

/** Incidents that one preview looks at. */
const MOST_LOOKED_AT = 100_000;
/** Incidents between which other requests have their turn. */
const STEP = 2_000;

/** An open incident whose place goes to other grids, in one layer or several. */
export interface IncidentChange extends SeenIncident {
  readonly layers: readonly LayerChange[];
}

export interface IncidentChanges {
  /** Those that the viewer may see, by id. */
  readonly changes: readonly IncidentChange[];
  /** How many there are, seen or not. */
  readonly allCount: number;
  /** How many are about areas near moved borders. Their shares are not compared: somebody has to look at each. */
  readonly areaCount: number;
  /** Whether there were more open incidents near moved borders than one preview looks at. */
  readonly truncated: boolean;
}

/**
 * Which open incidents a draft leaves with owners that are no longer those of their place. Each stays with its frozen
 * owners until somebody moves it, so this is the list of what there would be to move; of a changeset that is published,
 * of what there is left to move.
 */
export class OpenIncidents {
  readonly #db: Kysely<Database>;
  readonly #repository: OpenIncidentRepository;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, repository: OpenIncidentRepository, clock: Clock) {
    this.#db = db;
    this.#repository = repository;
    this.#clock = clock;
  }

  /** Every open incident at a point near a moved border is located before and after, exactly. */
  async list({ viewer }: RequestContext, { draft, grounds }: Consequences): Promise<IncidentChanges> {
    const boxes = movedBoxes(grounds, draft.base, draft.territory);
    const all = [...boxes.values()].flat();
    if (all.length === 0) return { changes: [], allCount: 0, areaCount: 0, truncated: false };
    const { near, areaCount } = await inEveryArea(this.#db, async (trx) => ({
      near: await this.#repository.listWithin(trx, all, MOST_LOOKED_AT + 1),
      areaCount: await this.#repository.countAreas(trx, all),
    }));
    const comparers = [...boxes].map(([layer, own]) => new Comparer(draft, layer, own));
    const moved = new Map<string, readonly LayerChange[]>();
    for (const [i, incident] of near.slice(0, MOST_LOOKED_AT).entries()) {
      const layers = comparers.flatMap((comparer) => comparer.compareHolders(incident)).filter(isNotYet(incident));
      if (layers.length > 0) moved.set(incident.id, layers);
      if (i % STEP === STEP - 1) await giveWay();
    }
    const look = { viewer, areas: areasOf(viewer, 'incidents.read'), now: this.#clock() };
    const seen = await seenBy(this.#db, look, (trx) => this.#repository.listSeen(trx, [...moved.keys()]));
    return {
      changes: seen.map((incident) => ({ ...incident, layers: moved.get(incident.id)! })),
      allCount: moved.size,
      areaCount,
      truncated: near.length > MOST_LOOKED_AT,
    };
  }
}

/** What was reported or moved since then is with those who own the place afterwards, and stays there. */
function isNotYet({ owners }: OpenIncident): (change: LayerChange) => boolean {
  return ({ layer, after }) => {
    const frozen = new Set(owners.filter((owner) => owner.layer === layer).map(({ gridId }) => gridId));
    return frozen.size !== after.length || !after.every(({ id }) => frozen.has(id));
  };
}
