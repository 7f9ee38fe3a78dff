import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { PositionType } from '../../api/position.type.ts';
import type { Moment } from '../../grids/moment.ts';

export enum HoldingPlaceKind {
  BUILDING = 'BUILDING',
  SITE = 'SITE',
  PREMISES = 'PREMISES',
  LINE = 'LINE',
}
registerEnumType(HoldingPlaceKind, {
  name: 'HoldingPlaceKind',
  description: 'What a post may answer for besides a grid.',
  valuesConfig: {
    BUILDING: { description: 'A building: its addresses, and its own point.' },
    SITE: { description: 'A station, a police room, a self-service room …' },
    PREMISES: { description: 'An inn, a warehouse, a market …' },
    LINE: { description: 'A street or a stretch of a river.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'The building, site, premises or line that a post answers for.',
})
export class HoldingPlace {
  @Right('registry.read')
  @Field(() => HoldingPlaceKind, { description: 'What it is.' })
  readonly kind: keyof typeof HoldingPlaceKind;

  @Right('registry.read')
  @Field(() => ID, { description: 'Stable for ever; of a site, ask `site` for more.' })
  readonly id: string;

  @Right('registry.read')
  @Field(() => String, { description: 'The name it has at the asked instant.' })
  readonly name: string;

  @Right('registry.read')
  @Field(() => PositionType, { description: 'Where it is; of a line, its first point.' })
  readonly point: PositionType;

  /** When it was asked for. */
  readonly moment: Moment;

  constructor(
    kind: keyof typeof HoldingPlaceKind,
    state: { readonly id: string; readonly name: string; readonly point: PositionType },
    moment: Moment,
  ) {
    this.kind = kind;
    this.id = state.id;
    this.name = state.name;
    this.point = state.point;
    this.moment = moment;
  }
}
