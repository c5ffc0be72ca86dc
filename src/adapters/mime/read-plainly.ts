import { isAscii, isUtf8 } from 'node:buffer';
import { endOfHeaders, type Headers } from './read-headers.ts';

/** Header blocks are shorter, or this is no simple mail; in bytes. */
const longestHeaders = 8_192;

/** Charsets in which ASCII means ASCII. */
const asciiBased = /^(?:us-ascii|ascii|utf-?8|iso-8859-(?:1|2|15)|windows-125[0-8])$/;
const plainType = /^text\/plain\s*(?:;\s*charset\s*=\s*(?:"([\w.-]+)"|([\w.-]+))\s*;?\s*)?$/i;
const unencoded = /^(?:7bit|8bit|binary)$/i;

/**
 * The text of a mail that is plainly simple, as most that machines write are: one part of plain text, not encoded, in
 * ASCII or UTF-8. Its lines end in `\n`. null for everything else, which is the library's: here nothing is guessed.
 * Where this answers, it answers what the library does.
 */
export function readPlainText(headers: Headers, source: Buffer): string | null {
  const charset = charsetOf(headers);
  if (charset === null) return null;
  const body = bodyOf(source);
  if (body === null) return null;
  if (!isAscii(body) && !(charset.startsWith('utf') && isUtf8(body))) return null;
  const text = body.toString('utf8').replaceAll('\r\n', '\n');
  if (text.includes('\r')) return null;
  return text.trim() === '' ? '' : text;
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

/** What follows the first empty line. */
function bodyOf(source: Buffer): Buffer | null {
  const end = endOfHeaders.exec(source.toString('latin1', 0, longestHeaders));
  return end === null ? null : source.subarray(end.index + end[0].length);
}
