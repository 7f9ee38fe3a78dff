import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { GridFinder } from '../../grids/gridFinder.ts';
import type { Moment } from '../../grids/moment.ts';
import { Holding, HoldingReason, Post } from '../api/holding.type.ts';
import { Body, Person } from '../api/staff.type.ts';
import type { Directory } from '../directory.ts';
import type { DoneAct } from './staffingDesk.ts';

@ObjectType({
  description:
    'What an act on staff led to, as of the instant at which it takes effect, in the edition that it published. The next request sees it, on every server within a second.',
  simpleResolvers: true,
})
export class StaffingResult {
  @Right('staff.manage')
  @Field(() => Int, { description: 'The edition that it published.' })
  readonly edition!: number;

  @Right('staff.manage')
  @Field(() => DateTimeScalar, { description: 'The instant for which the rest is shown: when it takes effect.' })
  readonly asOf!: Date;

  @Right('staff.manage')
  @Field(() => ID, { nullable: true, description: 'The appointment that was made or ended; null for other acts.' })
  readonly appointmentId!: string | null;

  @Right('staff.manage')
  @Field(() => Post, { nullable: true, description: 'The post; null once it has ended, and where none is concerned.' })
  readonly post!: Post | null;

  @Right('staff.manage')
  @Field(() => Holding, {
    nullable: true,
    description: 'How the post is held by the one concerned; null if not any more.',
  })
  readonly holding!: Holding | null;

  @Right('staff.manage')
  @Field(() => Person, { nullable: true, description: 'The person concerned; null where it is a body or nobody.' })
  readonly person!: Person | null;

  @Right('staff.manage')
  @Field(() => Body, { nullable: true, description: 'The body concerned; null where it is a person or none.' })
  readonly body!: Body | null;
}

/** Shows a done act from memory: the same act, asked again, is shown the same for ever. */
export function showAct({ edition, answer }: DoneAct, directory: Directory, grids: GridFinder): StaffingResult {
  const moment: Moment = { asOf: answer.asOf, edition };
  const { postId, gridId, appointmentId = null, personId, bodyId } = answer;
  const entry = postId === undefined ? undefined : directory.findPost(postId, moment);
  const version = gridId === undefined ? undefined : grids.findById(gridId, moment);
  const post = entry ? new Post(entry, version ? new Grid(version, moment) : null) : null;
  const held = entry?.holders.find((holder) => holder.appointmentId === appointmentId);
  return {
    edition,
    asOf: new Date(answer.asOf),
    appointmentId,
    post,
    holding: post && held ? new Holding(post, held, HoldingReason.DIRECT) : null,
    person: (personId !== undefined && directory.findPerson(personId, moment)) || null,
    body: (bodyId !== undefined && directory.findBody(bodyId, moment)) || null,
  };
}
