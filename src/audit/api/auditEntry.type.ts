import { ArgsType, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageArgs, PageInfo } from '../../api/page.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { AuditRecord } from '../audit.repository.ts';

export enum AuditResult {
  DONE = 'DONE',
  READ = 'READ',
  REFUSED = 'REFUSED',
}
registerEnumType(AuditResult, {
  name: 'AuditResult',
  description: 'How an act ended.',
  valuesConfig: {
    DONE: { description: 'Something was changed.' },
    READ: { description: 'Something sensitive was read.' },
    REFUSED: { description: 'It was refused, or what was asked for is not there for the one who asked.' },
  },
});

@ObjectType({ description: 'A small fact about an act.', simpleResolvers: true })
export class AuditDetail {
  @Right('audit.read')
  @Field(() => String, { description: 'What it is, such as edition or filter.' })
  readonly name!: string;

  @Right('audit.read')
  @Field(() => String, { description: 'The value as text; lists and numbers as JSON.' })
  readonly value!: string;
}

@ObjectType({ description: 'Who did what, when and why. An entry is never changed.', simpleResolvers: true })
export class AuditEntry {
  @Right('audit.read')
  @Field(() => ID, { description: 'The number of the entry in the chain of all entries: 1, 2, 3 …' })
  readonly id!: string;

  @Right('audit.read')
  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  readonly at!: Date;

  @Right('audit.read')
  @Field(() => String, {
    description: 'Who acted: issuer and subject of a token, the id of a key, or system:… for the registry itself.',
  })
  readonly subject!: string;

  @Right('audit.read')
  @Field(() => String, { description: 'The role by which it was allowed; none where no role allows it.' })
  readonly role!: string;

  @Right('audit.read')
  @Field(() => String, { description: 'What was done, by the name of its right, such as staff.read.' })
  readonly action!: string;

  @Right('audit.read')
  @Field(() => String, { description: 'What sort of thing it was done to, such as person or edition.' })
  readonly objectKind!: string;

  @Right('audit.read')
  @Field(() => String, { description: 'The id of that thing.' })
  readonly objectId!: string;

  @Right('audit.read')
  @Field(() => ID, { nullable: true, description: 'The grid it concerns; null when it concerns the whole registry.' })
  readonly gridId!: string | null;

  @Right('audit.read')
  @Field(() => AuditResult, { description: 'How it ended.' })
  readonly result!: AuditResult;

  @Right('audit.read')
  @Field(() => String, { nullable: true, description: 'Why, in the words of the one who acted; null if not said.' })
  readonly purpose!: string | null;

  @Right('audit.read')
  @Field(() => String, { nullable: true, description: 'The request, as in the log; null for the command line.' })
  readonly requestId!: string | null;

  @Right('audit.read')
  @Field(() => [AuditDetail], {
    complexity: listOf(3),
    description: 'Counts, codes and titles; never the value of a sensitive field.',
  })
  readonly details!: AuditDetail[];

  @Right('audit.read')
  @Field(() => String, { description: 'SHA-256 of this entry and the chain before it, in hex.' })
  readonly hash!: string;
}

@ObjectType({ description: 'An entry of the audit in a list.', simpleResolvers: true })
export class AuditEntryEdge {
  @Right('audit.read')
  @Field(() => AuditEntry, { description: 'The entry.' })
  readonly node!: AuditEntry;

  @Right('audit.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this entry.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of the audit, newest first.', simpleResolvers: true })
export class AuditEntryConnection {
  @Right('audit.read')
  @Field(() => [AuditEntryEdge], { complexity: listOf(1), description: 'The entries of this page.' })
  readonly edges!: AuditEntryEdge[];

  @Right('audit.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;
}

@ArgsType()
export class AuditArgs extends PageArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'Only what concerns this grid and those below it, by id or code. Outside your area: nothing.',
  })
  within?: string | null;

  @Field(() => String, { nullable: true, description: 'Only what this one did, as in `subject` of an entry.' })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'Only this action, such as staff.read.' })
  action?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only from this instant on.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only before this instant.' })
  to?: Date | null;
}

/** An entry as clients see it. */
export function auditEntry({ seq, details, hash, ...record }: AuditRecord): AuditEntry {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    ...record,
    id: String(seq),
    result: AuditResult[record.result],
    details: Object.entries(details).map(([name, value]) => ({ name, value: text(value) })),
    hash: hash.toString('hex'),
  };
}
