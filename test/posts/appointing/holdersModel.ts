import fc from 'fast-check';

export const PEOPLE = 3;
export const POSTS = 4;
/** In months since the beginning of 2026; the end is the first month no longer in office. */
const month = fc.integer({ min: 0, max: 12 });
const pick = fc.nat(1000);

/** One random act; `pick` names an appointment among those made so far. */
export const anyAct = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('appoint' as const, 'reinforce' as const),
      ...{ person: fc.nat(PEOPLE - 1), post: fc.nat(POSTS - 1), deputy: fc.boolean(), from: month },
      length: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined, freq: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const), pick, at: month }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('transfer' as const), pick, post: fc.nat(POSTS - 1), at: month }),
  },
);
export type Act = typeof anyAct extends fc.Arbitrary<infer T> ? T : never;

export interface Held {
  readonly id: number;
  readonly person: number;
  readonly post: number;
  readonly rank: string;
  readonly from: number;
  to: number;
  gone: boolean;
}

/** Who holds what, kept as plainly as can be: one list of appointments, and a copy of it for every edition. */
export class HoldersModel {
  readonly all: Held[] = [];
  readonly #editions = new Map<number, Held[]>();

  /** The code with which the act is refused; undefined where it is done. */
  take(act: Act): string | undefined {
    if (act.kind === 'end') return this.end(this.meant(act.pick), act.at);
    if (act.kind === 'transfer') return this.transfer(this.meant(act.pick), act.post, act.at);
    const { kind, person, post, deputy, from, length } = act;
    const rank = kind === 'reinforce' ? 'REINFORCEMENT' : deputy ? 'DEPUTY' : 'PRIMARY';
    return this.add({
      person,
      post,
      rank,
      from,
      to: length === undefined ? (kind === 'reinforce' ? from + 1 : Infinity) : from + length,
    });
  }

  meant(n: number): Held | undefined {
    return this.all[n % Math.max(1, this.all.length)];
  }

  protected add(held: Omit<Held, 'id' | 'gone'>): string | undefined {
    const same = (each: Held) =>
      !each.gone && each.person === held.person && each.post === held.post && each.rank === held.rank;
    if (this.all.some((each) => same(each) && each.from < held.to && held.from < each.to)) return 'CONFLICT';
    this.all.push({ ...held, id: this.all.length, gone: false });
    return undefined;
  }

  protected end(held: Held | undefined, at: number): string | undefined {
    if (!held || held.gone) return 'NOT_FOUND';
    if (at >= held.to) return 'CONFLICT';
    held.to = at;
    held.gone = at <= held.from;
    return undefined;
  }

  protected transfer(held: Held | undefined, post: number, at: number): string | undefined {
    if (!held || held.gone) return 'NOT_FOUND';
    if (post === held.post) return 'BAD_INPUT';
    if (at >= held.to) return 'CONFLICT';
    if (at < held.from) return 'BAD_INPUT';
    const { person, rank, to } = held;
    return this.add({ person, post, rank, from: at, to }) ?? this.end(held, at);
  }

  /** Keeps what is so in an edition. */
  publish(edition: number): void {
    this.#editions.set(edition, structuredClone(this.all));
  }

  get editions(): number[] {
    return [...this.#editions.keys()];
  }

  /** "person RANK" of everybody on a post in the middle of a month, sorted. */
  say(post: number, inMonth: number, edition: number): string[] {
    const held = this.#editions.get(edition)!;
    return held
      .filter((each) => !each.gone && each.post === post && each.from <= inMonth && inMonth < each.to)
      .map(({ person, rank }) => `Person ${person} ${rank}`)
      .sort();
  }
}
