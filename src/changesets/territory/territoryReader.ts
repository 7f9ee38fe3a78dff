import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { TierEntry } from '../../grids/atlas/rows.ts';
import type { EditionService } from '../../grids/edition.service.ts';
import type { Moment } from '../../grids/moment.ts';
import { AtlasGrids, type Span } from './atlasGrids.ts';
import type { DraftGrid, LayerRules, TierRules, TierSource } from './draftGrid.ts';
import type { GroundRepository, MemberRow, TierRuleRow } from './ground.repository.ts';
import type { Change, Patch } from './patch.ts';
import { Territory } from './territory.ts';

const KEPT = 6;
// Grids beside the ground are looked at one by one: more of them, and the ground is laid anew.
const MOST_BESIDE = 300;

/** A territory with the instants for which it is what the edition says. */
interface Kept extends Span {
  readonly edition: number;
  readonly rules: string;
  readonly territory: Territory;
  /** How many grids stand beside its ground, and how many it has in all. */
  readonly beside: number;
  readonly count: number;
}

/** A tier as it is where nobody asked for anything. */
const UNRULED: Omit<TierRuleRow, 'tierId'> = {
  madeOf: null,
  memberLayer: null,
  memberTier: null,
  codePattern: null,
  leastSquareMetres: 10,
  leastWidthMetres: 1,
  loadMeasure: null,
  loadLeast: null,
  loadMost: null,
};

/**
 * Makes territories of what the registry holds. The last few are kept, each for all instants between two changes, so
 * that drafts opened one after another share one. Not to be asked inside a transaction.
 */
export class TerritoryReader {
  readonly #atlas: Atlas;
  readonly #grids: AtlasGrids;
  readonly #editions: EditionService;
  readonly #repository: GroundRepository;
  /** The last used one last. */
  #kept: Kept[] = [];

  constructor(atlas: Atlas, editions: EditionService, repository: GroundRepository) {
    this.#atlas = atlas;
    this.#grids = new AtlasGrids(atlas);
    this.#editions = editions;
    this.#repository = repository;
  }

  /** The territory as an edition (0: none) knew it at an instant, with the rules that hold for tiers today. */
  async read(moment: Moment): Promise<Territory> {
    if (this.#editions.latest < moment.edition) await this.#editions.catchUp();
    const rules = await this.#repository.listRules();
    const key = JSON.stringify(rules);
    const known = this.#find(moment, key);
    if (known) return this.#keep(known);
    const members = moment.edition === 0 ? [] : await this.#repository.listMembers(moment);
    // Somebody may have asked for the same meanwhile: one territory for both.
    return this.#keep(this.#find(moment, key) ?? this.#make(moment, rules, key, members));
  }

  #find({ edition, asOf }: Moment, rules: string): Kept | undefined {
    return this.#kept.find(
      (each) => each.edition === edition && each.rules === rules && each.from <= asOf && asOf < each.until,
    );
  }

  #keep(kept: Kept): Territory {
    this.#kept = [...this.#kept.filter((each) => each !== kept), kept].slice(-KEPT);
    return kept.territory;
  }

  #make(moment: Moment, rules: readonly TierRuleRow[], key: string, members: readonly MemberRow[]): Kept {
    const byTier = new Map(rules.map((rule) => [rule.tierId, rule]));
    const isMade = (tierId: number) => byTier.get(tierId)?.madeOf === 'MEMBERS';
    const { grids, ...span } = this.#grids.at(moment, members, isMade);
    const layers = this.#atlas.layersAt(moment.edition).map((layer): LayerRules => {
      const tiers = layer.tiers.filter(({ editionFrom }) => editionFrom <= moment.edition);
      return { code: layer.code, kind: layer.kind, tiers: tiers.map((tier) => rulesOf(tier, byTier.get(tier.id))) };
    });
    const kept = { edition: moment.edition, ...span, rules: key, count: grids.length };
    const near = this.#kept.findLast((each) => each.rules === key && isSameLayers(each.territory, layers));
    const patch = near && differenceOf(near.territory, near.count, grids);
    if (!patch || near.beside + patch.size > MOST_BESIDE) {
      return { ...kept, territory: Territory.of(layers, grids), beside: 0 };
    }
    // What is alike is one territory, so that what was found out about it holds for both.
    const territory = patch.size === 0 ? near.territory : near.territory.with(patch);
    return { ...kept, territory, beside: near.beside + patch.size };
  }
}

function isSameLayers(territory: Territory, layers: readonly LayerRules[]): boolean {
  return JSON.stringify([...territory.layers]) === JSON.stringify(layers);
}

/** What makes one territory of another; undefined for too much of it. The same grid is the same object. */
function differenceOf(from: Territory, count: number, grids: readonly DraftGrid[]): Patch | undefined {
  const patch = new Map<string, Change>();
  let common = 0;
  for (const after of grids) {
    const before = from.find(after.id) ?? null;
    if (before) common += 1;
    if (before !== after) patch.set(after.id, { before, after });
    if (patch.size > MOST_BESIDE) return undefined;
  }
  if (common === count) return patch;
  const present = new Set(grids.map(({ id }) => id));
  for (const { code } of from.layers) {
    for (const before of from.grids(code)) if (!present.has(before.id)) patch.set(before.id, { before, after: null });
  }
  return patch;
}

function rulesOf(tier: TierEntry, row: TierRuleRow | undefined): TierRules {
  const { loadMeasure, loadLeast, loadMost, ...rule } = row ?? UNRULED;
  const hasBand = loadMeasure !== null && loadLeast !== null && loadMost !== null;
  return {
    code: tier.code,
    name: tier.name,
    rank: tier.rank,
    scheme: tier.scheme?.code ?? null,
    source: sourceOf(rule),
    codePattern: rule.codePattern,
    leastSquareMetres: rule.leastSquareMetres,
    leastWidthMetres: rule.leastWidthMetres,
    load: hasBand ? { measure: loadMeasure, least: loadLeast, most: loadMost } : null,
  };
}

function sourceOf({
  madeOf,
  memberLayer,
  memberTier,
}: Pick<TierRuleRow, 'madeOf' | 'memberLayer' | 'memberTier'>): TierSource {
  if (madeOf === 'MEMBERS') return { layer: memberLayer!, tier: memberTier! };
  return madeOf ?? 'DRAWN';
}
