import { type AreaTree, isWithin, lowestAbove } from '../access/areaTree.ts';
import { ACTIONS, type Action, isAction, RIGHTS } from '../access/rights.ts';
import type { Areas } from '../access/viewer.ts';
import { DomainError } from '../errors.ts';
import type { ClientScope } from './key.repository.ts';

const MOST_DAYS = 400;
const USUAL_DAYS = 365;
const LONGEST_NAME = 100;
const MOST_ENTRIES = 50;
/** Control and format characters and line ends: what could hide in a list or in a log. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const EVENT_TYPE = /^[A-Za-z][A-Za-z0-9_.]{0,99}$/;

/** What is asked for a new client. Areas are ids or codes of grids. */
export interface ScopeWish {
  readonly areas: readonly string[];
  readonly everywhere: boolean;
  readonly actions: readonly string[];
  readonly eventTypes: readonly string[];
}

/** Narrows also what was written when the table of rights was wider. */
export function isIntegratorAction(text: string): text is Action {
  return isAction(text) && 'integrator' in RIGHTS[text];
}

const INTEGRATOR_ACTIONS = ACTIONS.filter(isIntegratorAction);

function refuse(field: string, words: string, details: Record<string, unknown> = {}): never {
  throw new DomainError('BAD_INPUT', `${field}: ${words}`, { field, ...details });
}

/** Throws BAD_INPUT. */
export function readName(text: string): string {
  const name = text.trim();
  if (name === '') refuse('name', 'say which organisation or system the keys are for.');
  if (UNSEEN.test(name)) refuse('name', 'leave out control characters, line ends and invisible signs.');
  if ([...name].length > LONGEST_NAME) refuse('name', `give at most ${LONGEST_NAME} characters.`);
  return name;
}

/** How many days a key is to live; 365 unless told. Throws BAD_INPUT. */
export function readDays(days: number | null | undefined): number {
  if (days == null) return USUAL_DAYS;
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    refuse('days', `a key lives 1 to ${MOST_DAYS} days, not ${days}.`);
  }
  return days;
}

/**
 * The scope as it is written. Throws BAD_INPUT; FORBIDDEN for everywhere where the issuer's own right is not; NOT_FOUND
 * for a grid outside the issuer's areas exactly as for one that does not exist.
 */
export function readScope(wish: ScopeWish, issuerAreas: Areas, tree: AreaTree): ClientScope {
  assertList('actions', wish.actions);
  assertList('eventTypes', wish.eventTypes);
  if (wish.actions.length === 0) refuse('actions', 'name at least one.', { actions: INTEGRATOR_ACTIONS });
  if (!wish.actions.every(isIntegratorAction)) {
    const known = INTEGRATOR_ACTIONS.join(', ');
    refuse('actions', `a key may be given only ${known}.`, { actions: INTEGRATOR_ACTIONS });
  }
  if (!wish.eventTypes.every((type) => EVENT_TYPE.test(type))) {
    refuse('eventTypes', 'a kind of event is a letter and at most 99 more letters, digits, dots or underscores.');
  }
  return { areas: readAreas(wish, issuerAreas, tree), actions: wish.actions, eventTypes: wish.eventTypes };
}

function assertList(field: string, list: readonly string[]): void {
  if (list.length > MOST_ENTRIES) refuse(field, `name at most ${MOST_ENTRIES}, not ${list.length}.`);
  if (new Set(list).size < list.length) refuse(field, 'name each only once.');
}

function readAreas({ areas, everywhere }: ScopeWish, issuerAreas: Areas, tree: AreaTree): Areas {
  if (everywhere) {
    if (areas.length > 0) refuse('areas', 'leave them out where `everywhere` is true.');
    if (issuerAreas === 'everywhere') return 'everywhere';
    const message = 'everywhere: your own right is for some areas only; name areas within them instead.';
    throw new DomainError('FORBIDDEN', message, { field: 'everywhere' });
  }
  if (areas.length === 0) refuse('areas', 'name at least one grid, or ask for `everywhere`.');
  assertList('areas', areas);
  const ids = areas.map((named) => {
    const id = tree.findGridId(named);
    if (id !== undefined && isWithin(tree, issuerAreas, id)) return id;
    const message = `areas: there is no grid ${named.slice(0, 100)} within your areas. Where several grids share a code, give the id.`;
    throw new DomainError('NOT_FOUND', message, { field: 'areas' });
  });
  assertList('areas', ids);
  return ids;
}

/** Whether a client is a viewer's to see: each of its areas lies within the viewer's. The database judges alike. */
export function isClientWithin(tree: AreaTree, areas: Areas, client: Pick<ClientScope, 'areas'>): boolean {
  if (client.areas === 'everywhere') return areas === 'everywhere';
  return client.areas.length > 0 && client.areas.every((area) => isWithin(tree, areas, area));
}

/** The lowest grid that holds all areas, for the audit; null where none does. */
export function commonGrid(tree: AreaTree, areas: Areas): string | null {
  return areas === 'everywhere' ? null : lowestAbove(tree, areas);
}
