import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { type ParsedMail, type SimpleParserOptions, simpleParser } from 'mailparser';
import type { Mail, MailAddress, RawMail } from '../../domain/mail.ts';
import { type Headers, readHeaders } from './read-headers.ts';

/** RFC 5322 section 2.1.1. */
const longestLine = 998;

const parserOptions: SimpleParserOptions = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  checksumAlgo: false,
  maxHtmlLengthToParse: 1_000_000,
};

/**
 * Reads the MIME structure of a message. Its text is the plain text of all inline parts; a message that has only HTML
 * is converted. Anything that can be read at all is read, however malformed.
 * @throws Error saying why, when the source has no headers or more parts than a mail can have: a dead letter.
 */
export async function readMime(raw: RawMail): Promise<Mail> {
  const headers = readHeaders(raw.source);
  if (headers.size === 0) throw new Error('the message has no headers');
  const source = Buffer.from(raw.source);
  const parsed = await parse(source);
  return {
    key: readKey(headers, source),
    from: readAddress(parsed.from?.value[0]?.address),
    subject: headers.get('subject')?.[0] ?? '',
    date: readDate(headers.get('date')?.[0]),
    headers,
    text: (parsed.text ?? '').replace(/\r\n?/g, '\n'),
  };
}

async function parse(source: Buffer): Promise<ParsedMail> {
  const parsed = await simpleParser(source, parserOptions);
  const onlyHtml = (parsed.text ?? '').trim() === '' && parsed.html !== false && parsed.html !== undefined;
  return onlyHtml ? await simpleParser(source, { ...parserOptions, skipHtmlToText: false }) : parsed;
}

function readKey(headers: Headers, source: Uint8Array): string {
  const written = headers.get('message-id')?.[0] ?? '';
  const id = (/<([^<>]*)>/.exec(written)?.[1] ?? written).trim();
  const usable = id !== '' && id.length <= longestLine;
  return usable ? id : digestOf(source);
}

/** `sha256:HEX` of a message's bytes: its identity where it has no usable Message-ID. */
export function digestOf(source: Uint8Array): string {
  return `sha256:${createHash('sha256').update(source).digest('hex')}`;
}

function readAddress(written: string | undefined): MailAddress | null {
  const at = written?.lastIndexOf('@') ?? -1;
  if (written === undefined || at < 0) return null;
  const local = written.slice(0, at);
  const domain = readDomain(written.slice(at + 1));
  return domain === '' ? null : { address: `${local}@${domain}`, local, domain };
}

/** A host name in lower case, international ones in their ASCII form; an address literal without brackets and tag. */
function readDomain(written: string): string {
  const domain = written.trim().toLowerCase();
  const literal = /^\[(?:ipv6:)?([^\]]*)\]$/.exec(domain)?.[1];
  if (literal !== undefined) return literal;
  // oxlint-disable-next-line no-control-regex -- what is not ASCII is what needs the conversion
  return /^[\x00-\x7f]*$/.test(domain) ? domain : domainToASCII(domain);
}

/** A date without a zone (RFC 5322 demands one) would depend on where the bot runs: it is none. */
function readDate(written: string | undefined): Date | null {
  if (written === undefined || !/(?:[+-]\d{4}|[a-z]{1,4})\s*(?:\([^)]*\)\s*)*$/i.test(written)) return null;
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? null : date;
}
