import { FOREVER } from '../../grids/moment.ts';
import { stableId } from '../../ids.ts';
import type { AppointmentState, DatedRow } from '../directory.repository.ts';
import type { AppointmentDraft, HolderRef } from '../post.type.ts';
import { BadPostCell } from './holderBook.ts';
import type { PostsRow } from './postsFile.ts';
import { groupBy } from './subject.ts';

/** An appointment from its first to its last known day. */
export interface Span {
  readonly appointmentId: string;
  readonly from: number;
  readonly to: number;
  /** The row of the file that speaks of it. */
  row: number | null;
}

/** Tells which appointment a row means, and what it changes of it: a new one, another end, or nothing. */
export class AppointmentBook {
  readonly drafts: AppointmentDraft[] = [];
  readonly ends: { readonly appointmentId: string; readonly at: Date }[] = [];
  readonly #spans: Map<string, Span[]>;
  readonly #at: number;

  /** Rows without `from` begin at `at`, unless they mean an appointment that holds at that instant. */
  constructor(known: readonly DatedRow<AppointmentState>[], at: number) {
    this.#spans = spansOf(known);
    this.#at = at;
  }

  /** The dates of the appointment that the row means. Throws BadPostCell where it contradicts what is known. */
  take(row: PostsRow, postId: string, holder: HolderRef): Span {
    const key = spanKey(postId, holder, row.rank);
    const spans = this.#spans.get(key) ?? [];
    this.#spans.set(key, spans);
    const from = row.from?.getTime() ?? this.#at;
    const meant = spans.find((span) => isMeant(span, row, from));
    const to = row.to?.getTime() ?? (meant ? meant.to : FOREVER);
    const start = meant?.from ?? from;
    if (to <= start) throw new BadPostCell('to', dayText(row.to), `is not after the beginning, ${instantText(start)}`);
    if (meant?.row) throw new BadPostCell('holder_name', row.holderName, `says the same as row ${meant.row}`);
    const other = spans.find((span) => span !== meant && start < span.to && span.from < to);
    if (other) {
      const dates = `${instantText(other.from)} to ${instantText(other.to)}`;
      throw new BadPostCell(
        'from',
        dayText(row.from),
        `overlaps what ${row.holderName} holds here as ${row.rank}: ${dates}`,
      );
    }
    const appointmentId = meant?.appointmentId ?? stableId('appointment', key, instantText(from));
    const known = { id: appointmentId, postId, holder, rank: row.rank };
    const validTo = to === FOREVER ? null : new Date(to);
    if (meant && to < meant.to) this.ends.push({ appointmentId, at: new Date(to) });
    const added = meant ? meant.to : from;
    if (added < to) this.drafts.push({ ...known, validFrom: new Date(added), validTo });
    const span = { appointmentId, from: start, to, row: row.row };
    if (meant) spans.splice(spans.indexOf(meant), 1);
    spans.push(span);
    return span;
  }
}

// A row without `from` means what holds now, or what it has ended or planned to end before.
function isMeant(span: Span, row: PostsRow, at: number): boolean {
  if (row.from) return span.from === row.from.getTime();
  return (span.from <= at && at < span.to) || span.to === row.to?.getTime();
}

function spanKey(postId: string, holder: HolderRef, rank: string): string {
  return `${postId}/${'personId' in holder ? holder.personId : holder.bodyId}/${rank}`;
}

function spansOf(rows: readonly DatedRow<AppointmentState>[]): Map<string, Span[]> {
  const spans = new Map<string, Span[]>();
  for (const [appointmentId, parts] of groupBy(rows, ({ value }) => value.id)) {
    const { postId, personId, bodyId, rank } = parts[0].value;
    const key = spanKey(postId, personId === null ? { bodyId: bodyId! } : { personId }, rank);
    const from = Math.min(...parts.map((part) => part.validFrom));
    const to = Math.max(...parts.map((part) => part.validTo));
    spans.set(key, [...(spans.get(key) ?? []), { appointmentId, from, to, row: null }]);
  }
  return spans;
}

export function dayText(date: Date | null): string {
  return date?.toISOString() ?? '';
}

export function instantText(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'no known date';
  return new Date(milliseconds).toISOString();
}
