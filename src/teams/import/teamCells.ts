import { privateThingIn } from '../../api/input/note.ts';
import { RowCells } from '../../csv/rowCells.ts';
import { DomainError } from '../../errors.ts';
import { readLanguages, readOfficePhone, readWords } from '../../posts/appointing/staffText.ts';
import type { MemberCount } from '../team.type.ts';
import { assertMembers } from '../writing/assertMembers.ts';
import type { TeamsColumn } from './teamsFile.ts';

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
// Codes of grids may be as long as an identity card number.
const CODES: readonly TeamsColumn[] = ['covers', 'scheme', 'code'];

/** The cells of one row; what is wrong with them gathers in `faults`. */
export class TeamCells extends RowCells<TeamsColumn> {
  protected override judge(column: TeamsColumn, value: string): void {
    if (UNPRINTABLE.test(value)) this.fault(column, value, 'holds a line break or another unseen character');
    const found = CODES.includes(column) ? undefined : privateThingIn(value);
    if (found) this.fault(column, value.slice(0, 3), `looks like ${found}, which Wangge never keeps`);
  }

  override text(column: TeamsColumn, longest: number): string | null {
    const value = this.cell(column);
    if ([...value].length > longest) this.fault(column, value.slice(0, 20), `is longer than ${longest} characters`);
    return value === '' ? null : value;
  }

  officePhone(): string | null {
    return this.#read('office_phone', (text) => readOfficePhone('office_phone', text));
  }

  languages(): string[] | null {
    return this.#read('languages', (text) => readLanguages('languages', partsOf(text)));
  }

  words(column: TeamsColumn): string[] | null {
    return this.#read(column, (text) => readWords(column, partsOf(text)));
  }

  codes(column: TeamsColumn): string[] | null {
    const value = this.cell(column);
    return value ? [...new Set(partsOf(value))] : null;
  }

  members(): MemberCount[] | null {
    return this.#read('members', (text) => {
      const members = partsOf(text).map((part) => {
        const found = /^(.+?)\s*[:：]\s*(\d{1,7})$/.exec(part);
        if (!found) throw badCell(`"${part}" is not a kind and a count, like 民警:3`);
        return { kind: found[1], count: Number(found[2]) };
      });
      assertMembers(members);
      return members;
    });
  }

  parents(): Map<string, string> | null {
    return this.#read('parents', (text) => {
      const parents = new Map<string, string>();
      for (const part of partsOf(text)) {
        const found = /^([^=＝]{1,64}?)\s*[=＝]\s*(.+)$/.exec(part);
        if (!found) throw badCell(`"${part}" is not a line and a body, like police=城关派出所`);
        if (parents.has(found[1]))
          throw badCell(`the line ${found[1]} is there twice; a body has one parent in a line`);
        parents.set(found[1], found[2]);
      }
      return parents;
    });
  }

  #read<T>(column: TeamsColumn, read: (text: string) => T): T | null {
    const value = this.cell(column);
    if (!value || this.hasFault(column)) return null;
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.fault(column, value.slice(0, 60), error.message.replace(/^[a-z_]+: /, ''));
      return null;
    }
  }
}

function partsOf(text: string): string[] {
  return text
    .split(/[;；]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function badCell(reason: string): DomainError {
  return new DomainError('BAD_INPUT', reason);
}
