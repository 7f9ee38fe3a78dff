import type { EditionReader } from '../grids/edition.service.ts';
import type { Moment } from '../grids/moment.ts';
import type { PracticeRepository, PracticeRow } from './practice.repository.ts';
import type { CampaignPractice, Practice, PracticeReader, Section } from './practice.type.ts';
import { SECTIONS } from './reading/readPractice.ts';

/** One section as an area sets it from an instant on; `entries` null: no longer set there. */
interface Setting<S extends Section = Section> {
  readonly validFrom: number;
  readonly edition: number;
  readonly id: number;
  readonly entries: Practice[S] | null;
}

/** Who sets a section, and to what. */
interface Found<S extends Section> {
  /** Null: it is set everywhere. */
  readonly gridId: string | null;
  readonly entries: Practice[S];
}

const EVERYWHERE = null;
const NOTHING: readonly never[] = [];

/** Local practice in memory, for every instant and every edition. Follows the log of editions. */
export class PracticeBook implements EditionReader, PracticeReader {
  readonly #repository: Pick<PracticeRepository, 'readLog'>;
  /** By area, then by section: the latest first. Areas that set nothing are not in it. */
  readonly #areas = new Map<string | null, Map<Section, Setting[]>>();

  constructor(repository: Pick<PracticeRepository, 'readLog'>) {
    this.#repository = repository;
  }

  async read(after: number, upTo: number): Promise<() => void> {
    const rows = await this.#repository.readLog(after, upTo);
    return () => {
      const touched = new Set<Setting[]>();
      for (const row of rows) for (const settings of this.#file(row)) touched.add(settings);
      for (const settings of touched) settings.sort(latestFirst);
    };
  }

  practiceAt(gridIds: readonly string[], moment: Moment): Practice {
    const areas = this.#areasOf(gridIds);
    const practice: Partial<Record<Section, readonly unknown[]>> = {};
    for (const section of SECTIONS) practice[section] = findIn(areas, section, moment)?.entries ?? NOTHING;
    return practice as unknown as Practice;
  }

  /** The area whose section holds for a place: null for everywhere, undefined where no area sets it. */
  sourceOf(section: Section, gridIds: readonly string[], moment: Moment): string | null | undefined {
    return findIn(this.#areasOf(gridIds), section, moment)?.gridId;
  }

  /** What an area itself sets, null for everywhere; undefined where it leaves the section to those above. */
  ownAt<S extends Section>(section: S, gridId: string | null, moment: Moment): Practice[S] | undefined {
    return latestOf(this.#areas.get(gridId)?.get(section), moment) as Practice[S] | undefined;
  }

  /** When, as the edition knows it, the practice of a place may next be another: milliseconds since 1970, or undefined. */
  nextChange(gridIds: readonly string[], { asOf, edition }: Moment): number | undefined {
    let next: number | undefined;
    for (const [, sections] of this.#areasOf(gridIds)) {
      for (const settings of sections.values()) {
        for (const { validFrom, edition: known } of settings) {
          if (validFrom <= asOf) break;
          if (known <= edition && (next === undefined || validFrom < next)) next = validFrom;
        }
      }
    }
    return next;
  }

  /** Nearest first, everywhere last; only areas that set anything at all. */
  #areasOf(gridIds: readonly string[]): (readonly [string | null, ReadonlyMap<Section, Setting[]>])[] {
    const areas: (readonly [string | null, ReadonlyMap<Section, Setting[]>])[] = [];
    for (const gridId of gridIds) {
      const sections = this.#areas.get(gridId);
      if (sections) areas.push([gridId, sections]);
    }
    const everywhere = this.#areas.get(EVERYWHERE);
    if (everywhere) areas.push([EVERYWHERE, everywhere]);
    return areas;
  }

  /** Gives the lists that it was added to. */
  #file({ id, gridId, validFrom, edition, sections }: PracticeRow): Setting[][] {
    const touched: Setting[][] = [];
    const area = this.#areas.get(gridId) ?? new Map<Section, Setting[]>();
    this.#areas.set(gridId, area);
    for (const section of SECTIONS) {
      const given = sections[section] as Practice[Section] | null | undefined;
      if (given === undefined) continue;
      const entries = section === 'campaigns' ? withInstants(given as readonly CampaignPractice[] | null) : given;
      const settings = area.get(section) ?? [];
      settings.push({ validFrom, edition, id, entries });
      area.set(section, settings);
      touched.push(settings);
    }
    return touched;
  }
}

function findIn<S extends Section>(
  areas: readonly (readonly [string | null, ReadonlyMap<Section, Setting[]>])[],
  section: S,
  moment: Moment,
): Found<S> | undefined {
  for (const [gridId, sections] of areas) {
    const entries = latestOf(sections.get(section), moment);
    if (entries) return { gridId, entries: entries as Practice[S] };
  }
  return undefined;
}

function latestOf(settings: readonly Setting[] | undefined, { asOf, edition }: Moment): Practice[Section] | undefined {
  const latest = settings?.find((setting) => setting.validFrom <= asOf && setting.edition <= edition);
  return latest?.entries ?? undefined;
}

function latestFirst(a: Setting, b: Setting): number {
  return b.validFrom - a.validFrom || b.edition - a.edition || b.id - a.id;
}

function withInstants(campaigns: readonly CampaignPractice[] | null): readonly CampaignPractice[] | null {
  return campaigns?.map((each) => ({ ...each, from: new Date(each.from), to: new Date(each.to) })) ?? null;
}
