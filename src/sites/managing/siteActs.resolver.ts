import { Arg, Args, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { GuardArgs } from '../../posts/appointing/appointing.input.ts';
import type { DoneAct } from '../../posts/appointing/staffingDesk.ts';
import type { SiteSources } from '../api/site.type.ts';
import { OpenSiteInput } from './siteActs.input.ts';
import type { SiteActsService } from './siteActs.service.ts';
import { SiteActResult, showSiteAct } from './siteActs.type.ts';

const SITE = { description: 'The site; a grid of your area holds its point.' };

/** Acts on sites, for those who manage staff where a site lies. */
@Resolver()
export class SiteActsResolver {
  private readonly acts: SiteActsService;
  private readonly sources: SiteSources;

  constructor(acts: SiteActsService, sources: SiteSources) {
    this.acts = acts;
    this.sources = sources;
  }

  @Right('staff.manage')
  @Mutation(() => SiteActResult, {
    description: 'Opens a site in your area, with what it offers and the bodies that work there. One edition.',
  })
  openSite(
    @Arg('input', () => OpenSiteInput, { description: 'What it is, and where.' }) input: OpenSiteInput,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<SiteActResult> {
    return this.show(this.acts.openSite(context, input, guard));
  }

  @Right('staff.manage')
  @Mutation(() => SiteActResult, {
    description:
      'Ends a site at an instant, with its services, ratings, honours and who works there. End posts on it first.',
  })
  endSite(
    @Arg('id', () => ID, SITE) id: string,
    @Arg('at', () => DateTimeScalar, { description: 'The first instant at which it does not exist.' }) at: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<SiteActResult> {
    return this.show(this.acts.endSite(context, id.toLowerCase(), at, guard));
  }

  @Right('staff.manage')
  @Mutation(() => SiteActResult, {
    description: 'Rates a site in a scheme from an instant on; what was planned after it in this scheme is given up.',
  })
  rateSite(
    @Arg('id', () => ID, SITE) id: string,
    @Arg('scheme', () => String, { description: 'The name of the scheme, in local words.' }) scheme: string,
    @Arg('stars', () => Int, { description: 'How many stars, from 1 on.' }) stars: number,
    @Arg('most', () => Int, { description: 'The most stars that the scheme gives, up to 100.' }) most: number,
    @Arg('from', () => DateTimeScalar, { description: 'First instant of the rating.' }) from: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<SiteActResult> {
    return this.show(this.acts.rateSite(context, id.toLowerCase(), { scheme, stars, most }, from, guard));
  }

  @Right('staff.manage')
  @Mutation(() => SiteActResult, {
    description: 'Files an honour that a site bears from the day on which it was given.',
  })
  honourSite(
    @Arg('id', () => ID, SITE) id: string,
    @Arg('name', () => String, { description: 'The name of the honour; at most 200 characters.' }) name: string,
    @Arg('givenOn', () => String, { description: 'The day, by the clock of the site, as YYYY-MM-DD.' }) givenOn: string,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<SiteActResult> {
    return this.show(this.acts.honourSite(context, id.toLowerCase(), { name, givenOn }, guard));
  }

  @Right('staff.manage')
  @Mutation(() => SiteActResult, { description: 'Says that a body works at a site from an instant on.' })
  houseBody(
    @Arg('id', () => ID, SITE) id: string,
    @Arg('bodyId', () => ID, { description: 'The body, of any area.' }) bodyId: string,
    @Arg('from', () => DateTimeScalar, { description: 'First instant of it.' }) from: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<SiteActResult> {
    return this.show(this.acts.houseBody(context, id.toLowerCase(), bodyId, from, guard));
  }

  @Right('staff.manage')
  @Mutation(() => SiteActResult, { description: 'Says that a body does not work at a site any more.' })
  unhouseBody(
    @Arg('id', () => ID, SITE) id: string,
    @Arg('bodyId', () => ID, { description: 'The body.' }) bodyId: string,
    @Arg('at', () => DateTimeScalar, { description: 'First instant at which it does not.' }) at: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<SiteActResult> {
    return this.show(this.acts.unhouseBody(context, id.toLowerCase(), bodyId, at, guard));
  }

  private async show(done: Promise<DoneAct>): Promise<SiteActResult> {
    return showSiteAct(await done, this.sources);
  }
}
