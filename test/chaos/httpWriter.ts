import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, ask, type Doors } from './asking.ts';
import type { Dice } from './dice.ts';
import { anywhere, type Ground } from './ground.ts';
import type { Ledger } from './ledger.ts';

const REPORT = 'mutation ($input: IncidentInput!) { reportIncident(input: $input) { id version } }';
const GRADE = 'mutation ($id: ID!, $severity: String!) { gradeIncident(id: $id, severity: $severity) { id version } }';
const MOVE = `mutation ($id: ID!, $to: ID!) { moveIncident(id: $id, to: $to, reason: "chaos") { id version } }`;
const GRADES = ['red', 'yellow', 'blue', 'green'];
/** What the house refuses in order: nothing was done. Anything else may have happened or not. */
const REFUSALS = ['CONFLICT', 'NOT_FOUND'];
const KNOWN = 40;

/** Whom writers share: incidents that several write at once. */
export interface Shared {
  readonly incidents: string[];
}

/** Writes as clients do, through GraphQL. A report that is not answered is sent again under the same key. */
export class HttpWriter {
  readonly name: string;
  readonly restMs = 0;
  readonly #doors: Doors;
  readonly #ground: Ground;
  readonly #dice: Dice;
  readonly #to: { readonly ledger: Ledger; readonly shared: Shared };
  readonly #own: string[] = [];
  #reports = 0;
  /** Refusals that nobody can explain. */
  readonly problems: string[] = [];

  constructor(
    name: string,
    doors: Doors,
    { ground, dice }: { ground: Ground; dice: Dice },
    to: { readonly ledger: Ledger; readonly shared: Shared },
  ) {
    this.name = name;
    this.#doors = doors;
    this.#ground = ground;
    this.#dice = dice;
    this.#to = to;
  }

  async write(): Promise<void> {
    const id = this.#choose();
    if (id === undefined || this.#dice.next() < 0.3) return this.#report();
    if (this.#dice.next() < 0.75) return this.#act(GRADE, { id, severity: this.#dice.one(GRADES) });
    return this.#act(MOVE, { id, to: this.#dice.one(this.#ground.villages).id });
  }

  #choose(): string | undefined {
    const { incidents } = this.#to.shared;
    return this.#dice.next() < 0.3 && incidents.length > 0 ? this.#dice.one(incidents) : this.#dice.one(this.#own);
  }

  async #report(): Promise<void> {
    this.#reports += 1;
    const key = `chaos-${this.name}-${this.#reports}`;
    const input = {
      category: 'dispute',
      summary: key,
      severity: this.#dice.one(GRADES),
      at: { point: anywhere(this.#ground, this.#dice).point },
      clientKey: key,
    };
    const begun = performance.now();
    for (;;) {
      const answer = await this.#send(REPORT, { input });
      if (answer?.data?.reportIncident) return this.#filed(begun, answer.data.reportIncident);
      if (answer?.errors?.some(({ extensions }) => REFUSALS.includes(String(extensions?.code)))) {
        this.problems.push(`${key}: ${answer.errors[0].message}`);
        return;
      }
      await delay(this.#dice.between(20, 120));
    }
  }

  #filed(begun: number, { id, version }: { id: string; version: number }): void {
    // A retry is answered with the incident as it is by then; the report itself is its version 1.
    this.#to.ledger.acknowledge('HTTP', begun, [{ incident: id, version: 1 }]);
    if (version > 1) this.problems.push(`${id}: a report is answered in version ${version}`);
    const incidents = this.#dice.next() < 0.1 ? this.#to.shared.incidents : this.#own;
    incidents.push(id);
    if (incidents.length > KNOWN) incidents.shift();
  }

  async #act(query: string, variables: object): Promise<void> {
    const begun = performance.now();
    const answer = await this.#send(query, variables);
    const done = Object.values(answer?.data ?? {})[0] as { id: string; version: number } | null | undefined;
    if (done) {
      this.#to.ledger.acknowledge('HTTP', begun, [{ incident: done.id, version: done.version }]);
      return;
    }
    if (!answer) await delay(this.#dice.between(20, 120));
    else if (!this.#isExpected(answer)) this.problems.push(`${this.name}: ${JSON.stringify(answer.errors)}`);
  }

  #isExpected({ errors }: Answer): boolean {
    return (errors ?? []).every(({ extensions }) => [...REFUSALS, ...UNCERTAIN].includes(String(extensions?.code)));
  }

  /** Undefined where no answer came. */
  async #send(query: string, variables: object): Promise<Answer | undefined> {
    try {
      const answer = await ask(this.#doors, query, variables);
      if (answer.errors?.some(({ extensions }) => UNCERTAIN.includes(String(extensions?.code))))
        this.#to.ledger.unanswered += 1;
      return answer;
    } catch {
      this.#to.ledger.unanswered += 1;
      return undefined;
    }
  }
}

/** What a server says whose database went away meanwhile. */
const UNCERTAIN = ['DATABASE_BUSY', 'DATABASE_FAILED', 'INTERNAL', 'TIMED_OUT', 'UNAVAILABLE'];
