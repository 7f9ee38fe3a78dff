import { Arg, Args, Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { listOf, pageSized } from '../../api/listSize.ts';
import { Ownership } from '../../ownership/ownership.ts';
import { Person } from '../../posts/api/staff.type.ts';
import type { IncidentDesk } from '../desk/incidentDesk.ts';
import type { IncidentRecord } from '../incident.type.ts';
import type { IncidentReaderService } from '../incidentReader.service.ts';
import type { OwnersOfDay } from '../reporting/shownOwnership.ts';
import { Incident } from './incident.type.ts';
import { IncidentConnection } from './incidentList.type.ts';
import { IncidentsArgs, questionOf } from './input/incident.input.ts';
import {
  IncidentEntry,
  IncidentOwner,
  IncidentPush,
  MediationAttempt,
  SealedPart,
} from './parts/incidentParts.type.ts';
import type { RegistryViews } from './parts/registryViews.ts';
import { Task } from './parts/task.type.ts';
import { PartsTogether } from './partsTogether.ts';

@ObjectType({ description: 'Another incident that this one hangs together with.', simpleResolvers: true })
export class IncidentLink {
  @Right('incidents.read')
  @Field(() => String, {
    description: 'ROOT: this one came out of the other. BRANCH: the other came out of this one. RELATED: neither.',
  })
  readonly kind!: string;

  @Right('incidents.read')
  @Field(() => Incident, { nullable: true, description: 'The other one; null where it is not in your area.' })
  readonly incident!: Incident | null;

  @Right('incidents.read')
  @Field(() => Boolean, { description: 'Whether the other one is open.' })
  readonly open!: boolean;
}

/** Incidents by id and in lists, and what belongs to each. */
@Resolver(() => Incident)
export class IncidentResolver {
  private readonly reader: IncidentReaderService;
  private readonly desk: Pick<IncidentDesk, 'find'>;
  private readonly owners: OwnersOfDay;
  private readonly views: RegistryViews;

  constructor(
    reader: IncidentReaderService,
    desk: Pick<IncidentDesk, 'find'>,
    owners: OwnersOfDay,
    views: RegistryViews,
  ) {
    this.reader = reader;
    this.desk = desk;
    this.owners = owners;
    this.views = views;
  }

  @Right('incidents.read')
  @Query(() => Incident, {
    nullable: true,
    description: 'One incident, of your area or reported by you. Null: no such, or not for you.',
  })
  async incident(
    @Arg('id', () => ID, { description: 'The stable id.' }) id: string,
    @Ctx() by: RequestContext,
  ): Promise<Incident | null> {
    const record = await this.desk.find(by, id);
    return record ? this.show(record, this.together(by, [id])) : null;
  }

  @Right('incidents.read')
  @Query(() => IncidentConnection, {
    complexity: pageSized(1_000),
    description: 'Incidents that grids of your area own, have a task in or were pushed, newest first.',
  })
  async incidents(
    @Args(() => IncidentsArgs) args: IncidentsArgs,
    @Ctx() by: RequestContext,
  ): Promise<IncidentConnection> {
    const { filter, ...page } = args;
    const { edges, ...rest } = await this.reader.list(by, questionOf(filter), page);
    const together = this.together(
      by,
      edges.map(({ node }) => node.id),
    );
    return { ...rest, edges: edges.map(({ node, cursor }) => ({ node: this.show(node, together), cursor })) };
  }

  @Right('incidents.read')
  @FieldResolver(() => Ownership, {
    complexity: ({ childComplexity }) => 50 + childComplexity,
    description:
      'Owners on the day it was reported, or from which its present owners have it: the same for ever. The place is shown rounded to about 100 m.',
  })
  async ownership(@Root() incident: Incident): Promise<Ownership> {
    return this.owners.of(await incident.whole(), false);
  }

  @Right('incidents.read')
  @FieldResolver(() => [IncidentOwner], {
    complexity: listOf(5),
    description:
      'The grids that own it, layer by layer; of an area several, the largest share first, of equal ones the lower code.',
  })
  async ownedBy(@Root() incident: Incident, @Ctx() by: RequestContext): Promise<IncidentOwner[]> {
    return this.views.owners((await incident.parts(by)).parties, incident.record);
  }

  @Right('incidents.read')
  @FieldResolver(() => [Task], { complexity: listOf(5, 20), description: 'Its tasks, in the order they were issued.' })
  async tasks(@Root() incident: Incident, @Ctx() by: RequestContext): Promise<Task[]> {
    return (await incident.parts(by)).tasks.map((task) => new Task(task, incident.record.id));
  }

  @Right('incidents.read')
  @FieldResolver(() => [MediationAttempt], {
    complexity: listOf(5, 20),
    description: 'Attempts at mediation, in their order.',
  })
  async attempts(@Root() incident: Incident, @Ctx() by: RequestContext): Promise<MediationAttempt[]> {
    const { attempts } = await incident.parts(by);
    return attempts.map((each) => ({ ...each, mediator: this.views.personAt(each.mediatorId, each.at) }));
  }

  @Right('incidents.read')
  @FieldResolver(() => [IncidentPush], {
    complexity: listOf(2, 20),
    description: 'What was pushed between the bodies of two layers, in its order.',
  })
  async pushes(@Root() incident: Incident, @Ctx() by: RequestContext): Promise<IncidentPush[]> {
    return (await incident.parts(by)).pushes.map((push) => this.views.push(push, incident.record.id));
  }

  @Right('incidents.read')
  @FieldResolver(() => [IncidentLink], {
    complexity: listOf(3, 100),
    description: 'Incidents that it hangs together with.',
  })
  async related(@Root() incident: Incident, @Ctx() by: RequestContext): Promise<IncidentLink[]> {
    const { links } = await incident.parts(by);
    const others = this.together(
      by,
      links.map(({ otherId }) => otherId),
    );
    return Promise.all(
      links.map(async ({ kind, otherId, open }) => {
        const other = await this.desk.find(by, otherId);
        return { kind, open, incident: other ? this.show(other, others) : null };
      }),
    );
  }

  @Right('incidents.read')
  @FieldResolver(() => Person, {
    nullable: true,
    description: 'The member of staff who found it, where that is known; never its mediator.',
  })
  finder(@Root() { record }: Incident): Person | null {
    return this.views.personAt(record.finderId, record.reportedAt);
  }

  @Right('incidents.read')
  @FieldResolver(() => [IncidentEntry], {
    complexity: listOf(20, 50),
    description: 'Everything that happened to it, in order; at most 1,000 lines behind a version.',
  })
  async trail(
    @Root() { record }: Incident,
    @Arg('after', () => Int, { nullable: true, description: 'Only behind this version.' }) after: number | null,
    @Ctx() by: RequestContext,
  ): Promise<IncidentEntry[]> {
    const entries = await this.reader.readTrail(by, record.id, after ?? 0);
    return entries.map((entry) => ({ ...entry, details: JSON.stringify(entry.details) }));
  }

  @Right('incidents.unseal')
  @FieldResolver(() => SealedPart, {
    nullable: true,
    complexity: 200,
    description:
      'Narrative and exact place, for those who have a task of it. Null: not for you. Reading it is recorded.',
  })
  async sealed(@Root() { record }: Incident, @Ctx() by: RequestContext): Promise<SealedPart | null> {
    const { narrative, place } = await this.reader.unseal(by, record.id);
    return this.views.sealed({ ...record, place }, narrative);
  }

  private show(record: IncidentRecord, together: PartsTogether): Incident {
    return new Incident(record, () => together.of(record.id));
  }

  private together(by: RequestContext, ids: readonly string[]): PartsTogether {
    return new PartsTogether(() => this.reader.partsOf(by, ids));
  }
}
