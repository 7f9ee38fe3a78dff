import { toLattice } from '../geometry/lattice.ts';
import { mainCode } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import { type Holding, HoldingReason } from '../posts/api/holding.type.ts';
import { type Notice, NoticeCode } from './api/notice.type.ts';
import { shortAnswer, speaks } from './owners.ts';
import type { AddressAnswer } from './place.ts';
import type { LayerAnswer, Spot } from './territorial.ts';

/** What a reader should know of how an address was understood; `ownersAt` tells who answers at a spot. */
export function addressNotices(answer: AddressAnswer, ownersAt: (spot: Spot) => string): Notice[] {
  const { text, found, candidates, division } = answer;
  if (found === 'NOTHING') {
    const message = `No address is like “${text}”, and it names no division that is a grid. Give the town, the street and the number, or a point.`;
    return [{ code: NoticeCode.ADDRESS_NOT_FOUND, message }];
  }
  if (found === 'DIVISION') {
    const message = `No address is like “${text}”. The answer is for all of ${division!.name}: who answers there for every place in it.`;
    return [{ code: NoticeCode.ADDRESS_NOT_FOUND, message }];
  }
  const spots = candidates.map(({ address: { point } }) => ({
    x: toLattice(point.lon),
    y: toLattice(point.lat),
    accuracyMetres: 0,
  }));
  if (new Set(spots.map(ownersAt)).size < 2) return [];
  const list = candidates.slice(0, 3).map(({ address, score }) => `${address.text} (${score.toFixed(2)})`);
  const message = `“${text}” may mean ${candidates.length} addresses whose owners differ: ${list.join('; ')}${candidates.length > 3 ? '; …' : ''}. The answer is for the first; ask which is meant.`;
  return [{ code: NoticeCode.AMBIGUOUS_ADDRESS, message }];
}

/** What a reader of an answer should know, in the order territory, then people. */
export function noticesOf(
  answers: readonly LayerAnswer[],
  holdings: readonly Holding[],
  moment: Moment,
  language: string | null | undefined,
): Notice[] {
  const notices = answers.flatMap((answer) => territorialNotices(answer, moment));
  for (const { post, holder, reason, grid, through } of holdings) {
    const where = `${post.role.name} of ${(post.grid ?? through)?.name ?? 'this place'}`;
    if (!holder) notices.push({ code: NoticeCode.VACANT, message: `${where} is vacant.` });
    if (reason === HoldingReason.FALLBACK && holder) {
      notices.push({
        code: NoticeCode.FALLBACK,
        message: `${where}: nobody holds the role up to the root, so ${holder.name}, which manages the territory, stands in for ${grid?.name ?? 'it'}.`,
      });
    }
  }
  notices.push(...offDuty(holdings));
  const isHeld = answers.some((answer) => answer.chain.length > 0);
  if (isHeld && !holdings.some((holding) => holding.holder)) {
    notices.push({
      code: NoticeCode.NOT_SERVED,
      message: 'Grids hold the place, but nobody holds a post there and no body stands in.',
    });
  }
  const team = language ? shortAnswer(holdings, 'mediationTeam', language) : null;
  if (language && !(team && speaks(team, language))) {
    notices.push({
      code: NoticeCode.LANGUAGE_NOT_SERVED,
      message: `No mediation team here says that it speaks ${language}.`,
    });
  }
  return notices;
}

/** One notice for each role that somebody holds but nobody is on duty for, anywhere up the chains. */
function offDuty(holdings: readonly Holding[]): Notice[] {
  if (holdings.every(({ holder, onDuty }) => onDuty || !holder)) return [];
  const notices: Notice[] = [];
  const told = new Set(
    holdings.filter(({ onDuty, rank }) => onDuty && rank !== 'SUPPORT').map(({ post }) => post.role),
  );
  for (const { post, holder, onDuty } of holdings) {
    if (!holder || onDuty || told.has(post.role)) continue;
    told.add(post.role);
    const where = `${post.role.name} of ${post.grid?.name ?? 'this place'}`;
    const message = `${where}: nobody is on duty at that instant; ${holder.name}, who holds the post, is named all the same.`;
    notices.push({ code: NoticeCode.NOT_ON_DUTY, message });
  }
  return notices;
}

function territorialNotices({ layer, status, chain, nearby, gap }: LayerAnswer, moment: Moment): Notice[] {
  if (layer.kind === 'OVERLAY') return [];
  const notices: Notice[] = [];
  if (status === 'GAP') {
    const where = gap ? `the gap "${gap.name}"` : `${chain[0].name}, but in no grid below it`;
    notices.push({ code: NoticeCode.GAP, message: `${layer.name}: the place lies in ${where}.` });
  }
  if (status === 'NOT_SERVED') {
    notices.push({
      code: NoticeCode.NOT_SERVED,
      message: `${layer.name} leaves ${gap?.name ?? 'the place'} out on purpose.`,
    });
  }
  if (status === 'OUTSIDE') {
    notices.push({ code: NoticeCode.OUTSIDE, message: `${layer.name} does not reach there.` });
  }
  for (const { version, distanceMetres } of nearby()) {
    const distance = distanceMetres.toFixed(distanceMetres < 10 ? 1 : 0);
    notices.push({
      code: NoticeCode.NEAR_BORDER,
      message: `${layer.name}: ${version.name} (${mainCode(version.grid, moment.edition)}) is ${distance} m away.`,
    });
  }
  return notices;
}
