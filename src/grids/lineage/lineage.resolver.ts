import { FieldResolver, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { Grid } from '../api/grid.type.ts';
import type { GridFinder } from '../gridFinder.ts';
import type { LineageRow } from './lineage.repository.ts';
import { GridLineage } from './lineage.type.ts';
import type { LineageBook } from './lineageBook.ts';

/** Identity outlives shape, and ends are followed: what became of a grid, and what it came from. */
@Resolver(() => Grid)
export class LineageResolver {
  private readonly book: LineageBook;
  private readonly finder: GridFinder;

  constructor(book: LineageBook, finder: GridFinder) {
    this.book = book;
    this.finder = finder;
  }

  @Right('registry.read')
  @FieldResolver(() => [GridLineage], {
    complexity: listOf(2),
    description: 'The grids in which it went on when it was merged, split or retired; empty for most.',
  })
  successors(@Root() { version, moment }: Grid): GridLineage[] {
    return this.show(this.book.successorsOf(version.grid.id, moment.edition), moment.edition);
  }

  @Right('registry.read')
  @FieldResolver(() => [GridLineage], {
    complexity: listOf(2),
    description: 'The grids that it came from, or that became part of it; empty for most.',
  })
  predecessors(@Root() { version, moment }: Grid): GridLineage[] {
    return this.show(this.book.predecessorsOf(version.grid.id, moment.edition), moment.edition);
  }

  private show(rows: readonly LineageRow[], edition: number): GridLineage[] {
    const gridAt = (id: string, asOf: number) => {
      const moment = { asOf, edition };
      const version = this.finder.findById(id, moment);
      return version ? new Grid(version, moment) : null;
    };
    return rows.map((row) => ({
      how: row.how,
      at: new Date(row.at),
      edition: row.edition,
      from: gridAt(row.fromId, row.at - 1),
      to: gridAt(row.toId, row.at),
    }));
  }
}
