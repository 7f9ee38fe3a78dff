import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { DateTimeScalar } from '../../../api/scalars.ts';
import type { GridFinder } from '../../../grids/gridFinder.ts';
import { Post } from '../../api/holding.type.ts';
import { showAct } from '../../appointing/appointing.type.ts';
import type { Directory } from '../../directory.ts';
import type { DoneCalendarAct } from './holidayManaging.service.ts';
import type { DoneRosterAct } from './rosterManaging.service.ts';

@ObjectType({
  description:
    'What an act on rosters led to, as of the instant at which it takes effect, in the edition that it published. The next request sees it, on every server within a second.',
  simpleResolvers: true,
})
export class RostersResult {
  @Right('staff.manage')
  @Field(() => Int, { description: 'The edition that it published.' })
  readonly edition!: number;

  @Right('staff.manage')
  @Field(() => DateTimeScalar, { description: 'The instant for which the post is shown: when it takes effect.' })
  readonly asOf!: Date;

  @Right('staff.manage')
  @Field(() => [ID], {
    description:
      'The rosters that were added or ended, in the order in which they were given. `endRosters` takes them.',
  })
  readonly rosterIds!: readonly string[];

  @Right('staff.manage')
  @Field(() => Post, { nullable: true, description: 'Their post; null where it does not exist at that instant.' })
  readonly post!: Post | null;
}

@ObjectType({ description: 'What an act on a calendar of holidays led to.', simpleResolvers: true })
export class HolidaysResult {
  @Right('staff.manage')
  @Field(() => Int, { description: 'The edition that it published.' })
  readonly edition!: number;

  @Right('staff.manage')
  @Field(() => String, { description: 'The name of the calendar.' })
  readonly calendar!: string;

  @Right('staff.manage')
  @Field(() => Int, { description: 'How many days came in or went out.' })
  readonly changed!: number;
}

/** Shows a done act from memory: the same act, asked again, is shown the same for ever. */
export function showRosters(done: DoneRosterAct, directory: Directory, grids: GridFinder): RostersResult {
  const { edition, asOf, post } = showAct(done, directory, grids);
  return { edition, asOf, post, rosterIds: done.answer.rosterIds };
}

export function showHolidays({ edition, answer: { calendar, changed } }: DoneCalendarAct): HolidaysResult {
  return { edition, calendar, changed };
}
