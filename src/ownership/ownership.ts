import { Arg, Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../access/declareRight.ts';
import { listOf } from '../api/listSize.ts';
import { DateTimeScalar } from '../api/scalars.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { FOREVER, type Moment } from '../grids/moment.ts';
import { Holding } from '../posts/api/holding.type.ts';
import type { Directory } from '../posts/directory.ts';
import type { AnswersAs } from '../posts/post.type.ts';
import { Notice } from './api/notice.type.ts';
import { LayerOwnership, Place, placeOf } from './api/ownership.type.ts';
import { addressNotices, noticesOf } from './notices.ts';
import { type Matter, owners, shortAnswer, speaks } from './owners.ts';
import type { ReadPlace } from './place.ts';
import { type LayerAnswer, locateInLayers, type Spot, territoryChangesAt } from './territorial.ts';

/** The memories an answer is read from. */
export interface Sources {
  readonly atlas: Atlas;
  readonly directory: Directory;
}

/** What was asked, and what each layer said. */
export interface Findings {
  readonly place: ReadPlace;
  readonly moment: Moment;
  readonly matter: Matter;
  readonly answers: readonly LayerAnswer[];
}

@ObjectType({
  description:
    'Who answers for one place: the chain of grids per layer and the holders of their posts. The same place, asOf and edition give the same answer for ever.',
  simpleResolvers: true,
})
export class Ownership {
  private readonly sources: Sources;
  private readonly findings: Findings;
  // Worked out when first asked for: a map that wants only the grids does not pay for the people.
  private found: readonly Holding[] | undefined;

  constructor(sources: Sources, findings: Findings) {
    this.sources = sources;
    this.findings = findings;
  }

  @Right('registry.read')
  @Field(() => Place, { description: 'The place as it was understood.' })
  get place(): Place {
    return placeOf(this.findings.place);
  }

  @Right('registry.read')
  @Field(() => Int, { description: 'The edition of the registry that answered.' })
  get edition(): number {
    return this.findings.moment.edition;
  }

  @Right('registry.read')
  @Field(() => DateTimeScalar, { description: 'The instant of the world that was answered for.' })
  get asOf(): Date {
    return new Date(this.findings.moment.asOf);
  }

  @Right('registry.read')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'The earliest known instant at which this answer may change: keep it until then, or until a new edition. Null: no change is known.',
  })
  get validUntil(): Date | null {
    const { answers, place, moment } = this.findings;
    const versions = this.chains().flat();
    const { atlas, directory } = this.sources;
    let earliest = Math.min(
      place.answer?.changesAt ?? FOREVER,
      territoryChangesAt(atlas, answers, { spot: place, area: place.area?.box }, moment),
      directory.nextChange(
        versions.map((version) => version.grid.id),
        moment,
      ),
    );
    for (const { managerId } of versions) {
      if (managerId !== null) earliest = Math.min(earliest, directory.nextBodyChange(managerId, moment));
    }
    return earliest === FOREVER ? null : new Date(earliest);
  }

  @Right('registry.read')
  @Field(() => [LayerOwnership], {
    complexity: listOf(5),
    description: "One entry for each layer, in the layers' order.",
  })
  get layers(): LayerOwnership[] {
    return this.findings.answers.map((answer) => new LayerOwnership(answer, this.findings.moment));
  }

  @Right('registry.read')
  @Field(() => Holding, {
    nullable: true,
    description: 'The police officer who answers here; which role that is, is local data.',
  })
  get officer(): Holding | null {
    return this.short('officer');
  }

  @Right('registry.read')
  @Field(() => Holding, { nullable: true, description: 'The grid worker who answers here.' })
  get gridWorker(): Holding | null {
    return this.short('gridWorker');
  }

  @Right('registry.read')
  @Field(() => Holding, {
    nullable: true,
    description: 'The mediation team that answers here, one that speaks the language asked for first.',
  })
  get mediationTeam(): Holding | null {
    return this.short('mediationTeam');
  }

  @Right('registry.read')
  @Field(() => [Holding], { complexity: listOf(10), description: 'Every post that answers here, nearest tier first.' })
  holdings(
    @Arg('role', () => String, { nullable: true, description: 'Only this role, by its code.' }) role?: string | null,
    @Arg('onDuty', () => Boolean, { nullable: true, description: 'Only who is on duty then, or only who is not.' })
    onDuty?: boolean | null,
  ): readonly Holding[] {
    return this.all().filter(
      (holding) => (!role || holding.post.role.code === role) && (onDuty == null || holding.onDuty === onDuty),
    );
  }

  @Right('registry.read')
  @Field(() => [Notice], {
    complexity: listOf(2),
    description: 'What a reader should know: a border close by, a gap, a vacant post, a stand-in.',
  })
  get notices(): Notice[] {
    const { answers, place, moment, matter } = this.findings;
    const told = place.answer ? addressNotices(place.answer, (spot) => this.ownersAt(spot)) : [];
    // Of a place that is not known precisely, borders and gaps say nothing.
    const known = place.answer?.division ? [] : answers;
    return [...told, ...noticesOf(known, this.nearestFirst(), moment, matter.language)];
  }

  /** Who answers at a spot, for telling whether it is somebody else. */
  private ownersAt(spot: Spot): string {
    const { moment, matter } = this.findings;
    const answers = locateInLayers(this.sources.atlas, spot, moment);
    const chains = answers.flatMap(({ chain, otherChains }) => [chain, ...otherChains]);
    return owners(chains, this.sources.directory, moment, matter)
      .map(({ post, holder }) => `${post.role.code}/${holder?.id ?? post.id}`)
      .sort()
      .join(' ');
  }

  private chains() {
    return this.findings.answers.flatMap(({ chain, otherChains }) => [chain, ...otherChains]);
  }

  private short(answersAs: AnswersAs): Holding | null {
    return shortAnswer(this.nearestFirst(), answersAs, this.findings.matter.language);
  }

  private all(): readonly Holding[] {
    const found = this.nearestFirst();
    const { language } = this.findings.matter;
    if (!language) return found;
    return [...found.filter((h) => speaks(h, language)), ...found.filter((h) => !speaks(h, language))];
  }

  private nearestFirst(): readonly Holding[] {
    const { moment, matter } = this.findings;
    this.found ??= owners(this.chains(), this.sources.directory, moment, matter);
    return this.found;
  }
}
