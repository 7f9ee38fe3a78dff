import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { printConfig } from '../../src/cli/config.ts';
import { reportFailure } from '../../src/cli/terminal/failure.ts';
import { decimal, instant, wholeNumber } from '../../src/cli/terminal/options.ts';
import { ProgressDisplay } from '../../src/cli/terminal/progress.ts';
import { DomainError } from '../../src/errors.ts';

function page() {
  const stream = new PassThrough();
  const text = () => String(stream.read() ?? '');
  return { stream: stream as unknown as NodeJS.WriteStream, text };
}

describe('what went wrong', () => {
  it('is one line with its code, details below, and exit code 1', () => {
    const { stream, text } = page();
    expect(
      reportFailure(new DomainError('NOT_FOUND', 'There is no layer x.', { layer: 'x', known: ['a'] }), stream),
    ).toBe(1);
    expect(text()).toBe('NOT_FOUND: There is no layer x.\n  layer: x\n  known: ["a"]\n');
  });

  it('is told of files and ports in plain words', () => {
    const { stream, text } = page();
    reportFailure(Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', path: 'a.geojson' }), stream);
    expect(text()).toBe('BAD_FILE: a.geojson: there is no such file.\n');
    reportFailure(Object.assign(new Error('listen'), { code: 'EADDRINUSE' }), stream);
    expect(text()).toContain('BAD_CONFIG: The port is taken');
  });

  it('in the usage gives exit code 2, and help gives 0', () => {
    expect(reportFailure(new CommanderError(1, 'commander.unknownCommand', 'unknown'))).toBe(2);
    expect(reportFailure(new CommanderError(0, 'commander.helpDisplayed', 'help'))).toBe(0);
  });

  it('shows the place in the code only where it is a fault of ours', () => {
    const { stream, text } = page();
    reportFailure(new TypeError('x is undefined'), stream);
    expect(text()).toMatch(/^INTERNAL: x is undefined\nTypeError: x is undefined\n {4}at /);
  });
});

describe('options', () => {
  it('demand an offset of every instant', () => {
    expect(instant('2024-03-01T00:00:00+08:00').toISOString()).toBe('2024-02-29T16:00:00.000Z');
    for (const text of ['2024-03-01', '2024-03-01T00:00:00', '2024-02-30T25:00:00Z', 'now', '']) {
      expect(() => instant(text)).toThrow('offset');
    }
  });

  it('take numbers only', () => {
    expect([decimal('-73.5'), decimal('1e-3'), wholeNumber('4490')]).toEqual([-73.5, 0.001, 4490]);
    for (const text of ['', ' ', 'x', 'NaN', 'Infinity']) expect(() => decimal(text)).toThrow('number');
    for (const text of ['', '-1', '1.5', '1e3']) expect(() => wholeNumber(text)).toThrow('whole number');
  });
});

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('of work under a second shows nothing', () => {
    const { stream, text } = page();
    const display = new ProgressDisplay(stream);
    display.report('Reading', 1, 10);
    vi.advanceTimersByTime(900);
    display.stop();
    vi.advanceTimersByTime(5000);
    expect(text()).toBe('');
  });

  it('without a terminal is a line a step and one every five seconds', () => {
    const { stream, text } = page();
    const display = new ProgressDisplay(stream);
    display.report('Reading');
    vi.advanceTimersByTime(1100);
    for (let done = 0; done < 100; done++) {
      display.report('Writing grids', done, 100);
      vi.advanceTimersByTime(100);
    }
    display.stop();
    expect(text().split('\n')).toEqual(['Reading …', 'Writing grids: 0 of 100', 'Writing grids: 50 of 100', '']);
  });
});

describe('wangge config', () => {
  it('lists values and defaults, and hides passwords', () => {
    const { stream, text } = page();
    printConfig({ PORT: '5000', DATABASE_URL: 'postgres://me:secret@host/db' }, stream);
    const shown = text();
    expect(shown).toContain('PORT = 5000 (default 4000)');
    expect(shown).toContain('DATA_DIR = ./data (the default)');
    expect(shown).not.toContain('secret');
  });
});

describe('the command itself', () => {
  it('runs from the checkout, and a wrong usage ends with 2 without touching a database', () => {
    const wangge = (...words: string[]) =>
      spawnSync(process.execPath, ['src/wangge.js', ...words], {
        encoding: 'utf8',
        env: { ...process.env, DATABASE_URL: '', DATA_DIR: '/nowhere/at/all' },
      });
    const config = wangge('config');
    expect([config.status, config.stdout.includes('PORT')]).toEqual([0, true]);
    const wrong = wangge('import', 'grids', 'a.geojson', '--layer', 'x');
    expect([wrong.status, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain("required option '--tier <code>'");
  });
});
