import { parse, subscribe } from 'graphql';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { contractFaults } from '../support/contractFaults.ts';
import { redraw } from './changesetWay.ts';
import { gridsOf, listGrids, placeIn, type Town } from './demoTown.ts';
import { chainAt, openVillage } from './incidentOffices.ts';
import { act, desk, type Headers, report } from './incidentWay.ts';

const INCIDENTS = `query ($within: ID!, $after: String) { page: incidentEvents(within: $within, after: $after, first: 20) {
  events { id cursor kind act version at incident { id status } } cursor hasMore } }`;
const BORDERS = `query ($within: ID!, $after: String) { page: boundaryEvents(within: $within, after: $after, first: 20) {
  events { id cursor kind effectiveAt edition { number title } grids { id manager { id } } } cursor hasMore } }`;

const FEED = `subscription ($within: ID!, $after: String) { incidentFeed(within: $within, after: $after) {
  id cursor kind act version at incident { id status } } }`;

/** The next so many events of a subscription behind a cursor, as its resolvers give them. */
async function follow({ api }: Town, within: string, after: string, by: Headers, count: number): Promise<Answer[]> {
  const viewer = await api.app.authenticate(by.authorization);
  const contextValue = { viewer, requestId: 'test', log: api.app.log };
  const variableValues = { within, after };
  const opened = await subscribe({ schema: api.app.schema, document: parse(FEED), variableValues, contextValue });
  if (!(Symbol.asyncIterator in opened)) throw new Error(JSON.stringify(opened.errors));
  const events: Answer[] = [];
  while (events.length < count) {
    const next = await opened.next();
    if (next.done) break;
    const data = JSON.parse(JSON.stringify(next.value.data));
    expect(contractFaults(FEED, data)).toEqual([]);
    events.push(data.incidentFeed);
  }
  await opened.return!(undefined);
  return events;
}

/** Numbers what happened, as the server's sequencer does by itself. */
async function numbered({ api }: Town): Promise<void> {
  // Whoever comes while another is at it is told that nothing was moved.
  while ((await api.app.feed.keeper.read()).waiting > 0) await api.app.feed.sequencer.runOnce();
}

/** What a grid was told behind a cursor, page by page, and where that ends. */
async function replay(town: Town, query: string, within: string, after: string | null, by: Headers) {
  await numbered(town);
  const events: Answer[] = [];
  for (let cursor = after; ; ) {
    const { page } = await town.api.ask(query, { within, after: cursor }, by);
    events.push(...page.events);
    cursor = page.cursor as string;
    if (!page.hasMore) return { events, cursor };
  }
}

const idsOf = (events: readonly Answer[]): string[] => events.map(({ id }) => id);

