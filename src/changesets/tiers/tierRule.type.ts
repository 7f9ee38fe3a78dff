import { Field, Float, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';

export enum TierSourceKind {
  DRAWN = 'DRAWN',
  CHILDREN = 'CHILDREN',
  MEMBERS = 'MEMBERS',
}
registerEnumType(TierSourceKind, {
  name: 'TierSource',
  description: 'What the grids of a tier are made of.',
  valuesConfig: {
    DRAWN: { description: 'Drawn by hand.' },
    CHILDREN: { description: 'The union of their children: give children to another grid and both are redrawn.' },
    MEMBERS: { description: 'The union of grids of a tier of another layer, such as micro-grids.' },
  },
});

@ObjectType({ description: 'The band in which a load figure of a grid should lie.', simpleResolvers: true })
export class LoadBand {
  @Right('registry.read')
  @Field(() => String, { description: 'What is counted, such as households.' })
  readonly measure!: string;

  @Right('registry.read')
  @Field(() => Float, { description: 'The least that is in order.' })
  readonly least!: number;

  @Right('registry.read')
  @Field(() => Float, { description: 'The most that is in order.' })
  readonly most!: number;
}

@ObjectType('TierRules', {
  description: 'What is asked of the grids of a tier: local practice.',
  simpleResolvers: true,
})
export class TierRulesType {
  @Right('registry.read')
  @Field(() => TierSourceKind, { description: 'What they are made of.' })
  readonly madeOf!: `${TierSourceKind}`;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'Layer of the members; null unless madeOf is MEMBERS.' })
  readonly memberLayer!: string | null;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'Tier of the members.' })
  readonly memberTier!: string | null;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'Regular expression for main codes; null: any code.' })
  readonly codePattern!: string | null;

  @Right('registry.read')
  @Field(() => Float, { description: 'A smaller grid is a warning; under 10 m² none is published.' })
  readonly leastSquareMetres!: number;

  @Right('registry.read')
  @Field(() => Float, { description: 'A grid of a smaller mean width is a warning.' })
  readonly leastWidthMetres!: number;

  @Right('registry.read')
  @Field(() => LoadBand, { nullable: true, description: 'A grid outside is a warning; null: no band.' })
  readonly load!: LoadBand | null;
}

@InputType({ description: 'The band in which a load figure should lie.' })
export class LoadBandInput {
  @Field(() => String, { description: 'What is counted, such as households.' })
  readonly measure!: string;

  @Field(() => Float, { description: 'The least that is in order.' })
  readonly least!: number;

  @Field(() => Float, { description: 'The most that is in order.' })
  readonly most!: number;
}

@InputType({ description: 'What is asked of the grids of a tier from now on. What is left out has no rule.' })
export class TierRulesInput {
  @Field(() => TierSourceKind, { defaultValue: TierSourceKind.DRAWN, description: 'What they are made of.' })
  readonly madeOf!: `${TierSourceKind}`;

  @Field(() => String, { nullable: true, description: 'Another layer, where madeOf is MEMBERS.' })
  readonly memberLayer?: string | null;

  @Field(() => String, { nullable: true, description: 'A tier of it.' })
  readonly memberTier?: string | null;

  @Field(() => String, { nullable: true, description: 'Regular expression that a main code must match as a whole.' })
  readonly codePattern?: string | null;

  @Field(() => Float, { nullable: true, description: 'At least 10, which is the default.' })
  readonly leastSquareMetres?: number | null;

  @Field(() => Float, { nullable: true, description: '1 if not given.' })
  readonly leastWidthMetres?: number | null;

  @Field(() => LoadBandInput, { nullable: true, description: 'The band of a load figure.' })
  readonly load?: LoadBandInput | null;
}
