import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/errors.ts';
import type { PracticeRequest } from '../../src/practice/practice.service.ts';
import { asSuperuser, openTestDatabase } from '../support/database.ts';
import { day, PracticeWorld } from './practiceWorld.ts';
import { practice } from './randomPractice.ts';

let world: PracticeWorld;
beforeAll(async () => {
  world = await PracticeWorld.open();
});
beforeEach(async () => {
  // As it was at the start: nobody sets anything any more.
  const none = { categories: null, severities: null, contacts: null, ladders: null };
  for (const area of [null, 'C', 'D1', 'D2', 'V1']) await world.set({ area, sections: none });
});

const named = (...codes: string[]) => codes.map((code) => ({ code, name: code }));
const COLOURS = { severities: named('red', 'yellow', 'blue', 'green') };
const contacts = (area: string, asOf = world.now, edition?: number) =>
  world.finder.get({ area, asOf, edition }).practice.contacts.map(({ code }) => code);

async function refusal(
  request: Partial<PracticeRequest>,
  ...who: Parameters<PracticeWorld['viewer']>
): Promise<string> {
  const { latest } = world.editions;
  const viewer = world.viewer(...who);
  const refused = await world.set({ sections: COLOURS, ...request }, viewer).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(DomainError);
  const { code, message } = refused as DomainError;
  expect(world.editions.latest).toBe(latest);
  expect((await world.audited()).at(-1)).toBe(`${viewer.subject} REFUSED unknown {"code": "${code}"}`);
  return `${code} ${message.slice(0, message.indexOf(':'))}`;
}

describe('setting practice', () => {
  it('is one edition, recorded, and holds in the area and below it from the instant on', async () => {
    const { latest } = world.editions;
    const outcome = await world.set(
      { area: 'D1', sections: { contacts: named('visit') } },
      world.viewer('admin', 'D1'),
    );
    expect(outcome).toMatchObject({ gridId: world.id('D1'), edition: latest + 1, from: world.now });
    expect(outcome.changes).toEqual([{ section: 'contacts', before: 0, after: 1, changes: true }]);
    expect(world.editions.editions.at(-1)).toMatchObject({
      title: 'Local practice of Grid D1',
      effectiveAt: world.now,
    });
    expect((await world.audited()).at(-1)).toMatch(
      new RegExp(`^admin of D1 DONE ${world.id('D1')} ${world.id('D1')} .*"sections": \\["contacts"\\]`),
    );
    expect(contacts('V1')).toEqual(['visit']);
    expect(contacts('W1')).toEqual([]);
    expect(contacts('V1', new Date(world.now.getTime() - 1))).toEqual([]);
    expect(contacts('V1', world.now, latest)).toEqual([]);
  });

  it('replaces whole sections, leaves the others, and gives one back where it is null', async () => {
    await world.set({ sections: { contacts: named('call'), ...COLOURS } });
    await world.set({ area: 'C', sections: { contacts: named('fair', 'visit') } });
    expect(contacts('V1')).toEqual(['fair', 'visit']);
    expect(world.finder.get({ area: 'V1' }).practice.severities).toHaveLength(4);
    await world.set({ area: 'D1', sections: { contacts: [] } });
    expect(contacts('V1')).toEqual([]);
    const { sources } = world.finder.get({ area: 'V1' });
    expect(sources.find(({ section }) => section === 'contacts')?.setBy?.name).toBe('Grid D1');
    expect(sources.find(({ section }) => section === 'severities')).toMatchObject({ setBy: undefined, isSet: true });
    expect(sources.find(({ section }) => section === 'visits')).toMatchObject({ setBy: undefined, isSet: false });
    const { changes } = await world.set({ area: 'D1', sections: { contacts: null } });
    expect(changes).toEqual([{ section: 'contacts', before: 0, after: 2, changes: true }]);
    expect(contacts('V1')).toEqual(['fair', 'visit']);
  });

  it('may be planned, and may begin in the past: answers of earlier editions stay', async () => {
    await world.set({ area: 'C', sections: { contacts: named('call') }, from: day('2026-09-01') });
    expect(contacts('V1')).toEqual([]);
    expect(contacts('V1', day('2026-09-01'))).toEqual(['call']);
    expect(world.finder.get({ area: 'V1' }).nextChangeAt).toEqual(day('2026-09-01'));
    const { latest } = world.editions;
    await world.set({ area: 'D1', sections: { contacts: named('visit') }, from: day('2025-01-01') });
    expect(contacts('V1', day('2025-06-01'))).toEqual(['visit']);
    expect(contacts('V1', day('2025-06-01'), latest)).toEqual([]);
  });

  it('says nothing new where all of it is so already, and writes nothing in a dry run', async () => {
    await world.set({ area: 'C', sections: COLOURS });
    const { latest } = world.editions;
    const again = await world.set({ area: 'C', sections: COLOURS });
    expect(again).toMatchObject({ edition: null, changes: [{ section: 'severities', changes: false }] });
    const by = { viewer: world.viewer('admin', 'C') };
    const dry = await world.service.setPractice(by, { area: 'C', sections: { severities: [] } }, true);
    expect(dry).toMatchObject({ edition: null, changes: [{ before: 4, after: 0, changes: true }] });
    expect(world.editions.latest).toBe(latest);
    await expect(world.service.setPractice(by, { area: 'C', sections: { zones: [] } }, true)).rejects.toThrow(
      'practice.zones',
    );
  });

  it('a scheme of colours is swapped without code, here and not there', async () => {
    await world.set({ sections: COLOURS });
    await world.set({ area: 'D2', sections: { severities: named('purple', 'white') } });
    const grades = (area: string) => world.finder.get({ area }).practice.severities.map(({ code }) => code);
    expect(grades('W1')).toEqual(['purple', 'white']);
    expect(grades('V1')).toEqual(['red', 'yellow', 'blue', 'green']);
  });
});

