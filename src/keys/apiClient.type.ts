import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../access/declareRight.ts';
import { listOf } from '../api/listSize.ts';
import { PageInfo } from '../api/page.type.ts';
import { DateTimeScalar } from '../api/scalars.ts';

@ObjectType({ description: 'A key of an integrator, without its secret.', simpleResolvers: true })
export class ApiKey {
  @Right('keys.read')
  @Field(() => ID, { description: 'The part of the key between its underscores; not secret.' })
  readonly id!: string;

  @Right('keys.read')
  @Field(() => DateTimeScalar, { description: 'When it was issued.' })
  readonly createdAt!: Date;

  @Right('keys.read')
  @Field(() => DateTimeScalar, { description: 'From when on it is refused, if it is not revoked before.' })
  readonly expiresAt!: Date;

  @Right('keys.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked; null if it was not.' })
  readonly revokedAt!: Date | null;

  @Right('keys.read')
  @Field(() => Boolean, { description: 'Whether it is taken now: neither revoked nor at its end.' })
  readonly live!: boolean;
}

@ObjectType({
  description: 'An organisation or system that asks with keys of its own, and what the keys may do. Never a person.',
  simpleResolvers: true,
})
export class ApiClient {
  @Right('keys.read')
  @Field(() => ID, { description: 'The stable id.' })
  readonly id!: string;

  @Right('keys.read')
  @Field(() => String, { description: 'Which organisation or system.' })
  readonly name!: string;

  @Right('keys.read')
  @Field(() => [ID], {
    description: 'Its areas: these grids and all below them, as the tree stands. Empty where `everywhere` is true.',
  })
  readonly areaIds!: readonly string[];

  @Right('keys.read')
  @Field(() => Boolean, { description: 'Whether its area is the whole registry.' })
  readonly everywhere!: boolean;

  @Right('keys.read')
  @Field(() => [String], { description: 'The rights it was given, of those that integrators may have.' })
  readonly actions!: readonly string[];

  @Right('keys.read')
  @Field(() => [String], { description: 'Kinds of events it may receive; empty for all.' })
  readonly eventTypes!: readonly string[];

  @Right('keys.read')
  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  readonly createdAt!: Date;

  @Right('keys.read')
  @Field(() => [ApiKey], {
    complexity: listOf(3),
    description: 'All its keys, newest first, ended ones too; at most two are live.',
  })
  readonly keys!: readonly ApiKey[];
}

@ObjectType({ description: 'An integrator in a list.', simpleResolvers: true })
export class ApiClientEdge {
  @Right('keys.read')
  @Field(() => ApiClient, { description: 'The integrator.' })
  readonly node!: ApiClient;

  @Right('keys.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this integrator.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of integrators, by name.', simpleResolvers: true })
export class ApiClientConnection {
  @Right('keys.read')
  @Field(() => [ApiClientEdge], { complexity: listOf(1), description: 'The integrators of this page.' })
  readonly edges!: ApiClientEdge[];

  @Right('keys.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('keys.read')
  @Field(() => Int, { description: 'How many there are on all pages that you may see.' })
  readonly totalCount!: number;
}

@ObjectType({ description: 'A key just issued.', simpleResolvers: true })
export class IssuedApiKey {
  @Right('keys.manage')
  @Field(() => String, {
    description:
      'The whole key, as it is sent: hand it to the integrator over a safe way. Shown once; it can never be read again.',
  })
  readonly secret!: string;

  @Right('keys.manage')
  @Field(() => ApiKey, { description: 'What is kept of it.' })
  readonly key!: ApiKey;

  @Right('keys.manage')
  @Field(() => ApiClient, { description: 'Whose key it is.' })
  readonly client!: ApiClient;
}
