import { isAscii, isUtf8 } from 'node:buffer';
import type { BodyText } from './body-text.ts';
import { bounds } from './bounds.ts';
import type { Headers } from './read-headers.ts';

/** Charsets in which ASCII means ASCII. */
const asciiBased = /^(?:us-ascii|ascii|utf-?8|iso-8859-(?:1|2|15)|windows-125[0-8])$/;
const plainType = /^text\/plain\s*(?:;\s*charset\s*=\s*(?:"([\w.-]+)"|([\w.-]+))\s*;?\s*)?$/i;
const unencoded = /^(?:7bit|8bit|binary)$/i;

/**
 * Reads a mail that is plainly simple, as most that machines write are: one part of plain text, not encoded, in ASCII or
 * UTF-8, and not too long. Its lines end in `\n`. Returns `null` for everything else. It is a short cut: the
 * library gives the same text.
 */
export function readPlainText(headers: Headers, body: Buffer): BodyText | null {
  const charset = body.length > bounds.textLength ? null : charsetOf(headers);
  if (charset === null) return null;
  const encoding = encodingOf(body, charset);
  if (encoding === null) return null;
  const text = body.toString(encoding).replaceAll('\r\n', '\n');
  if (text.includes('\r')) return null;
  return { text: text.trim() === '' ? '' : text, isCut: false };
}

/** The charset of a mail that is one part of unencoded plain text, in lower case. */
function charsetOf(headers: Headers): string | null {
  if (headers.has('content-disposition')) return null;
  const [encoding = '7bit', ...moreEncodings] = headers.get('content-transfer-encoding') ?? [];
  const [type = 'text/plain', ...moreTypes] = headers.get('content-type') ?? [];
  if (moreEncodings.length > 0 || moreTypes.length > 0 || !unencoded.test(encoding)) return null;
  const match = plainType.exec(type);
  if (match === null) return null;
  const charset = (match[1] ?? match[2] ?? 'us-ascii').toLowerCase();
  return asciiBased.test(charset) ? charset : null;
}

/** How the body is to be read; null where it may not be what its charset says. ASCII is faster than UTF-8. */
function encodingOf(body: Buffer, charset: string): 'latin1' | 'utf8' | null {
  if (isAscii(body)) return 'latin1';
  return charset.startsWith('utf') && isUtf8(body) ? 'utf8' : null;
}
