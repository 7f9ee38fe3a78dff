import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { FeedItem } from '../../feed/feeds.ts';
import { Incident } from '../api/incident.type.ts';
import type { EventKind } from '../course/state.ts';
import type { TrailEntry } from '../incident.type.ts';
import type { ToldIncident } from './toldIncident.ts';

export enum IncidentEventKindEnum {
  REPORTED = 'REPORTED',
  ENTERED = 'ENTERED',
  LEFT = 'LEFT',
  ASSIGNED = 'ASSIGNED',
  CHANGED = 'CHANGED',
  ESCALATED = 'ESCALATED',
  CLOSED = 'CLOSED',
}
registerEnumType(IncidentEventKindEnum, {
  name: 'IncidentEventKind',
  description: 'What happened to an incident. `act` says it finer.',
  valuesConfig: {
    REPORTED: { description: 'It is new. The first event of every incident.' },
    ENTERED: {
      description:
        'It came to other grids: it was handed over, or took up new owners after their boundary moved. Told to those that have it from now on. Show it.',
    },
    LEFT: {
      description:
        'It went to other grids. Told to those that had it; an area that holds the old grids and the new ones is told both, LEFT first. Take it off the list unless ENTERED follows.',
    },
    ASSIGNED: { description: 'Somebody was given a task of it.' },
    CHANGED: { description: 'Anything else: a task went on, somebody tried to mediate, it was pushed or linked.' },
    ESCALATED: { description: 'It climbed to the next tier of its ladder.' },
    CLOSED: { description: 'It has ended; `incident.outcome` says how.' },
  },
});

@ObjectType({ description: 'One event of an incident, the same for everybody who is told. Events are never changed.' })
export class IncidentEvent {
  readonly told: ToldIncident;
  /** To the doors: its plain fields are the same for everybody who is given this object. */
  readonly shareKey = '';
  private readonly item: FeedItem;
  private readonly shown: Incident;

  constructor(item: FeedItem, told: ToldIncident, shown: Incident) {
    this.item = item;
    this.told = told;
    this.shown = shown;
  }

  @Right('incidents.read')
  @Field(() => ID, {
    description: 'Unique. An event may come twice, as after a lost connection: forget it if you have its id.',
  })
  get id(): string {
    return this.item.event.id;
  }

  @Right('incidents.read')
  @Field(() => String, {
    description:
      'Keep it once the event is dealt with, and resume with `after: cursor`. Good for this area and these categories only.',
  })
  get cursor(): string {
    return this.item.cursor;
  }

  @Right('incidents.read')
  @Field(() => IncidentEventKindEnum, { description: 'What happened, for lists and counters.' })
  get kind(): EventKind {
    return this.item.event.kind as EventKind;
  }

  @Right('incidents.read')
  @Field(() => Incident, {
    description:
      'The incident: its own fields as they were at this event; its tasks, owners, trail and the like as they are now and as far as your area shows them: of one that has left it mostly nothing.',
  })
  get incident(): Incident {
    return this.shown;
  }

  @Right('incidents.read')
  @Field(() => String, { description: 'What was done, finer: TASK_ACKNOWLEDGED, ATTEMPT, MOVED … as in the trail.' })
  get act(): TrailEntry['act'] {
    return this.told.act;
  }

  @Right('incidents.read')
  @Field(() => Int, { description: '1, 2, 3 … within one incident, without a hole.' })
  get version(): number {
    return this.item.event.version;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  get at(): Date {
    return this.item.event.at;
  }
}

@ObjectType({ description: 'A part of the feed of an area, oldest event first.', simpleResolvers: true })
export class IncidentEventPage {
  @Right('incidents.read')
  @Field(() => [IncidentEvent], { complexity: listOf(1), description: 'The events, in order.' })
  readonly events!: readonly IncidentEvent[];

  @Right('incidents.read')
  @Field(() => String, {
    description: 'Pass it as `after` for what follows. It moves on though there was nothing for you: keep the newest.',
  })
  readonly cursor!: string;

  @Right('incidents.read')
  @Field(() => Boolean, { description: 'Whether more is there already.' })
  readonly hasMore!: boolean;
}
