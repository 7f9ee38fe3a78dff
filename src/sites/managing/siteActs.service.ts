import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { RequestContext } from '../../access/requestContext.ts';
import { startOfDay } from '../../clock.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import { assertCovered, assertInstant } from '../../posts/appointing/seats/dates.ts';
import type { DoneAct, Guard, StaffingDesk, StaffingPlan } from '../../posts/appointing/staffingDesk.ts';
import { readStaffName } from '../../posts/appointing/staffText.ts';
import type { SiteWriters } from '../import/siteImport.service.ts';
import type { RatingState } from '../site.type.ts';
import type { ManagedSiteRepository, WrittenSite } from './managedSite.repository.ts';
import { noBody, readBodyIds, readDay, readRating, readServices, readSite, type SiteWish } from './readSite.ts';
import { answerAbout, type SiteReach } from './siteReach.ts';

type Trx = Transaction<Database>;

/** What sites are written through, and where they are read again in the publication. */
export interface SiteActWriters extends SiteWriters {
  readonly managed: ManagedSiteRepository;
}

/** Opens and ends sites, and says what is known of them, each act one edition. */
export class SiteActsService {
  readonly #desk: StaffingDesk;
  readonly #writers: SiteActWriters;
  readonly #reach: SiteReach;

  constructor(desk: StaffingDesk, writers: SiteActWriters, reach: SiteReach) {
    this.#desk = desk;
    this.#writers = writers;
    this.#reach = reach;
  }

