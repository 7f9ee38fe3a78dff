import { Arg, Args, ArgsType, Field, Int, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { oneForEach } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { OwnershipService, UnreadPlace } from '../ownership.service.ts';
import { Ownership } from '../ownership.ts';
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

  constructor(service: OwnershipService) {
    this.service = service;
  }

  @Right('registry.read')
  @Query(() => Ownership, { description: 'Who answers for one place.' })
  ownership(
    @Arg('at', () => PlaceInput, { description: 'Where.' }) at: PlaceInput,
    @Args(() => QuestionArgs) question: QuestionArgs,
  ): Ownership | Promise<Ownership> {
    return this.service.ownership(at, question);
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
  ): Promise<Ownership[]> {
    const answers = await this.service.ownerships(at, question);
    return answers.map((answer) => (answer instanceof Ownership ? answer : unreadOwnership(answer)));
  }
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
