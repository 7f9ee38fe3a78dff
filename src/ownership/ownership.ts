import { Arg, Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../access/declareRight.ts';
import { listOf } from '../api/listSize.ts';
import { DateTimeScalar } from '../api/scalars.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { FOREVER, type Moment } from '../grids/moment.ts';
import { Holding } from '../posts/api/holding.type.ts';
import type { Directory } from '../posts/directory.ts';
import type { AnswersAs } from '../posts/post.type.ts';
import type { SiteBook } from '../sites/siteBook.ts';
import { Team } from '../teams/api/team.type.ts';
import { coveringTeams } from '../teams/coveringTeams.ts';
import type { TeamBook } from '../teams/memory/teamBook.ts';
import { Notice } from './api/notice.type.ts';
import { LayerOwnership, Place, placeOf } from './api/ownership.type.ts';
import { addressNotices, noticesOf } from './notices.ts';
import { type Matter, namesOf, owners, shortAnswer, speakersFirst } from './owners.ts';
import type { ReadPlace } from './place.ts';
import { placeHoldings, placesChangeAt } from './places/placeHoldings.ts';
import { chainsOf, type LayerAnswer, locateInLayers, type Spot, territoryChangesAt } from './territorial.ts';

/** The memories an answer is read from. */
export interface Sources {
  readonly atlas: Atlas;
  readonly directory: Directory;
  readonly sites: SiteBook;
  readonly teams: TeamBook;
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
    const versions = chainsOf(this.findings.answers).flat();
    const gridIds = versions.map((version) => version.grid.id);
    const { atlas, directory, teams } = this.sources;
    let earliest = Math.min(
      place.answer?.changesAt ?? FOREVER,
      territoryChangesAt(atlas, answers, { spot: place, area: place.area?.box }, moment),
      directory.nextChange(gridIds, moment),
      placesChangeAt(this.sources, place, moment),
      teams.nextChange(gridIds, moment),
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
    description:
      'The police officer who answers here, one on duty before others; which role that is, is local data. Nobody on duty: the standing owner, with `onDuty` false.',
  })
  get officer(): Holding | null {
    return this.short('officer');
  }

  @Right('registry.read')
  @Field(() => Holding, { nullable: true, description: 'The grid worker who answers here, one on duty before others.' })
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
    return namesOf(owners(chainsOf(answers), this.sources.directory, moment, matter));
  }

  @Right('registry.read')
  @Field(() => [Team], {
    complexity: listOf(5),
    description:
      'Every team whose coverage holds the place, nearest coverage first, those who speak the language asked for before others; on a circuit only on its days.',
  })
  teams(
    @Arg('kind', () => String, { nullable: true, description: 'Only this sort of body, in local words.' })
    kind?: string | null,
    @Arg('category', () => String, {
      nullable: true,
      description: 'Only for this matter, instead of the one that the whole question is about.',
    })
    category?: string | null,
  ): Team[] {
    const { moment, matter } = this.findings;
    const question = { kind, category: category ?? matter.category, language: matter.language };
    const found = coveringTeams(chainsOf(this.findings.answers), this.sources.teams, moment, question);
    return found.map((team) => new Team(team, moment));
  }

  private short(answersAs: AnswersAs): Holding | null {
    return shortAnswer(this.nearestFirst(), answersAs, this.findings.matter.language);
  }

  private all(): readonly Holding[] {
    return speakersFirst(this.nearestFirst(), this.findings.matter.language);
  }

  private nearestFirst(): readonly Holding[] {
    const { place, moment, matter } = this.findings;
    this.found ??= [
      ...placeHoldings(this.sources, place, moment, matter),
      ...owners(chainsOf(this.findings.answers), this.sources.directory, moment, matter),
    ];
    return this.found;
  }
}
