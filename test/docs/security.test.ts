import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/config/settings.ts';
import { ERROR_CODES } from '../../src/errors.ts';

/** Requirements of each section of ASVS 5.0.0: [level 1, levels 1 and 2]. They come first, numbered from 1. */
const ASVS: Readonly<Record<string, readonly [number, number]>> = {
  ...{ '1.1': [0, 2], '1.2': [5, 9], '1.3': [2, 11], '1.4': [0, 3], '1.5': [1, 2] },
  ...{ '2.1': [1, 3], '2.2': [2, 3], '2.3': [1, 4], '2.4': [0, 1] },
  ...{ '3.2': [2, 2], '3.3': [1, 4], '3.4': [2, 6], '3.5': [3, 5], '3.7': [0, 2] },
  ...{ '4.1': [1, 3], '4.2': [0, 1], '4.3': [0, 2], '4.4': [1, 4] },
  ...{ '5.1': [0, 1], '5.2': [2, 3], '5.3': [2, 2], '5.4': [0, 3] },
  ...{ '6.1': [1, 3], '6.2': [8, 12], '6.3': [2, 4], '6.4': [2, 4], '6.5': [0, 5], '6.6': [0, 3], '6.8': [0, 4] },
  ...{ '7.1': [0, 3], '7.2': [4, 4], '7.3': [0, 2], '7.4': [2, 5], '7.5': [0, 2], '7.6': [0, 2] },
  ...{ '8.1': [1, 2], '8.2': [2, 3], '8.3': [1, 1], '8.4': [0, 1], '9.1': [3, 3], '9.2': [1, 4] },
  ...{
    '10.1': [0, 2],
    '10.2': [0, 2],
    '10.3': [0, 4],
    '10.4': [5, 11],
    '10.5': [0, 5],
    '10.6': [0, 2],
    '10.7': [0, 3],
  },
  ...{ '11.1': [0, 2], '11.2': [0, 3], '11.3': [2, 3], '11.4': [1, 4], '11.5': [0, 1], '11.6': [0, 1] },
  ...{ '12.1': [1, 3], '12.2': [2, 2], '12.3': [0, 4], '13.1': [0, 1], '13.2': [0, 5], '13.3': [0, 2], '13.4': [1, 5] },
  ...{ '14.1': [0, 2], '14.2': [1, 4], '14.3': [1, 3], '15.1': [1, 3], '15.2': [1, 3], '15.3': [1, 7] },
  ...{ '16.1': [0, 1], '16.2': [0, 5], '16.3': [0, 4], '16.4': [0, 3], '16.5': [0, 3] },
  ...{ '17.1': [0, 1], '17.2': [0, 4], '17.3': [0, 2] },
};

const API_RISKS = Array.from({ length: 10 }, (_, i) => `API${i + 1}:2023`);
const STATES = ['Met', 'Built', 'Partly', 'Open', 'Operator', 'n/a'] as const;
/** Words in capitals that are neither settings nor error codes. */
const WORDS = ['INSERT', 'SELECT', 'NOBYPASSRLS', 'DPOP'];

/** `1.2.1–1.2.3, 1.2.7` as [1.2.1, 1.2.2, 1.2.3, 1.2.7]. */
function expand(cell: string): string[] {
  return cell.split(',').flatMap((part) => {
    const [first, last = first] = part.replaceAll('*', '').trim().split('–');
    const section = first.slice(0, first.lastIndexOf('.') + 1);
    const [from, to] = [first, last].map((number) => Number(number.slice(number.lastIndexOf('.') + 1)));
    if (!last.startsWith(section) || !(from <= to)) return [`the range ${part.trim()} that is none`];
    return Array.from({ length: to - from + 1 }, (_, i) => `${section}${from + i}`);
  });
}

interface Row {
  readonly lines: readonly string[];
  readonly state: string;
  readonly text: string;
  /** The numbers in bold, which are those of level 1. */
  readonly bold: readonly string[];
}

