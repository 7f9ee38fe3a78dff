import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { Address } from '../../../addresses/api/address.type.ts';
import { PositionType } from '../../../api/position.type.ts';
import { DateTimeScalar, GeoJsonScalar } from '../../../api/scalars.ts';
import { Grid } from '../../../grids/api/grid.type.ts';
import { Layer } from '../../../grids/api/layer.type.ts';
import { Person } from '../../../posts/api/staff.type.ts';

@ObjectType({ description: 'A grid that owns an incident.', simpleResolvers: true })
export class IncidentOwner {
  @Right('incidents.read')
  @Field(() => Grid, { description: 'The grid, as it was on the day from which it owns the incident.' })
  readonly grid!: Grid;

  @Right('incidents.read')
  @Field(() => Layer, { description: 'Its layer.' })
  readonly layer!: Layer;

  @Right('incidents.read')
  @Field(() => Float, { description: 'Of a place that is an area: how much of it lies in the grid, 0 to 1; else 1.' })
  readonly share!: number;
}

@ObjectType({ description: 'What a reader should know about an incident.', simpleResolvers: true })
export class IncidentNotice {
  @Right('incidents.read')
  @Field(() => String, {
    description:
      'NOT_CONFIGURED (no practice says who handles it), MISSING_TIER, VACANT, FINDER_EXCLUDED, LANGUAGE_NOT_SERVED, OPEN_RELATED, NEAR_BORDER, GAP.',
  })
  readonly code!: string;

  @Right('incidents.read')
  @Field(() => String, { description: 'The same in words.' })
  readonly message!: string;
}

@ObjectType({
  description: 'One attempt at mediation. Only the last one can have settled the matter.',
  simpleResolvers: true,
})
export class MediationAttempt {
  @Right('incidents.read')
  @Field(() => Int, { description: '1, 2, 3 … in their order.' })
  readonly number!: number;

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  readonly at!: Date;

  @Right('incidents.read')
  @Field(() => ID, { description: 'The task under which it was made.' })
  readonly taskId!: string;

  @Right('incidents.read')
  @Field(() => Person, {
    nullable: true,
    description: 'The member of staff who mediated, where the login says who it is.',
  })
  readonly mediator!: Person | null;

  @Right('incidents.read')
  @Field(() => String, { description: 'FAILED or SETTLED.' })
  readonly result!: string;

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'Where the agreement lies: its number in the local archive.' })
  readonly agreement!: string | null;

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'In words.' })
  readonly note!: string | null;
}

@ObjectType({
  description: 'An incident pushed from the bodies of one layer to those of another, and their answer.',
  simpleResolvers: true,
})
export class IncidentPush {
  @Right('incidents.read')
  @Field(() => ID, { description: 'Stable; the same push sent again while nobody answered keeps it.' })
  readonly id!: string;

  @Right('incidents.read')
  @Field(() => ID, { description: 'The incident.' })
  readonly incidentId!: string;

  @Right('incidents.read')
  @Field(() => Grid, { nullable: true, description: 'Whose side sent it.' })
  readonly from!: Grid | null;

  @Right('incidents.read')
  @Field(() => Grid, { nullable: true, description: 'Whose side is to answer.' })
  readonly to!: Grid | null;

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'What is wanted, in words.' })
  readonly message!: string | null;

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { description: 'When it was sent.' })
  readonly sentAt!: Date;

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the other side took note of it.' })
  readonly acknowledgedAt!: Date | null;

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the other side answered; null: it waits.' })
  readonly answeredAt!: Date | null;

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'The answer.' })
  readonly answer!: string | null;
}

@ObjectType({ description: 'One line of the trail of an incident. Lines are never changed.', simpleResolvers: true })
export class IncidentEntry {
  @Right('incidents.read')
  @Field(() => ID, { description: 'Unique.' })
  readonly id!: string;

  @Right('incidents.read')
  @Field(() => Int, { description: '1, 2, 3 … within one incident, without a hole.' })
  readonly version!: number;

  @Right('incidents.read')
  @Field(() => String, { description: 'REPORTED, ENTERED, LEFT, ASSIGNED, CHANGED, ESCALATED or CLOSED.' })
  readonly kind!: string;

  @Right('incidents.read')
  @Field(() => String, { description: 'What was done, finer: TASK_ACKNOWLEDGED, ATTEMPT, MOVED …' })
  readonly act!: string;

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { description: 'When.' })
  readonly at!: Date;

  @Right('incidents.read')
  @Field(() => String, { description: 'The login that did it.' })
  readonly by!: string;

  @Right('incidents.read')
  @Field(() => String, { description: 'Codes, ids and words of it, as a JSON object.' })
  readonly details!: string;
}

@ObjectType({
  description: 'What only those who handle an incident may read. Reading it is recorded.',
  simpleResolvers: true,
})
export class SealedPart {
  @Right('incidents.unseal')
  @Field(() => String, { nullable: true, description: 'What happened, in words.' })
  readonly narrative!: string | null;

  @Right('incidents.unseal')
  @Field(() => PositionType, { description: 'Where exactly; of an area a point in it.' })
  readonly point!: PositionType;

  @Right('incidents.unseal')
  @Field(() => Float, { description: 'Radius of uncertainty in metres.' })
  readonly accuracyMetres!: number;

  @Right('incidents.unseal')
  @Field(() => Address, { nullable: true, description: 'The address, where the place was reported by one.' })
  readonly address!: Address | null;

  @Right('incidents.unseal')
  @Field(() => GeoJsonScalar, { nullable: true, description: 'The polygon or line that was reported.' })
  readonly area!: object | null;
}
