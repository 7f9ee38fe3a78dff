import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { type GridEntry, isKnown, type VersionEntry } from '../atlas/rows.ts';

@ObjectType({
  description: 'One name of a grid in one naming scheme. A code is never parsed for its parent.',
  simpleResolvers: true,
})
export class GridCode {
  @Right('registry.read')
  @Field(() => String, { description: 'The naming scheme: national, police, local …' })
  readonly scheme!: string;

  @Right('registry.read')
  @Field(() => String, { description: 'The code in that scheme.' })
  readonly code!: string;
}

@ObjectType({
  description: 'An aggregate figure of a grid, such as households; never about one person.',
  simpleResolvers: true,
})
export class LoadFigure {
  @Right('registry.read')
  @Field(() => String, { description: 'What is counted.' })
  readonly measure!: string;

  @Right('registry.read')
  @Field(() => Float, { description: 'How many.' })
  readonly value!: number;

  @Right('registry.read')
  @Field(() => String, { description: 'The day it was counted, YYYY-MM-DD.' })
  readonly date!: string;

  @Right('registry.read')
  @Field(() => String, { description: 'Who counted.' })
  readonly source!: string;
}

export enum GridFlagCode {
  MISSING_CODE = 'MISSING_CODE',
}
registerEnumType(GridFlagCode, {
  name: 'GridFlagCode',
  description: 'What is unusual about a grid.',
  valuesConfig: { MISSING_CODE: { description: 'Its tier expects a code in a scheme in which this grid has none.' } },
});

@ObjectType({ description: 'Something unusual about a grid that was accepted all the same.', simpleResolvers: true })
export class GridFlag {
  @Right('registry.read')
  @Field(() => GridFlagCode, { description: 'What it is.' })
  readonly code!: GridFlagCode;

  @Right('registry.read')
  @Field(() => String, { description: 'In plain words.' })
  readonly message!: string;
}

/** Every code an edition knows of a grid, the main one first. */
export function codesOf(grid: GridEntry, edition: number): GridCode[] {
  return grid.codes
    .filter((code) => isKnown(code, edition))
    .sort((a, b) => Number(b.main) - Number(a.main))
    .map((code) => ({ scheme: code.scheme.code, code: code.code }));
}

export function flagsOf({ grid: { tier }, name }: VersionEntry, codes: readonly GridCode[]): GridFlag[] {
  const { scheme } = tier;
  if (!scheme || codes.some((code) => code.scheme === scheme.code)) return [];
  return [{ code: GridFlagCode.MISSING_CODE, message: `${tier.name} ${name} has no code in ${scheme.name}.` }];
}