function rowsOf(document: string): Row[] {
  return [...document.matchAll(/^\| (?=[*`]*(?:\d+\.\d+\.\d|API\d|G\d))([^|]+) \|(.+)\|$/gm)].map(
    ([text, cell, rest]) => ({
      lines: /^[*\d]/.test(cell) ? expand(cell) : [cell.trim()],
      state: /\| \*\*([^*]+)\*\*/.exec(`|${rest}`)?.[1] ?? '',
      text,
      bold: [...cell.matchAll(/\*\*([^*]+)\*\*/g)].flatMap(([, bold]) => expand(bold)),
    }),
  );
}

function numbersUpTo(which: 0 | 1): string[] {
  return Object.entries(ASVS).flatMap(([section, most]) =>
    Array.from({ length: most[which] }, (_, i) => `${section}.${i + 1}`),
  );
}

function lineFaults(document: string): string[] {
  const rows = rowsOf(document);
  const found = rows.flatMap(({ lines }) => lines).filter((line) => !/^G\d/.test(line));
  const expected = [...API_RISKS, ...numbersUpTo(1)];
  const bold = rows.flatMap((row) => row.bold);
  const levelOne = numbersUpTo(0);
  return [
    ...expected.filter((line) => !found.includes(line)).map((line) => `${line} is missing`),
    ...found.filter((line) => !expected.includes(line)).map((line) => `${line} is no line of level 1 or 2`),
    ...found.filter((line, i) => found.indexOf(line) !== i).map((line) => `${line} comes twice`),
    ...levelOne.filter((line) => !bold.includes(line)).map((line) => `${line} is of level 1 and not in bold`),
    ...bold.filter((line) => !levelOne.includes(line)).map((line) => `${line} is in bold and not of level 1`),
    ...rows
      .filter(({ state }) => !(STATES as readonly string[]).includes(state))
      .map(({ lines }) => `${lines[0]} has no state`),
    ...rows
      .filter(({ state, text }) => state === 'Met' && !text.includes('test/'))
      .map(({ lines }) => `${lines[0]} says Met and names no test`),
  ];
}

/** The sentence that counts the lines of ASVS by state. */
function countOf(document: string): string {
  const rows = rowsOf(document).filter(({ lines }) => /^\d/.test(lines[0]));
  const count = (state: string) =>
    rows.filter((row) => row.state === state).reduce((sum, { lines }) => sum + lines.length, 0);
  return STATES.map((state) => `${count(state)} ${state}`).join(' · ');
}

function referenceFaults(document: string, root = resolve('.')): string[] {
  const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '');
  const paths = document.matchAll(/(?<![\w/.-])((?:src|test|migrations|schema|docs|bench|\.ci)\/[\w./-]*\w\/?)/g);
  const links = document.matchAll(/\]\((?!https?:|#)([^)#]+)/g);
  const settings = document.matchAll(/`([A-Z][A-Z0-9_]+)(?:=[^`]*)?`|^(?:export )?([A-Z][A-Z0-9_]+)=/gm);
  const titles = document.matchAll(/`(test\/[\w./-]+\.ts)`((?:[,;]? “[^”]+”)+)/g);
  const commands = document.matchAll(/npx wangge ([a-z]+)(?: (verify|head|create|issue|list|rotate|revoke)\b)?/g);
  const known = new Set<string>([...Object.keys(SETTINGS), ...Object.keys(ERROR_CODES), ...WORDS]);
  const program = readdirSync(join(root, 'src'), { recursive: true })
    .map(String)
    .filter((path) => /^cli\b.*\.ts$/.test(path))
    .map((path) => read(`src/${path}`))
    .join('\n');
  return [
    ...[...paths].filter(([, path]) => !existsSync(join(root, path))).map(([, path]) => `${path} does not exist`),
    ...[...links]
      .filter(([, path]) => !existsSync(join(root, 'docs', path)))
      .map(([, path]) => `the link ${path} leads nowhere`),
    ...[...settings]
      .map(([, inText, inBlock]) => inText ?? inBlock)
      .filter((name) => !known.has(name))
      .map((name) => `${name} is no setting`),
    ...[...titles].flatMap(([, path, quoted]) =>
      [...quoted.matchAll(/“([^”]+)”/g)]
        .filter(([, title]) => !read(path).includes(title))
        .map(([, title]) => `${path} has no test “${title}”`),
    ),
    ...[...commands]
      .flatMap(([, command, below]) => [command, below].filter((name) => name !== undefined))
      .filter((name) => !program.includes(`command('${name}`))
      .map((name) => `there is no command ${name}`),
  ];
}

describe('docs/security.md', () => {
  const document = readFileSync('docs/security.md', 'utf8');

  it('names only files, tests, settings and commands that exist', () => {
    expect(referenceFaults(document)).toEqual([]);
  });

  it('has every line of the API Top 10 and of ASVS 5 levels 1 and 2 once, each with its state', () => {
    expect(numbersUpTo(0)).toHaveLength(70);
    expect(numbersUpTo(1)).toHaveLength(253);
    expect(lineFaults(document)).toEqual([]);
  });

  it('counts its lines rightly', () => {
    expect(/^\d+ Met · .*$/m.exec(document)?.[0]).toBe(countOf(document));
  });
});

describe('a document that is wrong', () => {
  it.each([
    ['a file that is gone', 'See `src/access/nothing.ts`.', 'src/access/nothing.ts does not exist'],
    ['a link', '[rights](../src/rights.ts)', 'the link ../src/rights.ts leads nowhere'],
    ['a setting', 'Set `SECRET_KEYS=…`.', 'SECRET_KEYS is no setting'],
    ['a setting in a block', 'SECRET_KEYS=1 npm start', 'SECRET_KEYS is no setting'],
    ['a title', '`test/config.test.ts` “report no faults”', 'test/config.test.ts has no test “report no faults”'],
    [
      'the second of two titles',
      '`test/config.test.ts` “report all faults together”, “sing”',
      'test/config.test.ts has no test “sing”',
    ],
    ['a command', '`npx wangge sing`', 'there is no command sing'],
  ])('is found out: %s', (_title, text, fault) => {
    expect(referenceFaults(text)).toEqual([fault]);
  });

  it('is found out: a line missing, doubled, unknown, of another level, without a state, met without a test', () => {
    const row = (cell: string, state = '**n/a**: no.') => `| ${cell} | words | ${state} |\n`;
    const faults = lineFaults(
      `${row('**1.2.1–1.2.5**')}${row('**1.2.5**, 1.2.10')}${row('**1.1.1**', 'no.')}${row('1.1.2', '**Met**: so.')}`,
    );
    const expected = ['API1:2023 is missing', '1.2.6 is missing', '1.2.5 comes twice', '1.1.1 has no state'];
    expected.push('1.2.10 is no line of level 1 or 2', '1.1.1 is in bold and not of level 1');
    expected.push('1.1.2 says Met and names no test', '1.3.1 is of level 1 and not in bold');
    expect(faults).toEqual(expect.arrayContaining(expected));
    expect(faults).not.toContain('1.2.4 is missing');
  });
});
