import { bounds, type Strictness } from './bounds.ts';
import { decodeLoosely, decodeText } from './charsets.ts';
import { htmlToText } from './html-text.ts';
import type { PartHeader } from './part.ts';
import type { Headers } from './read-headers.ts';
import { type EmbeddedHead, type Part, splitParts } from './split-parts.ts';
import { decodeTransfer } from './transfer-encoding.ts';
import { unfoldFlowed } from './unfold-flowed.ts';

/** Of an embedded message, shown before its text. */
const shownHeaders = ['From', 'Subject', 'Date', 'To', 'Cc'];
/** Bytes that are decoded for each UTF-16 unit there is room for: what goes beyond is hardly ever text that fits. */
const bytesPerUnit = { identity: 2, base64: 3, 'quoted-printable': 4 } as const;

export interface BodyText {
  readonly text: string;
  /** What exceeds the bounds was left out. */
  readonly isCut: boolean;
}

/**
 * Reads the text of any message: the plain text of all inline parts, then that of the attachments that are plain text; if
 * no inline part has text, HTML is converted. Lines end in `\n`.
 * @throws UnreadableMail if the structure exceeds the bounds.
 */
export function readBodyText(headers: Headers, body: Buffer, strictness: Strictness): BodyText {
  const { parts, isCut } = splitParts(headers, body, strictness);
  const reading = new TextReading();
  const inline = readInline(parts, reading);
  const shown = inline.trim() === '' ? readHtml(parts, reading) : inline;
  const attached = parts.filter(isAttachedText).map((part) => reading.decode(part, decodeText));
  const texts = [shown, ...attached].filter((text) => text.trim() !== '');
  return { text: texts.join('\n').replace(/\r\n?/g, '\n'), isCut: isCut || reading.isCut };
}

function readInline(parts: readonly (Part | EmbeddedHead)[], reading: TextReading): string {
  const hasText = parts.some(isInlineText);
  const texts: string[] = [];
  for (const part of parts) {
    if ('embedded' in part) {
      if (hasText) texts.push(describeEmbedded(part.embedded));
      continue;
    }
    const text = isInlineText(part) ? reading.decode(part, decodeLoosely) : '';
    // What stands between two texts parts them, as far as it is shown.
    if (text !== '' || (isHtml(part) && hasText && !part.isAlternative)) texts.push(text);
  }
  return texts.join('\n');
}

function readHtml(parts: readonly (Part | EmbeddedHead)[], reading: TextReading): string {
  return parts
    .filter(isHtml)
    .map((part) => htmlToText(reading.decode(part, decodeLoosely)))
    .join('\n');
}

function isInlineText(part: Part | EmbeddedHead): boolean {
  if ('embedded' in part || part.header.disposition !== 'inline') return false;
  return part.header.type === 'text/plain' || part.header.type === 'message/delivery-status';
}

function isHtml(part: Part | EmbeddedHead): part is Part {
  return !('embedded' in part) && part.header.type === 'text/html' && part.header.disposition === 'inline';
}

/** Tools attach their error output: it says more about the failure than the mail's own words. */
function isAttachedText(part: Part | EmbeddedHead): part is Part {
  return (
    !('embedded' in part) && part.header.type === 'text/plain' && part.header.disposition === 'attachment'
  );
}

function describeEmbedded(headers: Headers): string {
  const lines = shownHeaders.flatMap((name) => {
    const value = headers.get(name.toLowerCase())?.[0];
    return value ? [`${name}: ${name === 'Date' ? showDate(value) : value}`] : [];
  });
  return `\n${lines.join('\n')}\n`;
}

/** A date that is none stays as it was written: the key of the mail must not depend on when it is read. */
function showDate(written: string): string {
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? written : date.toUTCString();
}

/** Decodes parts as long as there is room for their text. */
class TextReading {
  isCut = false;
  #left: number = bounds.textLength;

  decode({ header, body }: Part, decodeCharset: (bytes: Buffer, charset: string) => string): string {
    const room = this.#left * bytesPerUnit[header.encoding];
    const bytes = decodeTransfer(body.subarray(0, room), header.encoding);
    const decoded = decodeCharset(bytes, header.charset);
    if (body.length > room || decoded.length > this.#left) this.isCut = true;
    const text = decoded.slice(0, this.#left).replaceAll('\r\n', '\n');
    this.#left -= text.length;
    return unfold(text, header.flowed);
  }
}

function unfold(text: string, flowed: PartHeader['flowed']): string {
  return flowed === null ? text : unfoldFlowed(text, flowed.deletesSpace);
}
