import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { Tier } from '../../grids/api/layer.type.ts';
import type { TierRuleRow } from '../territory/ground.repository.ts';
import type { TierRuleService } from './tierRule.service.ts';
import { TierRulesInput, TierRulesType } from './tierRule.type.ts';

/** What is asked of the grids of a tier. */
@Resolver(() => Tier)
export class TierRuleResolver {
  private readonly tierRules: TierRuleService;

  constructor(tierRules: TierRuleService) {
    this.tierRules = tierRules;
  }

  @Right('registry.read')
  @FieldResolver(() => TierRulesType, { complexity: 20, description: 'What is asked of its grids: local practice.' })
  async rules(@Root() tier: Tier): Promise<TierRulesType> {
    return show(await this.tierRules.find(tier.layer.code, tier.code));
  }

  @Right('tiers.manage')
  @Mutation(() => TierRulesType, {
    description:
      'Sets what is asked of the grids of a tier, for who administers everything. It is asked of the next drafts; what is published stays.',
  })
  async setTierRules(
    @Arg('layer', () => String, { description: 'Code of the layer.' }) layer: string,
    @Arg('tier', () => String, { description: 'Code of the tier.' }) tier: string,
    @Arg('rules', () => TierRulesInput, { description: 'All of its rules; they replace what was set before.' })
    rules: TierRulesInput,
    @Ctx() by: RequestContext,
  ): Promise<TierRulesType> {
    return show(await this.tierRules.set(by, layer, tier, rules));
  }
}

function show({ tierId: _, madeOf, loadMeasure, loadLeast, loadMost, ...rules }: TierRuleRow): TierRulesType {
  const load = loadMeasure === null ? null : { measure: loadMeasure, least: loadLeast!, most: loadMost! };
  return { ...rules, madeOf: madeOf ?? 'DRAWN', load };
}
