import type { Element, ElementKind } from '../text/element.ts';
import type { Evidence } from './evidence.ts';

/** What an equal number is worth: the fewer places share it, the more. */
const EQUAL: Partial<Record<ElementKind, number>> = {
  DOOR_NUMBER: 3,
  BUILDING: 2.5,
  GROUP: 1.5,
  UNIT: 1.5,
  ROOM: 2.5,
  FLOOR: 0.5,
};
const IN_RANGE = -0.7;
const OTHER_KIND = -0.5;
const DIFFERENT = -6;
/** With another number it is another address, however much else agrees: that speaks only for the neighbourhood. */
const NEIGHBOUR = 2.5;
/** A door is often remembered wrong where a compound and building say it better. */
const OTHER_DOOR = -3;
const DEEPER_THAN_SAID = -3;
const SKIPPED = -0.4;
/** A number that the address does not have; rooms often are in no address book, doors are. */
const NOT_THERE: Partial<Record<ElementKind, number>> = {
  DOOR_NUMBER: -4,
  BUILDING: -3,
  UNIT: -1,
  ROOM: -1,
  GROUP: -1,
};

const KINDS: readonly ElementKind[] = ['GROUP', 'DOOR_NUMBER', 'BUILDING', 'UNIT', 'FLOOR', 'ROOM'];
/** 幸福小区3号 may mean 幸福小区3号楼. */
const STANDS_FOR: Partial<Record<ElementKind, ElementKind>> = { DOOR_NUMBER: 'BUILDING', BUILDING: 'DOOR_NUMBER' };

/** Compares the numbers of a question with those of an address. */
export function compareNumbers(asked: readonly Element[], there: readonly Element[], evidence: Evidence): void {
  const find = (list: readonly Element[], kind: ElementKind) => list.find((element) => element.kind === kind);
  const used = new Set<Element>();
  // The building of a compound is no door of its street.
  const sameNames = (find(asked, 'COMPOUND') === undefined) === (find(there, 'COMPOUND') === undefined);
  const deepest = Math.max(-1, ...KINDS.map((kind, depth) => (find(asked, kind) ? depth : -1)));
  for (const kind of KINDS) {
    const said = find(asked, kind);
    if (!said) continue;
    const same = find(there, kind);
    const other = sameNames ? STANDS_FOR[kind] : undefined;
    const swapped = other && !same && !find(asked, other) ? find(there, other) : undefined;
    const found = same ?? swapped;
    const alike = found && numberAgreement(said, found);
    if (alike !== undefined) {
      evidence.match(said, EQUAL[kind]! + alike + (same ? 0 : OTHER_KIND));
      used.add(found!);
    } else {
      // The floor is said by the room already.
      const missing = kind === 'FLOOR' ? -0.2 : NOT_THERE[kind]!;
      const differs = found !== undefined && kind !== 'FLOOR';
      const isSaidBetter = kind === 'DOOR_NUMBER' && same !== undefined && hasBuilding(asked) && hasBuilding(there);
      evidence.miss(said, !differs ? missing : isSaidBetter ? OTHER_DOOR : DIFFERENT);
      if (differs && !isSaidBetter) evidence.limit(NEIGHBOUR);
      if (found) used.add(found);
    }
  }
  for (const [depth, kind] of KINDS.entries()) {
    const unsaid = find(there, kind);
    if (unsaid && !used.has(unsaid)) evidence.assume(unsaid, depth > deepest ? DEEPER_THAN_SAID : SKIPPED);
  }
}

function hasBuilding(elements: readonly Element[]): boolean {
  return ['COMPOUND', 'BUILDING'].every((kind) => elements.some((element) => element.kind === kind));
}

/** 0 for equal numbers, less where one lies in the range of the other, undefined where they differ. */
function numberAgreement(said: Element, there: Element): number | undefined {
  if (said.value === there.value) return 0;
  const [a, b] = [Number.parseInt(said.value, 10), Number.parseInt(there.value, 10)];
  if (there.to !== undefined && said.to === undefined && there.from! <= a && a <= there.to) return IN_RANGE;
  if (said.to !== undefined && there.to === undefined && said.from! <= b && b <= said.to) return IN_RANGE;
  return undefined;
}
