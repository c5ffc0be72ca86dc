/** All headers of a message, names in lower case, values decoded to Unicode, in the order of the message. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** The last header's line end and the empty line after it. */
const endOfHeaders = /\r?\n\r?\n/;
/** Most header blocks are shorter; in bytes. */
const usualLength = 8_192;
const eightBit = /[\x80-\xff]/;
/** With the lines that continue it, which begin with a blank. */
const headerField = /(?<![^\n])([!-9;-~]+)(?:\n?[ \t])*:([^\n]*(?:\n[ \t][^\n]*)*)/g;

/** A header as it was written, unfolded; its name in lower case. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** The headers with their encoded words (RFC 2047) decoded. */
export function decodeFields(fields: readonly HeaderField[]): Headers {
  const headers = new Map<string, string[]>();
  for (const { name, value } of fields) {
    const decoded = decodeWords(value).trim();
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [decoded]);
    else values.push(decoded);
  }
  return headers;
}

/** A message's header block, each byte a character, and what follows it: null where the headers are very long. */
export interface SplitSource {
  readonly block: string;
  readonly body: Buffer | null;
}

/** Mail is mostly body: what follows the headers need not be looked at, where they are not very long. */
export function splitSource(source: Buffer): SplitSource {
  const beginning = source.toString('latin1', 0, usualLength);
  const end = endOfHeaders.exec(beginning);
  return end === null
    ? { block: source.toString('latin1').split(endOfHeaders, 1)[0] ?? '', body: null }
    : { block: beginning.slice(0, end.index), body: source.subarray(end.index + end[0].length) };
}

/**
 * Reads the header block (RFC 5322 section 2.2). Raw 8-bit text, which is not allowed but common, is UTF-8 where that is
 * possible, else Latin-1. Lines that are no headers are left out.
 */
export function readFields(block: string): readonly HeaderField[] {
  const decode = eightBit.test(block) ? decodeRaw : asWritten;
  const lines = block.replaceAll('\r\n', '\n');
  const fields: HeaderField[] = [];
  headerField.lastIndex = 0;
  for (let match = headerField.exec(lines); match !== null; match = headerField.exec(lines)) {
    const [, name = '', value = ''] = match;
    const unfolded = value.includes('\n') ? value.replaceAll('\n', '') : value;
    fields.push({ name: name.toLowerCase(), value: decode(unfolded) });
  }
  return fields;
}

function decodeRaw(value: string): string {
  return decodeText(Buffer.from(value, 'latin1'), 'utf-8');
}

function asWritten(value: string): string {
  return value;
}

/** Decodes bytes by a charset's name, as UTF-8 or Latin-1 when the name or the bytes are wrong. */
export function decodeText(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return charset === 'utf-8' ? Buffer.from(bytes).toString('latin1') : decodeText(bytes, 'utf-8');
  }
}

const encodedWord = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?\s]*)\?=/gi;
/** White space between two encoded words separates nothing. */
const betweenWords = /(\?=)\s+(?==\?[^?\s]+\?[bq]\?[^?\s]*\?=)/gi;

interface Word {
  readonly charset: string;
  readonly bytes: Uint8Array;
}

/** Neighbours in the same charset are joined before decoding: senders cut in the middle of a character. */
function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  let decoded = '';
  let end = 0;
  let pending: Word | null = null;
  const source = text.replace(betweenWords, '$1');
  for (const match of source.matchAll(encodedWord)) {
    const word = readWord(match);
    const between = source.slice(end, match.index);
    const continues: boolean = pending !== null && between === '' && pending.charset === word.charset;
    decoded += (continues ? '' : flush(pending)) + between;
    pending =
      continues && pending !== null ? { ...word, bytes: Buffer.concat([pending.bytes, word.bytes]) } : word;
    end = match.index + match[0].length;
  }
  return decoded + flush(pending) + source.slice(end);
}

function flush(word: Word | null): string {
  return word === null ? '' : decodeText(word.bytes, word.charset);
}

function readWord([, charset = '', encoding = '', text = '']: RegExpExecArray): Word {
  const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : decodeQ(text);
  return { charset: charset.toLowerCase(), bytes };
}

function decodeQ(text: string): Uint8Array {
  const spaced = text.replaceAll('_', ' ');
  const raw = spaced.replace(/=([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(raw, 'latin1');
}
