import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Moment } from '../../grids/moment.ts';
import type { OwnershipService } from '../../ownership/ownership.service.ts';
import type { Findings } from '../../ownership/ownership.ts';
import type { Directory } from '../../posts/directory.ts';
import type { Practice, PracticeReader } from '../../practice/practice.type.ts';
import type { IncidentNotice } from '../course/state.ts';
import type { NewIncident } from '../incident.type.ts';
import type { RoutedMatter, Routing } from '../routing/route.type.ts';
import {
  chainsOfOwners,
  type FoundOwner,
  isInRegistry,
  ownersOf,
  partyOf,
  placeNotices,
} from './frozen/frozenOwners.ts';
import { keptPlace } from './frozen/keptPlace.ts';
import { badInput, type ReadReport, type ReportRequest } from './reportRequest.ts';

/** Of a place that is an area. */
const MOST_OWNERS = 500;
/** Characters of the GeoJSON that is kept. */
const LONGEST_AREA = 1_500_000;
const LEAST_SURE = 0.5;

/** A report as it is to be filed, and what warnings are judged by. */
export interface Planned {
  readonly incident: NewIncident;
  readonly matter: RoutedMatter;
  readonly practice: Practice;
}

/** Whose memory says to whom a matter goes. */
interface LocalKnowledge {
  readonly routing: Pick<Routing, 'start'>;
  readonly practice: PracticeReader;
  readonly directory: Pick<Directory, 'findPerson'>;
}

/** Finds the owners of a report and whom it goes to, before anything is written. */
export class ReportPlanner {
  readonly #ownership: Pick<OwnershipService, 'find'>;
  readonly #local: LocalKnowledge;

  constructor(ownership: Pick<OwnershipService, 'find'>, local: LocalKnowledge) {
    this.#ownership = ownership;
    this.#local = local;
  }

  /** Throws BAD_INPUT, BAD_GEOJSON, TOO_LARGE and NOT_FOUND, naming the field. */
  async plan({ viewer }: RequestContext, { at }: ReportRequest, report: ReadReport, moment: Moment): Promise<Planned> {
    const { category, language, severity } = report;
    const question = { asOf: new Date(moment.asOf), edition: moment.edition || null, category, language };
    const findings = await this.#ownership.find(at, question, 'input.at');
    assertFound(findings);
    const owners = ownersOf(findings);
    if (owners.length > MOST_OWNERS) {
      throw badInput(
        'at.area',
        `it lies in ${owners.length} grids; at most ${MOST_OWNERS} own a matter. Give a smaller one.`,
        'TOO_LARGE',
      );
    }
    const finderId = this.#finderOf(report, viewer.staffId, moment);
    const chains = chainsOfOwners(owners, findings);
    const practice = this.#local.practice.practiceAt(
      chains.flatMap((chain) => chain.map(({ grid }) => grid.id)),
      moment,
    );
    assertPractised('severity', severity, practice.severities);
    assertPractised('responseClass', report.responseClass, practice.responses);
    const matter = { category, severity, language, finderId, chains, moment };
    return { incident: this.#incidentOf(report, findings, owners, matter), matter, practice };
  }

  #incidentOf(
    report: ReadReport,
    findings: Findings,
    owners: readonly FoundOwner[],
    matter: RoutedMatter,
  ): NewIncident {
    const { foundBy: _, ...said } = report;
    const start = this.#local.routing.start(matter);
    const place = keptPlace(findings.place);
    if (place.area && JSON.stringify(place.area).length > LONGEST_AREA) {
      throw badInput('at.area', 'it has too many positions; give a simpler one.', 'TOO_LARGE');
    }
    return {
      ...said,
      ...{ id: randomUUID(), edition: findings.moment.edition, place, finderId: matter.finderId },
      ladder: start.ladder?.code ?? null,
      rung: start.rung,
      notices: [...placeNotices(findings), ...start.notices, ...unowned(owners)],
      owners: owners.map(partyOf),
      tasks: start.tasks,
    };
  }

  /** Whoever is named must be known; of what was found the one who signed in, where the registry knows him or her. */
  #finderOf({ foundBy, origin }: ReadReport, staffId: string | undefined, moment: Moment): string | null {
    const find = (id: string) => this.#local.directory.findPerson(id, moment)?.id;
    if (foundBy === null) return (origin === 'FOUND' && staffId !== undefined && find(staffId)) || null;
    const person = find(foundBy) ?? find(foundBy.toLowerCase());
    if (person) return person;
    throw badInput(
      'foundBy',
      'there is no member of staff of this id now; leave it out where nobody of the staff found it.',
      'NOT_FOUND',
    );
  }
}

/** Throws NOT_FOUND for an address that nothing is like, or of which it is not clear which is meant, and BAD_INPUT outside. */
function assertFound(findings: Findings): void {
  const { answer } = findings.place;
  if (answer && answer.found !== 'DIVISION' && answer.confidence < LEAST_SURE) {
    const near = answer.candidates.map(({ address }) => address.text).slice(0, 3);
    const what = answer.found === 'NOTHING' ? 'no address is like this' : 'it is not clear which address is meant';
    const hint = near.length > 0 ? ` Near: ${near.join('; ')}.` : '';
    throw badInput(
      'at.address',
      `${what}.${hint} Give the town, the street and the number, an addressId or a point.`,
      'NOT_FOUND',
    );
  }
  if (isInRegistry(findings)) return;
  throw badInput(
    'at',
    'this is outside the registry: no layer has a grid or a known gap there. Check the position and its datum.',
  );
}

function assertPractised(
  field: 'severity' | 'responseClass',
  code: string | null,
  known: readonly { readonly code: string }[],
): void {
  if (code === null || known.length === 0 || known.some((each) => each.code === code)) return;
  throw badInput(field, `the practice here has no ${code}; it has ${known.map((each) => each.code).join(', ')}.`);
}

function unowned(owners: readonly FoundOwner[]): IncidentNotice[] {
  if (owners.length > 0) return [];
  const message = 'owner: no grid holds the place, so nobody is told of it. Move it to a grid, or issue tasks by hand.';
  return [{ code: 'NOT_CONFIGURED', message }];
}
