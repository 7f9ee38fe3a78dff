import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Api } from '../support/api.ts';
import { day, drawGrid, openPaper, publishGrids, type Rectangle } from './squareGrids.ts';

const SEED = 20260603;
const QUERY = `query ($filter: GridFilter, $first: Int, $after: String, $asOf: DateTime, $edition: Int) {
  grids(filter: $filter, first: $first, after: $after, asOf: $asOf, edition: $edition) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id code } }
  }
}`;

const cell = (n: number): Rectangle => [n % 20, Math.floor(n / 20), 1, 1];
// Two layers and two tiers; in code order 10 comes before 9, and layer B is older than layer A.
const district = drawGrid('b/district', 'D', [0, 0, 20, 20]);
const units = Array.from({ length: 210 }, (_, n) =>
  drawGrid('b/unit', `U${n * 2}`, cell(n), { parent: district, kind: n % 7 === 0 ? 'EXCLUSIVE' : 'BASIC' }),
);
const others = Array.from({ length: 20 }, (_, n) => drawGrid('a/unit', `A${n * 2}`, cell(n)));
const drawn = [district, ...units, ...others];

let api: Api;

interface Page {
  readonly codes: string[];
  readonly total: number;
  readonly edges: Answer[];
  readonly info: Answer;
}

async function page(variables: object): Promise<Page> {
  const { grids } = await api.ask(QUERY, variables);
  const codes = grids.edges.map(({ node }: Answer) => node.code);
  return { codes, total: grids.totalCount, edges: grids.edges, info: grids.pageInfo };
}

/** Every page after another, as long as one follows; `between` is run before each page but the first. */
async function leaf(sizes: () => number, variables: object, between = async () => {}): Promise<string[]> {
  const codes: string[] = [];
  let after: string | null = null;
  for (;;) {
    const { codes: found, info }: Page = await page({ ...variables, first: sizes(), after });
    codes.push(...found);
    expect(info.hasPreviousPage).toBe(after !== null);
    if (!info.hasNextPage) return codes;
    after = info.endCursor;
    await between();
  }
}

/** The order that is promised: layer as it was made, tier from the root, code by code units. */
const inOrder = (codes: string[]) => [...codes].sort();
const expected = () => ['D', ...inOrder(units.map(({ codes }) => codes[0].code)), ...inOrder(others.map(codeOf))];
function codeOf({ codes }: { readonly codes: readonly { readonly code: string }[] }): string {
  return codes[0].code;
}

async function refusal(query: string, variables: object = {}): Promise<Answer> {
  const { errors } = await api.askRaw(query, variables);
  return { message: errors![0].message, ...errors![0].extensions };
}

beforeAll(async () => {
  api = await openPaper(
    [
      { code: 'b', kind: 'OVERLAY', tiers: ['district', 'unit'] },
      { code: 'a', kind: 'OVERLAY', tiers: ['unit'] },
      { code: 'names', kind: 'OVERLAY', tiers: ['unit'] },
    ],
    ['local', 'police'],
  );
  await publishGrids(api, drawn);
});
afterAll(() => api?.close());

describe('the pages of a list', () => {
  it('leafed through in any size show every grid once, in order', async () => {
    for (const sizes of fc.sample(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 3 }), {
      seed: SEED,
      numRuns: 8,
    })) {
      let turn = 0;
      const codes = await leaf(() => sizes[turn++ % sizes.length], {});
      expect(codes).toEqual(expected());
    }
  });

  it('hold 50 unless told, at most 200 and at least none', async () => {
    expect((await page({})).codes).toHaveLength(50);
    expect((await page({ first: 200 })).codes).toHaveLength(200);
    const none = await page({ first: 0 });
    expect([none.codes, none.total, none.info.startCursor]).toEqual([[], drawn.length, null]);
    for (const first of [201, -1]) {
      const { code, field, message } = await refusal(QUERY, { first });
      expect([code, field]).toEqual(['BAD_INPUT', 'first']);
      expect(message).toContain(String(first));
    }
  });

  it('go on behind any cursor of the list, and refuse one that is none', async () => {
    const first = await page({ first: 30 });
    const { codes } = await page({ first: 3, after: first.edges[10].cursor });
    expect(codes).toEqual(expected().slice(11, 14));
    const { editions } = await api.ask('{ editions { pageInfo { endCursor } } }');
    for (const after of ['not a cursor', `${first.info.endCursor}=`, '!!!!', editions.pageInfo.endCursor]) {
      const { code, field } = await refusal(QUERY, { after });
      expect([code, field]).toEqual(['BAD_INPUT', 'after']);
    }
  });

  it('neither repeat nor skip what stayed when editions add and retire grids in between', async () => {
    const before = expected();
    const added: string[] = [];
    const retired = [units[3], units[150]];
    let turn = 0;
    const codes = await leaf(
      () => 9 + (turn % 17),
      { asOf: '2026-06-01T00:00:00Z' },
      async () => {
        turn++;
        if (turn > 12) return;
        const fresh = [turn * 34 + 1, 421 - turn * 34].map((n) =>
          drawGrid('b/unit', `U${Math.abs(n)}-${turn}`, cell(n % 100), { parent: district }),
        );
        added.push(...fresh.map(codeOf));
        await publishGrids(api, fresh);
        const gone = turn === 4 ? retired[0] : turn === 8 ? retired[1] : undefined;
        if (!gone) return;
        await api.app.editions.publish('Gone', (trx, edition) =>
          api.app.writers.grids.retireGrids(trx, edition, [gone.id], day('2021-01-01')),
        );
      },
    );
    expect(new Set(codes).size).toBe(codes.length);
    const mayBeMissing = new Set(retired.map(codeOf));
    const stayed = before.filter((code) => !mayBeMissing.has(code));
    expect(codes.filter((code) => stayed.includes(code))).toEqual(stayed);
    expect(codes.filter((code) => added.includes(code)).length).toBeGreaterThan(0);
    expect(await leaf(() => 40, { edition: 2 })).toEqual(before);
  });
});

