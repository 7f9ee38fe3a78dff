import type { EditionReader } from '../edition.service.ts';
import type { LineageRepository, LineageRow } from './lineage.repository.ts';

/** From which grids others came, and in which they went on. Follows the log of editions. */
export class LineageBook implements EditionReader {
  readonly #repository: Pick<LineageRepository, 'readLog'>;
  readonly #byFrom = new Map<string, LineageRow[]>();
  readonly #byTo = new Map<string, LineageRow[]>();

  constructor(repository: Pick<LineageRepository, 'readLog'>) {
    this.#repository = repository;
  }

  async read(after: number, upTo: number): Promise<() => void> {
    const rows = await this.#repository.readLog(after, upTo);
    return () => {
      for (const row of rows) {
        this.#byFrom.set(row.fromId, [...(this.#byFrom.get(row.fromId) ?? []), row]);
        this.#byTo.set(row.toId, [...(this.#byTo.get(row.toId) ?? []), row]);
      }
    };
  }

  /** In which grids it went on, as an edition knows it, the earliest first. */
  successorsOf(gridId: string, edition: number): LineageRow[] {
    return known(this.#byFrom.get(gridId), edition);
  }

  /** From which grids it came, as an edition knows it, the earliest first. */
  predecessorsOf(gridId: string, edition: number): LineageRow[] {
    return known(this.#byTo.get(gridId), edition);
  }
}

function known(rows: readonly LineageRow[] | undefined, edition: number): LineageRow[] {
  return (rows ?? []).filter((row) => row.edition <= edition).sort((a, b) => a.at - b.at);
}
