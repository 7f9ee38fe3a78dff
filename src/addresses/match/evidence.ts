import { type Element, inOrder } from '../text/element.ts';

/** What speaks for and against one address, in natural logarithms of odds, and which elements say so. */
export class Evidence {
  #sum = 0;
  #slips = 0;
  #limit = Number.POSITIVE_INFINITY;
  readonly #matched: Element[] = [];
  readonly #unmatched: Element[] = [];
  readonly #assumed: Element[] = [];

  /** An element of the question that the address has. */
  match(asked: Element, worth: number): void {
    this.#matched.push(asked);
    this.#sum += worth;
  }

  /** An element of the question that the address has not, or has differently. */
  miss(asked: Element, worth: number): void {
    this.#unmatched.push(asked);
    this.#sum += worth;
  }

  /** An element of the address that the question did not say. */
  assume(there: Element, worth: number): void {
    this.#assumed.push(there);
    this.#sum += worth;
  }

  add(worth: number): void {
    this.#sum += worth;
  }

  /** A name that must have been misspelt, if this is the address meant. */
  slip(): void {
    this.#slips += 1;
  }

  /** Whatever else agrees, the address is worth no more than this. */
  limit(worth: number): void {
    this.#limit = Math.min(this.#limit, worth);
  }

  get comparison(): Comparison {
    return {
      slips: this.#slips,
      logOdds: Math.min(this.#sum, this.#limit),
      matched: inOrder(this.#matched),
      unmatched: inOrder(this.#unmatched),
      assumed: inOrder(this.#assumed),
    };
  }
}

/** How a question stands to one address. */
export interface Comparison {
  readonly logOdds: number;
  /** Names that must have been misspelt for it. */
  readonly slips: number;
  /** Elements of the question that the address has. */
  readonly matched: readonly Element[];
  /** Elements of the question that the address has not, or has differently. */
  readonly unmatched: readonly Element[];
  /** Elements of the address that the question did not say. */
  readonly assumed: readonly Element[];
}
