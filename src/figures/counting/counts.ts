/** What is counted of the matters of an area. Sums of parts are the sum of the whole. */
export const MEASURES = [
  'reported',
  'found',
  'settled',
  'foundClosed',
  'closed',
  'open',
  'attempts',
  'tasksIssued',
  'tasksAcknowledged',
  'tasksHandled',
  'tasksDue',
  'tasksInTime',
  'tasksLate',
  'visits',
] as const;

export type Measure = (typeof MEASURES)[number];
export type Counts = Record<Measure, number>;

export function noCounts(): Counts {
  return Object.fromEntries(MEASURES.map((measure) => [measure, 0])) as Counts;
}

export function sumOf(parts: Iterable<Readonly<Counts>>): Counts {
  const sum = noCounts();
  for (const part of parts) for (const measure of MEASURES) sum[measure] += part[measure];
  return sum;
}
