import { Arg, Args, ID, Int, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { pageSized } from '../../api/listSize.ts';
import { DomainError } from '../../errors.ts';
import { MomentArgs } from '../../grids/api/grid.input.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { AddressesOutside } from '../addressesOutside.ts';
import { encodeCursor } from '../addressesOutside.ts';
import type { AddressFinder } from '../addressFinder.ts';
import { Address, AddressConnection, AddressMatch } from './address.type.ts';

/** What comparing candidates costs, and looking at all addresses, whatever is asked of them. */
const SEARCH = 100;
const LISTING = 1000;
const DEFAULT_MATCHES = 10;
const MAX_MATCHES = 50;

/** Addresses by text and by id. Public, as the grids are: an address says nothing about anybody. */
@Resolver(() => Address)
export class AddressResolver {
  private readonly finder: AddressFinder;
  private readonly outside: AddressesOutside;
  private readonly moments: MomentReader;

  constructor(finder: AddressFinder, outside: AddressesOutside, moments: MomentReader) {
    this.finder = finder;
    this.outside = outside;
    this.moments = moments;
  }

  @Right('registry.read')
  @Query(() => [AddressMatch], {
    complexity: pageSized(SEARCH),
    description:
      'Addresses that a text may mean, as people write or say it, best first. Empty where nothing is like it. Numbers must be right; names may be misspelt.',
  })
  async addresses(
    @Arg('search', () => String, { description: 'An address in Chinese or in English style, 1 to 200 characters.' })
    search: string,
    @Arg('within', () => ID, { nullable: true, description: 'Only addresses in this grid.' }) within: string | null,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 50; 10 if not given.' })
    first: number | null,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Promise<AddressMatch[]> {
    const size = first ?? DEFAULT_MATCHES;
    if (size < 1 || size > MAX_MATCHES) {
      const message = `first: a search gives 1 to ${MAX_MATCHES} matches, not ${size}.`;
      throw new DomainError('BAD_INPUT', message, { field: 'first' });
    }
    const matches = await this.finder.search(search, within, this.moments.read(asOf, edition));
    return matches.slice(0, size).map((match) => new AddressMatch(match));
  }

  @Right('registry.read')
  @Query(() => Address, { nullable: true, description: 'By id. Null: there is no such address at that instant.' })
  async address(
    @Arg('id', () => ID, { description: 'The stable id.' }) id: string,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Promise<Address | null> {
    const found = await this.finder.findById(id, this.moments.read(asOf, edition));
    return found ? new Address(found) : null;
  }

  @Right('registry.read')
  @Query(() => AddressConnection, {
    complexity: pageSized(LISTING),
    description:
      'Addresses that no grid of a layer owns: they lie outside it, in a gap, or where nobody is meant to serve. In the order of their ids.',
  })
  async addressesOutside(
    @Arg('layer', () => String, { description: 'Code of the layer.' }) layer: string,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 200; 50 if not given.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Go on behind this cursor.' }) after: string | null,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Promise<AddressConnection> {
    const moment = this.moments.read(asOf, edition);
    const { addresses, end, more, lookedAt } = await this.outside.list({ layer, first, after }, moment);
    const edges = addresses.map((record) => ({ node: new Address(record), cursor: encodeCursor(record.id) }));
    const startCursor = edges.at(0)?.cursor ?? null;
    const endCursor = end === null ? null : encodeCursor(end);
    return { edges, pageInfo: { hasNextPage: more, hasPreviousPage: !!after, startCursor, endCursor }, lookedAt };
  }
}
