import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { Holding } from '../api/holding.type.ts';
import { Role } from '../api/staff.type.ts';

export enum DutyStance {
  LEADS = 'LEADS',
  MAY = 'MAY',
  SUPPORTS = 'SUPPORTS',
  NOT = 'NOT',
}
registerEnumType(DutyStance, {
  name: 'DutyStance',
  description: 'What a role may do about a matter.',
  valuesConfig: {
    LEADS: { description: 'The matter is this role’s own.' },
    MAY: { description: 'It may act on its own.' },
    SUPPORTS: { description: 'It helps whoever leads, and does not act on its own.' },
    NOT: { description: 'It keeps out.' },
  },
});

@ObjectType({ description: 'Whether a role may act on a matter at a place, and who else does.', simpleResolvers: true })
export class Duty {
  @Right('registry.read')
  @Field(() => Role, { description: 'The role that was asked about.' })
  readonly role!: Role;

  @Right('registry.read')
  @Field(() => Boolean, { description: 'Whether the role may act on its own: it LEADS or MAY.' })
  readonly allowed!: boolean;

  @Right('registry.read')
  @Field(() => DutyStance, { description: 'What the role may do, by its best seat up the tree.' })
  readonly stance!: DutyStance;

  @Right('registry.read')
  @Field(() => Boolean, {
    description:
      'True when a row of the duty matrix decided; false when it says nothing here, and the matters of the role itself did.',
  })
  readonly byMatrix!: boolean;

  @Right('registry.read')
  @Field(() => [Role], {
    complexity: listOf(3),
    description:
      'Where the role may not act: the roles that do, leading ones first. Empty where it may, and where none does.',
  })
  readonly instead!: readonly Role[];

  @Right('registry.read')
  @Field(() => [Holding], {
    complexity: listOf(5),
    description: 'Who holds the role at the place, or, where it may not act, the roles instead; vacant posts too.',
  })
  readonly holdings!: readonly Holding[];
}
