import type { CodeDraft } from '../../grids/territory.type.ts';
import type { Territory } from '../territory/territory.ts';
import type { Step } from './step.ts';

const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The text without blanks around it. Throws BAD_INPUT when it is empty, too long or holds control characters. */
export function readText(step: Step, field: string, text: string, most: number): string {
  const trimmed = text.trim();
  const length = [...trimmed].length;
  if (length < 1 || length > most) step.refuse(field, `give 1 to ${most} characters, not ${length}.`);
  if (CONTROL.test(trimmed)) step.refuse(field, 'leave out line breaks and other control characters.');
  return trimmed;
}

/** Throws BAD_INPUT. */
export function readCode(step: Step, field: string, text: string): string {
  return readText(step, field, text, 64);
}

/** Throws BAD_INPUT. */
export function readName(step: Step, field: string, text: string): string {
  return readText(step, field, text, 200);
}

/** A first code of a new grid: in the scheme of its tier, else in the one named as its layer, where imports put it too. */
export function mainCode(territory: Territory, layer: string, tier: string, code: string): CodeDraft {
  return { scheme: territory.getTier(layer, tier).scheme ?? layer, code };
}
