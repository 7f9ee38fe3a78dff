import { chainOf, type VersionEntry } from '../../../grids/atlas/rows.ts';
import type { Findings } from '../../../ownership/ownership.ts';
import type { LayerAnswer } from '../../../ownership/territorial.ts';
import type { IncidentNotice, PartyState } from '../../course/state.ts';

/** A grid that owns a matter, and how much of its place lies in it. */
export interface FoundOwner {
  readonly version: VersionEntry;
  readonly share: number;
}

/** Neighbours that are named in one notice. */
const MOST_NAMED = 5;

/**
 * Whose a matter is: in each layer the smallest grid that holds the place, in an OVERLAY each of those that do, and of
 * an area each by its share. Of a place of which only a division is known, the smallest grid that surely holds it.
 */
export function ownersOf({ place, answers }: Findings): FoundOwner[] {
  const isDivision = place.answer?.division !== undefined;
  return answers.flatMap(({ chain, otherChains, shares }) => {
    if (shares.length > 0 && !isDivision)
      return shares.map(({ version, share }) => ({ version, share: Math.min(1, share) }));
    return [chain, ...otherChains].flatMap(([version]) => (version ? [{ version, share: 1 }] : []));
  });
}

export const partyOf = ({ version: { grid }, share }: FoundOwner): Omit<PartyState, 'reason'> => ({
  ...{ gridId: grid.id, layerId: grid.layer.id, share },
});

export function chainsOfOwners(owners: readonly FoundOwner[], { moment }: Findings): (readonly VersionEntry[])[] {
  return owners.map(({ version }) => chainOf(version, moment));
}

/** Whether any layer reaches there at all: with a grid, or a gap that it knows of. */
export function isInRegistry({ answers }: Findings): boolean {
  return answers.some(({ chain, gap, shares }) => chain.length > 0 || gap !== undefined || shares.length > 0);
}

/** What is kept of how sure the owners are. Everybody who sees the matter reads it, so no distance and no text of an address. */
export function placeNotices({ place, answers }: Findings): IncidentNotice[] {
  const { answer } = place;
  const notices = answer?.division ? [] : answers.flatMap(layerNotices);
  if (answer?.division) {
    const message = `No address is like what was given. The place is known only to be in ${answer.division.name}.`;
    notices.push({ code: 'ADDRESS_NOT_FOUND', message });
  } else if (answer && answer.candidates.length > 1) {
    notices.push({
      code: 'AMBIGUOUS_ADDRESS',
      message: 'What was given may mean several addresses; the likeliest was taken.',
    });
  }
  return notices;
}

function layerNotices({ layer, status, chain, nearby, gap }: LayerAnswer): IncidentNotice[] {
  const notices: IncidentNotice[] = [];
  if (status === 'GAP' && layer.kind === 'PARTITION') {
    const where = chain.length > 0 ? `in ${chain[0].name}, but in no grid below it` : `in ${gap?.name ?? 'a gap'}`;
    notices.push({ code: 'GAP', message: `${layer.name}: the place lies ${where}.` });
  }
  if (layer.kind === 'OVERLAY') return notices;
  const names = nearby().map(({ version }) => version.name);
  if (names.length > 0) {
    const rest = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
    const named = names.slice(0, MOST_NAMED).join(', ');
    notices.push({
      code: 'NEAR_BORDER',
      message: `${layer.name}: as far as the place is known, it may lie in ${named}${rest} as well.`,
    });
  }
  return notices;
}
