import { Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { Right } from '../access/declareRight.ts';
import type { RequestContext } from '../access/requestContext.ts';
import { ACTIONS } from '../access/rights.ts';
import { may, type Viewer } from '../access/viewer.ts';
import { listOf } from './listSize.ts';
import { DateTimeScalar } from './scalars.ts';

@ObjectType('Grant', { simpleResolvers: true, description: 'A role in some part of the tree.' })
class GrantType {
  @Right('viewer.read')
  @Field(() => String, { description: 'The role: officer, dispatcher, gis_editor …' })
  readonly role!: string;

  @Right('viewer.read')
  @Field(() => Boolean, { description: 'True when the role holds on every grid; `areaIds` is empty then.' })
  readonly everywhere!: boolean;

  @Right('viewer.read')
  @Field(() => [ID], { description: 'Grids on which it holds, with all below them in the current edition.' })
  readonly areaIds!: readonly string[];
}

@ObjectType('Viewer', { simpleResolvers: true, description: 'You, as the server sees you.' })
class ViewerType {
  @Right('viewer.read')
  @Field(() => Boolean, { description: 'False for the public.' })
  readonly signedIn!: boolean;

  @Right('viewer.read')
  @Field(() => String, { description: 'The name under which the audit records what you do.' })
  readonly subject!: string;

  @Right('viewer.read')
  @Field(() => [GrantType], { complexity: listOf(3), description: 'Your roles and where they hold.' })
  readonly grants!: readonly GrantType[];

  @Right('viewer.read')
  @Field(() => [String], {
    description: 'The rights you have somewhere, such as registry.read: what to show and hide.',
  })
  readonly rights!: readonly string[];

  @Right('viewer.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When your token or key ends; null for the public.' })
  readonly expiresAt!: Date | null;
}

/** Who am I, and what may I do? */
@Resolver()
export class ViewerResolver {
  @Right('viewer.read')
  @Query(() => ViewerType, { description: 'Who you are to the server, and what you may do.' })
  viewer(@Ctx() { viewer }: RequestContext): ViewerType {
    return {
      signedIn: viewer.kind !== 'public',
      subject: viewer.subject,
      grants: grantsOf(viewer),
      rights: ACTIONS.filter((action) => may(viewer, action)),
      expiresAt: viewer.expiresAt === undefined ? null : new Date(viewer.expiresAt),
    };
  }
}

function grantsOf({ grants }: Viewer): GrantType[] {
  return grants.map(({ role, areas }) => {
    const everywhere = areas === 'everywhere';
    return { role, everywhere, areaIds: everywhere ? [] : areas };
  });
}
