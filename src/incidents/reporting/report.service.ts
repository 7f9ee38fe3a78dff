import type { Kysely, Transaction } from 'kysely';
import type { RequestContext } from '../../access/requestContext.ts';
import { areasOf } from '../../access/viewer.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import { type RefusalBook, recordingRefusal } from '../../audit/refusal.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { Moment } from '../../grids/moment.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { IncidentRepository } from '../incident.repository.ts';
import type { IncidentFile, NewIncident } from '../incident.type.ts';
import type { WarningService } from '../warnings/warning.service.ts';
import type { Planned, ReportPlanner } from './reportPlanner.ts';
import { type ReadReport, type ReportRequest, readReport } from './reportRequest.ts';
import { type RequestKey, requestKeyOf } from './requestKey.ts';

const REPORT = 'incidents.report';
const FIELD = 'Mutation.reportIncident';

/** Where reports are filed and recorded. */
export interface ReportRoom {
  readonly db: Kysely<Database>;
  readonly repository: Pick<IncidentRepository, 'file' | 'lock' | 'findRequest' | 'keepRequest'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly moments: Pick<MomentReader, 'read'>;
}

/** The request of a twin came first; what this one wrote must not stay. */
class Outrun extends Error {}

/** Takes reports of matters at places: each goes to the grids that own the place at that instant, for ever, and to whom the practice names. */
export class ReportService {
  readonly #room: ReportRoom;
  readonly #planner: Pick<ReportPlanner, 'plan'>;
  readonly #warnings: Pick<WarningService, 'instruct'>;

  constructor(room: ReportRoom, planner: Pick<ReportPlanner, 'plan'>, warnings: Pick<WarningService, 'instruct'>) {
    this.#room = room;
    this.#planner = planner;
    this.#warnings = warnings;
  }

  /**
   * Files a report; a retry under the same `clientKey` gives the incident that the first one made. Throws BAD_INPUT for
   * what cannot be read or lies outside the registry, NOT_FOUND for an address or person that is not there, CONFLICT for
   * a key under which something else was reported.
   */
  async report(by: RequestContext, request: ReportRequest): Promise<IncidentFile> {
    const moment = this.#room.moments.read();
    const book: RefusalBook = { audit: this.#room.audit, within: (_, work) => this.#within(by, moment, work) };
    const object = { kind: 'incident', id: 'new' };
    return recordingRefusal(book, by, { right: REPORT, field: FIELD, object, details: { field: FIELD } }, async () => {
      const report = readReport(request, by.viewer, new Date(moment.asOf));
      return this.#reportOnce(by, request, report, moment);
    });
  }

  async #reportOnce(
    by: RequestContext,
    request: ReportRequest,
    report: ReadReport,
    moment: Moment,
  ): Promise<IncidentFile> {
    const key = requestKeyOf(report.reportedBy, request);
    if (!key) return this.#file(by, await this.#planner.plan(by, request, report, moment), moment);
    try {
      return await this.#file(by, await this.#planner.plan(by, request, report, moment), moment, key);
    } catch (error) {
      // What was filed may be asked for again though its place would be read otherwise by now.
      const known = await this.#within(by, moment, (trx) => this.#findKnown(trx, key));
      if (known) return known;
      throw error;
    }
  }

  #file(by: RequestContext, planned: Planned, moment: Moment, key?: RequestKey): Promise<IncidentFile> {
    return this.#within(by, moment, async (trx) => {
      const known = key && (await this.#findKnown(trx, key));
      if (known) return known;
      const { repository, audit } = this.#room;
      const warned = await this.#warnings.instruct(trx, planned);
      const { incident } = planned;
      const filed = await repository.file(trx, {
        ...incident,
        tasks: [...incident.tasks, ...warned.tasks],
        notices: [...incident.notices, ...warned.notices],
      });
      if (key && !(await repository.keepRequest(trx, { ...key, incidentId: incident.id }))) throw new Outrun();
      await audit.record(trx, by, actOf(incident, warned.tasks.length));
      return filed;
    });
  }

  async #findKnown(trx: Transaction<Database>, key: RequestKey): Promise<IncidentFile | undefined> {
    const { repository } = this.#room;
    const request = await repository.findRequest(trx, key.keyHash);
    if (!request) return undefined;
    if (key.inputHash.equals(request.inputHash)) return repository.lock(trx, request.incidentId);
    const message =
      'input.clientKey: something else was reported under this key; take a new key for a new report, the same for a retry only.';
    throw new DomainError('CONFLICT', message, { field: 'input.clientKey' });
  }

  #within<T>(
    { viewer }: RequestContext,
    { asOf }: Moment,
    work: (trx: Transaction<Database>) => Promise<T>,
  ): Promise<T> {
    return inAreas(this.#room.db, areasOf(viewer, REPORT), new Date(asOf), work);
  }
}

/** Codes and counts, never words. */
function actOf({ id, category, origin, edition, owners, tasks }: NewIncident, warnings: number) {
  return {
    ...{ action: REPORT, object: { kind: 'incident', id }, result: 'DONE' as const },
    gridId: owners[0]?.gridId ?? null,
    details: { field: FIELD, category, origin, edition, tasks: tasks.length + warnings, warnings },
  };
}
