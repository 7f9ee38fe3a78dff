import type { Written } from './writers.ts';

/** Milliseconds of the monotonic clock, the same in all processes of a machine. */
export const clock = () => Number(process.hrtime.bigint()) / 1e6;

/** What readers were sent, in pairs: the number of an event, and when it came. */
export interface Receipts {
  readonly numbers: Float64Array;
  readonly times: Float64Array;
}

/** How long events took, in milliseconds, and whether all of them came. */
export interface Delivery {
  /** Since the statement was sent: with the commit itself. */
  readonly sinceSent: Float64Array;
  /** Since the writer knew of the commit. */
  readonly sinceCommitted: Float64Array;
  readonly deliveries: number;
  readonly lost: number;
  readonly twice: number;
}

/** `readersOf`: how many subscriptions are told of a village. */
export function judge(
  written: Written,
  receipts: readonly Receipts[],
  readersOf: (village: number) => number,
): Delivery {
  const deliveries = receipts.reduce((sum, { numbers }) => sum + numbers.length, 0);
  const [sinceSent, sinceCommitted] = [new Float64Array(deliveries), new Float64Array(deliveries)];
  const times = new Int32Array(written.count);
  let i = 0;
  for (const { numbers, times: came } of receipts)
    numbers.forEach((n, at) => {
      times[n]++;
      sinceSent[i] = came[at] - written.sent[n];
      sinceCommitted[i++] = came[at] - written.acknowledged[n];
    });
  let [lost, twice] = [0, 0];
  times.forEach((came, n) => {
    const wanted = readersOf(written.villageOf(n));
    lost += Math.max(0, wanted - came);
    twice += Math.max(0, came - wanted);
  });
  return { sinceSent: sinceSent.sort(), sinceCommitted: sinceCommitted.sort(), deliveries, lost, twice };
}

/** Of sorted values, the one below which that share of them lies. */
export const shareOf = (sorted: ArrayLike<number>, share: number) =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];

/** The middle of some measurements. */
export const middle = (values: readonly number[]) =>
  shareOf(
    [...values].sort((a, b) => a - b),
    0.5,
  );

const show = (value: number, digits = 1) => value.toFixed(digits).padStart(9);

export function printHead(): void {
  const names = ['a second', 'sent p50', 'p99', 'max', 'known p50', 'p99', 'deliveries', 'lost', 'twice'];
  process.stdout.write(`${''.padEnd(46)}${names.map((name) => name.padStart(11)).join('')}\n`);
}

/** One line: since the statement was sent, and since the commit was known to the writer. */
export function printDelivery(label: string, { rate }: Pick<Written, 'rate'>, delivery: Delivery): void {
  const { sinceSent, sinceCommitted, deliveries, lost, twice } = delivery;
  const times = [shareOf(sinceSent, 0.5), shareOf(sinceSent, 0.99), shareOf(sinceSent, 1)];
  const known = [shareOf(sinceCommitted, 0.5), shareOf(sinceCommitted, 0.99)];
  const counts = [deliveries, lost, twice].map((count) => String(count).padStart(11));
  const row = [rate, ...times, ...known].map((value) => show(value).padStart(11));
  process.stdout.write(`${label.padEnd(46)}${[...row, ...counts].join('')}\n`);
}
