/** What held from one instant to another (excluded; Infinity: no end is known). */
export interface Span<State> {
  readonly state: State;
  readonly from: number;
  readonly to: number;
  /** Of the version that says so already; null for one to be written. */
  readonly versionId: number | null;
}

/**
 * The spans of one thing when `state` holds in [from, to): what was said of later days is replaced, what held before
 * stays. A span that says the same already is kept as it is, or made longer or shorter.
 */
export function retold<State>(spans: readonly Span<State>[], state: State, from: number, to: number): Span<State>[] {
  const same = spans.find((span) => span.from <= from && from <= span.to && isSame(span.state, state));
  const start = same ? same.from : from;
  const before = spans.flatMap((span) => {
    if (span.from >= start) return [];
    return [span.to > start ? { ...span, to: start, versionId: null } : span];
  });
  const next = same && same.from === start && same.to === to ? same : { state, from: start, to, versionId: null };
  return [...before, next];
}

/** What must be closed and written to get from the spans that are known to those that are wanted. */
export function difference<State>(known: readonly Span<State>[], wanted: readonly Span<State>[]) {
  const kept = new Set(wanted.map(({ versionId }) => versionId));
  return {
    closed: known.flatMap(({ versionId }) => (versionId !== null && !kept.has(versionId) ? [versionId] : [])),
    added: wanted.filter(({ versionId }) => versionId === null),
  };
}

function isSame<State>(a: State, b: State): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
