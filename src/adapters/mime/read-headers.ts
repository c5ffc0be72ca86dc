import { bounds, exceeded, type Strictness } from './bounds.ts';
import { decodeText } from './decode-text.js';
import { createWordDecoder } from './encoded-words.ts';

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

/**
 * Returns the headers with their encoded words (RFC 2047) decoded.
 * @throws UnreadableMail `too-many-encoded-words`.
 */
export function decodeFields(fields: readonly HeaderField[], strictness: Strictness = 'strict'): Headers {
  const decodeWords = createWordDecoder(strictness);
  const headers = new Map<string, string[]>();
  for (const { name, value } of fields) {
    const decoded = decodeWords(value).trim();
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [decoded]);
    else values.push(decoded);
  }
  return headers;
}

/** A message's header block, each byte a character, and what follows it. */
export interface SplitSource {
  readonly block: string;
  readonly body: Buffer;
  /** The header block was longer. */
  readonly isHeaderCut: boolean;
}

/**
 * Splits a message at the first empty line; one without it is all headers.
 * @throws UnreadableMail `header-too-long`.
 */
export function splitSource(source: Buffer, strictness: Strictness = 'strict'): SplitSource {
  return (
    splitWithin(source, usualLength) ??
    splitWithin(source, bounds.headerBytes) ??
    splitLongHeaders(source, strictness)
  );
}

function splitWithin(source: Buffer, length: number): SplitSource | null {
  const beginning = source.toString('latin1', 0, length);
  const end = endOfHeaders.exec(beginning);
  if (end !== null) {
    const body = source.subarray(end.index + end[0].length);
    return { block: beginning.slice(0, end.index), body, isHeaderCut: false };
  }
  return source.length <= length
    ? { block: beginning, body: source.subarray(length), isHeaderCut: false }
    : null;
}

function splitLongHeaders(source: Buffer, strictness: Strictness): SplitSource {
  exceeded(strictness, 'header-too-long', `the headers are longer than ${bounds.headerBytes} bytes`);
  const block = source.toString('latin1', 0, bounds.headerBytes);
  const ends = ['\r\n\r\n', '\n\n'].map((end) => ({ at: source.indexOf(end), length: end.length }));
  const [first] = ends.filter(({ at }) => at >= 0).toSorted((one, other) => one.at - other.at);
  const body = first === undefined ? Buffer.alloc(0) : source.subarray(first.at + first.length);
  return { block, body, isHeaderCut: true };
}

/**
 * Reads the header block (RFC 5322 section 2.2). Raw 8-bit text, which is not allowed but common, is UTF-8 if that is
 * possible, else Latin-1. Lines that are no headers are left out.
 * @throws UnreadableMail `too-many-header-fields`.
 */
export function readFields(block: string, strictness: Strictness = 'strict'): readonly HeaderField[] {
  const decode = eightBit.test(block) ? decodeRaw : asWritten;
  const lines = block.replaceAll('\r\n', '\n');
  const fields: HeaderField[] = [];
  headerField.lastIndex = 0;
  for (let match = headerField.exec(lines); match !== null; match = headerField.exec(lines)) {
    if (fields.length === bounds.fields) {
      exceeded(strictness, 'too-many-header-fields', `the message has over ${bounds.fields} header fields`);
      break;
    }
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
