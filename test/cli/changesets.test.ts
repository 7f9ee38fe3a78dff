import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemViewer } from '../../src/access/viewer.ts';
import type { ChangesetRecord, Draft } from '../../src/changesets/changeset.type.ts';
import type { ChangesetHouse } from '../../src/cli/changesets/changesetActs.ts';
import { addChangesetCommand } from '../../src/cli/changesets/changesetCommand.ts';
import { addExportCommand } from '../../src/cli/changesets/exportCommand.ts';
import type { ExportHouse } from '../../src/cli/changesets/exportFile.ts';
import { type DraftBook, openTown } from '../exchange/edited/openDrafts.ts';
import { openTestDatabase } from '../support/database.ts';

let town: Awaited<ReturnType<typeof openTown>>;
let folder: string;
let draft: Draft;
/** What the services were asked to do besides drafting. */
let asked: unknown[][];
beforeAll(async () => {
  const { db } = await openTestDatabase();
  town = await openTown(db);
  folder = mkdtempSync(join(tmpdir(), 'wangge-changesets-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  asked = [];
  draft = await town.drafts.open('New borders');
});

const answering =
  (what: string) =>
  async (_by: unknown, ...rest: unknown[]): Promise<Draft> => {
    asked.push([what, ...rest]);
    return (await town.drafts.find(OTHER, draft.record.id))!;
  };
const OTHER = { viewer: systemViewer('other'), requestId: 'x', log: { error: () => {} } };

function houseOf(operator: string, shown: Partial<ChangesetRecord> = {}, issues: Draft['issues'] = () => []) {
  const find = async (...[by, id]: Parameters<DraftBook['find']>) => {
    const found = await town.drafts.find(by, id);
    return found && { ...found, record: { ...found.record, ...shown }, issues };
  };
  const edges = [{ node: { ...draft.record, ...shown }, cursor: 'a' }];
  const house: ChangesetHouse & Pick<ExportHouse, 'exporter'> = {
    operator: systemViewer(operator),
    log: { error: () => {} },
    exporter: town.exporter,
    changesets: {
      drafts: {
        open: (_by, title) => town.drafts.open(title),
        find,
        list: async () => ({ edges, totalCount: 1, pageInfo: {} as never }),
        undo: answering('undo'),
        redo: answering('redo'),
        rebase: answering('rebase'),
      },
      review: {
        waive: answering('waive'),
        submit: answering('submit'),
        reopen: answering('reopen'),
        approve: answering('approve'),
        discard: answering('discard'),
      },
      publishing: { publish: answering('publish'), revert: answering('revert') },
      files: town.files,
      exporter: town.drafted,
    },
  };
  return house as ExportHouse;
}

/** What `wangge …` prints, and its exit code. */
async function run(house: ExportHouse, ...words: string[]): Promise<{ out: string; code: unknown }> {
  let out = '';
  let code: unknown;
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const program = new Command('wangge').exitOverride().configureOutput({ writeErr: () => {} });
  const withApp = async (work: (opened: ExportHouse) => Promise<unknown>) => {
    code = await work(house);
  };
  addChangesetCommand(program, withApp);
  addExportCommand(program, withApp);
  const quiet = (command: Command): void => {
    command.exitOverride();
    for (const each of command.commands) quiet(each);
  };
  quiet(program);
  try {
    await program.parseAsync(words, { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return { out, code };
}

describe('wangge export and changeset import', () => {
  it('take a file out and, edited, back in: a dry run first, then with --commit', async () => {
    const file = join(folder, 'edit.geojson');
    const house = houseOf('anna');
    await run(house, 'export', '--layer', 'gov', '--tier', 'village', '--out', file);
    const collection = JSON.parse(readFileSync(file, 'utf8'));
    collection.features[0].properties.name = 'Renamed by file';
    writeFileSync(file, JSON.stringify(collection));
    const { id } = draft.record;
    const dry = await run(house, 'changeset', 'import', file, '--into', id);
    expect(dry.out).toContain('1  CHANGED  421303001  Renamed by file  (name)');
    expect(dry.out).toContain('35 SAME · 1 CHANGED → 1 rename');
    expect(dry.out).toContain('dry run; add --commit');
    expect((await town.drafts.find(OTHER, id))!.patch.size).toBe(0);
    const done = await run(house, 'changeset', 'import', file, '--into', id, '--commit');
    expect(done.out).toContain('Applied; the changeset is at revision 1.');
    const shown = await run(house, 'changeset', 'show', id);
    expect(shown.out).toMatch(/gov\/village {2}CHANGED {2}421303001 {2}name {2}Renamed by file/);
    const drafted = join(folder, 'drafted.geojson');
    await run(house, 'export', '--changeset', id, '--out', drafted);
    const [only, ...others] = JSON.parse(readFileSync(drafted, 'utf8')).features;
    expect(others).toEqual([]);
    expect(Object.keys(only.properties)).toEqual(
      expect.arrayContaining([...Object.keys(collection.features[0].properties), 'changeset', 'revision']),
    );
    expect(only.properties).toMatchObject({ name: 'Renamed by file', changeset: id, revision: 1 });
    await run(house, 'export', '--changeset', id, '--all', '--layer', 'gov', '--out', drafted);
    expect(JSON.parse(readFileSync(drafted, 'utf8')).features).toHaveLength(38);
  });

  it.each([
    ['GCJ-02', ['--datum', 'GCJ02'], /no published inverse/],
    ['BD-09', ['--datum', 'BD09'], /no published inverse/],
    ['Xian 1980', ['--epsg', '2379'], /Xian 1980 or Beijing 1954/],
    ['Beijing 1954', ['--epsg', '2431'], /Xian 1980 or Beijing 1954/],
    ['an unknown number', ['--epsg', '999999'], /is not known/],
  ])('refuse %s both ways, with the reason', async (_title, options, words) => {
    const file = join(folder, 'plain.geojson');
    const house = houseOf('anna');
    await run(house, 'export', '--layer', 'gov', '--out', file);
    const refusal = { code: 'BAD_DATUM', message: expect.stringMatching(words) };
    const out = join(folder, 'refused.geojson');
    await expect(run(house, 'export', '--layer', 'gov', '--out', out, ...options)).rejects.toMatchObject(refusal);
    const back = run(house, 'changeset', 'import', file, '--into', draft.record.id, ...options);
    await expect(back).rejects.toMatchObject(refusal);
  });

  it('refuse what they cannot know', async () => {
    const house = houseOf('anna');
    await expect(run(house, 'export')).rejects.toMatchObject({ code: 'BAD_INPUT', details: { field: '--layer' } });
    await expect(run(house, 'export', '--changeset', 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const file = join(folder, 'empty.geojson');
    writeFileSync(file, '{"type":"FeatureCollection","features":[]}');
    await expect(run(house, 'changeset', 'import', file, '--into', 'none')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('wangge changeset', () => {
  it('lists and opens', async () => {
    const { out } = await run(houseOf('anna'), 'changeset', 'list');
    expect(out).toContain(`${draft.record.id}  DRAFT  “New borders”  revision 0, by system:test, from edition 2`);
    expect((await run(houseOf('anna'), 'changeset', 'open', 'Another')).out).toContain('“Another”');
  });

  it('prints issues by severity with rule, place and grids, and ends with 1 while an ERROR stands', async () => {
    const [grid] = draft.base.grids('gov', 'village');
    const issue = (severity: 'ERROR' | 'WARNING', rule: 'overlap' | 'gap') =>
      ({
        id: rule,
        rule,
        severity,
        message: 'Mend it.',
        grids: [grid.id],
        place: [1_200_000_000, 300_000_000],
      }) as const;
    const issues = () => [issue('WARNING', 'gap'), issue('ERROR', 'overlap')];
    const { out, code } = await run(houseOf('anna', {}, issues), 'changeset', 'check', draft.record.id);
    expect(out).toMatch(/ERROR {2}overlap {2}at 120, 30 {2}\[421303\d{3}\][\s\S]*WARNING {2}gap/);
    expect(code).toBe(1);
    expect((await run(houseOf('anna'), 'changeset', 'check', draft.record.id)).code).toBe(0);
  });

  it.each([
    [
      ['submit', 'ID'],
      ['submit', 'ID', 0],
    ],
    [
      ['undo', 'ID'],
      ['undo', 'ID', 0],
    ],
    [
      ['redo', 'ID'],
      ['redo', 'ID', 0],
    ],
    [
      ['rebase', 'ID'],
      ['rebase', 'ID', 0],
    ],
    [
      ['waive', 'ID', 'abc', '--reason', 'So it is'],
      ['waive', 'ID', 0, 'abc', 'So it is'],
    ],
    [
      ['discard', 'ID'],
      ['discard', 'ID'],
    ],
    [
      ['reopen', 'ID'],
      ['reopen', 'ID'],
    ],
    [
      ['approve', 'ID'],
      ['approve', 'ID'],
    ],
    [
      ['publish', 'ID', '--commit'],
      ['publish', 'ID', undefined],
    ],
    [
      ['publish', 'ID', '--at', '2025-01-01T00:00:00+08:00', '--commit'],
      ['publish', 'ID', new Date('2024-12-31T16:00:00Z')],
    ],
    [
      ['revert', '7', '--title', 'Back', '--commit'],
      ['revert', 7, 'Back'],
    ],
  ])('asks the services: %j', async (words, wanted) => {
    const named = <T>(list: T[]) => list.map((each) => (each === 'ID' ? draft.record.id : each));
    await run(houseOf('anna'), 'changeset', ...(named(words) as string[]));
    expect(asked).toEqual([named(wanted as unknown[])]);
  });

  it.each([
    [['publish', 'ID', '--at', '2025-01-01T00:00:00Z'], /could not be published: it is DRAFT/],
    [['revert', '7'], /Would open a changeset that takes edition 7 back/],
  ])('writes nothing without --commit: %j', async (words, wanted) => {
    const named = words.map((word) => (word === 'ID' ? draft.record.id : word));
    expect((await run(houseOf('anna'), 'changeset', ...named)).out).toMatch(wanted);
    const approved = houseOf('anna', { status: 'APPROVED' });
    const { out, code } = await run(approved, 'changeset', 'publish', draft.record.id);
    expect([out, code, asked]).toEqual([expect.stringContaining('Would be published now.'), 0, []]);
  });

  it('keeps four eyes: the operator approves nothing of their own, and cannot act as somebody else', async () => {
    const own = run(houseOf('test'), 'changeset', 'approve', draft.record.id);
    await expect(own).rejects.toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('of their own') });
    const as = run(houseOf('test'), 'changeset', 'approve', draft.record.id, '--as', 'somebody');
    await expect(as).rejects.toBeInstanceOf(CommanderError);
    expect(asked).toEqual([]);
  });
});
