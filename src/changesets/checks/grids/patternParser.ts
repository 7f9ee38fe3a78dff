import { DomainError } from '../../../errors.ts';

/** A pattern as a tree. */
export type Piece =
  | { readonly take: (char: string) => boolean }
  | { readonly all: readonly Piece[] }
  | { readonly either: readonly Piece[] }
  | { readonly repeat: Piece; readonly least: number; readonly most: number };

const MOST_LENGTH = 200;
const MOST_REPEATS = 100;

const CLASSES: Record<string, RegExp> = { d: /[0-9]/, D: /[^0-9]/, w: /\w/, W: /\W/, s: /\s/, S: /\S/ };

/** Reads a pattern; throws BAD_INPUT where it is none, or uses what codes do not need. */
export function parsePattern(pattern: string, field: string): Piece {
  return new Parser(pattern, field).parse();
}

class Parser {
  readonly #chars: readonly string[];
  readonly #field: string;
  #at = 0;

  constructor(pattern: string, field: string) {
    this.#chars = [...pattern];
    this.#field = field;
    if (this.#chars.length > MOST_LENGTH) this.#refuse(`is longer than ${MOST_LENGTH} characters`);
  }

  parse(): Piece {
    this.#skip('^');
    const piece = this.#choice();
    this.#skip('$');
    if (this.#at < this.#chars.length) this.#refuse(`cannot have ${this.#chars[this.#at]} there`);
    return piece;
  }

  #choice(): Piece {
    const either = [this.#sequence()];
    while (this.#skip('|')) either.push(this.#sequence());
    return either.length === 1 ? either[0] : { either };
  }

  #sequence(): Piece {
    const all: Piece[] = [];
    while (this.#at < this.#chars.length && !'|)'.includes(this.#peek()) && !this.#isEnd()) all.push(this.#repeated());
    return { all };
  }

  #isEnd(): boolean {
    return this.#peek() === '$' && this.#at === this.#chars.length - 1;
  }

  #repeated(): Piece {
    let piece = this.#single();
    for (;;) {
      if (this.#skip('*')) piece = { repeat: piece, least: 0, most: Infinity };
      else if (this.#skip('+')) piece = { repeat: piece, least: 1, most: Infinity };
      else if (this.#skip('?')) piece = { repeat: piece, least: 0, most: 1 };
      else if (this.#skip('{')) piece = { repeat: piece, ...this.#counts() };
      else return piece;
    }
  }

  #counts(): { least: number; most: number } {
    const least = this.#number();
    const most = this.#skip(',') ? (this.#peek() === '}' ? Infinity : this.#number()) : least;
    if (!this.#skip('}')) this.#refuse('has a { without }');
    if (most < least) this.#refuse('repeats at least more often than at most');
    return { least, most };
  }

  #number(): number {
    let digits = '';
    while (/[0-9]/.test(this.#peek())) digits += this.#next();
    if (digits === '' || Number(digits) > MOST_REPEATS) this.#refuse(`needs a count of 0 to ${MOST_REPEATS}`);
    return Number(digits);
  }

  #single(): Piece {
    const char = this.#next();
    if (char === '.') return { take: () => true };
    if (char === '[') return { take: this.#class() };
    if (char === '\\') return { take: this.#escape() };
    if (char === '(') {
      if (this.#skip('?') && !this.#skip(':')) this.#refuse('can have no other (? than (?:');
      const piece = this.#choice();
      if (!this.#skip(')')) this.#refuse('has a ( without )');
      return piece;
    }
    if ('*+?{}^$'.includes(char)) this.#refuse(`cannot have ${char} there; write \\${char} for the character`);
    return { take: (other) => other === char };
  }

  #class(): (char: string) => boolean {
    const negated = this.#skip('^');
    const tests: ((char: string) => boolean)[] = [];
    while (this.#peek() !== ']') {
      const from = this.#next();
      if (from === '\\' && this.#peek() in CLASSES) {
        tests.push(this.#escape());
        continue;
      }
      const low = from === '\\' ? this.#literal() : from;
      if (this.#peek() !== '-' || this.#chars[this.#at + 1] === ']') {
        tests.push((char) => char === low);
        continue;
      }
      this.#next();
      const next = this.#next();
      const high = next === '\\' ? this.#literal() : next;
      if (high.codePointAt(0)! < low.codePointAt(0)!) this.#refuse(`has the range ${low}-${high} the wrong way round`);
      tests.push((char) => char.codePointAt(0)! >= low.codePointAt(0)! && char.codePointAt(0)! <= high.codePointAt(0)!);
    }
    this.#next();
    if (tests.length === 0) this.#refuse('has an empty class');
    return (char) => tests.some((test) => test(char)) !== negated;
  }

  #escape(): (char: string) => boolean {
    const known = CLASSES[this.#peek()];
    if (known) {
      this.#next();
      return (char) => known.test(char);
    }
    const literal = this.#literal();
    return (char) => char === literal;
  }

  #literal(): string {
    const char = this.#next();
    if (/[A-Za-z0-9]/.test(char)) this.#refuse(`cannot have \\${char}`);
    return char;
  }

  #peek(): string {
    return this.#chars[this.#at] ?? '';
  }

  #next(): string {
    if (this.#at >= this.#chars.length) this.#refuse('ends too early');
    return this.#chars[this.#at++];
  }

  #skip(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at++;
    return true;
  }

  #refuse(what: string): never {
    const field = this.#field;
    const message = `${field}: the pattern ${what} (at character ${this.#at + 1}). Use characters, [classes], (groups), |, ?, *, +, {m,n}; it is matched with the whole code.`;
    throw new DomainError('BAD_INPUT', message, { field, at: this.#at });
  }
}
