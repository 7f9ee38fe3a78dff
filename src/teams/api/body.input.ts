import { Field, Float, ID, InputType } from 'type-graphql';

@InputType({ description: 'A point in degrees on WGS84.' })
export class CoveredPointInput {
  @Field(() => Float, { description: 'Longitude, -180 to 180, east positive.' })
  lon!: number;

  @Field(() => Float, { description: 'Latitude, -90 to 90, north positive.' })
  lat!: number;
}

@InputType({ description: 'Which bodies are wanted; every field given narrows.' })
export class BodyFilter {
  @Field(() => String, { nullable: true, description: 'What sort of body, in local words, such as MEDIATION_TEAM.' })
  kind?: string | null;

  @Field(() => String, { nullable: true, description: 'Only with members of this kind, in local words.' })
  memberKind?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only directly below this body, in any line unless one is given.' })
  parent?: string | null;

  @Field(() => String, { nullable: true, description: 'Only with a body above in this line, such as police or party.' })
  line?: string | null;

  @Field(() => String, { nullable: true, description: 'Only of this standing, in local words, such as civil.' })
  standing?: string | null;

  @Field(() => String, { nullable: true, description: 'Only those who answer for this matter, or for every matter.' })
  category?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Id of a grid: only those who cover all of it at the instant; on a circuit only on its days.',
  })
  covering?: string | null;

  @Field(() => CoveredPointInput, { nullable: true, description: 'Only those who cover this point at the instant.' })
  coveringPoint?: CoveredPointInput | null;

  @Field(() => String, { nullable: true, description: 'Part of the name.' })
  search?: string | null;
}
