import { badFile } from './readCsv.ts';

/** The columns of one kind of file. Their order in a file is free. */
export interface Columns<Column extends string> {
  /** Every column, with what its cells say. */
  readonly known: Readonly<Record<Column, string>>;
  readonly required: readonly Column[];
  /** Names of columns that must never be there, and what is said of one that is. */
  readonly forbidden?: { readonly names: RegExp; readonly because: string };
  /** A sentence for those who bring a column that is not known. */
  readonly hint?: string;
}

/**
 * The judge of a header, for `readCsv`. Throws BAD_FILE for a column that is unknown, there twice or missing: nothing is
 * silently left out.
 */
export function columnReader<Column extends string>({ known, required, forbidden, hint }: Columns<Column>) {
  const all = Object.keys(known);
  return (names: readonly string[]): Column[] => {
    const unknown = names.find((name) => !all.includes(name));
    if (unknown !== undefined) {
      const because = forbidden?.names.test(unknown) ? forbidden.because : 'is not known';
      const ways = `take it out.${hint ? ` ${hint}` : ''} Known columns: ${all.join(', ')}.`;
      throw badFile(`Column "${unknown}" ${because}; ${ways}`, { column: unknown });
    }
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) throw badFile(`Column "${twice}" is there twice.`, { column: twice });
    const missing = required.find((name) => !names.includes(name));
    if (missing) throw badFile(`Column "${missing}" is missing: ${known[missing]}`, { column: missing });
    return [...names] as Column[];
  };
}
