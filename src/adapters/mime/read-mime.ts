import {
  type Mail,
  type MailHead,
  type PartialReason,
  type RawMail,
  UnreadableMail,
} from '../../domain/mail.ts';
import type { Strictness } from './bounds.ts';
import { readKeys } from './mail-key.ts';
import { readFirstMailbox } from './read-address.ts';
import { decodeFields, readFields, type SplitSource, splitSource } from './read-headers.ts';
import { readPlainText } from './read-plainly.ts';
import { type BodyText, readBodyText } from './read-text.ts';

const longestDate = 200;

/**
 * Reads the headers of a message, and nothing of its body: who sent it is known before that costs anything.
 * @throws UnreadableMail saying why, if the source has no headers, or more of them than a mail can have.
 */
export function readHead(raw: RawMail, strictness: Strictness = 'strict'): MailHead {
  return headOf(split(raw, strictness), strictness);
}

/**
 * Reads the MIME structure of a message. Its text is the plain text of all inline parts, then that of the attachments
 * that are plain text; a message that has only HTML is converted. Anything that can be read at all is read, however
 * malformed.
 *
 * Reading is synchronous and its work is bounded (see `bounds`), so that there is no stream that may never end. A body
 * that is longer than what is read of one mail is partial.
 * @throws UnreadableMail saying why, if the source exceeds the bounds on structure: a dead letter.
 */
export function readMime(raw: RawMail, strictness: Strictness = 'strict'): Mail {
  const source = bufferOf(raw);
  const parts = split(raw, strictness);
  const head = headOf(parts, strictness);
  const { text, isCut } = readBody(head, parts.body, strictness);
  return {
    ...head,
    ...readKeys(head.headers, text, source),
    text,
    partial: partialReason(raw, parts.isHeaderCut, isCut),
  };
}

/** The bytes are shared, not copied. */
function bufferOf({ source: { buffer, byteOffset, byteLength } }: RawMail): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function split(raw: RawMail, strictness: Strictness): SplitSource {
  return splitSource(bufferOf(raw), strictness);
}

function headOf({ block }: SplitSource, strictness: Strictness): MailHead {
  const fields = readFields(block, strictness);
  const headers = decodeFields(fields, strictness);
  if (headers.size === 0) throw new UnreadableMail('unreadable', 'the message has no headers');
  return {
    // Addresses are read before encoded words are decoded.
    from: readFirstMailbox(fields.find(({ name }) => name === 'from')?.value ?? ''),
    subject: headers.get('subject')?.[0] ?? '',
    date: readDate(headers.get('date')?.[0]),
    headers,
  };
}

function readBody({ headers }: MailHead, body: Buffer, strictness: Strictness): BodyText {
  const plain = readPlainText(headers, body);
  return plain === null ? readBodyText(headers, body, strictness) : plain;
}

function partialReason(raw: RawMail, isHeaderCut: boolean, isBodyCut: boolean): PartialReason | null {
  if (isHeaderCut) return 'header-too-long';
  if (isBodyCut) return 'body-too-long';
  return raw.isCut === true ? 'source-cut' : null;
}

/** A date without a zone (RFC 5322 demands one) would depend on where the bot runs: it is none. */
function readDate(written: string | undefined): Date | null {
  if (written === undefined || written.length > longestDate) return null;
  if (!/(?:[+-]\d{4}|[a-z]{1,4})\s*(?:\([^)]*\)\s*)*$/i.test(written)) return null;
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? null : date;
}