describe('who may set practice', () => {
  it('an administrator in the own area and below it, nowhere else and not everywhere', async () => {
    const { edition } = await world.set({ area: 'V1', sections: COLOURS }, world.viewer('admin', 'D1'));
    expect(edition).toBe(world.editions.latest);
    expect(await refusal({ area: 'D2' }, 'admin', 'D1')).toBe('NOT_FOUND area');
    expect(await refusal({ area: 'C' }, 'admin', 'D1')).toBe('NOT_FOUND area');
    expect(await refusal({ area: 'nowhere' }, 'admin', 'D1')).toBe('NOT_FOUND area');
    expect(await refusal({ area: null }, 'admin', 'D1')).toBe('FORBIDDEN area');
    expect(await refusal({ area: 'D1' }, 'officer', 'D1')).toBe('FORBIDDEN Mutation.setPractice');
    expect((await world.set({ sections: COLOURS }, world.viewer('admin', '*'))).edition).not.toBeNull();
  });

  it('and only with a good document, an area that is there, and the edition that was read', async () => {
    expect(await refusal({ area: 'D1', sections: { watchlist: [] } }, 'admin', 'D1')).toBe(
      'BAD_INPUT practice.watchlist',
    );
    expect(await refusal({ area: 'D1', sections: {} }, 'admin', 'D1')).toBe('BAD_INPUT practice');
    expect(await refusal({ area: 'D1', from: day('2019-01-01') }, 'admin', 'D1')).toBe('BAD_INPUT from');
    const { latest } = world.editions;
    expect(await refusal({ area: 'D1', expectedEdition: latest - 1 }, 'admin', 'D1')).toBe('CONFLICT expectedEdition');
    const viewer = world.viewer('admin', 'D1');
    const both = await Promise.allSettled(
      ['red', 'blue'].map((code) =>
        world.set({ area: 'D1', sections: { severities: named(code) }, expectedEdition: latest }, viewer),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('what row was written is never changed, not even by the owner of the database', async () => {
    await world.set({ area: 'C', sections: COLOURS });
    const { db } = await openTestDatabase();
    const forge = asSuperuser(db, (trx) => sql`update practice set valid_from = now()`.execute(trx));
    await expect(forge).rejects.toMatchObject({ code: 'APPEND_ONLY' });
    const forget = asSuperuser(db, (trx) => sql`delete from practice`.execute(trx));
    await expect(forget).rejects.toMatchObject({ code: 'APPEND_ONLY' });
  });
});

describe('what was set', () => {
  it('is read by another server as it was given, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(practice, async (document) => {
        const sections = Object.fromEntries(Object.entries(document).filter(([, entries]) => entries !== null));
        fc.pre(Object.keys(sections).length > 0);
        await world.set({ area: 'V2', sections });
        await world.other.catchUp();
        expect(world.otherBook.practiceAt([world.id('V2')], world.at())).toMatchObject(sections);
      }),
      { numRuns: Number(process.env.PRACTICE_EDITIONS ?? 12) },
    );
  });
});
