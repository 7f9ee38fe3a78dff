import { Arg, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar, GeoJsonScalar } from '../../api/scalars.ts';
import { shapeToGeoJson } from '../../geometry/geojson.ts';
import { simplifyShape } from '../../geometry/rings/simplify.ts';
import { historyOf, type VersionEntry, versionAt } from '../atlas/rows.ts';
import { endOf, type Moment } from '../moment.ts';
import { codesOf, flagsOf, GridCode, GridFlag, LoadFigure } from './gridPart.type.ts';
import { Layer, Tier } from './layer.type.ts';

@ObjectType({ description: 'What a grid was from one instant to another.', simpleResolvers: true })
export class GridVersion {
  readonly version: VersionEntry;
  readonly moment: Moment;

  constructor(version: VersionEntry, edition: number) {
    this.version = version;
    this.moment = { asOf: version.validFrom, edition };
  }

  @Right('registry.read')
  @Field(() => String, { description: 'Its name in that time.' })
  get name(): string {
    return this.version.name;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'Its kind in that time: BASIC, EXCLUSIVE … local data.' })
  get kind(): string {
    return this.version.kind;
  }

  @Right('registry.read')
  @Field(() => Grid, { nullable: true, description: 'Its parent in that time, as it was on the first day.' })
  get parent(): Grid | null {
    return parentOf(this.version, this.moment);
  }

  @Right('registry.read')
  @Field(() => DateTimeScalar, { description: 'The first instant it was so.' })
  get validFrom(): Date {
    return new Date(this.version.validFrom);
  }

  @Right('registry.read')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The instant it ceased to be so; null: no end is known.',
  })
  get validTo(): Date | null {
    return endOf(this.version.validTo);
  }

  @Right('registry.read')
  @Field(() => Int, { description: 'The edition that first said so.' })
  get edition(): number {
    return this.version.editionFrom;
  }

  @Right('registry.read')
  @Field(() => GeoJsonScalar, { complexity: 20, nullable: true, description: 'Its boundary in that time.' })
  get boundary(): object {
    return shapeToGeoJson(this.version.shape);
  }
}

@ObjectType({
  description:
    'A unit of responsibility. Its id never changes, whatever happens to its code, name, parent or boundary; what you read is the grid as of the instant you asked for.',
  simpleResolvers: true,
})
export class Grid {
  readonly version: VersionEntry;
  readonly moment: Moment;

  constructor(version: VersionEntry, moment: Moment) {
    this.version = version;
    this.moment = moment;
  }

  @Right('registry.read')
  @Field(() => ID, { description: 'Stable for ever: keep this, not the code.' })
  get id(): string {
    return this.version.grid.id;
  }

  @Right('registry.read')
  @Field(() => String, {
    nullable: true,
    description: 'The code in the scheme named; without one, the main code. Null: none.',
  })
  code(
    @Arg('scheme', () => String, { nullable: true, description: 'A naming scheme.' }) scheme?: string | null,
  ): string | null {
    const known = this.codes;
    if (scheme) return known.find((code) => code.scheme === scheme)?.code ?? null;
    return known[0]?.code ?? null;
  }

  @Right('registry.read')
  @Field(() => [GridCode], { complexity: listOf(3), description: 'All its codes, the main one first.' })
  get codes(): GridCode[] {
    return codesOf(this.version.grid, this.moment.edition);
  }

  @Right('registry.read')
  @Field(() => String, { description: 'Its name on the day asked for.' })
  get name(): string {
    return this.version.name;
  }

  @Right('registry.read')
  @Field(() => String, {
    description: 'BASIC, EXCLUSIVE (a farm, market or school that is its own grid) … local data.',
  })
  get kind(): string {
    return this.version.kind;
  }

  @Right('registry.read')
  @Field(() => Layer, { description: 'The tree it stands in.' })
  get layer(): Layer {
    return new Layer(this.version.grid.layer, this.moment.edition);
  }

  @Right('registry.read')
  @Field(() => Tier, { description: 'The level it stands on.' })
  get tier(): Tier {
    return new Tier(this.version.grid.tier, this.moment.edition);
  }

  @Right('registry.read')
  @Field(() => Grid, { nullable: true, description: 'The grid above; null for a root.' })
  get parent(): Grid | null {
    return parentOf(this.version, this.moment);
  }

  @Right('registry.read')
  @Field(() => GeoJsonScalar, {
    complexity: 20,
    nullable: true,
    description: 'Polygon or MultiPolygon; exterior rings counter-clockwise.',
  })
  boundary(
    @Arg('simplifyMetres', () => Float, {
      nullable: true,
      description:
        'Leave out vertices that move the line by less than this. For maps: neighbours no longer meet exactly.',
    })
    simplifyMetres?: number | null,
  ): object | Promise<object> {
    if (!simplifyMetres) return shapeToGeoJson(this.version.shape);
    return simplifyShape(this.version.shape, simplifyMetres).then(shapeToGeoJson);
  }

  @Right('registry.read')
  @Field(() => Float, { description: 'Area on the WGS84 ellipsoid, in square metres.' })
  get areaSquareMetres(): number {
    return this.version.areaSquareMetres;
  }

  @Right('registry.read')
  @Field(() => DateTimeScalar, { description: 'Since when it has been as you see it.' })
  get validFrom(): Date {
    return new Date(this.version.validFrom);
  }

  @Right('registry.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when; null: no end is known.' })
  get validTo(): Date | null {
    return endOf(this.version.validTo);
  }

  @Right('registry.read')
  @Field(() => [GridVersion], {
    complexity: listOf(5),
    description: 'Everything it was and is planned to be, oldest first.',
  })
  get history(): GridVersion[] {
    return historyOf(this.version.grid, this.moment.edition).map((v) => new GridVersion(v, this.moment.edition));
  }

  @Right('registry.read')
  @Field(() => [LoadFigure], { complexity: listOf(5), description: 'Aggregate figures with their date and source.' })
  get loads(): readonly LoadFigure[] {
    return this.version.loads;
  }

  @Right('registry.read')
  @Field(() => [GridFlag], { complexity: listOf(1), description: 'What is unusual about it; empty for most.' })
  get flags(): GridFlag[] {
    return flagsOf(this.version, this.codes);
  }
}

function parentOf(version: VersionEntry, moment: Moment): Grid | null {
  const parent = version.parent && versionAt(version.parent, moment);
  return parent ? new Grid(parent, moment) : null;
}
