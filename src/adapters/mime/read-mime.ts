import { hash } from 'node:crypto';
import type { Mail, RawMail } from '../../domain/mail.ts';
import { parseText } from './parse-text.ts';
import { readFirstMailbox } from './read-address.ts';
import { decodeFields, type Headers, readFields, splitSource } from './read-headers.ts';
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
  const { buffer, byteOffset, byteLength } = raw.source;
  const source = Buffer.from(buffer, byteOffset, byteLength);
  const { block, body } = splitSource(source);
  const fields = readFields(block);
  const headers = decodeFields(fields);
  if (headers.size === 0) throw new Error('the message has no headers');
  const text = (body && readPlainText(headers, body)) ?? (await parseText(source));
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
  return digestOf(`${JSON.stringify(id)}${trimLines(text).trim()}`);
}

/** Nearly no line ends with blanks: each end is looked at first. */
function trimLines(text: string): string {
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    const last = text.charAt(end - 1);
    if (last === ' ' || last === '\t') return text.replace(/(?<![ \t])[ \t]+(?=\n)/g, '');
  }
  return text;
}

/** `sha256:HEX`; of a message's bytes it is its identity where it has no usable Message-ID. */
export function digestOf(content: Uint8Array | string): string {
  return `sha256:${hash('sha256', content)}`;
}

/** A date without a zone (RFC 5322 demands one) would depend on where the bot runs: it is none. */
function readDate(written: string | undefined): Date | null {
  if (written === undefined || written.length > longestDate) return null;
  if (!/(?:[+-]\d{4}|[a-z]{1,4})\s*(?:\([^)]*\)\s*)*$/i.test(written)) return null;
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? null : date;
}
