import type { PartHeader } from './part.ts';

const equals = 0x3d;
const newline = 0x0a;
const carriageReturn = 0x0d;

/** Decodes a body (RFC 2045 section 6); what is malformed in it stands for itself. */
export function decodeTransfer(body: Buffer, encoding: PartHeader['encoding']): Buffer {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  return encoding === 'quoted-printable' ? decodeQuotedPrintable(body) : body;
}

function decodeQuotedPrintable(body: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(body.length);
  let length = 0;
  for (let at = 0; at < body.length; ) {
    const byte = body[at] ?? 0;
    if (byte !== equals) {
      decoded[length] = byte;
      length += 1;
      at += 1;
      continue;
    }
    const value = (hexValue(body[at + 1]) << 4) | hexValue(body[at + 2]);
    const softBreak = value < 0 ? endOfSoftBreak(body, at + 1) : 0;
    decoded[length] = value < 0 ? byte : value;
    length += softBreak > 0 ? 0 : 1;
    at = softBreak || at + (value < 0 ? 1 : 3);
  }
  return decoded.subarray(0, length);
}

/** Negative for what is no digit. */
function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const upper = byte & 0xdf;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1;
}

/** Longest run of blanks between the mark of a soft line break and the line's end. */
const longestPadding = 998;

/** After the line end, before which blanks may stand; 0 if there is none. */
function endOfSoftBreak(body: Buffer, from: number): number {
  let at = from;
  while (at - from < longestPadding && (body[at] === 0x20 || body[at] === 0x09)) at += 1;
  if (body[at] === carriageReturn && body[at + 1] === newline) return at + 2;
  return body[at] === newline ? at + 1 : 0;
}
