import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../api/grid.type.ts';
import type { LineageRow } from './lineage.repository.ts';

export enum LineageHow {
  MERGED = 'MERGED',
  SPLIT = 'SPLIT',
  RETIRED = 'RETIRED',
}
registerEnumType(LineageHow, {
  name: 'LineageHow',
  description: 'How a grid went on in another.',
  valuesConfig: {
    MERGED: { description: 'It became part of the other.' },
    SPLIT: { description: 'The other was cut out of it.' },
    RETIRED: { description: 'It ended, and the other took its ground.' },
  },
});

@ObjectType({
  description: 'How one grid went on in another: follow it when an old reference leads to a grid that has ended.',
  simpleResolvers: true,
})
export class GridLineage {
  @Right('registry.read')
  @Field(() => LineageHow, { description: 'How.' })
  readonly how!: LineageRow['how'];

  @Right('registry.read')
  @Field(() => DateTimeScalar, { description: 'When it took effect.' })
  readonly at!: Date;

  @Right('registry.read')
  @Field(() => Int, { description: 'The edition that says so.' })
  readonly edition!: number;

  @Right('registry.read')
  @Field(() => Grid, { nullable: true, description: 'The earlier grid, as it last was before that instant.' })
  readonly from!: Grid | null;

  @Right('registry.read')
  @Field(() => Grid, { nullable: true, description: 'The later grid, as it was from that instant on.' })
  readonly to!: Grid | null;
}
