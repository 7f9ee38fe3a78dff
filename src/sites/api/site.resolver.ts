import { Arg, Args, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { pageSized } from '../../api/listSize.ts';
import { type Page, PageArgs, pageOf } from '../../api/page.type.ts';
import { MomentArgs } from '../../grids/api/grid.input.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import { Holding } from '../../posts/api/holding.type.ts';
import type { PremisesState, SiteState } from '../site.type.ts';
import { type FoundPlace, placeKey, type SiteFinder } from '../siteFinder.ts';
import { readPlaceCriteria, readSiteCriteria } from './readCriteria.ts';
import { PremisesFilter, SiteFilter } from './site.input.ts';
import { Site, type SiteSources } from './site.type.ts';
import { Premises, PremisesConnection, SiteConnection } from './siteList.type.ts';

/** Finding places is work, whatever is asked of them. */
const SEARCH = 500;

/** Sites and premises by id and by where they are. Public. */
@Resolver()
export class SiteResolver {
  private readonly sources: SiteSources;
  private readonly finder: SiteFinder;
  private readonly moments: MomentReader;

  constructor(sources: SiteSources, finder: SiteFinder, moments: MomentReader) {
    this.sources = sources;
    this.finder = finder;
    this.moments = moments;
  }

  @Right('registry.read')
  @Query(() => Site, { nullable: true, description: 'A site by its id. Null: no such site at that instant.' })
  site(
    @Arg('id', () => ID, { description: 'The stable id.' }) id: string,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Site | null {
    const moment = this.moments.read(asOf, edition);
    const found = this.sources.book.findSite(id, moment);
    return found ? new Site(found, this.sources, moment) : null;
  }

  @Right('registry.read')
  @Query(() => SiteConnection, {
    complexity: pageSized(SEARCH),
    description: 'Sites, nearest first where `near` is given, otherwise by name.',
  })
  sites(
    @Arg('filter', () => SiteFilter, { nullable: true, description: 'Which sites; all if not given.' })
    filter: SiteFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): SiteConnection {
    const criteria = readSiteCriteria(filter ?? {});
    const moment = this.moments.read(asOf ?? criteria.openAt, edition);
    const found = pageOf('site', this.finder.listSites(criteria, moment), page, placeKey, (place) => place);
    return shown(found, (state) => new Site(state, this.sources, moment));
  }

  @Right('registry.read')
  @Query(() => PremisesConnection, {
    complexity: pageSized(SEARCH),
    description: 'Premises and who answers for them, nearest first where `near` is given, otherwise by name.',
  })
  premises(
    @Arg('filter', () => PremisesFilter, { nullable: true, description: 'Which premises; all if not given.' })
    filter: PremisesFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): PremisesConnection {
    const criteria = readPlaceCriteria(filter ?? {});
    const moment = this.moments.read(asOf, edition);
    const found = pageOf('premises', this.finder.listPremises(criteria, moment), page, placeKey, (place) => place);
    return shown(found, (state) => new Premises(state, this.sources, moment));
  }
}

/** Where the holders of posts are based. */
@Resolver(() => Holding)
export class HoldingBaseResolver {
  private readonly sources: SiteSources;

  constructor(sources: SiteSources) {
    this.sources = sources;
  }

  @Right('registry.read')
  @FieldResolver(() => Site, {
    nullable: true,
    description: 'The site where the holder is based, which need not be where the post answers. Null: none is named.',
  })
  base(@Root() { post, appointmentId }: Holding): Site | null {
    const moment = (post.grid ?? post.place)?.moment;
    const found = moment && this.sources.book.baseOf(post.id, appointmentId, moment);
    return found ? new Site(found, this.sources, moment) : null;
  }
}

function shown<S extends SiteState | PremisesState, T>({ edges, ...page }: Page<FoundPlace<S>>, show: (state: S) => T) {
  return {
    ...page,
    edges: edges.map(({ node: { state, distanceMetres }, cursor }) => {
      return {
        node: show(state),
        cursor,
        distanceMetres: distanceMetres === null ? null : toMillimetre(distanceMetres),
      };
    }),
  };
}

function toMillimetre(metres: number): number {
  return Math.round(metres * 1000) / 1000;
}