  /** Throws NOT_FOUND, BAD_INPUT, CONFLICT for a site that is filed already, and what the desk throws. */
  openSite(by: RequestContext, input: SiteWish, guard: Guard): Promise<DoneAct> {
    return this.#desk.perform(by, { field: 'Mutation.openSite', input, guard }, async (areas) => {
      assertInstant('from', input.from);
      const [id, site, services] = [randomUUID(), readSite(input), readServices(input.services ?? [])];
      const bodyIds = readBodyIds('bodyIds', input.bodyIds ?? []);
      const gridIds = this.#reach.gridsAt(areas, site.point);
      const dates = { validFrom: input.from, validTo: null };
      const write: StaffingPlan['write'] = async (trx, edition) => {
        const { sites, managed } = this.#writers;
        await this.#assertBodies(trx, 'bodyIds', bodyIds);
        const same = await managed.findSame(trx, site.name, site.kind, site.point, input.from);
        if (same) {
          const message =
            'name: a site of this name and kind is on this point then already; take that, or another name.';
          throw new DomainError('CONFLICT', message, { field: 'name', siteId: same });
        }
        await sites.insertSites(trx, edition, [{ id, ...site, ...dates }]);
        await sites.insertServices(trx, edition, services.map((each) => ({ siteId: id, ...each, ...dates }))); // biome-ignore format: one call
        await sites.insertHoused(trx, edition, bodyIds.map((bodyId) => ({ siteId: id, bodyId, ...dates }))); // biome-ignore format: one call
        return answerAbout(id, input.from);
      };
      return { ...about('A new site', id, input.from, { did: 'opened', kind: site.kind }), gridIds, write };
    });
  }

  /** Ends a site with all that is said of it. Throws NOT_FOUND, CONFLICT while posts answer for it, and what the desk throws. */
  endSite(by: RequestContext, id: string, at: Date, guard: Guard): Promise<DoneAct> {
    const request = { field: 'Mutation.endSite', input: { id, at }, guard };
    return this.#desk.perform(by, request, (areas) => {
      assertInstant('at', at);
      const write = async (trx: Trx, edition: number, site: readonly WrittenSite[]) => {
        const { siteChanges, managed } = this.#writers;
        if (!site.some(({ validTo }) => validTo === null || at < validTo)) {
          throw new DomainError('CONFLICT', 'at: the site has ended by then. Read again and retry.', { field: 'at' });
        }
        if (await managed.hasPosts(trx, id, at)) {
          const message = 'id: posts answer for the site then or later; end them first, by `endPost`.';
          throw new DomainError('CONFLICT', message, { field: 'id' });
        }
        for (const { table, key } of await managed.listFacts(trx, id, at)) {
          await siteChanges.end(trx, edition, table, key, at);
        }
        await siteChanges.end(trx, edition, 'site_version', { site_id: id }, at);
      };
      return this.#reach.managing(areas, id, { ...about('The end of a site', id, at, { did: 'ended' }), write });
    });
  }

  /** Throws NOT_FOUND, BAD_INPUT, and what the desk throws. */
  rateSite(by: RequestContext, id: string, rating: Omit<RatingState, 'siteId'>, from: Date, guard: Guard) {
    const request = { field: 'Mutation.rateSite', input: { id, rating, from }, guard };
    return this.#desk.perform(by, request, (areas) => {
      assertInstant('from', from);
      const wanted = readRating(rating);
      const write = async (trx: Trx, edition: number, site: readonly WrittenSite[]) => {
        assertThere(site, from);
        const { sites, siteChanges, managed } = this.#writers;
        const key = { site_id: id, scheme: wanted.scheme };
        const known = await managed.listFacts(trx, id, from);
        const rated = known.some((fact) => fact.table === 'site_rating' && said(fact.key, 'scheme') === wanted.scheme);
        if (rated) await siteChanges.end(trx, edition, 'site_rating', key, from);
        await sites.insertRatings(trx, edition, [{ siteId: id, ...wanted, validFrom: from, validTo: null }]);
      };
      const { scheme, stars } = wanted;
      return this.#reach.managing(areas, id, {
        ...about('The rating of a site', id, from, { did: 'rated', scheme, stars }),
        write,
      });
    });
  }

  /** Throws NOT_FOUND, BAD_INPUT, CONFLICT for one that it bears already, and what the desk throws. */
  honourSite(
    by: RequestContext,
    id: string,
    honour: { name: string; givenOn: string },
    guard: Guard,
  ): Promise<DoneAct> {
    const request = { field: 'Mutation.honourSite', input: { id, honour }, guard };
    return this.#desk.perform(by, request, (areas) => {
      const givenOn = readDay('givenOn', honour.givenOn);
      const name = readStaffName('name', honour.name, 200);
      const write = async (trx: Trx, edition: number, site: readonly WrittenSite[]) => {
        const validFrom = startOfDay(givenOn, site[0].timeZone);
        const known = await this.#writers.managed.listFacts(trx, id, validFrom);
        const borne = known.some(
          ({ table, key }) =>
            table === 'site_honour' && said(key, 'name') === name && said(key, 'given_on') === givenOn,
        );
        if (borne) throw new DomainError('CONFLICT', 'name: the site bears it already.', { field: 'name' });
        await this.#writers.sites.insertHonours(trx, edition, [
          { siteId: id, name, givenOn, validFrom, validTo: null },
        ]);
      };
      const at = new Date(`${givenOn}T12:00:00Z`);
      return this.#reach.managing(areas, id, { ...about('An honour of a site', id, at, { did: 'honoured' }), write });
    });
  }

  /** Throws NOT_FOUND, BAD_INPUT, CONFLICT for a body that is or will be there already, and what the desk throws. */
  houseBody(by: RequestContext, id: string, bodyId: string, from: Date, guard: Guard): Promise<DoneAct> {
    const request = { field: 'Mutation.houseBody', input: { id, bodyId, from }, guard };
    return this.#desk.perform(by, request, (areas) => {
      assertInstant('from', from);
      const bodyIds = readBodyIds('bodyId', [bodyId]);
      const write = async (trx: Trx, edition: number, site: readonly WrittenSite[]) => {
        assertThere(site, from);
        await this.#assertBodies(trx, 'bodyId', bodyIds);
        if (await this.#isHoused(trx, id, bodyIds[0], from)) {
          throw new DomainError('CONFLICT', 'bodyId: it works there then or later already.', { field: 'bodyId' });
        }
        const housed = { siteId: id, bodyId: bodyIds[0], validFrom: from, validTo: null };
        await this.#writers.sites.insertHoused(trx, edition, [housed]);
      };
      const details = { did: 'housed', bodyId };
      return this.#reach.managing(areas, id, { ...about('Who works at a site', id, from, details), write });
    });
  }

  /** Throws NOT_FOUND, BAD_INPUT, CONFLICT for a body that is not there by then, and what the desk throws. */
  unhouseBody(by: RequestContext, id: string, bodyId: string, at: Date, guard: Guard): Promise<DoneAct> {
    const request = { field: 'Mutation.unhouseBody', input: { id, bodyId, at }, guard };
    return this.#desk.perform(by, request, (areas) => {
      assertInstant('at', at);
      const [body] = readBodyIds('bodyId', [bodyId]);
      const write = async (trx: Trx, edition: number) => {
        if (!(await this.#isHoused(trx, id, body, at))) {
          const message = 'bodyId: it works there neither then nor later. Read again and retry.';
          throw new DomainError('CONFLICT', message, { field: 'bodyId' });
        }
        await this.#writers.siteChanges.end(trx, edition, 'site_body', { site_id: id, body_id: body }, at);
      };
      const details = { did: 'unhoused', bodyId };
      return this.#reach.managing(areas, id, { ...about('Who works at a site', id, at, details), write });
    });
  }

  async #assertBodies(trx: Trx, field: string, ids: readonly string[]): Promise<void> {
    if ((await this.#writers.managed.listUnknownBodies(trx, ids)).length > 0) throw noBody(field);
  }

  async #isHoused(trx: Trx, id: string, bodyId: string, since: Date): Promise<boolean> {
    const known = await this.#writers.managed.listFacts(trx, id, since);
    return known.some(({ table, key }) => table === 'site_body' && said(key, 'body_id') === bodyId);
  }
}

const said = (key: object, name: string): string | undefined => (key as Readonly<Record<string, string>>)[name];

function assertThere(site: readonly WrittenSite[], from: Date): void {
  assertCovered('the site', site, { validFrom: from, validTo: new Date(from.getTime() + 1) });
}

function about(title: string, id: string, at: Date, details: StaffingPlan['details']) {
  return { title, at, object: { kind: 'site', id }, details };
}
