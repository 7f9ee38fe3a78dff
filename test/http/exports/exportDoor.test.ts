import { afterEach, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import { DomainError, type ErrorCode } from '../../../src/errors.ts';
import type { FeedExport } from '../../../src/http/exports/exportDoor.ts';
import type { ExportQuery } from '../../../src/http/exports/exportQuery.ts';
import { FakeTokens, type OpenDoors, openDoors, STAFF } from '../openDoors.ts';

let doors: OpenDoors;
afterEach(() => doors.close());

const GOOD = { authorization: 'Bearer good' };
const FAST = { stallMs: 200, leastBytesASecond: 1e9 };

/** Lines that a test gives, and what became of the exports. */
class Lines implements FeedExport {
  readonly right = 'incidents.read';
  readonly asked: { query: ExportQuery; by: RequestContext }[] = [];
  pulled = 0;
  running = 0;
  readonly #lineAt: (n: number, by: RequestContext) => string | undefined | Promise<string | undefined>;

  constructor(lineAt: (n: number, by: RequestContext) => string | undefined | Promise<string | undefined>) {
    this.#lineAt = lineAt;
  }

  async *exportFeed(query: ExportQuery, by: RequestContext): AsyncGenerator<string> {
    this.asked.push({ query, by });
    this.running += 1;
    try {
      for (let n = 1; ; n++) {
        const line = await this.#lineAt(n, by);
        if (line === undefined) return;
        this.pulled = n;
        yield line;
      }
    } finally {
      this.running -= 1;
    }
  }
}

const get = (query: string, headers: Record<string, string> = GOOD, init: RequestInit = {}) =>
  fetch(`${doors.url.replace('/graphql', '')}/feeds/incident-events.ndjson?${query}`, { ...init, headers });

async function opened(lines: Lines, settings = {}, rest: Parameters<typeof openDoors>[1] = {}): Promise<Lines> {
  doors = await openDoors(settings, { feedExport: lines, ...rest });
  return lines;
}

const bad = (code: ErrorCode) => new DomainError(code, `${code}: so it is.`, { field: 'after' });
const throwing = (code: ErrorCode, behind = 0) =>
  new Lines((n) => {
    if (n > behind) throw bad(code);
    return `{"n":${n}}`;
  });

describe('an export', () => {
  it('gives its lines as NDJSON, and hands on what was asked', async () => {
    const lines = await opened(new Lines((n) => (n > 3 ? undefined : JSON.stringify({ n, 名: '网格' }))));
    const response = await get('within=g1&after=c1&until=c9&categories=NOISE,THEFT&categories=FIRE', {
      ...GOOD,
      'x-purpose': 'load',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(response.headers.get('x-request-id')).toBe(lines.asked[0].by.requestId);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const text = await response.text();
    expect(text.endsWith('\n')).toBe(true);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([1, 2, 3].map((n) => ({ n, 名: '网格' })));
    expect(lines.asked[0].query).toEqual({
      within: 'g1',
      after: 'c1',
      until: 'c9',
      categories: ['NOISE', 'THEFT', 'FIRE'],
    });
    expect(lines.asked[0].by).toMatchObject({ viewer: STAFF, purpose: 'load' });
    await (await get('within=g1')).text();
    expect(lines.asked[1].query).toEqual({ within: 'g1' });
    expect(lines.running).toBe(0);
  });

  it('of nothing is an empty answer', async () => {
    await opened(new Lines(() => undefined));
    const response = await get('within=g1');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it.each([
    ['BAD_INPUT', 400],
    ['UNAUTHENTICATED', 401],
    ['FORBIDDEN', 403],
    ['NOT_FOUND', 404],
    ['CURSOR_EXPIRED', 410],
  ] as const)('that cannot begin for %s says so by status %i', async (code, status) => {
    const lines = await opened(throwing(code));
    const response = await get('within=g1');
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({
      errors: [{ message: `${code}: so it is.`, extensions: { code, field: 'after' } }],
    });
    expect(lines.running).toBe(0);
  });

  it('that fails on the way says so in its last line', async () => {
    await opened(throwing('CURSOR_EXPIRED', 2));
    const text = await (await get('within=g1')).text();
    expect(text.split('\n')).toEqual([
      '{"n":1}',
      '{"n":2}',
      '{"error":{"message":"CURSOR_EXPIRED: so it is.","extensions":{"field":"after","code":"CURSOR_EXPIRED"}}}',
      '',
    ]);
  });

  it('hides a fault of the server, before and behind the first line', async () => {
    let behind = 0;
    const lines = new Lines((n) => {
      if (n > behind) throw new Error('secret of the house');
      return '{}';
    });
    await opened(lines);
    const first = await get('within=g1');
    expect([first.status, (await first.text()).includes('secret')]).toEqual([500, false]);
    behind = 1;
    const text = await (await get('within=g1')).text();
    expect(text).toMatch(/^{}\n{"error":{.*"code":"INTERNAL","requestId":".+"}}}\n$/);
    expect(text).not.toContain('secret');
    expect(doors.logged.filter((line) => line.includes('secret of the house'))).toHaveLength(2);
  });

  it('asks for what it takes, and for nothing else', async () => {
    const lines = await opened(new Lines(() => undefined));
    for (const [query, field] of [
      ['', 'within'],
      ['within=', 'within'],
      ['within=g1&within=g2', 'within'],
      ['within=g1&first=3', 'first'],
      ['within=g1&categories=', 'categories'],
      [`within=g1&categories=${'A,'.repeat(100)}A`, 'categories'],
    ]) {
      const response = await get(query);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_INPUT', field } }] });
    }
    expect(lines.asked).toEqual([]);
  });

  it('is for who has the right, by the header, and a refusal is witnessed', async () => {
    const refused: unknown[] = [];
    const witness = {
      figures: { read: async () => ({ text: '', type: '' }) },
      answered: () => {},
      refused: (error: object) => void refused.push((error as { code?: string }).code),
      watch: () => {},
    };
    const tokens = new FakeTokens();
    const lines = await opened(new Lines(() => undefined), {}, { witness, authenticate: tokens.authenticate });
    const nobody = await get('within=g1', {});
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await get('within=g1', { authorization: 'Bearer bad' })).status).toBe(401);
    tokens.viewer = { ...STAFF, grants: [{ role: 'gis_editor', areas: 'everywhere' }] };
    const forbidden = await get('within=g1');
    expect(forbidden.status).toBe(403);
    expect(await forbidden.json()).toMatchObject({ errors: [{ extensions: { right: 'incidents.read' } }] });
    expect(refused).toEqual(['UNAUTHENTICATED', 'FORBIDDEN']);
    expect(lines.asked).toEqual([]);
  });

  it('costs 1,000 points, and a seat while it lasts', async () => {
    let open = () => {};
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    await opened(new Lines((n) => (n === 1 ? '{}' : held.then(() => undefined))), {
      rateLimit: 2999,
      socketsPerCaller: 1,
    });
    const first = await get('within=g1');
    const second = await get('within=g1');
    expect([first.status, second.status]).toEqual([200, 429]);
    expect(await second.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', limit: 1 } }] });
    open();
    expect(await first.text()).toBe('{}\n');
    await expect.poll(async () => (await get('within=g1')).status).toBe(200);
    const third = await get('within=g1');
    expect(third.status).toBe(429);
    expect(await third.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', limit: 2999 } }] });
  });

  it('is not there where the house gives none', async () => {
    doors = await openDoors();
    expect((await get('within=g1')).status).toBe(404);
  });

  it('is not begun by HEAD', async () => {
    const lines = await opened(new Lines(() => undefined));
    expect((await get('within=g1', GOOD, { method: 'HEAD' })).status).toBe(404);
    expect(lines.asked).toEqual([]);
  });
});

describe('a running export', () => {
  const line = 'x'.repeat(100_000);

  it('goes no faster than it is read, and ends where its reader takes nothing', async () => {
    const lines = await opened(new Lines(() => line), {}, { timing: FAST });
    const response = await get('within=g1');
    await expect.poll(() => lines.running, { timeout: 5000 }).toBe(0);
    // The kernel takes some megabytes.
    expect(lines.pulled).toBeLessThan(300);
    await expect(response.text()).rejects.toThrow();
  });

  it('ends where its reader leaves', async () => {
    const lines = await opened(new Lines(() => line));
    const abort = new AbortController();
    const response = await get('within=g1', GOOD, { signal: abort.signal });
    expect(response.status).toBe(200);
    abort.abort();
    await expect.poll(() => lines.running).toBe(0);
    expect(lines.pulled).toBeLessThan(300);
  });

  it('knows who asks anew, and ends within a second with the right', async () => {
    const tokens = new FakeTokens();
    const seen = new Set<string>();
    const lines = new Lines(async (n, by) => {
      seen.add(by.viewer.subject);
      if (n > 1) await new Promise((resolve) => setTimeout(resolve, 5));
      return `{"n":${n}}`;
    });
    await opened(lines, {}, { authenticate: tokens.authenticate });
    const text = (await get('within=g1')).text();
    tokens.viewer = { ...STAFF, subject: 'issuer|moved' };
    await expect.poll(() => seen.has('issuer|moved'), { timeout: 2000 }).toBe(true);
    tokens.good = false;
    const revoked = performance.now();
    const said = (await text).trim().split('\n');
    expect(performance.now() - revoked).toBeLessThan(1500);
    expect(JSON.parse(said.at(-1)!)).toMatchObject({ error: { extensions: { code: 'UNAUTHENTICATED' } } });
    expect(said.slice(0, -1)).toEqual(said.slice(0, -1).map((_, i) => `{"n":${i + 1}}`));
    await expect.poll(() => lines.running).toBe(0);
  });

  it('whose first line does not come is given up', async () => {
    const lines = await opened(new Lines(() => new Promise((resolve) => setTimeout(() => resolve('{}'), 200))), {
      operationTimeoutMs: 50,
    });
    expect((await get('within=g1')).status).toBe(503);
    await expect.poll(() => lines.running).toBe(0);
  });

  it('ends with a last line when the server closes', async () => {
    const lines = await opened(
      new Lines(async (n) => {
        if (n > 1) await new Promise((resolve) => setTimeout(resolve, 5));
        return '{}';
      }),
    );
    const response = await get('within=g1');
    const closing = doors.close();
    expect(await response.text()).toMatch(/^({}\n)*{"error":.*"TIMED_OUT"}}}\n$/);
    await closing;
    await expect.poll(() => lines.running).toBe(0);
  });
});
