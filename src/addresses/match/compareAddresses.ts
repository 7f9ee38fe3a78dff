import { coreOf, type Element, isDivision, isPlaceName, type ParsedAddress } from '../text/element.ts';
import { type Comparison, Evidence } from './evidence.ts';
import { compareNumbers } from './numbers.ts';
import { nameSimilarity } from './similarity.ts';

/** What the first, second and further names are worth where they are the same. */
const NAME_WORTH = [6, 3, 1.5];
const NAME_DIFFERS = -4;
const NAME_NOT_THERE = -1.5;
const NAME_UNSAID = -0.3;
/** 中山 for 中山路 is no slip. */
const SPELT_RIGHT = 0.88;
/** Less alike than this is another name. */
const LEAST_ALIKE = 0.5;
const DIVISION_WORTH = 0.8;
const DIVISION_DIFFERS = -3;
const DIVISION_NOT_THERE = -0.3;
const SAME_TEXT = 6;

/**
 * Compares what is asked with one address, element by element. Undefined where no name of the question is a name of
 * the address: numbers and divisions alone make no address.
 */
export function compareAddresses(asked: ParsedAddress, there: ParsedAddress): Comparison | undefined {
  const evidence = new Evidence();
  const names = new NameMatcher(asked.elements, there.elements, evidence);
  if (!names.compare()) return undefined;
  compareNumbers(asked.elements, there.elements, evidence);
  if (asked.folded === there.folded) evidence.add(SAME_TEXT);
  return evidence.comparison;
}

class NameMatcher {
  readonly #asked: readonly Element[];
  readonly #names: readonly Element[];
  readonly #divisions: readonly Element[];
  readonly #evidence: Evidence;
  readonly #used = new Set<Element>();

  constructor(asked: readonly Element[], there: readonly Element[], evidence: Evidence) {
    this.#asked = asked;
    this.#names = there.filter(isPlaceName);
    this.#divisions = there.filter(isDivision);
    this.#evidence = evidence;
  }

  /** False where no place name is the same. */
  compare(): boolean {
    const found: { said: Element; alike: number }[] = [];
    for (const said of this.#asked.filter(isPlaceName)) {
      const alike = this.#findName(said);
      if (alike !== undefined) found.push({ said, alike });
      else if (this.#findDivision(said)) this.#evidence.match(said, DIVISION_WORTH);
      else this.#missName(said);
    }
    found
      .sort((a, b) => b.alike - a.alike)
      .forEach(({ said, alike }, i) => {
        this.#evidence.match(said, nameWorth(NAME_WORTH[Math.min(i, 2)], alike));
        if (alike < SPELT_RIGHT) this.#evidence.slip();
      });
    for (const said of this.#asked) if (isDivision(said) && said.kind !== 'VILLAGE') this.#compareDivision(said);
    for (const name of this.#names) {
      if (!this.#used.has(name)) this.#evidence.assume(name, name.kind === 'VILLAGE' ? 0 : NAME_UNSAID);
    }
    for (const division of this.#divisions) {
      if (!this.#used.has(division) && division.kind !== 'VILLAGE') this.#evidence.assume(division, 0);
    }
    return found.length > 0;
  }

  #findName(said: Element): number | undefined {
    let best: { name: Element; alike: number; prefix: Element[] } | undefined;
    for (const name of this.#names) {
      if (this.#used.has(name)) continue;
      const plain = nameSimilarity(said.value, name.value);
      const { rest, prefix } = plain === 1 ? { rest: said.value, prefix: [] } : this.#withoutKnown(said.value, name);
      const stripped = rest === said.value ? 0 : nameSimilarity(rest, name.value) * 0.98;
      // A village said for a compound, or a compound for a street, is less likely than a slip within one kind.
      const alike = Math.max(plain, stripped) * (said.kind === name.kind || Math.max(plain, stripped) > 0.89 ? 1 : 0.9);
      if (alike >= LEAST_ALIKE && alike > (best?.alike ?? 0))
        best = { name, alike, prefix: stripped > plain ? prefix : [] };
    }
    if (!best) return undefined;
    this.#used.add(best.name);
    for (const element of best.prefix) this.#used.add(element);
    return best.alike;
  }

  /** 东城中山路: names above that run into the name, without their endings. */
  #withoutKnown(text: string, name: Element): { rest: string; prefix: Element[] } {
    let rest = text;
    const prefix: Element[] = [];
    for (const element of [...this.#divisions, ...this.#names]) {
      if (element === name) continue;
      const start = [element.value, coreOf(element.value)].find(
        (form) => rest.length > form.length + 1 && rest.startsWith(form),
      );
      if (!start) continue;
      rest = rest.slice(start.length);
      prefix.push(element);
    }
    return { rest, prefix };
  }

  #missName(said: Element): void {
    const rival = this.#names.some((name) => name.kind === said.kind && !this.#used.has(name));
    const worth = said.kind === 'VILLAGE' ? -2 : NAME_DIFFERS;
    this.#evidence.miss(said, rival ? worth : NAME_NOT_THERE);
  }

  #findDivision(said: Element): boolean {
    const division = this.#divisions.find((each) => coreOf(each.value) === coreOf(said.value));
    if (division) this.#used.add(division);
    return division !== undefined;
  }

  #compareDivision(said: Element): void {
    const core = coreOf(said.value);
    const alike = (each: Element) => {
      const other = coreOf(each.value);
      return core === other ? 1 : core.endsWith(other) || other.endsWith(core) ? 0.8 : nameSimilarity(core, other);
    };
    const best = this.#divisions.reduce<{ each?: Element; alike: number }>(
      (top, each) => (alike(each) > top.alike ? { each, alike: alike(each) } : top),
      { alike: 0 },
    );
    if (best.each && best.alike >= LEAST_ALIKE) {
      this.#used.add(best.each);
      this.#evidence.match(said, DIVISION_WORTH * best.alike);
      return;
    }
    const rival = this.#divisions.find((each) => each.kind === said.kind);
    if (rival) this.#used.add(rival);
    this.#evidence.miss(said, rival ? DIVISION_DIFFERS : DIVISION_NOT_THERE);
  }
}

/** Full for the same name, half for one character of three, nothing where half is different. */
function nameWorth(worth: number, alike: number): number {
  return alike >= 0.97 ? worth : worth * Math.max(0, (alike - 0.35) / 0.65) ** 1.2;
}
