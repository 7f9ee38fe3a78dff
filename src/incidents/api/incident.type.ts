import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { IncidentParts, IncidentRecord } from '../incident.type.ts';
import { IncidentNotice } from './parts/incidentParts.type.ts';

@ObjectType({ description: 'A matter at a place: who answers for it, what was asked of whom, and what came of it.' })
export class Incident {
  readonly record: IncidentRecord;
  /** What belongs to it, as far as somebody sees it; where one object is shown to several, each sees his own. */
  readonly parts: (by: RequestContext) => Promise<IncidentParts>;
  /** The record with its whole place, where an event left an area out of it. */
  readonly whole: () => IncidentRecord | Promise<IncidentRecord>;

  constructor(record: IncidentRecord, parts: Incident['parts'], whole: Incident['whole'] = () => record) {
    this.record = record;
    this.parts = parts;
    this.whole = whole;
  }

  @Right('incidents.read')
  @Field(() => ID, { description: 'Stable.' })
  get id(): string {
    return this.record.id;
  }

  @Right('incidents.read')
  @Field(() => String, { description: 'The matter, by its code in the local practice.' })
  get category(): string {
    return this.record.category;
  }

  @Right('incidents.read')
  @Field(() => String, { description: 'OPEN or CLOSED.' })
  get status(): string {
    return this.record.status;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'Its grade in the local scheme, such as red.' })
  get severity(): string | null {
    return this.record.severity;
  }

  @Right('incidents.read')
  @Field(() => String, {
    description: 'REPORTED to staff, FOUND by staff before anybody reported it, or PUSHED by another system.',
  })
  get origin(): string {
    return this.record.origin;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'What it is about, in a few words.' })
  get summary(): string | null {
    return this.record.summary;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'The language that is spoken in it, a BCP 47 tag such as pcc.' })
  get language(): string | null {
    return this.record.language;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'The response class it falls under.' })
  get responseClass(): string | null {
    return this.record.responseClass;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { description: 'When it happened, as reported.' })
  get occurredAt(): Date {
    return this.record.occurredAt;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { description: 'When it was reported.' })
  get reportedAt(): Date {
    return this.record.reportedAt;
  }

  @Right('incidents.read')
  @Field(() => Int, { description: 'Grows by one with each line of its trail.' })
  get version(): number {
    return this.record.version;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'The ladder it climbs, by its code in the local practice.' })
  get ladder(): string | null {
    return this.record.ladder;
  }

  @Right('incidents.read')
  @Field(() => String, {
    nullable: true,
    description: 'The tier that it has reached, by its code; null: none is configured.',
  })
  get tier(): string | null {
    return this.record.rung?.tier ?? null;
  }

  @Right('incidents.read')
  @Field(() => [IncidentNotice], {
    complexity: listOf(3),
    description: 'What a reader should know: nobody is configured, a tier is missing, related matters are open.',
  })
  get notices(): readonly IncidentNotice[] {
    return this.record.notices;
  }

  @Right('incidents.read')
  @Field(() => String, {
    nullable: true,
    description: 'SETTLED, UNFOUNDED, DUPLICATE or HANDED_OVER; null while it is open.',
  })
  get outcome(): string | null {
    return this.record.outcome;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'What came of it, in words.' })
  get result(): string | null {
    return this.record.result;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was closed.' })
  get closedAt(): Date | null {
    return this.record.closedAt;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'The login that closed it.' })
  get closedBy(): string | null {
    return this.record.closedBy;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'The tier on which it was closed.' })
  get closedTier(): string | null {
    return this.record.closedTier;
  }
}
