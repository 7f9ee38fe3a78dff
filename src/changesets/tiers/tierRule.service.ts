import type { Kysely } from 'kysely';
import type { RequestContext } from '../../access/requestContext.ts';
import { areasOf, assertMay } from '../../access/viewer.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import type { Clock } from '../../clock.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { readCodePattern } from '../checks/grids/codePattern.ts';
import type { GroundRepository, TierRuleRow } from '../territory/ground.repository.ts';
import type { TierRulesInput } from './tierRule.type.ts';

const RIGHT = 'tiers.manage';
const LONGEST = { pattern: 200, measure: 64 } as const;
const DEFAULTS = { leastSquareMetres: 10, leastWidthMetres: 1 } as const;

/** Where rules are kept, and where changes of them are recorded. */
export interface TierRuleRoom {
  readonly db: Kysely<Database>;
  readonly repository: GroundRepository;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: Clock;
}

/** What is asked of the grids of a tier: read by everybody, set by those who administer everything. */
export class TierRuleService {
  readonly #room: TierRuleRoom;
  readonly #atlas: Atlas;

  constructor(room: TierRuleRoom, atlas: Atlas) {
    this.#room = room;
    this.#atlas = atlas;
  }

  /** The rules of a tier, by the defaults where nothing was set. */
  async find(layer: string, tier: string): Promise<TierRuleRow> {
    const tierId = this.#getTierId(layer, tier, 'tier');
    const rows = await this.#room.repository.listRules();
    return rows.find((row) => row.tierId === tierId) ?? rowOf(tierId, { madeOf: 'DRAWN' });
  }

  /** Replaces the rules of a tier. Throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, BAD_INPUT. */
  async set(by: RequestContext, layer: string, tier: string, rules: TierRulesInput): Promise<TierRuleRow> {
    const field = 'Mutation.setTierRules';
    assertMay(by.viewer, RIGHT, field);
    if (areasOf(by.viewer, RIGHT) !== 'everywhere') {
      const message = `${field}: the rules of a tier concern every area, and your own right is for some areas only.`;
      throw new DomainError('FORBIDDEN', message, { field });
    }
    const row = rowOf(this.#getTierId(layer, tier, 'tier'), rules);
    this.#assertSource(layer, row);
    assertFigures(row);
    const { db, repository, audit, clock } = this.#room;
    await inAreas(db, 'everywhere', clock(), async (trx) => {
      await repository.saveRules(trx, row);
      const object = { kind: 'tier', id: `${layer}/${tier}` };
      const details = { madeOf: row.madeOf ?? 'DRAWN', codePattern: row.codePattern !== null };
      await audit.record(trx, by, { action: RIGHT, object, result: 'DONE', details });
    });
    return row;
  }

  #getTierId(layer: string, tier: string, field: string): number {
    const found = this.#atlas.findTier(layer, tier);
    if (found) return found.id;
    throw new DomainError('NOT_FOUND', `${field}: there is no tier ${tier} in a layer ${layer}.`, { field });
  }

  #assertSource(layer: string, { madeOf, memberLayer, memberTier }: TierRuleRow): void {
    if ((madeOf === 'MEMBERS') !== (memberLayer !== null && memberTier !== null)) {
      refuse('memberTier', 'give memberLayer and memberTier where madeOf is MEMBERS, and nowhere else');
    }
    if (madeOf !== 'MEMBERS') return;
    if (memberLayer === layer) refuse('memberLayer', 'members are grids of another layer; for this one use CHILDREN');
    this.#getTierId(memberLayer!, memberTier!, 'memberTier');
  }
}

function rowOf(tierId: number, { madeOf, load, ...rules }: TierRulesInput): TierRuleRow {
  return {
    tierId,
    madeOf: madeOf === 'DRAWN' ? null : madeOf,
    memberLayer: rules.memberLayer ?? null,
    memberTier: rules.memberTier ?? null,
    codePattern: rules.codePattern || null,
    leastSquareMetres: rules.leastSquareMetres ?? DEFAULTS.leastSquareMetres,
    leastWidthMetres: rules.leastWidthMetres ?? DEFAULTS.leastWidthMetres,
    loadMeasure: load?.measure ?? null,
    loadLeast: load?.least ?? null,
    loadMost: load?.most ?? null,
  };
}

function assertFigures({ codePattern, leastSquareMetres, leastWidthMetres, ...row }: TierRuleRow): void {
  if (codePattern && codePattern.length > LONGEST.pattern) {
    refuse('codePattern', `give at most ${LONGEST.pattern} characters`);
  }
  if (codePattern) readCodePattern(codePattern);
  if (!(leastSquareMetres >= DEFAULTS.leastSquareMetres && leastSquareMetres < 1e12)) {
    refuse('leastSquareMetres', `give ${DEFAULTS.leastSquareMetres} or more; smaller grids are never published`);
  }
  if (!(leastWidthMetres >= 0 && leastWidthMetres < 1e6)) refuse('leastWidthMetres', 'give 0 or more metres');
  const { loadMeasure, loadLeast, loadMost } = row;
  if (loadMeasure === null) return;
  if (loadMeasure.length < 1 || loadMeasure.length > LONGEST.measure) {
    refuse('load.measure', `give 1 to ${LONGEST.measure} characters`);
  }
  if (!(Number.isFinite(loadLeast) && Number.isFinite(loadMost) && loadLeast! <= loadMost!)) {
    refuse('load.least', 'give two numbers, the least not above the most');
  }
}

function refuse(field: string, what: string): never {
  throw new DomainError('BAD_INPUT', `${field}: ${what}.`, { field });
}
