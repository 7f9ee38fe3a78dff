import { Arg, Field, Float, ID, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PositionType } from '../../api/position.type.ts';
import { toLattice } from '../../geometry/lattice.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { endOf, type Moment } from '../../grids/moment.ts';
import { Holding } from '../../posts/api/holding.type.ts';
import { HoldingPlace } from '../../posts/api/holdingPlace.type.ts';
import { Body } from '../../posts/api/staff.type.ts';
import type { Directory } from '../../posts/directory.ts';
import { isOpen, wallClockAt } from '../hours/openingHours.ts';
import type { SiteState } from '../site.type.ts';
import type { SiteBook } from '../siteBook.ts';
import { holdingsOfPlace } from './placeHoldings.ts';
import { SiteHonour, SiteRating, SiteService } from './service.type.ts';

/** The memories that an answer about a place is read from. */
export interface SiteSources {
  readonly book: SiteBook;
  readonly directory: Directory;
  readonly atlas: Pick<Atlas, 'layersAt' | 'locate'>;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'A place where staff work or people are served: a station, a police room, a self-service room … What you read is the site as of the instant you asked for.',
})
export class Site {
  private readonly state: SiteState;
  private readonly sources: SiteSources;
  private readonly moment: Moment;

  constructor(state: SiteState, sources: SiteSources, moment: Moment) {
    this.state = state;
    this.sources = sources;
    this.moment = moment;
  }

  @Right('registry.read')
  @Field(() => ID, { description: 'Stable for ever.' })
  get id(): string {
    return this.state.id;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'Its name at the asked instant.' })
  get name(): string {
    return this.state.name;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'What sort of site it is, in local words.' })
  get kind(): string {
    return this.state.kind;
  }

  @Right('registry.read')
  @Field(() => PositionType, { description: 'Where it is.' })
  get point(): PositionType {
    return this.state.point;
  }

  @Right('registry.read')
  @Field(() => Float, { description: 'A place within so many metres of `point` counts as at the site.' })
  get radiusMetres(): number {
    return this.state.radiusMetres;
  }

  @Right('registry.read')
  @Field(() => HoldingPlace, { nullable: true, description: 'The building it is in; null where none is known.' })
  get building(): HoldingPlace | null {
    const { buildingId } = this.state;
    const found = buildingId === null ? undefined : this.sources.book.findBuilding(buildingId, this.moment);
    return found ? new HoldingPlace('BUILDING', found, this.moment) : null;
  }

  @Right('registry.read')
  @Field(() => [Body], {
    complexity: listOf(3),
    description: 'The bodies that work there, by name, with their contacts.',
  })
  get bodies(): Body[] {
    const { book, directory } = this.sources;
    return book
      .housedIn(this.state.id, this.moment)
      .flatMap((id) => directory.findBody(id, this.moment) ?? [])
      .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
  }

  @Right('registry.read')
  @Field(() => [SiteService], { complexity: listOf(5), description: 'What one can have done there, by code.' })
  get services(): SiteService[] {
    const { id, timeZone } = this.state;
    const clock = wallClockAt(this.moment.asOf, timeZone);
    return this.sources.book.servicesOf(id, this.moment).map(({ code, name, hours }) => {
      const exceptions = hours.exceptions.map((each) => ({ ...each, note: each.note ?? null }));
      return { code, name, openNow: isOpen(hours, clock), hours: { timeZone, weekly: hours.weekly, exceptions } };
    });
  }

  @Right('registry.read')
  @Field(() => [SiteRating], {
    complexity: listOf(5),
    description: 'Everything it was rated and is planned to be, in every scheme, oldest first.',
  })
  get ratings(): SiteRating[] {
    return this.sources.book.ratingsOf(this.state.id, this.moment.edition).map(({ value, validFrom, validTo }) => {
      const { scheme, stars, most } = value;
      return { scheme, stars, most, validFrom: new Date(validFrom), validTo: endOf(validTo) };
    });
  }

  @Right('registry.read')
  @Field(() => SiteRating, {
    nullable: true,
    description: 'Its stars at the asked instant; without a scheme, in the first by name. Null: it was not rated then.',
  })
  rating(
    @Arg('scheme', () => String, { nullable: true, description: 'The name of a scheme.' }) scheme?: string | null,
  ): SiteRating | null {
    const { asOf } = this.moment;
    const then = this.ratings.filter(
      (each) => each.validFrom.getTime() <= asOf && asOf < (each.validTo?.getTime() ?? Infinity),
    );
    const wanted = then.filter((each) => scheme == null || each.scheme === scheme);
    return wanted.sort((a, b) => (a.scheme < b.scheme ? -1 : 1))[0] ?? null;
  }

  @Right('registry.read')
  @Field(() => [SiteHonour], {
    complexity: listOf(2),
    description: 'What it bears at the asked instant, newest first.',
  })
  get honours(): SiteHonour[] {
    return this.sources.book.honoursOf(this.state.id, this.moment);
  }

  @Right('registry.read')
  @Field(() => String, {
    nullable: true,
    description: 'How fast it is to respond, in local words, such as 1, 3 or 5 for minutes; null where none is set.',
  })
  get responseClass(): string | null {
    return this.state.responseClass;
  }

  @Right('registry.read')
  @Field(() => [Holding], { complexity: listOf(3), description: 'The posts that answer for the site itself.' })
  get holdings(): Holding[] {
    return holdingsOfPlace(new HoldingPlace('SITE', this.state, this.moment), this.sources.directory);
  }

  @Right('registry.read')
  @Field(() => [Grid], { complexity: listOf(3), description: 'The smallest grid of each layer that holds it.' })
  get grids(): Grid[] {
    const { atlas } = this.sources;
    const { lon, lat } = this.state.point;
    return atlas.layersAt(this.moment.edition).flatMap((layer) => {
      const version = atlas.locate(layer, toLattice(lon), toLattice(lat), this.moment);
      return version ? [new Grid(version, this.moment)] : [];
    });
  }
}
