import { isDeepStrictEqual } from 'node:util';
import type { Kysely } from 'kysely';
import { type AreaTree, isWithin } from '../access/areaTree.ts';
import type { Areas } from '../access/viewer.ts';
import type { Actor } from '../audit/act.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import { type RefusalBook, recordingRefusal } from '../audit/refusal.ts';
import type { Clock } from '../clock.ts';
import { inAreas } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import { chainOf, type VersionEntry } from '../grids/atlas/rows.ts';
import type { EditionService } from '../grids/edition.service.ts';
import type { GridFinder } from '../grids/gridFinder.ts';
import type { Moment } from '../grids/moment.ts';
import type { PracticeRepository } from './practice.repository.ts';
import type { PracticeSections, Section } from './practice.type.ts';
import type { PracticeBook } from './practiceBook.ts';
import type { KnownWords } from './reading/knownWords.ts';
import { readPractice, SECTIONS } from './reading/readPractice.ts';

const MANAGE = 'practice.manage';
const LONGEST_TITLE = 200;

/** What an area is to practise from now on, or from an instant on. */
export interface PracticeRequest {
  /** A grid by id or code; null: everywhere. */
  readonly area: string | null;
  /** Past is allowed: what was answered from earlier editions stays as it was. Now where it is left out. */
  readonly from?: Date | null;
  /** A practice document, not yet read. */
  readonly sections: unknown;
  /** The edition that the document was made from; with another one since then it is a CONFLICT. */
  readonly expectedEdition?: number | null;
}

/** What a section of the area becomes. */
export interface SectionChange {
  readonly section: Section;
  /** Entries that hold in the area before and after, whoever sets them. */
  readonly before: number;
  readonly after: number;
  /** False: the area sets it so already. */
  readonly changes: boolean;
}

export interface PracticeOutcome {
  /** Null: everywhere. */
  readonly gridId: string | null;
  readonly from: Date;
  /** The sections that the document names. */
  readonly changes: readonly SectionChange[];
  /** The edition that was published; null in a dry run, and where nothing is new. */
  readonly edition: number | null;
}

/** Where practice is written, and acts are recorded. */
export interface PracticeRoom {
  readonly db: Kysely<Database>;
  readonly editions: EditionService;
  readonly repository: PracticeRepository;
  readonly audit: Pick<AuditLog, 'record'>;
}

/** What is known of practice, and of the words that it may use. */
export interface PracticeSources {
  readonly book: PracticeBook;
  readonly words: KnownWords;
  readonly finder: GridFinder;
}

/** A document that was read, for an area that was found. */
interface Setting {
  readonly gridId: string | null;
  /** The area as it is when it begins, with all above it; empty for everywhere. */
  readonly chain: readonly VersionEntry[];
  readonly from: Date;
  readonly sections: PracticeSections;
}

/** Sets local practice: for areas of one's own, each time an edition, so that it is dated and answers of before stay. */
export class PracticeService {
  readonly #room: PracticeRoom;
  readonly #sources: PracticeSources;
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(room: PracticeRoom, sources: PracticeSources, tree: AreaTree, clock: Clock) {
    this.#room = room;
    this.#sources = sources;
    this.#tree = tree;
    this.#clock = clock;
  }

