import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemViewer } from '../../src/access/viewer.ts';
import { addPracticeCommand } from '../../src/cli/imports/practice.ts';
import { PracticeWorld } from '../practice/practiceWorld.ts';

let world: PracticeWorld;
let folder: string;
beforeAll(async () => {
  world = await PracticeWorld.open();
  folder = await mkdtemp(join(tmpdir(), 'wangge-practice-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What `wangge practice` prints, and its exit code. */
async function practice(...words: string[]): Promise<{ printed: string; code: number | undefined }> {
  let code: number | undefined;
  const program = new Command('wangge').exitOverride();
  const house = { operator: systemViewer('cli:test'), practice: { service: world.service, finder: world.finder } };
  addPracticeCommand(program, async (work) => {
    code = await work(house);
  });
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await program.parseAsync(['practice', ...words], { from: 'user' });
    return { printed: written.mock.calls.map(([text]) => String(text)).join(''), code };
  } finally {
    written.mockRestore();
  }
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const CONTACTS = { contacts: [{ code: 'call', name: '电话' }], severities: [{ code: 'red', name: '红' }] };

describe('wangge practice', () => {
  it('tries a file, publishes it with --commit, and finds nothing new in it later', async () => {
    const path = await file('good.json', `\ufeff${JSON.stringify(CONTACTS)}`);
    const { latest } = world.editions;
    const tried = await practice(path, '--area', 'D1');
    expect(tried.code).toBe(0);
    expect(tried.printed).toContain('contacts: 0 entries, then 1\n');
    expect(tried.printed).toContain('This was a dry run');
    expect(world.editions.latest).toBe(latest);
    const done = await practice(path, '--area', 'D1', '--commit', '--from', '2026-01-01T00:00:00+08:00');
    expect(done.printed).toContain(`Published as edition ${latest + 1}.`);
    expect((await practice(path, '--area', 'D1', '--commit')).printed).toContain(
      'It is so already; no edition is needed.',
    );
    expect(world.editions.latest).toBe(latest + 1);
    expect((await world.audited()).at(-1)).toContain('system:cli:test DONE');
  });

  it('prints what is in force, as a file that can be given back', async () => {
    const { printed } = await practice('--print', '--area', 'V1');
    expect(JSON.parse(printed)).toEqual({ severities: CONTACTS.severities, contacts: CONTACTS.contacts });
    const again = await practice(await file('back.json', printed), '--area', 'D1', '--commit');
    expect(again.printed).toContain('It is so already');
    expect(JSON.parse((await practice('--print')).printed)).toEqual({});
  });

  it('names every fault of a file, one a line, and writes nothing', async () => {
    const { latest } = world.editions;
    const path = await file('bad.json', { contacts: [{ code: 'A', name: '' }], people: [] });
    const { printed, code } = await practice(path, '--commit');
    expect(code).toBe(1);
    expect(printed.split('\n').map((line) => line.split(':')[0])).toEqual([
      ...['practice.people', 'practice.contacts[0].code', 'practice.contacts[0].name'],
      ...['Nothing was written. Mend the file and give it again.', ''],
    ]);
    expect(world.editions.latest).toBe(latest);
    await expect(practice(await file('no.json', '{'), '--commit')).rejects.toMatchObject({ code: 'BAD_FILE' });
    await expect(practice()).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
