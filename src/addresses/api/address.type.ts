import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { PositionType } from '../../api/position.type.ts';
import type { AddressRecord, MatchRecord } from '../address.type.ts';
import { ELEMENT_KINDS, type Element, type ElementKind } from '../text/element.ts';
import { parseAddress } from '../text/parseAddress.ts';

const ElementKindEnum = Object.fromEntries(ELEMENT_KINDS.map((kind) => [kind, kind])) as { [K in ElementKind]: K };
registerEnumType(ElementKindEnum, {
  name: 'AddressElementKind',
  description: 'The kinds of elements of a standard address, after GA/T 2000.32.',
  valuesConfig: {
    PROVINCE: { description: '省: a province.' },
    CITY: { description: '市: a city or prefecture.' },
    COUNTY: { description: '区、县: a county or district.' },
    TOWN: { description: '街道、镇、乡: a town or subdistrict.' },
    VILLAGE: { description: '村、社区: a village or community.' },
    GROUP: { description: '组: a group of a village.' },
    STREET: { description: '路、街、巷: a street; two of them are where they cross.' },
    DOOR_NUMBER: { description: '门牌号: a number on a street or in a village; may be a range or a hundred block.' },
    COMPOUND: { description: '小区、院: a compound, or any place with a name.' },
    BUILDING: { description: '楼、栋、幢: a building of a compound.' },
    UNIT: { description: '单元: a staircase of a building.' },
    FLOOR: { description: '层: a floor.' },
    ROOM: { description: '室: a room or flat.' },
  },
});

@ObjectType({ description: 'One part of an address text.', simpleResolvers: true })
export class AddressElement {
  @Right('registry.read')
  @Field(() => ElementKindEnum, { description: 'What it is.' })
  readonly kind!: ElementKind;

  @Right('registry.read')
  @Field(() => String, { description: 'As it is shown: 中山路, 12号.' })
  readonly text!: string;
}

@ObjectType({ description: 'A building: a thing of its own, to which addresses may belong.', simpleResolvers: true })
export class Building {
  @Right('registry.read')
  @Field(() => ID, { description: 'Stable, whatever the building is called.' })
  readonly id!: string;

  @Right('registry.read')
  @Field(() => String, { description: 'Its name at that instant.' })
  readonly name!: string;

  @Right('registry.read')
  @Field(() => PositionType, { description: 'Where it stands.' })
  readonly point!: PositionType;
}

@ObjectType({
  description:
    'A place with an address. It holds no grid: its owners come from its point. Nothing says who lives there.',
  simpleResolvers: true,
})
export class Address {
  private readonly record: AddressRecord;

  constructor(record: AddressRecord) {
    this.record = record;
  }

  @Right('registry.read')
  @Field(() => ID, { description: 'Stable, whatever the address is called.' })
  get id(): string {
    return this.record.id;
  }

  @Right('registry.read')
  @Field(() => String, { description: 'The main text, from the largest element to the smallest.' })
  get text(): string {
    return this.record.text;
  }

  @Right('registry.read')
  @Field(() => [String], { description: 'Other ways to say the same place.' })
  get aliases(): readonly string[] {
    return this.record.aliases;
  }

  @Right('registry.read')
  @Field(() => PositionType, { description: 'Where it is.' })
  get point(): PositionType {
    return this.record.point;
  }

  @Right('registry.read')
  @Field(() => Building, { nullable: true, description: 'The building it belongs to; null where none is known.' })
  get building(): Building | null {
    return this.record.building;
  }

  @Right('registry.read')
  @Field(() => [AddressElement], {
    complexity: listOf(8),
    description: 'The main text as it is understood, from the largest element to the smallest.',
  })
  get elements(): readonly Element[] {
    return parseAddress(this.record.text).elements;
  }
}

@ObjectType({ description: 'An address that a text may mean.', simpleResolvers: true })
export class AddressMatch {
  private readonly match: MatchRecord;

  constructor(match: MatchRecord) {
    this.match = match;
  }

  @Right('registry.read')
  @Field(() => Address, { description: 'The address.' })
  get address(): Address {
    return new Address(this.match.address);
  }

  @Right('registry.read')
  @Field(() => Float, {
    description:
      'The estimated probability that this is the address meant, 0 to 1. All matches of a text share one whole with "none of them", so two that fit equally well have at most a half each.',
  })
  get score(): number {
    return Math.round(this.match.score * 1e4) / 1e4;
  }

  @Right('registry.read')
  @Field(() => [AddressElement], { complexity: listOf(5), description: 'What was asked and is so.' })
  get matched(): readonly Element[] {
    return this.match.matched;
  }

  @Right('registry.read')
  @Field(() => [AddressElement], {
    complexity: listOf(2),
    description: 'What was asked and is otherwise, or is not known of the address.',
  })
  get unmatched(): readonly Element[] {
    return this.match.unmatched;
  }

  @Right('registry.read')
  @Field(() => [AddressElement], {
    complexity: listOf(5),
    description: 'What the address has besides and nobody asked for: it was assumed to be meant.',
  })
  get assumed(): readonly Element[] {
    return this.match.assumed;
  }
}

@ObjectType({ description: 'An address in a list.', simpleResolvers: true })
export class AddressEdge {
  @Right('registry.read')
  @Field(() => Address, { description: 'The address.' })
  readonly node!: Address;

  @Right('registry.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this address.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of addresses.', simpleResolvers: true })
export class AddressConnection {
  @Right('registry.read')
  @Field(() => [AddressEdge], { complexity: listOf(1), description: 'The addresses of this page.' })
  readonly edges!: AddressEdge[];

  @Right('registry.read')
  @Field(() => PageInfo, {
    description:
      'Where the page begins and ends. A page may be short, even empty, though more follows: go on behind it.',
  })
  readonly pageInfo!: PageInfo;

  @Right('registry.read')
  @Field(() => Int, { description: 'How many addresses were looked at for this page.' })
  readonly lookedAt!: number;
}
