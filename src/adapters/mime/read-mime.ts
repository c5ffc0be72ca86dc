import { createHash } from 'node:crypto';
import type { Mail, RawMail } from '../../domain/mail.ts';
import { parseText } from './parse-text.ts';
import { readFirstMailbox } from './read-address.ts';
import { decodeFields, type Headers, readFields } from './read-headers.ts';
import { readPlainText } from './read-plainly.ts';

/** RFC 5322 section 2.1.1. */
const longestLine = 998;
const longestDate = 200;

/**
 * Reads the MIME structure of a message. Its text is the plain text of all inline parts, then that of the attachments
 * that are plain text; a message that has only HTML is converted.
 * Anything that can be read at all is read, however malformed.
 * @throws Error saying why, when the source has no headers or more parts than a mail can have: a dead letter.
 */
export async function readMime(raw: RawMail): Promise<Mail> {
  const fields = readFields(raw.source);
  const headers = decodeFields(fields);
  if (headers.size === 0) throw new Error('the message has no headers');
  const { buffer, byteOffset, byteLength } = raw.source;
  const source = Buffer.from(buffer, byteOffset, byteLength);
  const text = readPlainText(headers, source) ?? (await parseText(source));
  return {
    key: readKey(headers, text, source),
    // Addresses are read before encoded words are decoded.
    from: readFirstMailbox(fields.find(({ name }) => name === 'from')?.value ?? ''),
    subject: headers.get('subject')?.[0] ?? '',
    date: readDate(headers.get('date')?.[0]),
    headers,
    text,
  };
}

/**
 * Relays add headers, encode bodies anew and trim lines: none of that makes another mail of it. Tools that give each of
 * their mails the same Message-ID are told apart by what these say.
 */
function readKey(headers: Headers, text: string, source: Uint8Array): string {
  const written = headers.get('message-id')?.[0] ?? '';
  const id = (/<([^<>]*)>/.exec(written)?.[1] ?? written).trim();
  const usable = id !== '' && id.length <= longestLine;
  if (!usable) return digestOf(source);
  const words = text.replace(/[ \t]+$/gm, '').trim();
  return digestOf(JSON.stringify(id), words);
}

/** `sha256:HEX` of what follows one another: of a message's bytes, its identity where it has no usable Message-ID. */
export function digestOf(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `sha256:${hash.digest('hex')}`;
}

/** A date without a zone (RFC 5322 demands one) would depend on where the bot runs: it is none. */
function readDate(written: string | undefined): Date | null {
  if (written === undefined || written.length > longestDate) return null;
  if (!/(?:[+-]\d{4}|[a-z]{1,4})\s*(?:\([^)]*\)\s*)*$/i.test(written)) return null;
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? null : date;
}
