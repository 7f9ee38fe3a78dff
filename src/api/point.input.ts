import { Field, Float, InputType, registerEnumType } from 'type-graphql';

export enum Datum {
  WGS84 = 'WGS84',
  CGCS2000 = 'CGCS2000',
  GCJ02 = 'GCJ02',
  BD09 = 'BD09',
}
registerEnumType(Datum, {
  name: 'Datum',
  description: 'The datum of coordinates. If places come out some hundred metres off in China, it is the wrong one.',
  valuesConfig: {
    WGS84: { description: 'GPS.' },
    CGCS2000: { description: 'The national datum of China; taken as equal to WGS84 (they differ by centimetres).' },
    GCJ02: { description: 'The shifted datum of Amap and Tencent maps.' },
    BD09: { description: 'The shifted datum of Baidu maps.' },
  },
});

@InputType({ description: 'A point in degrees.' })
export class PointInput {
  @Field(() => Float, { description: 'Longitude, -180 to 180, east positive.' })
  lon!: number;

  @Field(() => Float, { description: 'Latitude, -90 to 90, north positive.' })
  lat!: number;

  @Field(() => Datum, { nullable: true, defaultValue: Datum.WGS84, description: 'The datum of the two numbers.' })
  datum?: Datum | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Radius of uncertainty, 0 to 5,000; 15 if not given. Neighbouring grids within it are listed.',
  })
  accuracyMetres?: number | null;
}
