import { Arg, Args, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { Right } from '../access/declareRight.ts';
import type { RequestContext } from '../access/requestContext.ts';
import { pageSized } from '../api/listSize.ts';
import { type Page, PageArgs } from '../api/page.type.ts';
import { ApiClientInput } from './apiClient.input.ts';
import { ApiClient, ApiClientConnection, ApiKey, IssuedApiKey } from './apiClient.type.ts';
import type { KeyService } from './key.service.ts';

/** Integrators and their keys. */
@Resolver()
export class ApiClientResolver {
  private readonly keys: KeyService;

  constructor(keys: KeyService) {
    this.keys = keys;
  }

  @Right('keys.read')
  @Query(() => ApiClientConnection, {
    complexity: pageSized(1_000),
    description: 'The integrators whose every area lies within your own, by name. Reading them is recorded.',
  })
  apiClients(@Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<ApiClient>> {
    return this.keys.listClients(context, page);
  }

  @Right('keys.read')
  @Query(() => ApiClient, {
    nullable: true,
    description: 'One integrator. Null: none of that id within your areas. Reading it is recorded.',
  })
  async apiClient(
    @Arg('id', () => ID, { description: 'The stable id.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<ApiClient | null> {
    return (await this.keys.findClient(context, id)) ?? null;
  }

  @Right('keys.manage')
  @Mutation(() => IssuedApiKey, { description: 'Makes an integrator and its first key.' })
  createApiClient(
    @Arg('input', () => ApiClientInput, { description: 'Who it is, and what its keys may do.' }) input: ApiClientInput,
    @Ctx() context: RequestContext,
  ): Promise<IssuedApiKey> {
    return this.keys.createClient(context, input);
  }

  @Right('keys.manage')
  @Mutation(() => IssuedApiKey, {
    description:
      'Issues a second key beside the one in use. Both are taken until one is revoked or ends; two may be live.',
  })
  rotateApiKey(
    @Arg('clientId', () => ID, { description: 'The integrator.' }) clientId: string,
    @Arg('days', () => Int, { nullable: true, description: 'For how many days it is good: 1 to 400, else 365.' })
    days: number | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<IssuedApiKey> {
    return this.keys.rotateKey(context, clientId, days);
  }

  @Right('keys.manage')
  @Mutation(() => ApiKey, {
    description: 'Ends a key: every server refuses it within a second. Revoking it again changes nothing.',
  })
  revokeApiKey(
    @Arg('keyId', () => ID, { description: 'The id of the key, not the key.' }) keyId: string,
    @Ctx() context: RequestContext,
  ): Promise<ApiKey> {
    return this.keys.revokeKey(context, keyId);
  }
}
