import {
  Arg,
  Args,
  Field,
  FieldResolver,
  Float,
  ID,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf, pageSized } from '../../api/listSize.ts';
import { type Page, PageArgs } from '../../api/page.type.ts';
import { DomainError } from '../../errors.ts';
import { childrenOf, type VersionEntry, versionAt } from '../atlas/rows.ts';
import type { CrosswalkService } from '../crosswalk.service.ts';
import { type CodeConflict, type GridFinder, listingKey } from '../gridFinder.ts';
import type { MomentReader } from '../momentReader.ts';
import { GridConnection, gridPage } from './connection.type.ts';
import { GridFilter, MomentArgs, TierRef } from './grid.input.ts';
import { Grid } from './grid.type.ts';
import { GridCode } from './gridPart.type.ts';

@ObjectType({ description: 'How much of one grid lies in another of a different layer.', simpleResolvers: true })
class CrosswalkRow {
  @Right('registry.read')
  @Field(() => Grid, { description: 'The grid whose area is shared out.' })
  readonly from!: Grid;

  @Right('registry.read')
  @Field(() => Grid, { description: 'The grid that holds a part of it.' })
  readonly to!: Grid;

  @Right('registry.read')
  @Field(() => Float, {
    description: 'Of the area of `from`, 0 to 1. Shares of one grid sum to 1 where the other tier covers it whole.',
  })
  readonly share!: number;
}

enum CodeConflictKind {
  ONE_CODE_SEVERAL_GRIDS = 'ONE_CODE_SEVERAL_GRIDS',
  ONE_GRID_SEVERAL_CODES = 'ONE_GRID_SEVERAL_CODES',
}
registerEnumType(CodeConflictKind, {
  name: 'CodeConflictKind',
  description: 'How naming schemes disagree.',
  valuesConfig: {
    ONE_CODE_SEVERAL_GRIDS: { description: 'Different schemes give one text to different grids.' },
    ONE_GRID_SEVERAL_CODES: { description: 'Schemes that should agree give one grid different codes.' },
  },
});

@ObjectType('CodeConflict', { description: 'A disagreement between naming schemes.', simpleResolvers: true })
class CodeConflictType {
  @Right('registry.read')
  @Field(() => CodeConflictKind, { description: 'What kind of disagreement.' })
  readonly kind!: CodeConflict['kind'];

  @Right('registry.read')
  @Field(() => [GridCode], { complexity: listOf(3), description: 'The codes that disagree.' })
  readonly codes!: GridCode[];

  @Right('registry.read')
  @Field(() => [Grid], { complexity: listOf(3), description: 'The grids they name.' })
  readonly grids!: Grid[];
}

/** Territory: grids by id, code, name and place in the tree. */
@Resolver(() => Grid)
export class GridResolver {
  private readonly finder: GridFinder;
  private readonly crosswalks: CrosswalkService;
  private readonly moments: MomentReader;

  constructor(finder: GridFinder, crosswalks: CrosswalkService, moments: MomentReader) {
    this.finder = finder;
    this.crosswalks = crosswalks;
    this.moments = moments;
  }

  @Right('registry.read')
  @Query(() => Grid, {
    nullable: true,
    description: 'By id, or by code (any scheme unless one is named). Null: no such grid at that instant.',
  })
  grid(
    @Arg('id', () => ID, { nullable: true, description: 'The stable id.' }) id: string | null,
    @Arg('code', () => String, { nullable: true, description: 'A code, when you have no id.' }) code: string | null,
    @Arg('scheme', () => String, { nullable: true, description: 'The naming scheme of the code.' })
    scheme: string | null,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Grid | null {
    if ((id == null) === (code == null)) {
      throw new DomainError('BAD_INPUT', 'grid: give either id or code.', { field: 'id' });
    }
    const moment = this.moments.read(asOf, edition);
    const version = id == null ? this.finder.findByCode(code!, scheme, moment) : this.finder.findById(id, moment);
    return version ? new Grid(version, moment) : null;
  }

  @Right('registry.read')
  @Query(() => GridConnection, {
    complexity: pageSized(100),
    description: 'Grids by layer, tier from the root down, then code.',
  })
  grids(
    @Arg('filter', () => GridFilter, { nullable: true, description: 'Which grids; all if not given.' })
    filter: GridFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Page<Grid> {
    const moment = this.moments.read(asOf, edition);
    return gridPage(this.finder.list(filter ?? {}, moment), page, moment);
  }

  @Right('registry.read')
  @FieldResolver(() => GridConnection, {
    complexity: pageSized(),
    description: 'The grids directly below, by tier and code.',
  })
  children(@Root() { version, moment }: Grid, @Args(() => PageArgs) page: PageArgs): Page<Grid> {
    const order = (child: VersionEntry) => listingKey(child.grid, moment.edition);
    const children = childrenOf(version.grid, moment).sort((a, b) => (order(a) < order(b) ? -1 : 1));
    return gridPage(children, page, moment);
  }

  @Right('registry.read')
  @Query(() => [CrosswalkRow], {
    complexity: listOf(500, 20_000),
    description:
      'Area shares between two tiers of different layers: which police grids cut a governance grid, and how much of it each holds. Largest share first.',
  })
  async crosswalk(
    @Arg('from', () => TierRef, { description: 'The tier whose grids are shared out.' }) from: TierRef,
    @Arg('to', () => TierRef, { description: 'The tier whose grids take the shares.' }) to: TierRef,
    @Arg('within', () => ID, { nullable: true, description: 'Only grids below this one, on the side of its layer.' })
    within: string | null,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Promise<CrosswalkRow[]> {
    const moment = this.moments.read(asOf, edition);
    const shares = await this.crosswalks.crosswalk(from, to, within ?? null, moment);
    return shares.map(({ from, to, share }) => ({ from: new Grid(from, moment), to: new Grid(to, moment), share }));
  }

  @Right('registry.read')
  @Query(() => [CodeConflictType], {
    complexity: listOf(50, 5_000),
    description: 'Where naming schemes disagree about grids of the newest edition.',
  })
  codeConflicts(): CodeConflictType[] {
    const moment = this.moments.read();
    return this.finder.listConflicts(moment.edition).map(({ kind, codes, grids }) => ({
      kind,
      codes: codes.map((code) => ({ scheme: code.scheme.code, code: code.code })),
      grids: grids.flatMap((grid) => {
        const version = versionAt(grid, moment);
        return version ? [new Grid(version, moment)] : [];
      }),
    }));
  }
}
