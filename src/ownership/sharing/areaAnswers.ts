import { byMainCode, chainOf, type VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import { byShare } from '../../grids/shareOrder.ts';
import type { AreaShare, LayerAnswer } from '../territorial.ts';

/** Parts of a division smaller than this are rounding along its border. */
const SLIVER = 0.001;

/** Largest share first, a tie going to the lower code; the largest gives the layer's grid and chain. */
export function withShares(
  answer: LayerAnswer,
  grids: readonly VersionEntry[],
  byId: Map<number, number>,
  moment: Moment,
): LayerAnswer {
  const byCode = byMainCode(moment.edition);
  const shares: AreaShare[] = grids
    .flatMap((version) => (byId.has(version.id) ? [{ version, share: byId.get(version.id)! }] : []))
    .sort((a, b) => byShare(a.share, b.share) || byCode(a.version, b.version));
  if (shares.length === 0) return answer;
  return {
    ...answer,
    status: 'OWNED',
    chain: chainOf(shares[0].version, moment),
    otherChains: [],
    gap: undefined,
    shares,
  };
}

/**
 * What is sure of a place of which only a division is known: in each layer the smallest grid that holds all of the
 * division, and the grids above it. The shares say what may lie below.
 */
export function surely(answer: LayerAnswer, division: VersionEntry, moment: Moment): LayerAnswer {
  if (answer.layer === division.grid.layer) return { ...answer, status: 'OWNED', chain: chainOf(division, moment) };
  const parts = answer.shares.filter(({ share }) => share >= SLIVER);
  // What the layer leaves out of the division belongs to none of its grids. Where an OVERLAY overlaps itself the parts
  // may add up to the whole and still leave something out.
  const covered = parts.reduce((sum, { share }) => sum + share, 0) >= 1 - SLIVER;
  const [first = [], ...others] = covered ? parts.map(({ version }) => chainOf(version, moment)) : [];
  const chain = first.filter((version) => others.every((other) => other.includes(version)));
  return { ...answer, status: chain.length > 0 ? 'OWNED' : 'NOT_SERVED', chain };
}

/** Of a division of too many grids, its own layer only. */
export function onlyIn(division: VersionEntry, answers: readonly LayerAnswer[], moment: Moment): LayerAnswer[] {
  return answers.filter(({ layer }) => layer === division.grid.layer).map((answer) => surely(answer, division, moment));
}
