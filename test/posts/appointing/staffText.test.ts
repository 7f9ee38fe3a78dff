import { describe, expect, it } from 'vitest';
import { privateThingIn } from '../../../src/api/input/note.ts';
import { readOfficePhone } from '../../../src/posts/appointing/staffText.ts';
import { readPostsFile } from '../../../src/posts/import/postsFile.ts';

const MOBILE = 'a mobile phone number';
const CARD = 'an identity card number';

describe('what looks private', () => {
  it.each([
    ['13800138000', MOBILE],
    ['138 0013 8000', MOBILE],
    ['138-0013-8000', MOBILE],
    ['１３８００１３８０００', MOBILE],
    ['+86 139 1234 5678', MOBILE],
    ['0086-13912345678', MOBILE],
    ['86 13912345678', MOBILE],
    ['013912345678', MOBILE],
    ['(+86)19912345678', MOBILE],
    ['0859-3223344/13912345678', MOBILE],
    ['0859-3223344;139 1234 5678', MOBILE],
    ['王磊13912345678', MOBILE],
    ['11010519491231002X', CARD],
    ['张三 522321199001011234', CARD],
    ['0859-3223344', undefined],
    ['0859 3223344 转 801', undefined],
    ['010-87654321', undefined],
    ['+1 416 392 2489', undefined],
    ['(206) 684-5000', undefined],
    ['110', undefined],
    ['12345', undefined],
    ['400-810-1234', undefined],
    ['12110519491', undefined],
    ['五大队1389', undefined],
  ])('%s is %s', (text, found) => {
    expect(privateThingIn(text)).toBe(found);
  });

  it('is refused without being repeated', () => {
    const told = () => readOfficePhone('officePhone', '138 0013 8000');
    expect(told).toThrow(/^officePhone: this looks like a mobile phone number/);
    expect(told).not.toThrow(/8000/);
    expect(readOfficePhone('officePhone', ' ')).toBeNull();
  });

  it('is refused in every cell of a posts file but its codes, naming row and column', () => {
    const lines = [
      'grid_code,role,holder_kind,holder_name,holder_code,office_phone',
      '522301102204207,officer,person,王磊,K1,138 0013 8000',
      '13912345678,officer,person,李敏,13912345678,0859-3223344',
      'V1,officer,person,赵静 13912345678,K3,+1 416 392 2489',
    ];
    const { rows, faults } = readPostsFile(Buffer.from(lines.join('\n')), { timeZone: 'Asia/Shanghai' });
    expect(rows).toEqual([]);
    expect(faults.map(({ row, column, reason }) => `${row} ${column} ${reason}`)).toEqual([
      `2 office_phone looks like ${MOBILE}`,
      `3 holder_code looks like ${MOBILE}`,
      `4 holder_name looks like ${MOBILE}`,
    ]);
    for (const { value } of faults) expect(value.length).toBeLessThan(8);
  });
});
