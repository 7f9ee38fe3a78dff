import { privateThingIn } from '../../api/input/note.ts';
import { RowCells } from '../../csv/rowCells.ts';
import { LANGUAGE_TAG } from '../appointing/staffText.ts';

/** Every column of a posts file, with what its cells say. The header is required, the order free. */
export const POSTS_COLUMNS = {
  grid_code: 'Code of the grid.',
  scheme: 'Scheme of that code; may be left out while the code names one grid only.',
  role: 'Code of the role.',
  holder_kind: 'person or body.',
  holder_name: 'Name of the person or body.',
  holder_code:
    'A stable key of the holder, or its id here. Rows with the same key name the same holder; without it a person is told by name, office phone and body, and a body by its name.',
  office_phone: 'Number of the office, never a private one.',
  body: 'For a person: name, holder_code or id of the body the person belongs to.',
  body_kind: 'Kind of a body that the row makes, in local words; ORGANISATION when left out.',
  languages: 'BCP 47 tags, separated by semicolons.',
  rank: 'PRIMARY (when left out), DEPUTY, REINFORCEMENT or SUPPORT.',
  from: 'First instant in office: RFC 3339, or a day (its first instant in TIME_ZONE). Now when left out.',
  to: 'First instant no longer in office, in the same form. No end when left out.',
} as const;

export type PostsColumn = keyof typeof POSTS_COLUMNS;
export const REQUIRED_COLUMNS: readonly PostsColumn[] = ['grid_code', 'role', 'holder_kind', 'holder_name'];
// Codes of grids may be as long as an identity card number.
const CODES: readonly PostsColumn[] = ['grid_code', 'scheme', 'role'];
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** The cells of one row; what is wrong with them gathers in `faults`. */
export class PostCells extends RowCells<PostsColumn> {
  protected override judge(column: PostsColumn, value: string): void {
    if (UNPRINTABLE.test(value)) this.fault(column, value, 'holds a line break or another control character');
    const found = CODES.includes(column) ? undefined : privateThingIn(value);
    if (found) this.fault(column, value.slice(0, 6), `looks like ${found}`);
  }

  override text(column: PostsColumn, longest: number): string | null {
    const value = this.cell(column);
    if (value.length > longest) this.fault(column, value.slice(0, 20), `is longer than ${longest} characters`);
    if (value === '' && REQUIRED_COLUMNS.includes(column)) this.fault(column, value, 'is empty');
    return value === '' ? null : value;
  }

  oneOf<T extends string>(column: PostsColumn, allowed: readonly T[]): T | null {
    const value = this.text(column, 40);
    if (value === null) return null;
    const found = allowed.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
    if (!found) this.fault(column, value, `is none of ${allowed.join(', ')}`);
    return found ?? null;
  }

  matching(column: PostsColumn, longest: number, form: RegExp, reason: string): string | null {
    const value = this.text(column, longest);
    if (value !== null && !form.test(value)) this.fault(column, value, reason);
    return value;
  }

  languages(): string[] | null {
    const value = this.text('languages', 200);
    if (value === null) return null;
    const tags = value.split(/[;；]/).map((tag) => tag.trim());
    const wrong = tags.find((tag) => !LANGUAGE_TAG.test(tag));
    if (wrong !== undefined) this.fault('languages', value, `"${wrong}" is not a language tag; write them like zh;pcc`);
    return [...new Set(tags)];
  }
}
