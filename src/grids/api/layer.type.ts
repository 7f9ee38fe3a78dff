import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import type { LayerEntry, TierEntry } from '../atlas/rows.ts';
import type { LayerKind } from '../territory.type.ts';

export enum LayerKindEnum {
  PARTITION = 'PARTITION',
  OVERLAY = 'OVERLAY',
}
registerEnumType(LayerKindEnum, {
  name: 'LayerKind',
  description: 'Whether the grids of one tier may overlap.',
  valuesConfig: {
    PARTITION: { description: 'Never: every covered place has exactly one grid per tier, borders and corners too.' },
    OVERLAY: { description: 'They may, and the layer need not cover everything (water, patrol routes).' },
  },
});

@ObjectType({
  description: 'A tree of grids with its own rules: police, governance, patrol, water … Which there are is local data.',
  simpleResolvers: true,
})
export class Layer {
  private readonly entry: LayerEntry;
  private readonly edition: number;

  constructor(entry: LayerEntry, edition: number) {
    this.entry = entry;
    this.edition = edition;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'Short stable name, used in filters.' })
  get code(): string {
    return this.entry.code;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'Name to show to people.' })
  get name(): string {
    return this.entry.name;
  }

  @Right('registry.read')
  @Field(() => LayerKindEnum, { description: 'Whether grids of one tier may overlap.' })
  get kind(): LayerKind {
    return this.entry.kind;
  }

  @Right('registry.read')
  @Field(() => [Tier], { complexity: listOf(6), description: 'The levels of the tree, root first.' })
  get tiers(): Tier[] {
    return this.entry.tiers
      .filter((tier) => tier.editionFrom <= this.edition)
      .map((tier) => new Tier(tier, this.edition));
  }
}

@ObjectType({
  description: 'One level of a layer. How many there are, and their names, is local data.',
  simpleResolvers: true,
})
export class Tier {
  private readonly entry: TierEntry;
  private readonly edition: number;

  constructor(entry: TierEntry, edition: number) {
    this.entry = entry;
    this.edition = edition;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'Short stable name within its layer.' })
  get code(): string {
    return this.entry.code;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'Name to show to people.' })
  get name(): string {
    return this.entry.name;
  }

  @Right('registry.read')
  @Field(() => Int, {
    description: '1 is the root; a child always has a larger rank than its parent. A branch may skip ranks.',
  })
  get rank(): number {
    return this.entry.rank;
  }

  @Right('registry.read')
  @Field(() => Layer, { description: 'The layer it belongs to.' })
  get layer(): Layer {
    return new Layer(this.entry.layer, this.edition);
  }
}
