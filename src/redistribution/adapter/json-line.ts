import { decodeBytes } from '../../domain/byte-text.ts';

/* Readers for lines of JSON, by hand: whoever can write the log can write anything. */

export type Json = Readonly<Record<string, unknown>>;

/** Why a line is no record. Its message is for people. */
export class LineFault extends Error {}

const controlCharacter = /\p{Cc}/u;
/** Half of a character, which no database keeps. */
const loneSurrogate = /\p{Cs}/u;
/** Names are keys in the database, and arguments of the recorder. */
const longestNameBytes = 200;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** No character takes more, of those that a string counts. */
const mostBytesPerUnit = 3;

export function decodeUtf8(content: Uint8Array): string {
  try {
    return utf8.decode(content);
  } catch {
    throw new LineFault('not UTF-8');
  }
}

export function parseObject(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LineFault('not JSON');
  }
  if (!isObject(value)) throw new LineFault('not a JSON object');
  return value;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readText(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw new LineFault(`${name} is not a text`);
  if (controlCharacter.test(value)) throw new LineFault(`${name} holds a control character`);
  if (loneSurrogate.test(value)) throw new LineFault(`${name} holds half of a character`);
  return value;
}

export function readName(value: unknown, name: string): string {
  const text = readText(value, name);
  const maybeLong = text.length * mostBytesPerUnit > longestNameBytes;
  if (maybeLong && new TextEncoder().encode(text).length > longestNameBytes) {
    throw new LineFault(`${name} is longer than ${longestNameBytes} bytes`);
  }
  return text;
}

export function readNames(json: Json, name: string): string[] {
  const value = json[name];
  if (!Array.isArray(value) || value.length === 0) throw new LineFault(`${name} is not a list of names`);
  const names = value.map((item: unknown, index) => readName(item, `${name}[${index}]`));
  return [...new Set(names)];
}

export function readArgument(value: unknown, name: string): string {
  if (isObject(value) && 'base64' in value) return readBase64(value['base64'], name);
  if (typeof value !== 'string') throw new LineFault(`${name} is not a text`);
  if (value.includes('\0')) throw new LineFault(`${name} holds a NUL character`);
  if (loneSurrogate.test(value)) throw new LineFault(`${name} holds half of a character`);
  return value;
}

/** What is no UTF-8 is logged in base64. */
function readBase64(value: unknown, name: string): string {
  const bytes = typeof value === 'string' ? bytesOfBase64(value) : null;
  if (bytes === null) throw new LineFault(`${name} is not base64`);
  if (bytes.includes(0)) throw new LineFault(`${name} holds a NUL character`);
  return decodeBytes(bytes);
}

function bytesOfBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

export function readArgv(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) throw new LineFault('argv is not a list of arguments');
  return value.map((item: unknown, index) => readArgument(item, `argv[${index}]`));
}

export function readInteger(value: unknown, name: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)
    return value;
  throw new LineFault(`${name} is not a whole number from ${least} to ${most}`);
}

export function readTime(value: unknown): Date {
  const text =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? value : '';
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new LineFault('at is not a time in ISO 8601, UTC');
  return time;
}

export function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