describe('a filter', () => {
  it('narrows by layer, tier, kind and the tree above, together too', async () => {
    const count = async (filter: object) => (await page({ filter, edition: 2 })).total;
    expect(await count({ layer: 'a' })).toBe(others.length);
    expect(await count({ tier: 'unit' })).toBe(units.length + others.length);
    expect(await count({ layer: 'b', tier: 'district' })).toBe(1);
    expect(await count({ within: district.id })).toBe(units.length);
    expect(await count({ within: units[0].id })).toBe(0);
    expect(await count({ kind: 'EXCLUSIVE', within: district.id })).toBe(30);
    expect(await count({ kind: 'EXCLUSIVE', layer: 'a' })).toBe(0);
  });

  it.each([
    ['layer', { layer: 'nowhere' }],
    ['tier', { layer: 'a', tier: 'district' }],
    ['within', { within: randomUUID() }],
  ])('that names no known %s is refused by name', async (field, filter) => {
    const answer = await refusal(QUERY, { filter });
    expect([answer.code, answer.field]).toEqual(['NOT_FOUND', field]);
  });
});

describe('a grid that is looked for', () => {
  const farm = drawGrid('names/unit', 'F-1', [0, 30, 1, 1], { name: '寨湾村 7' });
  const twin = drawGrid('names/unit', 'F-2', [1, 30, 1, 1], {
    codes: [
      { scheme: 'local', code: 'F-2' },
      { scheme: 'police', code: 'F-1' },
    ],
  });
  const late = drawGrid('names/unit', 'F-3', [2, 30, 1, 1], {
    validFrom: day('2024-01-01'),
    validTo: day('2025-01-01'),
  });
  const search = async (text: string, more: object = {}) =>
    (await page({ filter: { layer: 'names', search: text }, ...more })).codes;
  let named: number;

  beforeAll(async () => {
    named = await publishGrids(api, [farm, twin, late]);
    await api.app.editions.publish('Renamed', (trx, edition) =>
      api.app.writers.grids.reviseGrids(trx, edition, [
        { gridId: farm.id, from: day('2023-01-01'), set: { name: '寨湾社区' } },
      ]),
    );
  });

  it('is found by a part of a name it has or ever had, and of a code', async () => {
    expect(await search('社区')).toEqual(['F-1']);
    expect(await search('寨湾村')).toEqual(['F-1']);
    expect(await search('社区', { edition: named })).toEqual([]);
    expect(await search('f-')).toEqual(['F-1', 'F-2']);
    expect(await search('nothing such')).toEqual([]);
  });

  it('is found in full-width and half-width letters alike', async () => {
    expect(await search('Ｆ－２')).toEqual(['F-2']);
    expect(await search('村　７')).toEqual(['F-1']);
    expect(await search('村 7')).toEqual(['F-1']);
  });

  const BY_CODE =
    'query ($code: String, $scheme: String, $asOf: DateTime) { grid(code: $code, scheme: $scheme, asOf: $asOf) { id } }';

  it('by code is the one of that scheme; a text that two schemes give to two grids asks for the scheme', async () => {
    expect((await api.ask(BY_CODE, { code: 'F-1', scheme: 'local' })).grid.id).toBe(farm.id);
    expect((await api.ask(BY_CODE, { code: 'F-1', scheme: 'police' })).grid.id).toBe(twin.id);
    expect((await api.ask(BY_CODE, { code: 'F-2' })).grid.id).toBe(twin.id);
    expect((await api.ask(BY_CODE, { code: 'F-2', scheme: 'police' })).grid).toBeNull();
    const answer = await refusal(BY_CODE, { code: 'F-1' });
    expect(answer).toMatchObject({ code: 'AMBIGUOUS_CODE', field: 'scheme' });
    expect([...answer.schemes].sort()).toEqual(['local', 'police']);
  });

  it('is null, and not listed, before it existed and from the instant it ended', async () => {
    const found = async (asOf: string) => [
      (await api.ask(BY_CODE, { code: 'F-3', asOf })).grid?.id ?? null,
      (await search('F-3', { asOf })).length,
    ];
    expect(await found('2023-12-31T23:59:59.999Z')).toEqual([null, 0]);
    expect(await found('2024-01-01T00:00:00Z')).toEqual([late.id, 1]);
    expect(await found('2024-12-31T23:59:59.999Z')).toEqual([late.id, 1]);
    expect(await found('2025-01-01T00:00:00Z')).toEqual([null, 0]);
  });
});

describe('the editions', () => {
  it('are listed oldest first in pages, without a hole', async () => {
    const query = `query ($first: Int, $after: String) {
      editions(first: $first, after: $after) { edges { node { number title } } pageInfo { hasNextPage endCursor } }
    }`;
    const numbers: number[] = [];
    let after: string | null = null;
    do {
      const { editions }: Answer = await api.ask(query, { first: 4, after });
      numbers.push(...editions.edges.map(({ node }: Answer) => node.number));
      after = editions.pageInfo.hasNextPage ? editions.pageInfo.endCursor : null;
    } while (after);
    expect(numbers).toEqual(Array.from({ length: api.app.editions.latest }, (_, i) => i + 1));
    expect((await refusal(query, { first: 201 })).code).toBe('BAD_INPUT');
    for (const cursor of ['zzz?', (await page({ first: 1 })).info.endCursor])
      expect((await refusal(query, { after: cursor })).field).toBe('after');
  });
});
