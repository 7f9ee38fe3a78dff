import { DomainError } from '../errors.ts';
import { chainOf, type VersionEntry } from '../grids/atlas/rows.ts';
import type { GridFinder } from '../grids/gridFinder.ts';
import type { Moment } from '../grids/moment.ts';
import type { MomentReader } from '../grids/momentReader.ts';
import type { Practice, Section } from './practice.type.ts';
import type { PracticeBook } from './practiceBook.ts';
import { SECTIONS } from './reading/readPractice.ts';

export interface PracticeQuestion {
  /** A grid by id or code; null or left out: what holds everywhere. */
  readonly area?: string | null;
  readonly asOf?: Date | null;
  readonly edition?: number | null;
}

/** Whose practice one section is. */
export interface PracticeSource {
  readonly section: Section;
  /** Undefined: everywhere, or nobody. */
  readonly setBy: VersionEntry | undefined;
  /** False: no area sets it, so it is empty. */
  readonly isSet: boolean;
}

/** The practice of an area at a moment. */
export interface FoundPractice {
  /** Undefined: everywhere. */
  readonly area: VersionEntry | undefined;
  readonly moment: Moment;
  readonly practice: Practice;
  readonly sources: readonly PracticeSource[];
  /** When it may next be another, as the edition knows it. */
  readonly nextChangeAt: Date | null;
}

/** Finds the practice of areas and says whose it is. */
export class PracticeFinder {
  readonly #book: PracticeBook;
  readonly #grids: GridFinder;
  readonly #moments: MomentReader;

  constructor(book: PracticeBook, grids: GridFinder, moments: MomentReader) {
    this.#book = book;
    this.#grids = grids;
    this.#moments = moments;
  }

  /** Throws NOT_FOUND for an area that is not there then, AMBIGUOUS_CODE, and BAD_INPUT for the edition. */
  get({ area, asOf, edition }: PracticeQuestion): FoundPractice {
    const moment = this.#moments.read(asOf, edition);
    const version = area == null ? undefined : this.#getGrid(area, moment);
    const chain = version ? chainOf(version, moment) : [];
    const gridIds = chain.map(({ grid }) => grid.id);
    const next = this.#book.nextChange(gridIds, moment);
    return {
      area: version,
      moment,
      practice: this.#book.practiceAt(gridIds, moment),
      sources: SECTIONS.map((section) => {
        const source = this.#book.sourceOf(section, gridIds, moment);
        const setBy = chain.find(({ grid }) => grid.id === source);
        return { section, setBy, isSet: source !== undefined };
      }),
      nextChangeAt: next === undefined ? null : new Date(next),
    };
  }

  /** The newest edition. */
  newest(): number {
    return this.#moments.read().edition;
  }

  #getGrid(area: string, moment: Moment): VersionEntry {
    const found = this.#grids.findNamed(area, moment);
    if (found) return found;
    throw new DomainError('NOT_FOUND', 'area: there is no grid of this id or code then; `grids` lists them.', {
      field: 'area',
    });
  }
}
