import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import { DomainError } from '../errors.ts';

/** The encodings files of posts arrive in; any other that iconv-lite knows may be named. */
const RECOGNISED = ['GB18030', 'Big5'];
const REPLACEMENT = '\uFFFD';

export interface DecodedText {
  readonly encoding: string;
  /** Without a byte order mark. */
  readonly text: string;
}

/**
 * Text from bytes, in the encoding given or in the one recognised: UTF-8 and UTF-16 are certain, GB18030 and Big5 are
 * told apart by their letters' frequencies. Throws BAD_ENCODING with the offset of the first byte that does not fit.
 */
export function decodeText(bytes: Uint8Array, given?: string): DecodedText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const encoding = given ?? recognise(buffer);
  if (!iconv.encodingExists(encoding)) {
    const message = `encoding: ${encoding} is not known; use UTF-8, GB18030, Big5, UTF-16LE or UTF-16BE.`;
    throw new DomainError('BAD_ENCODING', message, { encoding });
  }
  const offset = firstMisfit(buffer, encoding);
  if (offset !== undefined) {
    const otherwise = given ? 'Leave the encoding out to have it recognised' : 'Name it, for example GB18030 or Big5';
    const message = `The file is not ${encoding}: byte ${offset} does not fit. ${otherwise}, or save the file as UTF-8.`;
    throw new DomainError('BAD_ENCODING', message, { encoding, offset });
  }
  return { encoding, text: iconv.decode(buffer, encoding) };
}

function recognise(buffer: Buffer): string {
  const [first, second] = buffer;
  if (first === 0xff && second === 0xfe) return 'UTF-16LE';
  if (first === 0xfe && second === 0xff) return 'UTF-16BE';
  // A header is plain ASCII, so in UTF-16 every other byte of it is zero.
  if (first !== 0 && second === 0) return 'UTF-16LE';
  if (first === 0 && second !== 0) return 'UTF-16BE';
  if (firstMisfit(buffer, 'UTF-8') === undefined) return 'UTF-8';
  const likely = analyse(buffer).filter(({ name }) => RECOGNISED.includes(name));
  const fitting = likely.find(({ name }) => firstMisfit(buffer, name) === undefined);
  return fitting?.name ?? 'UTF-8';
}

/** The offset of the first byte that is not text in the encoding; undefined when all are. */
function firstMisfit(buffer: Buffer, encoding: string): number | undefined {
  const text = iconv.decode(buffer, encoding, { stripBOM: false });
  const at = text.indexOf(REPLACEMENT);
  if (at >= 0) return iconv.encode(text.slice(0, at), encoding, { addBOM: false }).length;
  if (/^(utf|ucs)-?(16|2)/i.test(encoding) && buffer.length % 2 === 1) return buffer.length - 1;
  // Legacy encodings accept nearly all bytes; what is valid UTF-8 beyond ASCII was written as UTF-8.
  const legacy = !/^(utf|ucs)/i.test(encoding);
  const foreign = legacy ? buffer.findIndex((byte) => byte >= 0x80) : -1;
  return foreign >= 0 && !iconv.decode(buffer, 'UTF-8').includes(REPLACEMENT) ? foreign : undefined;
}
