import { describe, expect, it } from 'vitest';
import { instantOf, startOfDay } from '../src/clock.ts';

describe('the first instant of a day', () => {
  it.each([
    ['2024-03-01', 'Asia/Shanghai', '2024-02-29T16:00:00Z'],
    ['2024-03-01', 'UTC', '2024-03-01T00:00:00Z'],
    ['2024-03-01', 'Asia/Kathmandu', '2024-02-29T18:15:00Z'],
    // China had summer time from 1986 to 1991.
    ['1988-07-01', 'Asia/Shanghai', '1988-06-30T15:00:00Z'],
    ['1900-06-01', 'Asia/Shanghai', '1900-05-31T15:54:17Z'],
    // The days on which clocks change, and those after them.
    ['2024-03-31', 'Europe/Berlin', '2024-03-30T23:00:00Z'],
    ['2024-04-01', 'Europe/Berlin', '2024-03-31T22:00:00Z'],
    ['2024-10-27', 'Europe/Berlin', '2024-10-26T22:00:00Z'],
    ['2024-10-28', 'Europe/Berlin', '2024-10-27T23:00:00Z'],
    ['2024-07-01', 'America/New_York', '2024-07-01T04:00:00Z'],
    // 00:00 was skipped: the day began at 01:00.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
    // 00:00 came twice: the first counts.
    ['2024-11-03', 'America/Havana', '2024-11-03T04:00:00Z'],
    ['2024-03-01', 'Pacific/Kiritimati', '2024-02-29T10:00:00Z'],
    ['2024-03-01', 'Pacific/Pago_Pago', '2024-03-01T11:00:00Z'],
  ])('%s in %s is %s', (day, timeZone, instant) => {
    expect(startOfDay(day, timeZone)).toEqual(new Date(instant));
  });

  it('needs a time zone that exists', () => {
    expect(() => startOfDay('2024-03-01', 'Asia/Atlantis')).toThrow(RangeError);
  });
});

describe('a cell with an instant', () => {
  it.each([
    ['2024-03-01', '2024-02-29T16:00:00Z'],
    ['2024-02-29T08:00:00+08:00', '2024-02-29T00:00:00Z'],
    ['2024-02-29T08:00Z', '2024-02-29T08:00:00Z'],
    ['2024-02-29T08:00:00.5Z', '2024-02-29T08:00:00.500Z'],
  ])('%s is %s', (text, instant) => {
    expect(instantOf(text, 'Asia/Shanghai')).toEqual(new Date(instant));
  });

  it.each([
    '',
    '2024',
    '2024-02-30',
    '2024-13-01',
    '2023-02-29T08:00:00Z',
    '2024-02-29T08:00:00',
    '2024-02-29T25:00:00Z',
    '2024-02-29T08:00:00.1234Z',
    '2024-02-29 08:00:00Z',
    '2024-02-29\n',
    'today',
  ])('%j is none', (text) => {
    expect(instantOf(text, 'Asia/Shanghai')).toBeUndefined();
  });
});
