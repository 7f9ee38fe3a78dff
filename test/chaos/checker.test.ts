import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, countFaults, type Evidence, type FaultKind, type LoggedEvent } from './checker.ts';
import { Dice } from './dice.ts';

const ROOT = 'root';
const AREAS = ['north', 'south'];

type Written = Evidence['acknowledged'][number];

/** A flawless run by dice: incidents of two areas, all of it acknowledged one after the other, read twice over. */
function goodRun(seed: number, size: number): Evidence {
  const dice = new Dice(seed);
  const versions = new Map<string, number>();
  const log: LoggedEvent[] = [];
  const acknowledged: Written[] = [];
  for (let position = 1; position <= size; position++) {
    const incident = `incident ${dice.below(Math.ceil(size / 4))}`;
    const version = (versions.get(incident) ?? 0) + 1;
    versions.set(incident, version);
    const id = `event ${position}`;
    log.push({ position, id, incident, version, areaIds: [ROOT, dice.one(AREAS)], isIncident: true });
    const name = dice.next() < 0.5 ? { id } : { incident, version };
    acknowledged.push({ by: 'SQL', begun: position * 2, answered: position * 2 + 1, events: [name] });
  }
  const readers = [ROOT, ...AREAS].map((within) => ({
    name: `reader of ${within}`,
    within,
    after: 0,
    events: seen(log, within, dice),
  }));
  return { acknowledged, rolledBack: ['rolled back'], log, trail: log, readers };
}

/** At least once: after a loss it goes on a little before the place where it was. */
function seen(log: readonly LoggedEvent[], within: string, dice: Dice): LoggedEvent[] {
  const own = log.filter(({ areaIds }) => areaIds.includes(within));
  return own.flatMap((event, i) => (dice.next() < 0.1 ? [event, ...own.slice(Math.max(0, i - 2), i + 1)] : [event]));
}

const without = <T>(items: readonly T[], index: number): T[] => items.filter((_, i) => i !== index);
const swapped = <T>(items: readonly T[], index: number): T[] =>
  items.map((item, i) => (i === index ? items[index + 1] : i === index + 1 ? items[index] : item));

/** One thing goes wrong at a place of the log, and what it must be called. */
const WRONGS: Readonly<Record<string, { kind: FaultKind; spoil: (run: Evidence, at: number) => Evidence }>> = {
  'a reader misses an event': {
    kind: 'LOST',
    spoil: (run, at) => withReader(run, ({ events }) => events.filter(({ id }) => id !== run.log[at].id)),
  },
  'a reader gets two events the wrong way round': {
    kind: 'OUT_OF_ORDER',
    spoil: (run, at) => withReader(run, () => swapped(run.log, at)),
  },
  'a reader gets what is not in the log': {
    kind: 'ABORTED_READ',
    spoil: (run, at) =>
      withReader(run, ({ events }) => [
        ...events.slice(0, at),
        { ...run.log[at], id: 'x', version: 99 },
        ...events.slice(at),
      ]),
  },
  'a reader gets one change under two ids': {
    kind: 'DUPLICATED',
    spoil: (run, at) => withReader(run, ({ events }) => [...events, { ...run.log[at], id: 'again' }]),
  },
  'an acknowledged write is not in the log': {
    kind: 'LOST',
    spoil: (run, at) => ({ ...run, log: without(run.log, at), trail: without(run.trail, at) }),
  },
  'a written event is not in the log': {
    kind: 'LOST',
    spoil: (run) => ({ ...run, trail: [...run.trail, { id: 'forgotten', incident: 'i', version: 1 }] }),
  },
  'a position is missing': {
    kind: 'HOLE',
    spoil: (run, at) => ({
      ...run,
      log: run.log.map((event, i) => (i < at ? event : { ...event, position: event.position + 1 })),
    }),
  },
  'versions of an incident change places': {
    kind: 'OUT_OF_ORDER',
    spoil: (run, at) => ({
      ...run,
      log: places(
        run.log,
        swapped(
          run.log.map((event) => ({ ...event, incident: 'one' })),
          at,
        ),
      ),
    }),
  },
  'a write stands before one that was acknowledged before it began': {
    kind: 'OUT_OF_ORDER',
    spoil: (run, at) => ({ ...run, log: places(run.log, swapped(run.log, at)) }),
  },
  'what was rolled back is in the log': {
    kind: 'GHOST',
    spoil: (run, at) => ({ ...run, rolledBack: [run.log[at].id] }),
  },
  'what nobody wrote is in the log': {
    kind: 'GHOST',
    spoil: (run, at) => ({ ...run, trail: without(run.trail, at) }),
  },
};

/** The events in another order, at the positions that there are. */
function places(log: readonly LoggedEvent[], events: readonly LoggedEvent[]): LoggedEvent[] {
  return events.map((event, i) => ({ ...event, position: log[i].position }));
}

function withReader(
  run: Evidence,
  change: (reader: Evidence['readers'][number]) => Evidence['readers'][number]['events'],
): Evidence {
  const [first, ...others] = run.readers;
  return { ...run, readers: [{ ...first, events: change(first) }, ...others] };
}

const runs = fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 4, max: 60 }));

const few = { numRuns: 40 };

describe('the checker of chaos', () => {
  it('finds nothing where every promise was kept, though readers got much twice', () => {
    fc.assert(
      fc.property(runs, ([seed, size]) => {
        expect(check(goodRun(seed, size))).toEqual([]);
      }),
      few,
    );
  });

  it.each(Object.entries(WRONGS))('names it when %s', (_, { kind, spoil }) => {
    fc.assert(
      fc.property(runs, ([seed, size]) => {
        const run = goodRun(seed, size);
        const at = new Dice(seed).below(size - 1);
        expect(countFaults(check(spoil(run, at)))[kind]).toBeGreaterThan(0);
      }),
      few,
    );
  });

  it('asks no reader for events of other topics, whose positions count', () => {
    const run = goodRun(1, 20);
    const other = { ...run.log[0], position: 21, id: 'edition', incident: '7', version: 0, isIncident: false };
    expect(check({ ...run, log: [...run.log, other] })).toEqual([]);
  });
});
