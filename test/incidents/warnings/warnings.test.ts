import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import type { WarningPractice } from '../../../src/practice/practice.type.ts';
import { MatterWorld, PRACTICE, signedIn } from '../reporting/matterWorld.ts';
import { handler } from '../routing/routingWorld.ts';

const RULE: WarningPractice = {
  ...{ code: 'again', name: 'A second dispute at one address', enabled: true, categories: ['dispute'] },
  ...{ same: 'ADDRESS', metres: null, count: 2, withinDays: 30, fromHour: null, toHour: null },
  instruct: [handler('WARNING deputy @police/station', 24), handler('WARNING officer @police/beat', 2)],
};

let world: MatterWorld;
const desk = signedIn('dispatcher');
/** Each test at a place of its own. */
let row = 5;

beforeAll(async () => {
  world = await MatterWorld.open();
});
beforeEach(() => {
  row += 0.4;
  world.practice = { ...PRACTICE, warnings: [RULE] };
});
afterAll(() => world.api.close());

const warned = ({ tasks }: IncidentFile) => tasks.filter(({ cause }) => cause === 'WARNING');
const here = (more: object = {}) => world.report(desk, 2.5, row, more);

async function warnedOf(count: number, more: object = {}): Promise<number[]> {
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) numbers.push(warned(await here(more)).length);
  return numbers;
}

describe('a second dispute at one address', () => {
  it('makes one instruction to the two posts that the rule names; the first makes none, and the third', async () => {
    expect(warned(await here())).toEqual([]);
    const tasks = warned(await here());
    expect(tasks.map(({ role, purpose, layer, tier }) => `${purpose} ${role} ${layer}/${tier}`)).toEqual([
      'WARNING deputy police/station',
      'WARNING officer police/beat',
    ]);
    expect(new Set(tasks.map(({ batchId }) => batchId)).size).toBe(1);
    expect(tasks[0].batchId).not.toBeNull();
    expect(tasks.map(({ note }) => note)).toEqual(Array(2).fill('again: A second dispute at one address'));
    expect(warned(await here())).toEqual([]);
  });

  it('makes none while the rule is off, which it is unless it says so', async () => {
    world.practice = { ...PRACTICE, warnings: [{ ...RULE, enabled: false }] };
    expect(await warnedOf(2)).toEqual([0, 0]);
  });

  it('makes none of another matter, nor at another place', async () => {
    await here({ category: 'noise' });
    await world.report(desk, 12.5, row);
    expect(await warnedOf(2)).toEqual([0, 2]);
  });

  it('makes none where the first came to nothing', async () => {
    const { id } = await here();
    const deed = { field: 'Mutation.closeIncident', right: 'incidents.direct', id } as const;
    const nothing = { do: 'CLOSE', outcome: 'UNFOUNDED', result: 'Nothing there', followUps: [] } as const;
    await world.desk.act(desk, deed, () => nothing);
    expect(await warnedOf(2)).toEqual([0, 2]);
  });

  it('makes it once when twenty are reported at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => here()));
    expect(all.map((each) => warned(each).length).filter(Boolean)).toEqual([2]);
  });

  it('makes it once when a report is sent twenty times', async () => {
    await here();
    const clientKey = randomUUID();
    const all = await Promise.all(Array.from({ length: 20 }, () => here({ clientKey })));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(warned(all[0])).toHaveLength(2);
  });

  it('begins anew when the days are over', async () => {
    const before = world.clock.now;
    expect(await warnedOf(2)).toEqual([0, 2]);
    world.later(31 * 24 * 60);
    expect(await warnedOf(3)).toEqual([0, 2, 0]);
    world.clock.now = before;
  });

  it('makes an instruction for each rule by itself', async () => {
    const third = { ...RULE, code: 'third', count: 3, instruct: [handler('WARNING head @gov/village')] };
    const nearby = {
      ...RULE,
      code: 'near',
      same: 'NEARBY' as const,
      metres: 30,
      instruct: [handler('NOTICE head @gov/town')],
    };
    world.practice = { ...PRACTICE, warnings: [RULE, third, nearby] };
    expect(await warnedOf(4)).toEqual([0, 3, 1, 0]);
  });

  it('tells where nobody is configured, and makes the rest', async () => {
    world.practice = { ...PRACTICE, warnings: [{ ...RULE, instruct: [...RULE.instruct, handler('WARNING nobody')] }] };
    await here();
    const second = await here();
    expect(warned(second)).toHaveLength(2);
    expect(second.notices.map(({ code }) => code)).toContain('NOT_CONFIGURED');
  });
});

describe('a rule about a grid', () => {
  it('counts all over the smallest grid on the rung of the matter', async () => {
    world.practice = { ...PRACTICE, warnings: [{ ...RULE, code: 'village', same: 'GRID', count: 3, withinDays: 1 }] };
    world.later(100 * 24 * 60);
    const spots = [12.2, 14, 16, 18];
    const counts: number[] = [];
    for (const column of spots) counts.push(warned(await world.report(desk, column, 7)).length);
    expect(counts).toEqual([0, 0, 2, 0]);
    expect(warned(await world.report(desk, 2.5, 7))).toEqual([]);
  });
});
