import { Field, Float, ID, InputType } from 'type-graphql';
import { PointInput } from '../../api/point.input.ts';
import { DateTimeScalar } from '../../api/scalars.ts';

@InputType({ description: 'What one can have done at a site, and when.' })
export class SiteServiceInput {
  @Field(() => String, { description: 'Its code in local words, once for each site; at most 64 characters.' })
  readonly code!: string;

  @Field(() => String, { description: 'Its name; at most 200 characters.' })
  readonly name!: string;

  @Field(() => String, {
    description:
      'Opening hours like `24/7` or `Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00; 2026-10-01 off`; days not named are closed.',
  })
  readonly hours!: string;
}

@InputType({ description: 'A new site: where it is, what it offers and which bodies work there.' })
export class OpenSiteInput {
  @Field(() => String, { description: 'Its name; at most 200 characters.' })
  readonly name!: string;

  @Field(() => String, { description: 'What sort of site, in local words, such as POLICE_ROOM.' })
  readonly kind!: string;

  @Field(() => PointInput, { description: 'Where it is; a grid of your area must hold it.' })
  readonly point!: PointInput;

  @Field(() => Float, {
    nullable: true,
    description: 'A place within so many metres of the point is at the site, 0 to 5,000; 30 if not given.',
  })
  readonly radiusMetres?: number | null;

  @Field(() => String, { description: 'The time zone of its opening hours, such as Asia/Shanghai.' })
  readonly timeZone!: string;

  @Field(() => [SiteServiceInput], { nullable: true, description: 'What one can have done there.' })
  readonly services?: SiteServiceInput[] | null;

  @Field(() => [ID], { nullable: true, description: 'The bodies that work there, of any area.' })
  readonly bodyIds?: string[] | null;

  @Field(() => DateTimeScalar, { description: 'Its first instant, past or planned.' })
  readonly from!: Date;
}
