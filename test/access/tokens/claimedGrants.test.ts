import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin } from '../../../src/access/areaTree.ts';
import { ACTIONS, ROLES } from '../../../src/access/rights.ts';
import { type ClaimedGrant, readClaimedGrants, resolveGrants } from '../../../src/access/tokens/claimedGrants.ts';
import { areasOf, may, PUBLIC, type Viewer } from '../../../src/access/viewer.ts';
import { type FakeTree, smallTree } from '../fakes.ts';

const EVERYBODY = { role: 'public', areas: 'everywhere' };

function grantsOf(claim: unknown, tree = smallTree()) {
  return resolveGrants(readClaimedGrants(claim), tree);
}

describe('the roles in a token', () => {
  it('are a role and a grid by code or id, or everywhere, beside what everybody may', () => {
    expect(grantsOf(['officer@421303187', 'officer@west', 'auditor@*'])).toEqual([
      { role: 'officer', areas: ['east', 'west'] },
      { role: 'auditor', areas: 'everywhere' },
      EVERYBODY,
    ]);
  });

  it('name a grid once, and everywhere holds every grid', () => {
    expect(grantsOf(['officer@east', 'officer@421303187', 'admin@west', 'admin@*', 'admin@east'])).toEqual([
      { role: 'officer', areas: ['east'] },
      { role: 'admin', areas: 'everywhere' },
      EVERYBODY,
    ]);
  });

  it.each<[string, unknown]>([
    ['no claim', undefined],
    ['null', null],
    ['a text instead of a list', 'officer@east'],
    ['an object like a list', { 0: 'officer@east', length: 1 }],
    ['a number', [7]],
    ['a list in the list', [['officer@east']]],
    ['an object', [{ role: 'officer', grid: 'east' }]],
    ['an empty entry', ['']],
    ['a role alone', ['officer']],
    ['a role without a grid', ['officer@']],
    ['a grid without a role', ['@east']],
    ['an @ alone', ['@']],
    ['an unknown role', ['chief@east']],
    ['the role of a prototype', ['constructor@east', '__proto__@east', 'toString@east']],
    ['a role in capitals', ['OFFICER@east', 'Officer@east']],
    ['spaces around', [' officer@east', 'officer @east', 'officer@ east', 'officer@east ', 'officer@\teast']],
    ['a line break', ['officer@east\n', 'officer\n@east']],
    ['an unknown grid', ['officer@nowhere', 'officer@4213031870']],
    ['an ambiguous code', ['officer@9']],
    ['a grid in capitals', ['officer@EAST']],
    ['two stars', ['officer@**']],
    ['a star in a code', ['officer@42130318*', 'officer@*east']],
    ['two areas in one entry', ['officer@east,west', 'officer@east@west']],
    ['two roles in one entry', ['officer,admin@east', 'officer@admin@east']],
    ['another separator', ['officer:east', 'officer/east', 'officer＠east']],
    ['an integrator, who has a key', ['integrator@*', 'integrator@east']],
    ['the public, which everybody is', ['public@east']],
    ['a grid name of 10,000 characters', [`officer@${'east'.repeat(2_500)}`]],
  ])('grant nothing: %s', (_title, claim) => {
    expect(grantsOf(claim)).toEqual([EVERYBODY]);
  });

  it('that are wrong leave those beside them as they are', () => {
    expect(grantsOf(['chief@east', 7, 'officer@west', 'admin@9'])).toEqual([
      { role: 'officer', areas: ['west'] },
      EVERYBODY,
    ]);
  });

  it('are read up to the fiftieth', () => {
    const padding = Array.from({ length: 49 }, (_, n) => `officer@none${n}`);
    expect(grantsOf([...padding, 'officer@east', 'admin@east'])).toEqual([
      { role: 'officer', areas: ['east'] },
      EVERYBODY,
    ]);
  });
});

