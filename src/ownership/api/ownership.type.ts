import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PositionType } from '../../api/position.type.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Layer } from '../../grids/api/layer.type.ts';
import type { Moment } from '../../grids/moment.ts';
import type { ReadPlace } from '../place.ts';
import type { LayerAnswer, OwnershipStatus } from '../territorial.ts';

export enum OwnershipStatusEnum {
  OWNED = 'OWNED',
  GAP = 'GAP',
  NOT_SERVED = 'NOT_SERVED',
  OUTSIDE = 'OUTSIDE',
}
registerEnumType(OwnershipStatusEnum, {
  name: 'OwnershipStatus',
  description: 'How a layer stands to a place.',
  valuesConfig: {
    OWNED: { description: 'A grid holds it.' },
    GAP: {
      description:
        'A PARTITION layer covers what is around it, but no grid holds it on the level it should. `chain` has the grids above, if any.',
    },
    NOT_SERVED: {
      description:
        'Left out on purpose: nobody is meant to serve it, or an OVERLAY layer, which need not cover everything, has no grid there.',
    },
    OUTSIDE: { description: 'The layer does not reach there.' },
  },
});

@ObjectType({ description: 'The place as it was understood.', simpleResolvers: true })
export class Place {
  @Right('registry.read')
  @Field(() => PositionType, {
    description: 'As given, on WGS84; for an area its representative point, which lies inside it.',
  })
  readonly point!: PositionType;

  @Right('registry.read')
  @Field(() => Float, { description: 'Radius of uncertainty in metres.' })
  readonly accuracyMetres!: number;

  @Right('registry.read')
  @Field(() => Float, { description: '1 for a point or area; 0 for a place that could not be read.' })
  readonly confidence!: number;
}

@ObjectType({ description: 'A grid close to the place.', simpleResolvers: true })
export class NearbyGrid {
  @Right('registry.read')
  @Field(() => Grid, { description: 'The grid.' })
  readonly grid!: Grid;

  @Right('registry.read')
  @Field(() => Float, { description: 'Distance from the place to the grid in metres; 0 on the border.' })
  readonly distanceMetres!: number;
}

@ObjectType({ description: 'How much of an area lies in a grid.', simpleResolvers: true })
export class GridShare {
  @Right('registry.read')
  @Field(() => Grid, { description: 'The grid.' })
  readonly grid!: Grid;

  @Right('registry.read')
  @Field(() => Float, { description: 'Of the area (for a line, of its length), 0 to 1.' })
  readonly share!: number;
}

@ObjectType({ description: 'What one layer says of the place.', simpleResolvers: true })
export class LayerOwnership {
  private readonly answer: LayerAnswer;
  private readonly moment: Moment;

  constructor(answer: LayerAnswer, moment: Moment) {
    this.answer = answer;
    this.moment = moment;
  }

  @Right('registry.read')
  @Field(() => Layer, { description: 'The layer.' })
  get layer(): Layer {
    return new Layer(this.answer.layer, this.moment.edition);
  }

  @Right('registry.read')
  @Field(() => OwnershipStatusEnum, { description: 'How the layer stands to the place.' })
  get status(): OwnershipStatus {
    return this.answer.status;
  }

  @Right('registry.read')
  @Field(() => Grid, {
    nullable: true,
    description:
      'The smallest grid that holds the place; for an area, the one with the largest share (a tie goes to the lower code).',
  })
  get grid(): Grid | null {
    return this.answer.chain.length > 0 ? new Grid(this.answer.chain[0], this.moment) : null;
  }

  @Right('registry.read')
  @Field(() => [Grid], {
    complexity: listOf(6),
    description: 'From the smallest grid to the root, as the tree has it.',
  })
  get chain(): Grid[] {
    return this.answer.chain.map((version) => new Grid(version, this.moment));
  }

  @Right('registry.read')
  @Field(() => [Grid], {
    complexity: listOf(2),
    description:
      'In an OVERLAY, the other grids that hold the place too. Precedence: deeper tier, smaller area, lower code.',
  })
  get alsoIn(): Grid[] {
    return this.answer.otherChains.map(([version]) => new Grid(version, this.moment));
  }

  @Right('registry.read')
  @Field(() => [NearbyGrid], {
    complexity: listOf(3),
    description: 'Other grids of the same tier within the accuracy, nearest first.',
  })
  get nearby(): NearbyGrid[] {
    return this.answer.nearby().map(({ version, distanceMetres }) => ({
      grid: new Grid(version, this.moment),
      distanceMetres: Math.round(distanceMetres * 1000) / 1000,
    }));
  }

  @Right('registry.read')
  @Field(() => [GridShare], {
    complexity: listOf(20),
    description:
      'For an area: the smallest grids it touches, by share, largest first; a tie goes to the lower code. A line along a border lies in both its grids.',
  })
  get shares(): GridShare[] {
    return this.answer.shares.map(({ version, share }) => ({ grid: new Grid(version, this.moment), share }));
  }

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'The name of the known gap the place lies in, if it has one.' })
  get gap(): string | null {
    return this.answer.gap?.name ?? null;
  }
}

export function placeOf({ point, accuracyMetres }: ReadPlace): Place {
  return { point, accuracyMetres, confidence: 1 };
}
