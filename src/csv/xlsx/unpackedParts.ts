import { inflateRawSync } from 'node:zlib';
import { badFile } from '../readCsv.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const DIRECTORY_ENTRY_BYTES = 46;
const LOCAL_ENTRY_BYTES = 30;
const LONGEST_COMMENT = 65_535 + 22;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const IN_ZIP64 = 0xffffffff;

/** How much a workbook may hold. */
export const WORKBOOK_LIMITS = { bytes: 20_000_000, parts: 500, unpackedBytes: 100_000_000 } as const;

/**
 * Unpacks each part of a ZIP file once, one after the other, to see how large it really is before anything else reads it.
 * Throws BAD_FILE for a file that is damaged, encrypted, lies about its sizes or holds more than WORKBOOK_LIMITS.
 */
export function* unpackedParts(file: Buffer): Generator<{ readonly name: string; readonly bytes: Buffer }> {
  const { bytes: mostBytes, parts: mostParts, unpackedBytes } = WORKBOOK_LIMITS;
  if (file.length > mostBytes) throw tooLarge(`${file.length} bytes; at most ${mostBytes}`);
  try {
    const end = endOfDirectory(file);
    const count = file.readUInt16LE(end + 10);
    if (count > mostParts) throw tooLarge(`${count} parts; at most ${mostParts}`);
    let left = unpackedBytes;
    let at = file.readUInt32LE(end + 16);
    for (let part = 0; part < count; part++) {
      const entry = readEntry(file, at);
      const bytes = unpack(file, entry, left);
      left -= bytes.length;
      yield { name: entry.name, bytes };
      at = entry.next;
    }
  } catch (error) {
    if (error instanceof RangeError) throw damaged(error);
    throw error;
  }
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly local: number;
  readonly next: number;
}

function endOfDirectory(file: Buffer): number {
  for (let at = file.length - 22; at >= Math.max(0, file.length - LONGEST_COMMENT); at--) {
    if (file.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw damaged();
}

function readEntry(file: Buffer, at: number): Entry {
  if (file.readUInt32LE(at) !== DIRECTORY_ENTRY) throw damaged();
  if (file.readUInt16LE(at + 8) & ENCRYPTED) throw badFile('The workbook is encrypted; save it without a password.');
  const nameEnd = at + DIRECTORY_ENTRY_BYTES + file.readUInt16LE(at + 28);
  const entry = {
    name: file.toString('utf8', at + DIRECTORY_ENTRY_BYTES, nameEnd),
    method: file.readUInt16LE(at + 10),
    packedBytes: file.readUInt32LE(at + 20),
    unpackedBytes: file.readUInt32LE(at + 24),
    local: file.readUInt32LE(at + 42),
    next: nameEnd + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32),
  };
  if ([entry.packedBytes, entry.unpackedBytes, entry.local].includes(IN_ZIP64)) throw tooLarge('parts of 4 GB');
  return entry;
}

function unpack(file: Buffer, { method, local, packedBytes, unpackedBytes }: Entry, most: number): Buffer {
  if (file.readUInt32LE(local) !== LOCAL_ENTRY) throw damaged();
  const start = local + LOCAL_ENTRY_BYTES + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
  if (start + packedBytes > file.length) throw damaged();
  const packed = file.subarray(start, start + packedBytes);
  if (method !== STORED && method !== DEFLATED) throw damaged();
  if (unpackedBytes > most) throw tooLarge(`more than ${WORKBOOK_LIMITS.unpackedBytes} bytes when unpacked`);
  const bytes = method === STORED ? packed : inflate(packed, unpackedBytes);
  // Whoever reads the file next makes room for what it says.
  if (bytes.length !== unpackedBytes) throw damaged();
  return bytes;
}

function inflate(packed: Buffer, unpackedBytes: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, unpackedBytes) });
  } catch (error) {
    throw damaged(error);
  }
}

function damaged(cause?: unknown): Error {
  return badFile(
    'The workbook is damaged: its parts are not where or as large as it says. Save it again as .xlsx.',
    {},
    cause,
  );
}

function tooLarge(what: string): Error {
  return badFile(`The workbook is too large: ${what}. Split it, or save it as CSV.`, { fault: 'TOO_LARGE' });
}
