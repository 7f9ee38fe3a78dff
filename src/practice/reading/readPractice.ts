import type { z } from 'zod';
import { DomainError } from '../../errors.ts';
import type { Practice, PracticeSections, Section } from '../practice.type.ts';
import { ENTRIES, MOST_ENTRIES } from './entries.ts';
import { Faults, type Path } from './faults.ts';
import { judgeWords, type KnownWords } from './knownWords.ts';
import { judgeDocument, type PlacedPractice } from './laws.ts';

export const SECTIONS = Object.keys(ENTRIES) as readonly Section[];

// A row holds a million characters, in which the database sets a space behind each comma and colon.
const LONGEST = 600_000;
const NEVER_ABOUT =
  'a warning is about places, times and kinds of matters, never about a person, phone, vehicle, camera or sensor';

/**
 * A practice document as it was checked: sections that it leaves out stay left out, and null gives a section back to the
 * area above. Members without a value are null, lists that are left out empty. Given words, every layer, tier and role
 * must be among them. Throws BAD_INPUT telling all faults, each with its place behind `field`, and TOO_LARGE.
 */
export function readPractice(value: unknown, field: string, words?: KnownWords): PracticeSections {
  const faults = new Faults();
  if (!isRecord(value)) {
    faults.add([], `must be an object with any of ${SECTIONS.join(', ')}`);
    faults.assertNone(field);
    return {};
  }
  for (const name of Object.keys(value)) {
    if (!isSection(name)) faults.add([name.slice(0, 64)], `there is no such section; there are ${SECTIONS.join(', ')}`);
  }
  const read: Record<string, unknown> = {};
  const document = Object.fromEntries(
    SECTIONS.map((section) => {
      const given = value[section];
      const placed = given == null ? [] : readSection(section, given, faults);
      if (given !== undefined) read[section] = given === null ? null : placed.map(({ entry }) => entry);
      return [section, placed];
    }),
  ) as unknown as PlacedPractice;
  judgeDocument(document, faults);
  if (words) judgeWords(document, words, faults);
  faults.assertNone(field);
  assertSize(read, field);
  return read as PracticeSections;
}

function isSection(name: string): name is Section {
  return Object.hasOwn(ENTRIES, name);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readSection(section: Section, given: unknown, faults: Faults): { entry: unknown; path: Path }[] {
  if (!Array.isArray(given)) {
    faults.add([section], 'must be a list; leave it out to keep it as it is');
    return [];
  }
  if (given.length > MOST_ENTRIES) {
    faults.add([section], `has ${given.length} entries; a section holds at most ${MOST_ENTRIES}`);
    return [];
  }
  return given.flatMap((entry, i) => {
    const path = [section, i];
    const read = (ENTRIES[section] as z.ZodType<Practice[Section][number]>).safeParse(entry);
    if (read.success) return [{ entry: read.data, path }];
    for (const issue of read.error.issues) addIssue(section, path, issue, faults);
    return [];
  });
}

function addIssue(section: Section, path: Path, issue: z.core.$ZodIssue, faults: Faults): void {
  const at = [...path, ...issue.path.filter((part) => typeof part !== 'symbol')];
  if (issue.code === 'unrecognized_keys') {
    const words = section === 'warnings' ? `there is no such member: ${NEVER_ABOUT}` : 'there is no such member';
    for (const key of issue.keys) faults.add([...at, key.slice(0, 64)], words);
  } else
    faults.add(at, issue.code === 'invalid_type' && issue.expected === 'object' ? 'must be an object' : issue.message);
}

function assertSize(read: object, field: string): void {
  const { length } = JSON.stringify(read);
  if (length <= LONGEST) return;
  const message = `${field || 'practice'}: the document has ${length} characters and may have ${LONGEST}; set its sections one after the other.`;
  throw new DomainError('TOO_LARGE', message, { field, length, longest: LONGEST });
}
