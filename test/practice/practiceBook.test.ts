import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Moment } from '../../src/grids/moment.ts';
import type { PracticeRow } from '../../src/practice/practice.repository.ts';
import type { Practice, Section } from '../../src/practice/practice.type.ts';
import { PracticeBook } from '../../src/practice/practiceBook.ts';
import { SECTIONS } from '../../src/practice/reading/readPractice.ts';

const RUNS = Number(process.env.PRACTICE_RUNS ?? 150);
const CHAINS = [[], ['city'], ['county', 'city'], ['village', 'county', 'city'], ['hamlet', 'elsewhere']];
const NAMED: readonly Section[] = ['categories', 'routes', 'campaigns'];

const entries = fc.option(
  fc.array(
    fc
      .integer({ min: 0, max: 9 })
      .map((n) => ({ code: `c${n}`, name: `${n}`, from: new Date(n), to: new Date(n + 1) })),
    { maxLength: 2 },
  ),
  { nil: null },
);
const rows: fc.Arbitrary<PracticeRow[]> = fc
  .array(
    fc.record({
      gridId: fc.constantFrom(null, 'city', 'county', 'village'),
      validFrom: fc.integer({ min: 0, max: 5 }),
      step: fc.integer({ min: 0, max: 1 }),
      sections: fc.record({ categories: entries, routes: entries, campaigns: entries }, { requiredKeys: [] }),
    }),
    { maxLength: 12 },
  )
  .map((drafts) => {
    let edition = 1;
    return drafts.map(({ step, sections, ...row }, i) => {
      edition += step;
      // As they come from the database: instants are text.
      return { ...row, id: i + 1, edition, sections: JSON.parse(JSON.stringify(sections)) };
    });
  });
const moment = fc.record({ asOf: fc.integer({ min: -1, max: 6 }), edition: fc.integer({ min: 0, max: 10 }) });

type Twin = (rows: readonly PracticeRow[], moment: Moment) => readonly PracticeRow[];
const knownAndBegun: Twin = (all, { asOf, edition }) =>
  all.filter((row) => row.edition <= edition && row.validFrom <= asOf);

/** The slow reference: every row is looked at, for each section and each area. */
function slow(all: readonly PracticeRow[], gridIds: readonly string[], at: Moment, visible = knownAndBegun) {
  const practice: Record<string, unknown> = {};
  const sources: Record<string, string | null | undefined> = {};
  for (const section of SECTIONS) {
    practice[section] = [];
    for (const area of [...gridIds, null].reverse()) {
      const own = visible(all, at).filter(({ gridId, sections }) => gridId === area && section in sections);
      const last = [...own].sort((a, b) => a.validFrom - b.validFrom || a.edition - b.edition || a.id - b.id).at(-1);
      const set = last?.sections[section] as { from: string; to: string }[] | null | undefined;
      if (!set) continue;
      sources[section] = area;
      practice[section] =
        section === 'campaigns'
          ? set.map((each) => ({ ...each, from: new Date(each.from), to: new Date(each.to) }))
          : set;
    }
  }
  return { practice: practice as unknown as Practice, sources };
}

/** A book that was fed edition by edition, as it follows the log. */
async function bookOf(all: readonly PracticeRow[]): Promise<PracticeBook> {
  const readLog = async (after: number, upTo: number) =>
    all.filter(({ edition }) => edition > after && edition <= upTo);
  const book = new PracticeBook({ readLog });
  const latest = Math.max(0, ...all.map(({ edition }) => edition));
  for (let after = 0; after < latest; after += 2) (await book.read(after, after + 2))();
  return book;
}

async function agrees(all: readonly PracticeRow[], gridIds: readonly string[], at: Moment, visible?: Twin) {
  const book = await bookOf(all);
  const { practice, sources } = slow(all, gridIds, at, visible);
  expect(book.practiceAt(gridIds, at)).toEqual(practice);
  for (const section of NAMED) expect(book.sourceOf(section, gridIds, at)).toBe(sources[section]);
}

const question = [rows, fc.constantFrom(...CHAINS), moment] as const;

describe('the book of practice', () => {
  it('answers as the slow reference does, for every area, instant and edition', async () => {
    await fc.assert(
      fc.asyncProperty(...question, (all, gridIds, at) => agrees(all, gridIds, at)),
      { numRuns: RUNS * 4 },
    );
  });

  it.each<[string, Twin]>([
    ['the edition', (all, { asOf }) => all.filter((row) => row.validFrom <= asOf)],
    ['the instant', (all, { edition }) => all.filter((row) => row.edition <= edition)],
    [
      'what was given back',
      (all, at) =>
        knownAndBegun(all, at).map((row) => ({
          ...row,
          sections: Object.fromEntries(Object.entries(row.sections).filter(([, set]) => set !== null)),
        })),
    ],
    ['the order of areas', (all, at) => knownAndBegun(all, at).filter(({ gridId }) => gridId !== 'county')],
  ])('is told apart from a reference that forgets %s', async (_what, twin) => {
    const found = fc.check(
      fc.asyncProperty(...question, (all, gridIds, at) => agrees(all, gridIds, at, twin)),
      { numRuns: 600 },
    );
    expect((await found).failed).toBe(true);
  });

  it('says when a place may next practise otherwise: not before then does anything change', async () => {
    await fc.assert(
      fc.asyncProperty(...question, async (all, gridIds, at) => {
        const book = await bookOf(all);
        const next = book.nextChange(gridIds, at);
        const now = book.practiceAt(gridIds, at);
        for (let asOf = at.asOf; asOf < (next ?? 8); asOf += 1) {
          expect(book.practiceAt(gridIds, { ...at, asOf })).toEqual(now);
        }
        if (next === undefined) return;
        expect(next).toBeGreaterThan(at.asOf);
        const set = all.some(
          (row) => row.validFrom === next && row.edition <= at.edition && Object.keys(row.sections).length,
        );
        expect(set).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('says what an area sets itself, whatever holds above it', async () => {
    const at = { asOf: 5, edition: 5 };
    const categories = [{ code: 'noise', name: '噪音', field: null }];
    const row = { id: 1, gridId: 'city', validFrom: 0, edition: 1, sections: { categories } };
    const book = await bookOf([row, { ...row, id: 2, gridId: 'county', sections: { categories: null } }]);
    expect(book.ownAt('categories', 'city', at)).toEqual(categories);
    expect(book.ownAt('categories', 'county', at)).toBeUndefined();
    expect(book.ownAt('categories', null, at)).toBeUndefined();
    expect(book.sourceOf('categories', ['county', 'city'], at)).toBe('city');
  });
});
