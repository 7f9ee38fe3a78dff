import { shapeToGeoJson } from '../../geometry/geojson.ts';
import { fromLattice } from '../../geometry/lattice.ts';
import type { Shape } from '../../geometry/polygon.ts';
import type { Grid } from '../../grids/api/grid.type.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { EditionRecord, EditionService } from '../../grids/edition.service.ts';
import type { Draft } from '../changeset.type.ts';
import type { Issue } from '../checks/issue.ts';
import type { Op, Point } from '../ops/op.ts';
import { type DraftGrid, mainCodeOf } from '../territory/draftGrid.ts';
import { afterwards } from '../territory/patch.ts';
import { DraftGrids } from './draftGrids.ts';
import type { BoundaryIssue, ChangesetStep } from './issue.type.ts';

/** A file of nothing but faults has one for each piece of each overlap. */
const MOST_ISSUES = 1_000;

/** What drafts are shown with. */
export interface DraftRoom {
  readonly atlas: Atlas;
  readonly editions: EditionService;
}

/** One draft as clients see it; each part is made when it is asked for. */
export class DraftView {
  readonly #draft: Draft;
  readonly #room: DraftRoom;
  #shown: { before: DraftGrids; after: DraftGrids } | undefined;

  constructor(draft: Draft, room: DraftRoom) {
    this.#draft = draft;
    this.#room = room;
  }

  grids(): Grid[] {
    return afterwards(this.#draft.patch)
      .sort(byCode)
      .map((grid) => this.#grids().after.show(grid));
  }

  ended(): Grid[] {
    return [...this.#draft.patch.values()]
      .flatMap(({ before, after }) => (before && !after ? [before] : []))
      .sort(byCode)
      .map((grid) => this.#grids().before.show(grid));
  }

  issues(): BoundaryIssue[] {
    const waivers = new Map(this.#draft.record.waivers.map(({ issueId, reason }) => [issueId, reason]));
    return this.#draft
      .issues()
      .slice(0, MOST_ISSUES)
      .map((issue) => this.#showIssue(issue, waivers.get(issue.id) ?? null));
  }

  steps(): ChangesetStep[] {
    return this.#draft.steps.map(({ ops, touched, undone, dropped }) => ({
      ops: ops.map((op: Op) => Object.keys(op)[0]),
      touched,
      undone,
      dropped,
    }));
  }

  edition(): EditionRecord | null {
    const { edition } = this.#draft.record;
    return edition === null ? null : this.#room.editions.editions[edition - 1];
  }

  #grids() {
    const { base, territory, record } = this.#draft;
    const moment = { asOf: record.baseAsOf.getTime(), edition: record.baseEdition };
    this.#shown ??= {
      before: new DraftGrids(base, this.#room.atlas, moment),
      after: new DraftGrids(territory, this.#room.atlas, moment),
    };
    return this.#shown;
  }

  #showIssue({ id, rule, severity, message, grids, place }: Issue, waived: string | null): BoundaryIssue {
    const { base, territory } = this.#draft;
    const shown = grids.flatMap((gridId) => {
      const [after, before] = [territory.find(gridId), base.find(gridId)];
      if (after) return [this.#grids().after.show(after)];
      return before ? [this.#grids().before.show(before)] : [];
    });
    return { id, rule, severity, message, grids: shown, place: place && placeToGeoJson(place), waived };
  }
}

function byCode(a: DraftGrid, b: DraftGrid): number {
  const [x, y] = [`${a.layer}/${mainCodeOf(a)}/${a.id}`, `${b.layer}/${mainCodeOf(b)}/${b.id}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

function placeToGeoJson(place: Point | Shape): object {
  if (!isPoint(place)) return shapeToGeoJson(place);
  return { type: 'Point', coordinates: place.map(fromLattice) };
}

function isPoint(place: Point | Shape): place is Point {
  return typeof place[0] === 'number';
}