describe('an edition that is published', () => {
  it('moves the areas of a token that was issued before', () => {
    const tree = smallTree();
    const claimed = readClaimedGrants(['officer@421303187', 'mediator@421303199']);
    const viewer = (): Viewer => ({ kind: 'person', subject: 'x', grants: resolveGrants(claimed, tree) });
    const reaches = (grid: string) => isWithin(tree, areasOf(viewer(), 'staff.read'), grid);
    expect([reaches('cell'), reaches('west'), may(viewer(), 'staff.read')]).toEqual([true, false, true]);
    tree.parents.set('cell', 'west');
    expect(reaches('cell')).toBe(false);
    tree.codes.set('421303199', ['west']);
    expect([reaches('cell'), reaches('west')]).toEqual([true, true]);
    tree.codes.set('421303199', ['west', 'east']);
    tree.codes.delete('421303187');
    expect(may(viewer(), 'staff.read')).toBe(false);
  });
});

describe('somebody signed in without any role', () => {
  it('may do exactly what the public may', () => {
    const viewer: Viewer = { kind: 'person', subject: 'x', grants: grantsOf(['chief@east']) };
    for (const action of ACTIONS) {
      expect([action, areasOf(viewer, action)]).toEqual([action, areasOf(PUBLIC, action)]);
    }
  });
});

describe('any list of claims', () => {
  const area = fc.oneof(
    fc.constantFrom(
      '*',
      'east',
      'west',
      'county',
      'cell',
      '421303',
      '421303187',
      '421303188',
      '9',
      'nowhere',
      '',
      '**',
    ),
    fc.string({ maxLength: 6 }),
  );
  const role = fc.oneof(fc.constantFrom<string>(...ROLES), fc.string({ maxLength: 8 }), fc.constant('OFFICER'));
  const space = fc.constantFrom('', '', '', ' ', '@', '\n');
  const entry = fc.tuple(space, role, fc.constantFrom('@', '@', '@', '', ':', '@@'), area, space);
  const claim = fc.array(
    fc.oneof({ weight: 9, arbitrary: entry.map((parts) => parts.join('')) }, { weight: 1, arbitrary: fc.anything() }),
    { maxLength: 60, size: 'max' },
  );

  /** Every role × area that is literally named, written without the code that is tested. */
  function named(list: readonly unknown[], tree: FakeTree): string[] {
    const names = new Set<string>();
    for (const text of list.slice(0, 50)) {
      for (const known of ROLES) {
        if (known === 'public' || known === 'integrator') continue;
        if (text === `${known}@*`) names.add(`${known}@everywhere`);
        for (const id of tree.parents.keys()) if (text === `${known}@${id}`) names.add(`${known}@${id}`);
        for (const [code, [id, ...others]] of tree.codes) {
          if (text === `${known}@${code}` && others.length === 0) names.add(`${known}@${id}`);
        }
      }
    }
    const everywhere = new Set(
      [...names].filter((name) => name.endsWith('@everywhere')).map((name) => name.split('@')[0]),
    );
    return [...names].filter((name) => name.endsWith('@everywhere') || !everywhere.has(name.split('@')[0])).sort();
  }

  const holds = (read: (claim: unknown) => ClaimedGrant[]) => {
    const tree = smallTree();
    fc.assert(
      fc.property(claim, (list) => {
        const grants = resolveGrants(read(list), tree);
        const granted = grants
          .filter(({ role }) => role !== 'public')
          .flatMap(({ role, areas }) => (areas === 'everywhere' ? ['everywhere'] : areas).map((id) => `${role}@${id}`));
        expect(granted.sort()).toEqual(named(list, tree));
      }),
      { numRuns: 1_000, seed: 7 },
    );
  };

  it('grants exactly the roles and areas that it names', () => holds(readClaimedGrants));

  it.each<[string, (list: unknown[]) => ClaimedGrant[]]>([
    ['trims', (list) => readClaimedGrants(list.map((text) => (typeof text === 'string' ? text.trim() : text)))],
    [
      'ignores case',
      (list) => readClaimedGrants(list.map((text) => (typeof text === 'string' ? text.toLowerCase() : text))),
    ],
    [
      'takes no grid for all',
      (list) =>
        readClaimedGrants(list).concat(
          list.some((text) => text === 'officer@') ? [{ role: 'officer', area: '*' }] : [],
        ),
    ],
    ['reads all', (list) => [...readClaimedGrants(list), ...readClaimedGrants(list.slice(50))]],
  ])('and a reader that %s is found out', (_title, read) => {
    expect(() => holds((list) => read(list as unknown[]))).toThrow();
  });
});
