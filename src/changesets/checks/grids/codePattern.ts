import { DomainError } from '../../../errors.ts';
import { type Piece, parsePattern } from './patternParser.ts';

/** Whether a code matches, as a whole. */
export type CodePattern = (code: string) => boolean;

const MOST_CODE_LENGTH = 200;
const MOST_STEPS = 2000;
/** How much of the walk is remembered: a hostile pattern is slow again after this, but no larger. */
const MOST_KEPT = 1000;

type Step =
  | { readonly take: (char: string) => boolean; to: number }
  | { readonly either: readonly number[] }
  | { readonly done: true };

/**
 * A regular expression for whole codes, in the part of RE2 that codes need: characters, `.`, classes, `\d \w \s`,
 * groups, `|`, `? * + {m,n}`; `^` and `$` only around the whole. It walks all branches at once (Thompson 1968), so
 * that no pattern, however written, takes longer than its length times that of the code. Throws BAD_INPUT on anything
 * else, naming the place in the pattern.
 */
export function readCodePattern(pattern: string, field = 'codePattern'): CodePattern {
  const steps: Step[] = [{ done: true }];
  const start = compile(parsePattern(pattern, field), 0, steps, field);
  const walk = new Walk(steps, start);
  return (code) => code.length <= MOST_CODE_LENGTH && walk.matches(code);
}

/** Adds the steps that match a piece and then go on at `next`; gives the first of them. */
function compile(piece: Piece, next: number, steps: Step[], field: string): number {
  if (steps.length > MOST_STEPS) {
    const message = `${field}: the pattern repeats too much; it may come to ${MOST_STEPS} characters at most. Use smaller counts.`;
    throw new DomainError('BAD_INPUT', message, { field });
  }
  if ('take' in piece) return steps.push({ take: piece.take, to: next }) - 1;
  if ('either' in piece) {
    return steps.push({ either: piece.either.map((branch) => compile(branch, next, steps, field)) }) - 1;
  }
  if ('all' in piece) return piece.all.reduceRight((at, part) => compile(part, at, steps, field), next);
  let at = next;
  if (piece.most === Infinity) {
    const loop: number[] = [next];
    at = steps.push({ either: loop }) - 1;
    loop.push(compile(piece.repeat, at, steps, field));
  } else {
    for (let i = piece.least; i < piece.most; i++) {
      at = steps.push({ either: [next, compile(piece.repeat, at, steps, field)] }) - 1;
    }
  }
  for (let i = 0; i < piece.least; i++) at = compile(piece.repeat, at, steps, field);
  return at;
}

/** All steps that a code can have come to, and where each next character leads: worked out when first met. */
interface Stand {
  readonly steps: ReadonlySet<number>;
  readonly next: Map<string, Stand>;
}

class Walk {
  readonly #steps: readonly Step[];
  readonly #start: Stand;
  readonly #known = new Map<string, Stand>();

  constructor(steps: readonly Step[], start: number) {
    this.#steps = steps;
    this.#start = this.#standAt([start]);
  }

  matches(code: string): boolean {
    let at = this.#start;
    for (const char of code) {
      let next = at.next.get(char);
      if (!next) {
        next = this.#after(at, char);
        if (at.next.size < MOST_KEPT) at.next.set(char, next);
      }
      at = next;
    }
    return at.steps.has(0);
  }

  #after({ steps }: Stand, char: string): Stand {
    const taken: number[] = [];
    for (const at of steps) {
      const step = this.#steps[at];
      if ('take' in step && step.take(char)) taken.push(step.to);
    }
    return this.#standAt(taken);
  }

  #standAt(from: readonly number[]): Stand {
    const steps = reach(this.#steps, from);
    const key = [...steps].sort((a, b) => a - b).join();
    const stand = this.#known.get(key) ?? { steps, next: new Map() };
    if (this.#known.size < MOST_KEPT) this.#known.set(key, stand);
    return stand;
  }
}

/** All steps that can be come to without taking a character. */
function reach(steps: readonly Step[], from: readonly number[]): Set<number> {
  const reached = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const step = steps[at];
    if ('either' in step) open.push(...step.either);
  }
  return reached;
}
