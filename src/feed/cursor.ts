import { createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../errors.ts';
import { digestOf, type FeedFilter } from './feedFilter.ts';

/** A place in the log: behind the event of that position. `mark` is the id of that event, empty before the first. */
export interface FeedPlace {
  readonly position: number;
  readonly mark: string;
}

/** What signs cursors, and the log that they are good for. */
export interface CursorSeal {
  readonly epoch: string;
  readonly signingKey: Uint8Array;
}

const VERSION = 1;
// version, position, the first bytes of epoch and mark, filter; then the signature.
const [POSITION, EPOCH, MARK, FILTER, SIGNATURE, LENGTH] = [1, 7, 15, 23, 31, 47];

/** The first eight bytes of an id, in hexadecimal; zeros where there is none. */
const firstBytesOf = (uuid: string) => (uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18)).padEnd(16, '0');

function sign(seal: CursorSeal, body: Uint8Array): Buffer {
  return createHmac('sha256', seal.signingKey)
    .update(body)
    .digest()
    .subarray(0, LENGTH - SIGNATURE);
}

/** The opaque text that a client keeps: epoch, position, the event at that position and the filter, signed. */
export function writeCursor(seal: CursorSeal, { position, mark }: FeedPlace, filter: FeedFilter): string {
  const cursor = Buffer.alloc(LENGTH);
  cursor.writeUInt8(VERSION, 0);
  cursor.writeUIntBE(position, POSITION, 6);
  cursor.write(firstBytesOf(seal.epoch), EPOCH, 'hex');
  cursor.write(firstBytesOf(mark), MARK, 'hex');
  cursor.write(digestOf(filter), FILTER, 'hex');
  sign(seal, cursor.subarray(0, SIGNATURE)).copy(cursor, SIGNATURE);
  return cursor.toString('base64url');
}

/** The place that a cursor names, with as much of the mark as it holds. */
export interface ReadCursor {
  readonly position: number;
  readonly isAt: (mark: string) => boolean;
}

/**
 * Throws BAD_INPUT for what is no cursor of ours or one of another filter, CURSOR_EXPIRED for one of another epoch. Whether
 * the log still has the place is for whoever reads the log.
 */
export function readCursor(seal: CursorSeal, text: string, filter: FeedFilter): ReadCursor {
  const cursor = Buffer.from(text, 'base64url');
  const isOurs =
    cursor.length === LENGTH &&
    cursor.toString('base64url') === text &&
    cursor.readUInt8(0) === VERSION &&
    timingSafeEqual(sign(seal, cursor.subarray(0, SIGNATURE)), cursor.subarray(SIGNATURE));
  if (!isOurs) throw badCursor('not a cursor of a feed; pass one as it was given.');
  const hexOf = (from: number, to: number) => cursor.toString('hex', from, to);
  if (hexOf(EPOCH, MARK) !== firstBytesOf(seal.epoch)) throw cursorExpired('the log was restored or renewed');
  if (hexOf(FILTER, SIGNATURE) !== digestOf(filter))
    throw badCursor('a cursor of another feed; pass it with the area and categories that it was given for.');
  const mark = hexOf(MARK, FILTER);
  return { position: cursor.readUIntBE(POSITION, 6), isAt: (id) => firstBytesOf(id) === mark };
}

function badCursor(fault: string): DomainError {
  return new DomainError('BAD_INPUT', `after: ${fault}`, { field: 'after' });
}

/** What a reader is told whose place is not in the log any more: nothing is skipped in silence. */
export function cursorExpired(why: string): DomainError {
  const message = `after: ${why}, so events may be missing behind this cursor. Read the incidents anew and follow the feed from now on.`;
  return new DomainError('CURSOR_EXPIRED', message, { field: 'after' });
}
