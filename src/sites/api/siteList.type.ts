import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { PositionType } from '../../api/position.type.ts';
import type { Moment } from '../../grids/moment.ts';
import { Holding } from '../../posts/api/holding.type.ts';
import { HoldingPlace } from '../../posts/api/holdingPlace.type.ts';
import { Body } from '../../posts/api/staff.type.ts';
import type { PremisesState } from '../site.type.ts';
import { holdingsOfPlace } from './placeHoldings.ts';
import { Site, type SiteSources } from './site.type.ts';

@ObjectType({ simpleResolvers: true, description: 'A site in a list.' })
export class SiteEdge {
  @Right('registry.read')
  @Field(() => Site, { description: 'The site.' })
  readonly node!: Site;

  @Right('registry.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this site.' })
  readonly cursor!: string;

  @Right('registry.read')
  @Field(() => Float, {
    nullable: true,
    description: 'Metres from `near` along the shortest way on the ellipsoid; null where `near` is not given.',
  })
  readonly distanceMetres!: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'A page of sites.' })
export class SiteConnection {
  @Right('registry.read')
  @Field(() => [SiteEdge], { complexity: listOf(1), description: 'The sites of this page.' })
  readonly edges!: SiteEdge[];

  @Right('registry.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('registry.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}

@ObjectType({
  simpleResolvers: true,
  description: 'An inn, a warehouse, a market …, and who answers for it. Nothing about guests.',
})
export class Premises {
  private readonly state: PremisesState;
  private readonly sources: Pick<SiteSources, 'directory'>;
  private readonly moment: Moment;

  constructor(state: PremisesState, sources: Pick<SiteSources, 'directory'>, moment: Moment) {
    this.state = state;
    this.sources = sources;
    this.moment = moment;
  }

  @Right('registry.read')
  @Field(() => ID, { description: 'Stable for ever.' })
  get id(): string {
    return this.state.id;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'Their name at the asked instant.' })
  get name(): string {
    return this.state.name;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'What sort they are, in local words.' })
  get kind(): string {
    return this.state.kind;
  }

  @Right('registry.read')
  @Field(() => PositionType, { description: 'Where they are.' })
  get point(): PositionType {
    return this.state.point;
  }

  @Right('registry.read')
  @Field(() => Float, { description: 'A place within so many metres of `point` counts as at the premises.' })
  get radiusMetres(): number {
    return this.state.radiusMetres;
  }

  @Right('registry.read')
  @Field(() => Body, {
    nullable: true,
    description: 'The body they answer to, such as a station: the first that holds a post for them. Null: none does.',
  })
  get answersTo(): Body | null {
    const holders = this.holdings.map((holding) => holding.holderNow());
    return holders.find((holder): holder is Body => holder instanceof Body) ?? null;
  }

  @Right('registry.read')
  @Field(() => [Holding], { complexity: listOf(2), description: 'The posts that answer for the premises.' })
  get holdings(): Holding[] {
    return holdingsOfPlace(new HoldingPlace('PREMISES', this.state, this.moment), this.sources.directory);
  }
}

@ObjectType({ simpleResolvers: true, description: 'Premises in a list.' })
export class PremisesEdge {
  @Right('registry.read')
  @Field(() => Premises, { description: 'The premises.' })
  readonly node!: Premises;

  @Right('registry.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind these premises.' })
  readonly cursor!: string;

  @Right('registry.read')
  @Field(() => Float, {
    nullable: true,
    description: 'Metres from `near` along the shortest way on the ellipsoid; null where `near` is not given.',
  })
  readonly distanceMetres!: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'A page of premises.' })
export class PremisesConnection {
  @Right('registry.read')
  @Field(() => [PremisesEdge], { complexity: listOf(1), description: 'The premises of this page.' })
  readonly edges!: PremisesEdge[];

  @Right('registry.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('registry.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}
