import { Arg, Args, ArgsType, Ctx, Field, Int, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { oneForEach } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { DomainError } from '../../errors.ts';
import { type AskedPlace, MAX_PLACES, type OwnershipService, type UnreadPlace } from '../ownership.service.ts';
import { Ownership } from '../ownership.ts';
import type { IncidentPlaces } from '../places/incidentPlaces.ts';
import { NoticeCode } from './notice.type.ts';
import { PlaceInput } from './ownership.input.ts';

@ArgsType()
class QuestionArgs {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The instant of the world that is meant, past or planned; now if not given.',
  })
  asOf?: Date | null;

  @Field(() => Int, { nullable: true, description: 'What the registry knew in this edition; the newest if not given.' })
  edition?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The matter, such as dispute or fraud: only posts that answer for it.',
  })
  category?: string | null;

  @Field(() => String, { nullable: true, description: 'A BCP 47 tag such as pcc: holders who speak it come first.' })
  language?: string | null;
}

/** The question itself. Public: no login. */
@Resolver(() => Ownership)
export class OwnershipResolver {
  private readonly service: OwnershipService;
  private readonly incidents: IncidentPlaces;

  constructor(service: OwnershipService, incidents: IncidentPlaces) {
    this.service = service;
    this.incidents = incidents;
  }

  @Right('registry.read')
  @Query(() => Ownership, { description: 'Who answers for one place.' })
  ownership(
    @Arg('at', () => PlaceInput, { description: 'Where.' }) at: PlaceInput,
    @Args(() => QuestionArgs) question: QuestionArgs,
    @Ctx() context: RequestContext,
  ): Ownership | Promise<Ownership> {
    if (at.incidentId == null) return this.service.ownership(at, question);
    return this.ofIncident(context, at, question);
  }

  @Right('registry.read')
  @Query(() => [Ownership], {
    complexity: oneForEach('at'),
    description:
      'The same for up to 1,000 places, in the order given. One bad place gives one notice, not a failed request.',
  })
  async ownerships(
    @Arg('at', () => [PlaceInput], { description: 'Where; at most 1,000.' }) at: PlaceInput[],
    @Args(() => QuestionArgs) question: QuestionArgs,
    @Ctx() context: RequestContext,
  ): Promise<Ownership[]> {
    const places = at.some(({ incidentId }) => incidentId != null) ? await this.placesOf(context, at) : at;
    const answers = await this.service.ownerships(places, question);
    return answers.map((answer) => (answer instanceof Ownership ? answer : unreadOwnership(answer)));
  }

  private async ofIncident(context: RequestContext, at: PlaceInput, question: QuestionArgs): Promise<Ownership> {
    const [place] = await this.placesOf(context, [at], () => 'at');
    if (place instanceof DomainError) throw place;
    return this.service.ownership(place, question);
  }

  /** The places of incidents in the stead of their ids, and faults in the stead of those that are not there. */
  private async placesOf(
    context: RequestContext,
    at: readonly PlaceInput[],
    fieldOf = (index: number) => `at[${index}]`,
  ): Promise<(AskedPlace | DomainError)[]> {
    const ids = at.slice(0, MAX_PLACES).flatMap(({ incidentId }) => incidentId ?? []);
    const found = await this.incidents.find(context, ids);
    return at.map((request, index) => {
      // More than one field is found out where places are read.
      if (request.incidentId == null || Object.values(request).filter((given) => given != null).length > 1)
        return request;
      return found.get(request.incidentId) ?? noIncident(`${fieldOf(index)}.incidentId`);
    });
  }
}

/** The same words for what does not exist and for what is not the viewer's to see. */
function noIncident(field: string): DomainError {
  const message = `${field}: there is no such incident, or it is not for you; \`incidents\` lists those that are.`;
  return new DomainError('NOT_FOUND', message, { field });
}

/** An answer that says only that, and why, the place could not be read. The point is echoed as it was given. */
function unreadOwnership({ request, moment, error }: UnreadPlace): Ownership {
  // A literal such as 1e999 is infinite, which no answer can say.
  const [lon, lat] = [request.point?.lon, request.point?.lat].map((given) => (Number.isFinite(given) ? given! : 0));
  const told = {
    place: { point: { lon, lat }, accuracyMetres: 0, address: null, confidence: 0, candidates: [] },
    edition: moment.edition,
    asOf: new Date(moment.asOf),
    validUntil: null,
    layers: [],
    officer: null,
    gridWorker: null,
    mediationTeam: null,
    holdings: () => [],
    teams: () => [],
    notices: [{ code: NoticeCode.BAD_PLACE, message: error.message }],
  };
  // type-graphql takes only an Ownership for one; of anything else it makes its own, which has nothing to read from.
  return Object.create(Ownership.prototype, Object.getOwnPropertyDescriptors(told));
}
