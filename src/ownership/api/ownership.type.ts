import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
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

export enum NoticeCode {
  NEAR_BORDER = 'NEAR_BORDER',
  GAP = 'GAP',
  NOT_SERVED = 'NOT_SERVED',
  OUTSIDE = 'OUTSIDE',
  VACANT = 'VACANT',
  FALLBACK = 'FALLBACK',
  AMBIGUOUS_ADDRESS = 'AMBIGUOUS_ADDRESS',
  ADDRESS_NOT_FOUND = 'ADDRESS_NOT_FOUND',
  LANGUAGE_NOT_SERVED = 'LANGUAGE_NOT_SERVED',
  BAD_PLACE = 'BAD_PLACE',
}
registerEnumType(NoticeCode, {
  name: 'NoticeCode',
  description: 'What a reader of the answer should know.',
  valuesConfig: {
    NEAR_BORDER: { description: 'Another grid lies within the accuracy of the place: see `nearby`.' },
    GAP: { description: 'No grid holds the place on the level it should.' },
    NOT_SERVED: {
      description: 'A layer leaves the place out on purpose, or nobody holds a post there and no body manages it.',
    },
    OUTSIDE: { description: 'A PARTITION layer does not reach there.' },
    VACANT: { description: 'A post that answers here has no holder.' },
    FALLBACK: { description: 'The body that manages the territory stands in for a role that nobody holds.' },
    AMBIGUOUS_ADDRESS: { description: 'Several addresses match and have different owners.' },
    ADDRESS_NOT_FOUND: { description: 'No address matches the text.' },
    LANGUAGE_NOT_SERVED: {
      description: 'No mediation team here speaks the language asked for; the general one is given.',
    },
    BAD_PLACE: {
      description: 'The place could not be read; the message says why. Its neighbours in the request are answered.',
    },
  },
});

@ObjectType('Position', {
  description: 'A position in degrees on WGS84, rounded to 1e-7 degree (1 cm).',
  simpleResolvers: true,
})
export class PositionType {
  @Right('registry.read')
  @Field(() => Float, { description: 'Longitude.' })
  readonly lon!: number;

  @Right('registry.read')
  @Field(() => Float, { description: 'Latitude.' })
  readonly lat!: number;
}

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
  @Field(() => [Grid], { description: 'From the smallest grid to the root, as the tree has it.' })
  get chain(): Grid[] {
    return this.answer.chain.map((version) => new Grid(version, this.moment));
  }

  @Right('registry.read')
  @Field(() => [Grid], {
    description:
      'In an OVERLAY, the other grids that hold the place too. Precedence: deeper tier, smaller area, lower code.',
  })
  get alsoIn(): Grid[] {
    return this.answer.otherChains.map(([version]) => new Grid(version, this.moment));
  }

  @Right('registry.read')
  @Field(() => [NearbyGrid], { description: 'Other grids of the same tier within the accuracy, nearest first.' })
  get nearby(): NearbyGrid[] {
    return this.answer.nearby().map(({ version, distanceMetres }) => ({
      grid: new Grid(version, this.moment),
      distanceMetres: Math.round(distanceMetres * 1000) / 1000,
    }));
  }

  @Right('registry.read')
  @Field(() => [GridShare], {
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

@ObjectType({ description: 'Something a reader of the answer should know.', simpleResolvers: true })
export class Notice {
  @Right('registry.read')
  @Field(() => NoticeCode, { description: 'What it is, for programs.' })
  readonly code!: NoticeCode;

  @Right('registry.read')
  @Field(() => String, { description: 'What it is, for people.' })
  readonly message!: string;
}

export function placeOf({ point, accuracyMetres }: ReadPlace): Place {
  return { point, accuracyMetres, confidence: 1 };
}
