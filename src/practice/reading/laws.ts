import type {
  CampaignPractice,
  HandlerPractice,
  LadderPractice,
  Practice,
  RoutePractice,
  WarningPractice,
} from '../practice.type.ts';
import type { Faults, Path } from './faults.ts';

/** Entries that were read, each with its place in the document; those with faults of form are not among them. */
export type Placed<T> = readonly { readonly entry: T; readonly path: Path }[];
export type PlacedPractice = { readonly [S in keyof Practice]: Placed<Practice[S][number]> };

/** What holds between the members of a document, whatever the registry knows. */
export function judgeDocument(document: PlacedPractice, faults: Faults): void {
  const { categories, severities, ladders, warnings, responses, visits, contacts, campaigns, activities } = document;
  for (const section of [
    categories,
    severities,
    ladders,
    warnings,
    responses,
    visits,
    contacts,
    campaigns,
    activities,
  ]) {
    judgeOnce(section, ({ code }: { readonly code: string }) => code, 'code', faults);
  }
  for (const { entry, path } of document.routes) judgeRoute(entry, path, faults);
  for (const { entry, path } of ladders) judgeLadder(entry, path, faults);
  for (const { entry, path } of warnings) judgeWarning(entry, path, faults);
  for (const { entry, path } of campaigns) judgeCampaign(entry, path, faults);
  judgeOneLadderEach(ladders, faults);
}

/** Every handler of a document. */
export function* handlersOf({
  routes,
  ladders,
  warnings,
}: PlacedPractice): Generator<{ entry: HandlerPractice; path: Path }> {
  for (const { entry, path } of routes) yield* placed(entry.handlers, [...path, 'handlers']);
  for (const { entry, path } of ladders) {
    if (entry.supervisor) yield { entry: entry.supervisor, path: [...path, 'supervisor'] };
    if (entry.followUp) yield { entry: entry.followUp, path: [...path, 'followUp'] };
  }
  for (const { entry, path } of warnings) yield* placed(entry.instruct, [...path, 'instruct']);
}

function placed<T>(entries: readonly T[], path: Path): { entry: T; path: Path }[] {
  return entries.map((entry, i) => ({ entry, path: [...path, i] }));
}

function judgeOnce<T>(entries: Placed<T>, keyOf: (entry: T) => string, member: string, faults: Faults): void {
  const seen = new Set<string>();
  for (const { entry, path } of entries) {
    const key = keyOf(entry);
    if (seen.has(key)) faults.add([...path, member], 'is there twice');
    seen.add(key);
  }
}

function judgeHandler({ role, bodyKind, layer, tier }: HandlerPractice, path: Path, faults: Faults): void {
  if (role === null && bodyKind === null) faults.add([...path, 'role'], 'give a role, a bodyKind or both');
  if ((layer === null) !== (tier === null)) {
    faults.add([...path, layer === null ? 'layer' : 'tier'], 'give layer and tier together, or neither');
  }
}

function judgeRoute({ handlers }: RoutePractice, path: Path, faults: Faults): void {
  handlers.forEach((handler, i) => {
    judgeHandler(handler, [...path, 'handlers', i], faults);
  });
}

function judgeLadder(ladder: LadderPractice, path: Path, faults: Faults): void {
  const { tiers, deadlines, supervisor, followUp, followUpDays } = ladder;
  tiers.forEach((tier, i) => {
    if (tiers.indexOf(tier) < i) faults.add([...path, 'tiers', i], 'is on the ladder already');
  });
  const where = placed(deadlines, [...path, 'deadlines']);
  for (const { entry, path: at } of where) {
    if (!tiers.includes(entry.tier)) faults.add([...at, 'tier'], 'is no tier of this ladder');
  }
  judgeOnce(where, ({ tier, severity }) => JSON.stringify([tier, severity]), 'severity', faults);
  if (supervisor) judgeHandler(supervisor, [...path, 'supervisor'], faults);
  if (followUp) judgeHandler(followUp, [...path, 'followUp'], faults);
  if (followUp && followUpDays === null) faults.add([...path, 'followUp'], 'stands without followUpDays');
}

/** A matter that two ladders serve would have two next tiers. */
function judgeOneLadderEach(ladders: Placed<LadderPractice>, faults: Faults): void {
  const served = new Map<string | null, string>();
  for (const { entry, path } of ladders) {
    const names: readonly (string | null)[] = entry.categories.length > 0 ? [...new Set(entry.categories)] : [null];
    for (const name of names) {
      const other = served.get(name);
      const what = name === null ? 'every matter that no other ladder names' : name;
      if (other !== undefined) faults.add([...path, 'categories'], `${what} is served by the ladder ${other} already`);
      else served.set(name, entry.code);
    }
  }
}

function judgeWarning({ same, metres, fromHour, toHour, instruct }: WarningPractice, path: Path, faults: Faults): void {
  if (same === 'NEARBY' && metres === null) faults.add([...path, 'metres'], 'NEARBY needs metres, 1 to 5000');
  if (same !== 'NEARBY' && metres !== null)
    faults.add([...path, 'metres'], `stands only with same: NEARBY, not ${same}`);
  if ((fromHour === null) !== (toHour === null)) {
    faults.add([...path, fromHour === null ? 'fromHour' : 'toHour'], 'give both hours, or neither');
  } else if (fromHour !== null && fromHour === toHour) faults.add([...path, 'toHour'], 'is the same as fromHour');
  instruct.forEach((handler, i) => {
    judgeHandler(handler, [...path, 'instruct', i], faults);
  });
}

function judgeCampaign({ from, to }: CampaignPractice, path: Path, faults: Faults): void {
  if (from >= to) faults.add([...path, 'to'], 'is not after from');
}
