import { Arg, FieldResolver, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { Grid, GridVersion } from '../../grids/api/grid.type.ts';
import type { Directory } from '../directory.ts';
import { getRole } from '../vacancyFinder.ts';
import { Holding, HoldingReason, holdingsOf } from './holding.type.ts';
import { Body } from './staff.type.ts';

/** Who manages a grid and who holds its posts. */
@Resolver(() => Grid)
export class GridPostsResolver {
  private readonly directory: Directory;

  constructor(directory: Directory) {
    this.directory = directory;
  }

  @Right('registry.read')
  @FieldResolver(() => Body, { nullable: true, description: 'The body that runs the grid; null when none is named.' })
  manager(@Root() grid: Grid): Body | null {
    return findManager(this.directory, grid);
  }

  @Right('registry.read')
  @FieldResolver(() => [Holding], {
    complexity: listOf(10),
    description:
      'The posts of this grid itself in the order of their roles, vacant ones too. Posts further up are not listed.',
  })
  holdings(
    @Root() grid: Grid,
    @Arg('role', () => String, { nullable: true, description: 'Only this role, by its code.' }) role?: string | null,
  ): Holding[] {
    if (role != null) getRole(this.directory, role, grid.moment.edition);
    const { id, version, moment } = grid;
    const posts = this.directory.holdingsOnGrid({ id, tierId: version.grid.tier.id }, moment);
    const asked = role == null ? posts : posts.filter((entry) => entry.role.code === role);
    return asked.flatMap((entry) => holdingsOf(entry, grid, HoldingReason.DIRECT));
  }
}

/** Who managed a grid in one version of its history. */
@Resolver(() => GridVersion)
export class GridVersionPostsResolver {
  private readonly directory: Directory;

  constructor(directory: Directory) {
    this.directory = directory;
  }

  @Right('registry.read')
  @FieldResolver(() => Body, {
    nullable: true,
    description: 'The body that ran the grid, as it was on the first day of this version; null when none is named.',
  })
  manager(@Root() version: GridVersion): Body | null {
    return findManager(this.directory, version);
  }
}

function findManager(directory: Directory, { version, moment }: Grid | GridVersion): Body | null {
  return (version.managerId !== null && directory.findBody(version.managerId, moment)) || null;
}
