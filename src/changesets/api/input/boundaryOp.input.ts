import { Field, Float, ID, InputType } from 'type-graphql';
import { GeoJsonScalar } from '../../../api/scalars.ts';
import {
  AssignOp,
  CarveOp,
  ChangeKindOp,
  FixGapOp,
  FixOverlapOp,
  InsertVertexOp,
  RecodeOp,
  RemoveVertexOp,
  TransferOp,
} from './furtherOps.input.ts';

@InputType({
  description:
    'Makes a grid. In a PARTITION it takes its ground from those that hold it now; ground of nobody is simply taken. In a tier that is made of others it gets those that have their middle in the boundary.',
})
export class CreateGridOp {
  @Field(() => String, { description: 'Code of the layer.' })
  readonly layer!: string;

  @Field(() => String, { description: 'Code of the tier.' })
  readonly tier!: string;

  @Field(() => String, { description: 'Its main code.' })
  readonly code!: string;

  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: 'BASIC, EXCLUSIVE … local data; BASIC if not given.' })
  readonly kind?: string | null;

  @Field(() => ID, { nullable: true, description: 'The grid above; if not given, the one that holds the place.' })
  readonly parent?: string | null;

  @Field(() => GeoJsonScalar, { description: 'Polygon or MultiPolygon.' })
  readonly boundary!: object;
}

@InputType({
  description:
    'Draws a grid anew. In a PARTITION neighbours give way or follow along the shared border: what the grid gives up goes to the neighbour with the longest common border, siblings first.',
})
export class ReshapeOp {
  @Field(() => ID, { description: 'The grid.' })
  readonly grid!: string;

  @Field(() => GeoJsonScalar, { description: 'Polygon or MultiPolygon.' })
  readonly boundary!: object;
}

@InputType({ description: 'Moves a vertex in every grid of the layer that has it, on all tiers.' })
export class MoveVertexOp {
  @Field(() => String, { description: 'Code of the layer.' })
  readonly layer!: string;

  @Field(() => [Float], { description: 'Where the vertex is: [lon, lat].' })
  readonly from!: number[];

  @Field(() => [Float], { description: 'Where it is to be: [lon, lat].' })
  readonly to!: number[];
}

@InputType({
  description:
    'Cuts a grid along a line. The pieces are counted largest first. As many codes and names as there are pieces: the grid ends and all pieces are new. One fewer: the largest piece stays the grid, with its id and staff.',
})
export class SplitOp {
  @Field(() => ID, { description: 'The grid.' })
  readonly grid!: string;

  @Field(() => GeoJsonScalar, { description: 'LineString that crosses the grid from border to border.' })
  readonly line!: object;

  @Field(() => [String], { description: 'Codes of the new pieces.' })
  readonly codes!: string[];

  @Field(() => [String], { description: 'Their names, as many as codes.' })
  readonly names!: string[];
}

@InputType({ description: 'Makes one grid of several. The others end; their children go to the one that stays.' })
export class MergeOp {
  @Field(() => [ID], { description: 'All of them, the one that stays among them.' })
  readonly grids!: string[];

  @Field(() => ID, { description: 'The one that stays, with its id, code and staff.' })
  readonly into!: string;
}

@InputType({ description: 'Hangs a grid under another one of a higher tier.' })
export class ReparentOp {
  @Field(() => ID, { description: 'The grid.' })
  readonly grid!: string;

  @Field(() => ID, { description: 'Its new parent.' })
  readonly parent!: string;
}

@InputType({ description: 'Gives a grid another name. The old one still finds it.' })
export class RenameOp {
  @Field(() => ID, { description: 'The grid.' })
  readonly grid!: string;

  @Field(() => String, { description: 'The new name.' })
  readonly name!: string;
}

@InputType({ description: 'Ends a grid.' })
export class RetireOp {
  @Field(() => ID, { description: 'The grid.' })
  readonly grid!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Who takes its ground and its children. Without one the ground is left to nobody.',
  })
  readonly heir?: string | null;
}

@InputType({ description: 'One step of an edit. Exactly one field is given.' })
export class BoundaryOp {
  @Field(() => CreateGridOp, { nullable: true, description: 'A new grid.' })
  readonly create?: CreateGridOp | null;

  @Field(() => ReshapeOp, { nullable: true, description: 'A grid drawn anew.' })
  readonly reshape?: ReshapeOp | null;

  @Field(() => MoveVertexOp, { nullable: true, description: 'A vertex moved, in all that have it.' })
  readonly moveVertex?: MoveVertexOp | null;

  @Field(() => InsertVertexOp, { nullable: true, description: 'A vertex put into an edge.' })
  readonly insertVertex?: InsertVertexOp | null;

  @Field(() => RemoveVertexOp, { nullable: true, description: 'A vertex taken away.' })
  readonly removeVertex?: RemoveVertexOp | null;

  @Field(() => SplitOp, { nullable: true, description: 'A grid cut along a line.' })
  readonly split?: SplitOp | null;

  @Field(() => MergeOp, { nullable: true, description: 'Several grids made one.' })
  readonly merge?: MergeOp | null;

  @Field(() => ReparentOp, { nullable: true, description: 'Another parent.' })
  readonly reparent?: ReparentOp | null;

  @Field(() => RenameOp, { nullable: true, description: 'Another name.' })
  readonly rename?: RenameOp | null;

  @Field(() => RecodeOp, { nullable: true, description: 'Another code.' })
  readonly recode?: RecodeOp | null;

  @Field(() => ChangeKindOp, { nullable: true, description: 'Another kind.' })
  readonly changeKind?: ChangeKindOp | null;

  @Field(() => TransferOp, { nullable: true, description: 'Another managing body.' })
  readonly transfer?: TransferOp | null;

  @Field(() => RetireOp, { nullable: true, description: 'A grid that ends.' })
  readonly retire?: RetireOp | null;

  @Field(() => CarveOp, { nullable: true, description: 'All grids in an area, given to one grid.' })
  readonly carve?: CarveOp | null;

  @Field(() => AssignOp, { nullable: true, description: 'Grids by id, given to one grid.' })
  readonly assign?: AssignOp | null;

  @Field(() => FixGapOp, { nullable: true, description: 'A gap filled.' })
  readonly fixGap?: FixGapOp | null;

  @Field(() => FixOverlapOp, { nullable: true, description: 'An overlap decided.' })
  readonly fixOverlap?: FixOverlapOp | null;
}
