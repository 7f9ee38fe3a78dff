import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { DoneAct } from '../../posts/appointing/staffingDesk.ts';
import { Site, type SiteSources } from '../api/site.type.ts';
import type { SiteAnswer } from './siteReach.ts';

@ObjectType({
  description:
    'What an act on a site led to, as of the instant at which it takes effect, in the edition that it published. The next request sees it, on every server within a second.',
  simpleResolvers: true,
})
export class SiteActResult {
  @Right('staff.manage')
  @Field(() => Int, { description: 'The edition that it published.' })
  readonly edition!: number;

  @Right('staff.manage')
  @Field(() => DateTimeScalar, { description: 'The instant for which the site is shown: when the act takes effect.' })
  readonly asOf!: Date;

  @Right('staff.manage')
  @Field(() => Site, { nullable: true, description: 'The site; null once it has ended, and before it begins.' })
  readonly site!: Site | null;
}

/** Shows a done act from memory: the same act, asked again, is shown the same for ever. */
export function showSiteAct({ edition, answer }: DoneAct, sources: SiteSources): SiteActResult {
  const { siteId, asOf } = answer as SiteAnswer;
  const moment = { asOf, edition };
  const found = sources.book.findSite(siteId, moment);
  return { edition, asOf: new Date(asOf), site: found ? new Site(found, sources, moment) : null };
}
