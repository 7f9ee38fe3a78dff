import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Tier } from '../../grids/api/layer.type.ts';
import type { Frame } from '../frame/frame.ts';
import { isPartial, labelOf } from '../frame/label.ts';
import { FigureOriginEnum } from './figure.input.ts';

@ObjectType({ description: 'A campaign of the local practice.', simpleResolvers: true })
export class FigureCampaign {
  @Right('figures.read')
  @Field(() => String, { description: 'Its code.' })
  readonly code!: string;

  @Right('figures.read')
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Right('figures.read')
  @Field(() => DateTimeScalar, { description: 'When it begins.' })
  readonly from!: Date;

  @Right('figures.read')
  @Field(() => DateTimeScalar, { description: 'When it ends.' })
  readonly to!: Date;
}

@ObjectType({
  description:
    'What figures are about: area, period, boundaries and what is left out. A figure says nothing without it.',
  simpleResolvers: true,
})
export class FigureFrame {
  private readonly frame: Frame;

  constructor(frame: Frame) {
    this.frame = frame;
  }

  @Right('figures.read')
  @Field(() => String, { description: 'All of it in words, to print beside the figures.' })
  get text(): string {
    return labelOf(this.frame);
  }

  @Right('figures.read')
  @Field(() => Grid, { description: 'The area, as it was in the tree that was counted by.' })
  get area(): Grid {
    return new Grid(this.frame.within, this.frame.moment);
  }

  @Right('figures.read')
  @Field(() => Tier, { nullable: true, description: 'The tier that it is broken down by; null: it is not.' })
  get by(): Tier | null {
    return this.frame.by && new Tier(this.frame.by, this.frame.moment.edition);
  }

  @Right('figures.read')
  @Field(() => DateTimeScalar, { description: 'The first instant.' })
  get from(): Date {
    return this.frame.from;
  }

  @Right('figures.read')
  @Field(() => DateTimeScalar, { description: 'The first instant that is not counted.' })
  get to(): Date {
    return this.frame.to;
  }

  @Right('figures.read')
  @Field(() => String, { description: 'In which days are cut and instants are written, such as Asia/Shanghai.' })
  get timeZone(): string {
    return this.frame.timeZone;
  }

  @Right('figures.read')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The day of the boundaries; null: matters count where they are owned.',
  })
  get boundaryDate(): Date | null {
    return this.frame.boundaryDate;
  }

  @Right('figures.read')
  @Field(() => DateTimeScalar, { description: 'The instant whose tree was counted by.' })
  get treeOf(): Date {
    return new Date(this.frame.moment.asOf);
  }

  @Right('figures.read')
  @Field(() => Int, { description: 'The edition whose tree and boundaries were counted by.' })
  get edition(): number {
    return this.frame.moment.edition;
  }

  @Right('figures.read')
  @Field(() => FigureCampaign, {
    nullable: true,
    description: 'The campaign under whose label it is counted; null: none.',
  })
  get campaign(): FigureCampaign | null {
    return this.frame.campaign;
  }

  @Right('figures.read')
  @Field(() => [String], { description: 'The categories counted; empty: all.' })
  get categories(): readonly string[] {
    return this.frame.categories;
  }

  @Right('figures.read')
  @Field(() => FigureOriginEnum, {
    nullable: true,
    description: 'How the matters came that are counted; null: however.',
  })
  get origin(): FigureOriginEnum | null {
    return this.frame.origin && FigureOriginEnum[this.frame.origin];
  }

  @Right('figures.read')
  @Field(() => Boolean, {
    description:
      'True where boundaries of another day are counted by, and you do not see everything: matters on that ground that your areas have nothing to do with are not in it.',
  })
  get partial(): boolean {
    return isPartial(this.frame);
  }
}
