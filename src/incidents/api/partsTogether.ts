import type { IncidentParts } from '../incident.type.ts';

const NONE: IncidentParts = { parties: [], tasks: [], attempts: [], pushes: [], links: [] };

/** What belongs to the incidents of one page, read when it is first asked for, once for all of them. */
export class PartsTogether {
  readonly #read: () => Promise<ReadonlyMap<string, IncidentParts>>;
  #parts: Promise<ReadonlyMap<string, IncidentParts>> | undefined;

  constructor(read: () => Promise<ReadonlyMap<string, IncidentParts>>) {
    this.#read = read;
  }

  async of(id: string): Promise<IncidentParts> {
    this.#parts ??= this.#read();
    return (await this.#parts).get(id) ?? NONE;
  }
}
