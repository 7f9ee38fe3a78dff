import { Field, Float, ID, InputType } from 'type-graphql';
import { GeoJsonScalar } from '../../../api/scalars.ts';

@InputType({ description: 'Puts a vertex into an edge, in every grid of the layer that has the edge.' })
export class InsertVertexOp {
  @Field(() => String, { description: 'Code of the layer.' })
  readonly layer!: string;

  @Field(() => [[Float]], { description: 'The two ends of the edge: [[lon, lat], [lon, lat]], in either order.' })
  readonly edge!: number[][];

  @Field(() => [Float], { description: 'The new vertex: [lon, lat]; beside the edge it moves the border there.' })
  readonly at!: number[];
}

@InputType({
  description: 'Takes a vertex out of every grid of the layer that has it. Not where three borders meet.',
})
export class RemoveVertexOp {
  @Field(() => String, { description: 'Code of the layer.' })
  readonly layer!: string;

  @Field(() => [Float], { description: 'The vertex: [lon, lat].' })
  readonly at!: number[];
}

@InputType({ description: 'Gives a grid another code. The old one is free again.' })
export class RecodeOp {
  @Field(() => ID, { description: 'The grid.' })
  readonly grid!: string;

  @Field(() => String, { description: 'The new code.' })
  readonly code!: string;

  @Field(() => String, { nullable: true, description: 'The naming scheme; that of its main code if not given.' })
  readonly scheme?: string | null;
}

@InputType({ description: 'Gives a grid another kind.' })
export class ChangeKindOp {
  @Field(() => ID, { description: 'The grid.' })
  readonly grid!: string;

  @Field(() => String, { description: 'BASIC, EXCLUSIVE … local data.' })
  readonly kind!: string;
}

@InputType({ description: 'Has another body manage a grid. Its code, place and staff stay.' })
export class TransferOp {
  @Field(() => ID, { description: 'The grid.' })
  readonly grid!: string;

  @Field(() => ID, { nullable: true, description: 'The body; null: nobody by name.' })
  readonly manager?: string | null;
}

@InputType({
  description:
    'Gives all grids of a lower tier, or of the tier that `to` is made of, whose middle lies in an area to one grid.',
})
export class CarveOp {
  @Field(() => GeoJsonScalar, { description: 'Polygon or MultiPolygon that selects them.' })
  readonly area!: object;

  @Field(() => String, { description: 'Code of the tier of the grids that are given.' })
  readonly tier!: string;

  @Field(() => ID, { description: 'The grid that gets them.' })
  readonly to!: string;
}

@InputType({ description: 'Gives grids by id to one grid: as children, or as members where it is made of members.' })
export class AssignOp {
  @Field(() => [ID], { description: 'The grids that are given.' })
  readonly members!: string[];

  @Field(() => ID, { description: 'The grid that gets them.' })
  readonly to!: string;
}

@InputType({ description: 'Gives an enclosed gap to a grid.' })
export class FixGapOp {
  @Field(() => String, { description: 'Code of the layer.' })
  readonly layer!: string;

  @Field(() => String, { description: 'Code of the tier.' })
  readonly tier!: string;

  @Field(() => [Float], { description: 'A place in the gap: [lon, lat].' })
  readonly at!: number[];

  @Field(() => ID, { nullable: true, description: 'Who gets it; the neighbour with the longest border if not given.' })
  readonly to?: string | null;
}

@InputType({ description: 'Leaves ground that two grids hold to one of them.' })
export class FixOverlapOp {
  @Field(() => [ID], { description: 'The two grids.' })
  readonly grids!: string[];

  @Field(() => ID, { description: 'The one that keeps it.' })
  readonly keep!: string;
}
