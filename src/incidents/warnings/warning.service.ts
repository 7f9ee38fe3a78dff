import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { boxAround } from '../../geometry/distance.ts';
import type { Practice, WarningPractice } from '../../practice/practice.type.ts';
import type { NewIncident } from '../incident.type.ts';
import type { Routed, RoutedMatter, Routing } from '../routing/route.type.ts';
import { lockNumbers, squaresAround } from './placeLocks.ts';
import type { Looking, WarningRepository } from './warning.repository.ts';
import { isAbout, makesInstruction, reachOf, type WarningMatter } from './warningRules.ts';

const DAY_MS = 86_400_000;
const LONGEST_NOTE = 500;
const NONE: Routed = { tasks: [], notices: [] };

/** A report that is about to be filed, as it was routed. */
export interface WarnedReport {
  readonly incident: Pick<NewIncident, 'category' | 'occurredAt' | 'place' | 'rung'>;
  readonly matter: RoutedMatter;
  readonly practice: Pick<Practice, 'warnings'>;
}

/** Makes instructions of matters that repeat themselves at one place, by the rules of the local practice. */
export class WarningService {
  readonly #repository: WarningRepository;
  readonly #routing: Pick<Routing, 'handlers'>;
  readonly #timeZone: string;

  /** `timeZone`: whose hours rules mean; an IANA name. */
  constructor(repository: WarningRepository, routing: Pick<Routing, 'handlers'>, timeZone: string) {
    this.#repository = repository;
    this.#routing = routing;
    this.#timeZone = timeZone;
  }

  /**
   * The instructions that a new report makes, one batch for each rule, each recipient a task of its own. In the
   * transaction that files it, which must see everything: reports of one place are counted one after another. A task
   * says in its note by which rule it was made, and by that the rule is known to have made one.
   */
  async instruct(trx: Transaction<Database>, report: WarnedReport): Promise<Routed> {
    const matter = matterOf(report);
    const rules = report.practice.warnings.filter((rule) => rule.enabled && isAbout(rule, matter, this.#timeZone));
    if (rules.length === 0) return NONE;
    await this.#repository.lock(trx, lockNumbers(rules.flatMap((rule) => placesOf(rule, matter))));
    // A statement of its own: it sees what those who were waited for have written.
    const earlier = await this.#repository.listEarlier(trx, lookingFor(rules, matter));
    const made = rules
      .filter((rule) => makesInstruction(rule, matter, earlier, this.#timeZone))
      .map((rule) => this.#instruction(rule, report));
    return { tasks: made.flatMap(({ tasks }) => tasks), notices: made.flatMap(({ notices }) => notices) };
  }

  #instruction(rule: WarningPractice, { incident, matter }: WarnedReport): Routed {
    const { tasks, notices } = this.#routing.handlers(matter, rule.instruct, incident.rung, 'WARNING');
    const batchId = randomUUID();
    const note = `${rule.code}: ${rule.name}`.slice(0, LONGEST_NOTE);
    return { tasks: tasks.map((task) => ({ ...task, batchId, note })), notices };
  }
}

/** Its grid is the largest of those that own it in the layer of its rung, or where it is on none, in the first layer. */
function matterOf({ incident, matter: { chains } }: WarnedReport): WarningMatter {
  const { category, occurredAt, place, rung } = incident;
  const smallest = chains.map(([version]) => version.grid);
  const grid = smallest.find(({ layer }) => layer.code === rung?.layer) ?? smallest.at(0);
  return { category, occurredAt, x: place.x, y: place.y, addressId: place.addressId, gridIds: grid ? [grid.id] : [] };
}

/** What is locked for a rule. At an address others may be meant that have none in the book, so the surroundings are too. */
function placesOf(rule: WarningPractice, { x, y, addressId, gridIds }: WarningMatter): string[] {
  const reach = reachOf(rule);
  if (reach === undefined) return gridIds.map((id) => `grid ${id}`);
  const squares = squaresAround(x, y, reach);
  return rule.same === 'ADDRESS' && addressId !== null ? [...squares, `address ${addressId}`] : squares;
}

/** Wide enough for every rule. */
function lookingFor(
  rules: readonly WarningPractice[],
  { x, y, addressId, gridIds, occurredAt }: WarningMatter,
): Looking {
  const days = Math.max(...rules.map(({ withinDays }) => withinDays));
  const reaches = rules.flatMap((rule) => reachOf(rule) ?? []);
  const [from, to] = [-days, days].map((shift) => new Date(occurredAt.getTime() + shift * DAY_MS));
  return {
    from,
    to,
    box: reaches.length > 0 ? boxAround(x, y, Math.max(...reaches)) : undefined,
    addressId: rules.some(({ same }) => same === 'ADDRESS') ? (addressId ?? undefined) : undefined,
    gridId: rules.some(({ same }) => same === 'GRID') ? gridIds.at(0) : undefined,
  };
}