  /**
   * Throws UNAUTHENTICATED and FORBIDDEN; NOT_FOUND for an area that is unknown or foreign; BAD_INPUT with every fault of
   * the document; TOO_LARGE; CONFLICT for another edition than expected. Refusals are recorded.
   */
  async setPractice(by: Actor, request: PracticeRequest, dryRun = false): Promise<PracticeOutcome> {
    const { db, audit } = this.#room;
    const book: RefusalBook = { audit, within: (areas, work) => inAreas(db, areas, this.#clock(), work) };
    const attempt = {
      right: MANAGE,
      field: 'Mutation.setPractice',
      object: { kind: 'practice', id: 'unknown' },
    } as const;
    return recordingRefusal(book, by, attempt, (areas) => this.#set(by, areas, request, dryRun));
  }

  async #set(by: Actor, areas: Areas, request: PracticeRequest, dryRun: boolean): Promise<PracticeOutcome> {
    const { editions } = this.#room;
    await editions.catchUp();
    const gridId = this.#areaOf(areas, request.area);
    const sections = readPractice(request.sections, 'practice', this.#sources.words);
    if (Object.keys(sections).length === 0) throw badInput('practice', 'name at least one section to be set.');
    const { latest } = editions;
    const from = request.from ?? this.#clock();
    const setting = { gridId, sections, from, chain: this.#chainOf(gridId, { asOf: from.getTime(), edition: latest }) };
    assertExpected(request.expectedEdition, latest);
    const changes = this.#compare(setting, latest);
    const outcome = { gridId, from, changes, edition: null };
    if (dryRun || !changes.some((each) => each.changes)) return outcome;
    return { ...outcome, edition: await this.#publish(by, areas, setting, request.expectedEdition) };
  }

  async #publish(by: Actor, areas: Areas, setting: Setting, expected?: number | null): Promise<number> {
    const { editions, repository } = this.#room;
    const { gridId, chain, from, sections } = setting;
    const object = { kind: 'practice', id: gridId ?? 'everywhere' };
    const details = { from: from.toISOString(), sections: Object.keys(sections) };
    const { edition } = await editions.publish(
      `Local practice of ${chain.at(0)?.name ?? 'everywhere'}`.slice(0, LONGEST_TITLE),
      async (trx, edition) => {
        assertExpected(expected, edition - 1);
        await repository.insert(trx, edition, [{ gridId, validFrom: from, sections }]);
      },
      { effectiveAt: from, by, areas, act: () => ({ action: MANAGE, object, gridId, result: 'DONE', details }) },
    );
    return edition;
  }

  #areaOf(areas: Areas, area: string | null): string | null {
    if (area === null) {
      if (areas === 'everywhere') return null;
      const message =
        'area: what holds everywhere is set by those who administer everything; name a grid of your area.';
      throw new DomainError('FORBIDDEN', message, { field: 'area', right: MANAGE });
    }
    const gridId = this.#tree.findGridId(area);
    if (gridId !== undefined && isWithin(this.#tree, areas, gridId)) return gridId;
    const message =
      'area: there is no grid of this id or code where you may set practice; `viewer` says where you may.';
    throw new DomainError('NOT_FOUND', message, { field: 'area' });
  }

  #chainOf(gridId: string | null, moment: Moment): readonly VersionEntry[] {
    if (gridId === null) return [];
    const version = this.#sources.finder.findById(gridId, moment);
    if (version) return chainOf(version, moment);
    throw badInput('from', 'the area is not there at that instant; name one at which it is.');
  }

  #compare({ gridId, chain, from, sections }: Setting, edition: number): SectionChange[] {
    const { book } = this.#sources;
    const moment = { asOf: from.getTime(), edition };
    const gridIds = chain.map(({ grid }) => grid.id);
    const above = book.practiceAt(gridIds.slice(1), moment);
    const before = book.practiceAt(gridIds, moment);
    return SECTIONS.filter((section) => sections[section] !== undefined).map((section) => {
      const wanted = sections[section] ?? undefined;
      const changes = !isDeepStrictEqual(book.ownAt(section, gridId, moment), wanted);
      const inherited = gridId === null ? [] : above[section];
      return { section, before: before[section].length, after: (wanted ?? inherited).length, changes };
    });
  }
}

function assertExpected(expected: number | null | undefined, latest: number): void {
  if (expected == null || expected === latest) return;
  const message = `expectedEdition: edition ${latest} is published by now, not ${expected}. Read again and retry.`;
  throw new DomainError('CONFLICT', message, { field: 'expectedEdition', latest });
}

function badInput(field: string, words: string): DomainError {
  return new DomainError('BAD_INPUT', `${field}: ${words}`, { field });
}
