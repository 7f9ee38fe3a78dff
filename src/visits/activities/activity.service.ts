import { randomUUID } from 'node:crypto';
import { type AreaTree, lowestAbove } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { type Areas, areasOf, assertMay } from '../../access/viewer.ts';
import { readNote } from '../../api/input/note.ts';
import type { NumberedPart } from '../../api/lists/numberedPage.ts';
import { isUuid } from '../../ids.ts';
import type { PracticeReader } from '../../practice/practice.type.ts';
import { assertKnown } from '../judging/localWords.ts';
import { refuse } from '../judging/visitor.ts';
import { assertSame, type RetryKey, readRetryKey, type VisitDesk } from '../visitDesk.ts';
import type { ActivityRepository } from './activity.repository.ts';
import type { ActivityDraft, ActivityFilter, ActivityRecord, ActivityRequest } from './activity.type.ts';

const READ = 'visits.read';
const RECORD = 'visits.record';
const LONGEST_TITLE = 100;
const MOST_GRIDS = 200;

/** What activities are judged by; `latest` is the newest edition. */
export interface ActivitySources {
  readonly tree: AreaTree;
  readonly practice: PracticeReader;
  readonly editions: { readonly latest: number };
}

/** Activities on grids: recorded and ended by whoever answers for all of their grids, seen by whoever answers for one. */
export class ActivityService {
  readonly #desk: VisitDesk;
  readonly #activities: ActivityRepository;
  readonly #sources: ActivitySources;

  constructor(desk: VisitDesk, activities: ActivityRepository, sources: ActivitySources) {
    this.#desk = desk;
    this.#activities = activities;
    this.#sources = sources;
  }

  /** Throws BAD_INPUT, NOT_FOUND; CONFLICT where the key was used for another activity. A retry gives the first. */
  record(by: RequestContext, request: ActivityRequest): Promise<ActivityRecord> {
    const id = randomUUID();
    const deed = { field: 'Mutation.recordActivity', right: RECORD, object: { kind: 'activity', id } } as const;
    return this.#desk.perform(by, deed, async (areas) => {
      const { clientKey, ...said } = request;
      const key = readRetryKey(by.viewer, clientKey, said);
      const draft = this.#draft(by, id, request, areas);
      return this.#write(by, areas, draft, key);
    });
  }

  /** Newest first, one more than `limit` if there is one. Throws NOT_FOUND for `within` a foreign or unknown grid. */
  async list(
    { viewer }: RequestContext,
    within: string | null | undefined,
    filter: ActivityFilter,
    part: NumberedPart,
  ) {
    assertMay(viewer, READ, 'Query.activities');
    const areas = areasOf(viewer, READ);
    return this.#desk.readPart(areas, this.#desk.narrow(areas, within), (trx, gridIds) =>
      this.#activities.list(trx, filter, gridIds, part),
    );
  }

  /**
   * Ends it, now or at an instant; before it began, it never was. Throws NOT_FOUND unless all of its grids are one's own,
   * CONFLICT where it was ended, BAD_INPUT for an instant outside of its dates.
   */
  end(by: RequestContext, id: string, at: Date | null | undefined): Promise<ActivityRecord> {
    const object = { kind: 'activity', id: isUuid(id) ? id : 'unknown' };
    return this.#desk.perform(by, { field: 'Mutation.endActivity', right: RECORD, object }, (areas) =>
      this.#desk.inAreas(areas, async (trx) => {
        const activity = isUuid(id) ? await this.#activities.find(trx, id) : undefined;
        if (!activity) throw notThere();
        const endedAt = readEnd(activity, at, this.#desk.now());
        if (!(await this.#activities.end(trx, id, endedAt, by.viewer.subject))) throw notThere();
        const gridId = lowestAbove(this.#sources.tree, activity.gridIds) ?? activity.gridIds[0];
        const details = { class: activity.activityClass, ended: endedAt.toISOString() };
        await this.#desk.record(trx, by, { action: RECORD, object, gridId, result: 'DONE', details });
        return { ...activity, endedAt, endedBy: by.viewer.subject };
      }),
    );
  }

  #write(by: RequestContext, areas: Areas, draft: ActivityDraft, key: RetryKey | null): Promise<ActivityRecord> {
    return this.#desk.inAreas(areas, async (trx) => {
      await this.#activities.insert(trx, draft, key);
      const written = await this.#activities.find(trx, draft.id);
      if (!written) {
        const { inputHash: _, ...known } = assertSame(key && (await this.#activities.findByKey(trx, key)), key);
        return known;
      }
      const gridId = lowestAbove(this.#sources.tree, draft.gridIds) ?? draft.gridIds[0];
      await this.#desk.record(trx, by, {
        ...{ action: RECORD, object: { kind: 'activity', id: draft.id }, gridId, result: 'DONE' },
        details: { class: draft.activityClass, grids: draft.gridIds.length, campaign: draft.campaign ?? '' },
      });
      return written;
    });
  }

  #draft({ viewer }: RequestContext, id: string, request: ActivityRequest, areas: Areas): ActivityDraft {
    const { activityClass, from, to = null, campaign = null } = request;
    const title = readNote('input.title', request.title, LONGEST_TITLE);
    if (title === null) throw refuse('BAD_INPUT', 'input.title', 'say what takes place.');
    if (to !== null && to <= from) throw refuse('BAD_INPUT', 'input.to', 'it ends before it begins; give a later end.');
    const gridIds = this.#readGrids(request.gridIds, areas);
    const moment = { asOf: from.getTime(), edition: this.#sources.editions.latest };
    for (const gridId of gridIds) {
      const practice = this.#sources.practice.practiceAt(this.#sources.tree.chainOf(gridId), moment);
      assertKnown('input.activityClass', activityClass, practice.activities);
      if (campaign !== null) assertKnown('input.campaign', campaign, practice.campaigns);
    }
    const recorder = { recordedAt: this.#desk.now(), recordedBy: viewer.subject };
    return { id, activityClass, title, gridIds, from, to, campaign, ...recorder };
  }

  #readGrids(named: readonly string[], areas: Areas): string[] {
    if (named.length === 0 || named.length > MOST_GRIDS) {
      throw refuse('BAD_INPUT', 'input.gridIds', `name 1 to ${MOST_GRIDS} grids, not ${named.length}.`);
    }
    const found = named.map((idOrCode) => this.#desk.findWithin(areas, idOrCode));
    const missing = found.indexOf(undefined);
    if (missing < 0) return [...new Set(found as string[])];
    throw refuse('NOT_FOUND', 'input.gridIds', `number ${missing + 1} is no grid in your area.`);
  }
}

function readEnd({ from, to }: ActivityRecord, at: Date | null | undefined, now: Date): Date {
  if (at == null) return new Date(Math.min(Math.max(now.getTime(), from.getTime()), to?.getTime() ?? Infinity));
  if (at < from || (to !== null && at > to)) {
    throw refuse('BAD_INPUT', 'at', 'it can only end within its dates; what is planned to end needs no other end.');
  }
  return at;
}

function notThere() {
  return refuse('NOT_FOUND', 'id', 'there is no such activity whose grids are all in your area.');
}