/** What areas are told, by feeds that lose nothing. */
export function feedRows(town: () => Town): void {
  it('1.1 a planned change of who runs a town is in the feeds of both sides beforehand and on its day, and so is every incident there', async () => {
    const { api, highlight, on } = town();
    const renamed = highlight('townWithChangedManager').expect.gridId;
    const seats = gridsOf(town().plan, 'governance', 'town').filter(({ id, managerId }) => managerId && id !== renamed);
    const seat = seats.at(-1)!;
    const manager = seats.find(({ managerId }) => managerId !== seat.managerId)!.managerId;
    const at = placeIn(seat.boundary);
    const [county] = chainAt(town(), 'governance', at).filter(({ tier }) => tier === 'county');
    // Who runs the town follows the town; the county that it belongs to by the tree follows all of the county.
    const sides = await Promise.all(
      [seat.id, county.id].map(async (within) => {
        const by = await api.as('dispatcher', within);
        const [borders, incidents] = [
          await replay(town(), BORDERS, within, null, by),
          await replay(town(), INCIDENTS, within, null, by),
        ];
        return { within, by, borders: borders.cursor, incidents: incidents.cursor };
      }),
    );
    const day = '2027-06-01T00:00:00+08:00';
    const done = await redraw(town(), '托管变更二', [{ transfer: { grid: seat.id, manager } }], day);
    const before = await report(town(), { category: 'wages', at });
    for (const side of sides) {
      const { events, cursor } = await replay(town(), BORDERS, side.within, side.borders, side.by);
      expect(events).toMatchObject([{ kind: 'PLANNED', edition: { number: done.edition.number } }]);
      expect(new Date(events[0].effectiveAt)).toEqual(new Date(day));
      // Shown as it will be, long before.
      expect(events[0].grids).toContainEqual({ id: seat.id, manager: { id: manager } });
      side.borders = cursor;
    }
    await on('2027-06-02', async () => {
      const now = new Date('2027-06-02T00:00:00+08:00');
      // What other rows planned is due by then too.
      const due = sql<{ told: number }>`select tell_due_editions(${now}::timestamptz) as told`;
      while ((await due.execute(api.app.database.db)).rows[0].told > 0);
      const later = await report(town(), { category: 'wages', at });
      for (const side of sides) {
        const by = await api.as('dispatcher', side.within);
        const { events } = await replay(town(), BORDERS, side.within, side.borders, by);
        expect(events.filter(({ edition }) => edition.number === done.edition.number)).toMatchObject([
          { kind: 'EFFECTIVE' },
        ]);
        const told = await replay(town(), INCIDENTS, side.within, side.incidents, by);
        const reported = told.events.filter(({ kind }) => kind === 'REPORTED').map(({ incident }) => incident.id);
        expect(reported).toEqual([before.id, later.id]);
      }
    });
  });

  it("4.1 the station head's morning feed from last night's cursor is the union of what the parts of the station were told", async () => {
    const { api, on, plan } = town();
    const beats = gridsOf(plan, 'police', 'beat');
    const { parentId } = beats.find(({ parentId: station }) => beats.filter((b) => b.parentId === station).length > 2)!;
    // As they are now, whatever was redrawn since.
    const below = await listGrids(town(), { layer: 'police', tier: 'beat', within: parentId }, 'id');
    const places = beats.filter((beat) => beat.parentId === parentId).map(({ boundary }) => placeIn(boundary));
    const head = () => api.as('officer', parentId!);
    const evening = await on('2026-06-10T20:00:00+08:00', async () =>
      replay(town(), INCIDENTS, parentId!, null, await head()),
    );
    const own = await Promise.all(
      below.map(async ({ id }) => (await replay(town(), INCIDENTS, id, null, await desk(town()))).cursor),
    );
    const night: string[] = [];
    await on('2026-06-10T23:30:00+08:00', async () => {
      for (const at of [...places, places[0]]) {
        night.push((await report(town(), { category: 'noise', at })).id);
      }
      // What happens elsewhere is not told.
      const elsewhere = beats.find((beat) => beat.parentId !== parentId)!;
      await report(town(), { category: 'noise', at: placeIn(elsewhere.boundary) });
    });
    await on('2026-06-11T07:30:00+08:00', async () => {
      const { events } = await replay(town(), INCIDENTS, parentId!, evening.cursor, await head());
      const parts = await Promise.all(
        below.map(async ({ id }, i) => (await replay(town(), INCIDENTS, id, own[i], await desk(town()))).events),
      );
      expect(new Set(idsOf(events))).toEqual(new Set(parts.flatMap(idsOf)));
      expect(new Set(idsOf(events)).size).toBe(events.length);
      expect(new Set(events.map(({ incident }) => incident.id))).toEqual(new Set(night));
      // Each part is told in the order of the whole.
      for (const part of parts) {
        const mine = new Set(idsOf(part));
        expect(idsOf(events).filter((id) => mine.has(id))).toEqual(idsOf(part));
      }
      // And the same by the subscription, which goes on with what comes.
      expect(await follow(town(), parentId!, evening.cursor, await head(), events.length)).toEqual(events);
    });
  });

  it('1.16 what one side pushes to the other is told in the feeds of both layers, and is one event however often it is read', async () => {
    const { api } = town();
    const { at } = await openVillage(town(), 7, { routes: [], ladders: [] });
    const filed = await report(town(), { category: 'wages', at });
    const owner = (layer: string): string => filed.ownedBy.find((each: Answer) => each.layer.code === layer).grid.id;
    const [beat, village] = [owner('police'), owner('governance')];
    const sides = await Promise.all(
      [beat, village].map(async (within) => ({ within, by: await api.as('dispatcher', within) })),
    );
    const starts = await Promise.all(
      sides.map(async ({ within, by }) => (await replay(town(), INCIDENTS, within, null, by)).cursor),
    );
    const push = { id: filed.id, from: 'police', to: 'governance', message: '请镇村一起化解' };
    const sent = await act(town(), 'pushIncident', push, sides[0].by);
    await act(town(), 'pushIncident', push, sides[0].by);
    const answer = { id: filed.id, pushId: sent.pushes[0].id, answer: '已派村干部' };
    await act(town(), 'answerPush', answer, sides[1].by);
    const seen: string[][] = [];
    for (const [i, { within, by }] of sides.entries()) {
      const once = (await replay(town(), INCIDENTS, within, starts[i], by)).events;
      expect(once.map(({ act: done }) => done)).toEqual(['PUSHED', 'PUSH_ANSWERED']);
      // A client that lost its connection asks again from an older cursor, and knows the events by their ids.
      const again = (await replay(town(), INCIDENTS, within, once[0].cursor, by)).events;
      const read = [...once, ...again];
      expect(new Map(read.map((event) => [event.id, event])).size).toBe(2);
      seen.push(idsOf(once));
    }
    expect(seen[0]).toEqual(seen[1]);
  });
}
