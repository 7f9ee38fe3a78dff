import { z } from 'zod';
import { privateThingIn } from '../../api/input/note.ts';
import { instantOf } from '../../clock.ts';
import type { Practice } from '../practice.type.ts';

const PURPOSES = [
  'HANDLE',
  'JOINT',
  'MEDIATE',
  'ATTEND',
  'SUPERVISE',
  'FOLLOW_UP',
  'RECHECK',
  'WARNING',
  'NOTICE',
] as const;
const PLACES = ['ADDRESS', 'GRID', 'NEARBY'] as const;
/** Entries of a section, and of a list within an entry. */
export const MOST_ENTRIES = 500;
const LONGEST_NAME = 100;
const MOST_HOURS = 8_760;
const MOST_DAYS = 3_650;

const CODE = /^[a-z][a-z0-9_]{0,63}$/;
// The database keeps grades and response classes of incidents no longer than this.
const GRADE = /^[a-z][a-z0-9_]{0,31}$/;
const RESPONSE = /^[a-z0-9_]{1,16}$/;
const INVISIBLE = /\p{C}/u;

/** What is said of a value of the wrong kind. */
const wrong = (words: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is missing' : words),
});
const text = (words: string) => z.string(wrong(words));
const matching = (form: RegExp, words: string) => text(words).regex(form, words);
const code = matching(CODE, 'must be 1 to 64 small letters, digits and _, and begin with a letter');
const grade = matching(GRADE, 'must be 1 to 32 small letters, digits and _, and begin with a letter');
const responseClass = matching(RESPONSE, 'must be 1 to 16 small letters, digits and _');

/** A text on one line: PostgreSQL takes neither NUL nor half characters, and nobody sees invisible ones. */
const line = text('must be text')
  .refine((value) => !INVISIBLE.test(value), 'must not hold control or invisible characters')
  .refine(
    (value) => value.trim() === value && value !== '' && [...value].length <= LONGEST_NAME,
    `must have 1 to ${LONGEST_NAME} characters, with no space around them`,
  );

const number = (least: number, most: number, words = `must be a number from ${least} to ${most}`) =>
  z.number(wrong(words)).min(least, words).max(most, words);
const whole = (least: number, most: number) => {
  const words = `must be a whole number from ${least} to ${most}`;
  return number(least, most, words).int(words);
};
const hours = number(0.01, MOST_HOURS);
const days = whole(1, MOST_DAYS);

const orNull = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);
const yes = z
  .boolean('must be true or false')
  .nullish()
  .transform((value) => value ?? false);
const list = <T extends z.ZodType>(schema: T, least = 0) =>
  z
    .array(schema, wrong('must be a list'))
    .min(least, 'must not be empty')
    .max(MOST_ENTRIES, `has more than ${MOST_ENTRIES} entries`);
/** A list that may be left out, and is then empty. */
const listOrNone = <T extends z.ZodType>(schema: T) =>
  list(schema)
    .nullish()
    .transform((value) => value ?? []);
const oneOf = <const T extends readonly string[]>(values: T) => z.enum(values, `must be one of ${values.join(', ')}`);

const INSTANT_WORDS = 'must be an instant with an offset, such as 2026-06-25T00:00:00+08:00';
const instant = z.unknown().transform((value, context): Date => {
  const read =
    value instanceof Date ? value : typeof value === 'string' && value.includes('T') ? instantOf(value, 'UTC') : null;
  if (read && !Number.isNaN(read.getTime())) return read;
  context.issues.push({ code: 'custom', message: value === undefined ? 'is missing' : INSTANT_WORDS, input: value });
  return z.NEVER;
});

/** A name is of a thing: a number of somebody would make it one of a person. */
const name = line.refine((value) => privateThingIn(value) === undefined, 'looks like a number of a person');
const named = { code, name };
const categories = listOrNone(code);
const purpose = oneOf(PURPOSES);
const handler = z.strictObject({
  purpose,
  layer: orNull(line),
  tier: orNull(line),
  role: orNull(line),
  bodyKind: orNull(line),
  hours: orNull(hours),
});
const deadline = z.strictObject({ tier: line, severity: orNull(grade), hours });

/** One entry of each section. There is no member for a person, a phone, a vehicle, a camera or a sensor, and none is let in. */
export const ENTRIES = {
  categories: z.strictObject({ ...named, field: orNull(code) }),
  severities: z.strictObject({ code: grade, name }),
  routes: z.strictObject({ categories, layer: line, tier: line, handlers: list(handler, 1) }),
  ladders: z.strictObject({
    ...named,
    categories,
    layer: line,
    tiers: list(line, 1),
    deadlines: listOrNone(deadline),
    supervisor: orNull(handler),
    climbsWhenLate: yes,
    followUpDays: orNull(days),
    followUp: orNull(handler),
  }),
  warnings: z.strictObject({
    ...named,
    enabled: yes,
    categories,
    same: oneOf(PLACES),
    metres: orNull(number(1, 5_000)),
    count: whole(2, 1_000),
    withinDays: days,
    fromHour: orNull(whole(0, 23)),
    toHour: orNull(whole(0, 24)),
    instruct: list(handler, 1),
  }),
  responses: z.strictObject({ code: responseClass, minutes: number(0.1, 1_440), roles: listOrNone(line) }),
  visits: z.strictObject({ ...named, siteKinds: listOrNone(line), everyDays: orNull(days) }),
  contacts: z.strictObject(named),
  campaigns: z.strictObject({ ...named, from: instant, to: instant, categories }),
  activities: z.strictObject(named),
  quotas: z.strictObject({ role: line, purpose, categories, perMonth: whole(1, 10_000) }),
} satisfies { readonly [S in keyof Practice]: z.ZodType<Practice[S][number]> };
