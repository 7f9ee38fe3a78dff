import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { Changeset } from '../../changesets/api/changeset.type.ts';
import type { EditedAction } from '../edited/editedFile.type.ts';

export enum EditedActionEnum {
  SAME = 'SAME',
  CHANGED = 'CHANGED',
  NEW = 'NEW',
  MISSING = 'MISSING',
  RETIRED = 'RETIRED',
  CONFLICT = 'CONFLICT',
  REFUSED = 'REFUSED',
}
registerEnumType(EditedActionEnum, {
  name: 'EditedRowAction',
  description: 'What became of one row of an edited file, or of one grid that it leaves out.',
  valuesConfig: {
    SAME: { description: 'As it was.' },
    CHANGED: { description: 'Something was edited; `fields` says what.' },
    NEW: { description: 'A new grid.' },
    MISSING: { description: 'Not in the file, and kept.' },
    RETIRED: { description: 'Not in the file, and ended by it.' },
    CONFLICT: { description: 'The file and the draft changed the same thing differently: nothing is applied.' },
    REFUSED: { description: 'Cannot be taken; `faults` says why. Nothing is applied.' },
  },
});

@InputType({ description: 'A GeoJSON file that was exported with ids and versions, and edited since.' })
export class EditedFileUpload {
  @Field(() => String, { description: 'The content of the file. Larger ones go by `wangge changeset import`.' })
  readonly text!: string;

  @Field(() => Int, { nullable: true, description: 'EPSG number of its coordinates; WGS84 if not given.' })
  readonly epsg?: number | null;

  @Field(() => String, { nullable: true, description: 'Layer of new grids that do not name theirs.' })
  readonly layer?: string | null;

  @Field(() => String, { nullable: true, description: 'Tier of new grids that do not name theirs.' })
  readonly tier?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Where the file and the draft changed the same thing, take the file.',
  })
  readonly takeFile?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'End the grids that the file leaves out.' })
  readonly retireMissing?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: compare and try, and write nothing.',
  })
  readonly dryRun?: boolean | null;
}

@ObjectType({ description: 'What became of one row of an edited file.', simpleResolvers: true })
export class EditedRow {
  @Right('boundaries.edit')
  @Field(() => Int, { nullable: true, description: 'From 1; null for a grid that the file leaves out.' })
  readonly row!: number | null;

  @Right('boundaries.edit')
  @Field(() => ID, { nullable: true, description: 'The grid; null for a new one.' })
  readonly grid!: string | null;

  @Right('boundaries.edit')
  @Field(() => String, { nullable: true, description: 'Its code in the file.' })
  readonly code!: string | null;

  @Right('boundaries.edit')
  @Field(() => EditedActionEnum, { description: 'What became of it.' })
  readonly action!: EditedAction;

  @Right('boundaries.edit')
  @Field(() => [String], { complexity: listOf(1), description: 'What was edited: boundary, name, code …' })
  readonly fields!: readonly string[];

  @Right('boundaries.edit')
  @Field(() => [String], { complexity: listOf(1), description: 'What is wrong, in plain words.' })
  readonly faults!: readonly string[];

  @Right('boundaries.edit')
  @Field(() => [String], { complexity: listOf(1), description: 'What was assumed or aligned.' })
  readonly notes!: readonly string[];
}

@ObjectType({ description: 'What an edited file came to.', simpleResolvers: true })
export class EditedFileResult {
  @Right('boundaries.edit')
  @Field(() => Changeset, { description: 'The changeset after it.' })
  readonly changeset!: Changeset;

  @Right('boundaries.edit')
  @Field(() => Boolean, { description: 'Whether ops were written.' })
  readonly applied!: boolean;

  @Right('boundaries.edit')
  @Field(() => String, { nullable: true, description: 'Why nothing was or would be written.' })
  readonly refusal!: string | null;

  @Right('boundaries.edit')
  @Field(() => [EditedRow], {
    complexity: listOf(50),
    description: 'Rows that are not SAME, at most 1,000: those that stand in the way first.',
  })
  readonly rows!: readonly EditedRow[];

  @Right('boundaries.edit')
  @Field(() => [String], { complexity: listOf(2), description: 'What concerns the file as a whole.' })
  readonly warnings!: readonly string[];
}
