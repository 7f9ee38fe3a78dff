import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUuid, stableId } from '../src/ids.ts';

const seed = 20261122;

describe('a stable id', () => {
  it('is what it was in earlier versions, or files imported then would be taken for new', () => {
    expect(stableId('body', 'code', '城关派出所')).toBe('dd5fba4b-4a7e-87b1-ab22-95c550d65985');
  });

  it('tells the parts apart, not only the letters', () => {
    const parts = fc.array(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 4 });
    const tellsApart = (idOf: (...all: readonly string[]) => string) =>
      fc.check(
        fc.property(parts, parts, (a, b) => (idOf(...a) === idOf(...b)) === (JSON.stringify(a) === JSON.stringify(b))),
        { seed, numRuns: 2000 },
      ).failed;
    expect(tellsApart(stableId)).toBe(false);
    expect(tellsApart((...all) => stableId(all.join('')))).toBe(true);
  });

  it('is a UUID, in capitals too', () => {
    fc.assert(
      fc.property(fc.string(), (text) => isUuid(stableId(text)) && isUuid(stableId(text).toUpperCase())),
      { seed, numRuns: 200 },
    );
  });
});

describe('what is no UUID', () => {
  const id = stableId('one');
  it.each(['', 'admin', ` ${id}`, `${id}\n`, `{${id}}`, id.replaceAll('-', ''), id.slice(1), `g${id.slice(1)}`])(
    '%j',
    (text) => {
      expect(isUuid(text)).toBe(false);
    },
  );
});
