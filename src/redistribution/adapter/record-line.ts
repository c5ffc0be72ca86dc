import { decodeBytes } from '../../domain/byte-text.ts';
import type { PackageSource } from '../../domain/package-source.ts';
import { readSources } from './record-sources.ts';

/** One line of the recorder's log, read and checked by hand: whoever can write the log can write anything. */
export interface RecordLine {
  readonly event: 'start' | 'end';
  readonly id: string;
  readonly server: string;
  readonly job: string;
  readonly attempt: number;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly packages: readonly string[];
  readonly recipients: readonly string[];
  readonly flags: readonly string[];
  readonly sources: readonly PackageSource[];
  readonly at: Date;
  readonly end: RecordEnd | null;
}

export interface RecordEnd {
  readonly exitCode: number;
  readonly durationMs: number;
  readonly results: ReadonlyMap<string, { readonly result: Result; readonly cause: string | null }>;
}

type Result = 'succeeded' | 'failed' | 'unknown';
type Json = Readonly<Record<string, unknown>>;

/** Why a line is no record. Its message is for people. */
export class LineFault extends Error {}

const knownFlags = new Set(['--server', '--region', '--failed-pattern', '--ok-pattern', '--unnamed']);
const controlCharacter = /\p{Cc}/u;
/** Half of a character, which no database keeps. */
const loneSurrogate = /\p{Cs}/u;
/** Names are keys in the database, and arguments of the recorder. */
const longestNameBytes = 200;
const highestAttempt = 999_999;
const mostFlags = 10;

/**
 * Reads a line's text; null for a line that is no record (the recorder's note that an alert could not be mailed).
 * @throws LineFault saying what is wrong.
 */
export function readRecordLine(text: string): RecordLine | null {
  const json = parseObject(text);
  if (json['v'] !== 1) throw new LineFault(`version ${show(json['v'])} is not known, only 1`);
  const event = json['event'];
  if (event === 'mail') return null;
  if (event !== 'start' && event !== 'end') throw new LineFault(`event ${show(event)} is not known`);
  const recipients = readNames(json, 'recipients');
  const cwd = readArgument(json['cwd'], 'cwd');
  if (!cwd.startsWith('/')) throw new LineFault('cwd is not an absolute path');
  return {
    event,
    id: readText(json['id'], 'id'),
    server: readName(json['server'], 'server'),
    job: readName(json['job'], 'job'),
    attempt: readInteger(json['attempt'], 'attempt', 1, highestAttempt),
    argv: readArgv(json['argv']),
    cwd,
    packages: readNames(json, 'packages'),
    recipients,
    flags: readFlags(json['flags']),
    sources: requireSources(json['sources']),
    at: readTime(json['at']),
    end: event === 'end' ? readEnd(json, recipients) : null,
  };
}

function parseObject(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LineFault('not JSON');
  }
  if (!isObject(value)) throw new LineFault('not a JSON object');
  return value;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw new LineFault(`${name} is not a text`);
  if (controlCharacter.test(value)) throw new LineFault(`${name} holds a control character`);
  if (loneSurrogate.test(value)) throw new LineFault(`${name} holds half of a character`);
  return value;
}

function readName(value: unknown, name: string): string {
  const text = readText(value, name);
  if (new TextEncoder().encode(text).length > longestNameBytes) {
    throw new LineFault(`${name} is longer than ${longestNameBytes} bytes`);
  }
  return text;
}

function readNames(json: Json, name: string): string[] {
  const value = json[name];
  if (!Array.isArray(value) || value.length === 0) throw new LineFault(`${name} is not a list of names`);
  const names = value.map((item: unknown, index) => readName(item, `${name}[${index}]`));
  if (name === 'recipients' && names.some((item) => item.includes(','))) {
    throw new LineFault('a recipient holds a comma');
  }
  return [...new Set(names)];
}

function readArgument(value: unknown, name: string): string {
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

function readArgv(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) throw new LineFault('argv is not a list of arguments');
  return value.map((item: unknown, index) => readArgument(item, `argv[${index}]`));
}

function requireSources(value: unknown): readonly PackageSource[] {
  const sources = readSources(value);
  if (!sources) throw new LineFault('sources is not a list of files');
  return sources;
}

/** Only flags that say how to read output and what to call things; never one that names a program or a file. */
function readFlags(value: unknown): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length % 2 !== 0) throw new LineFault('flags is not a list of pairs');
  if (value.length > mostFlags) throw new LineFault(`flags has more than ${mostFlags} items`);
  const flags = value.map((item: unknown, index) => readName(item, `flags[${index}]`));
  const stranger = flags.find((flag, index) => index % 2 === 0 && !knownFlags.has(flag));
  if (stranger !== undefined) throw new LineFault(`flag ${show(stranger)} does not belong in a record`);
  return flags;
}

function readInteger(value: unknown, name: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)
    return value;
  throw new LineFault(`${name} is not a whole number from ${least} to ${most}`);
}

function readTime(value: unknown): Date {
  const text =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? value : '';
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new LineFault('at is not a time in ISO 8601, UTC');
  return time;
}

function readEnd(json: Json, recipients: readonly string[]): RecordEnd {
  const duration = json['durationS'];
  if (typeof duration !== 'number' || !(duration >= 0 && duration < 1e9))
    throw new LineFault('durationS is not a duration');
  const results = json['results'];
  if (!Array.isArray(results)) throw new LineFault('results is not a list');
  const found = new Map<string, { result: Result; cause: string | null }>();
  for (const item of results as unknown[]) {
    const { recipient, result, cause } = readResult(item);
    if (!recipients.includes(recipient))
      throw new LineFault(`a result is for ${show(recipient)}, which is no recipient`);
    if (found.has(recipient)) throw new LineFault(`two results for ${show(recipient)}`);
    found.set(recipient, { result, cause });
  }
  return {
    exitCode: readInteger(json['exitCode'], 'exitCode', 0, 255),
    durationMs: duration * 1000,
    results: found,
  };
}

function readResult(item: unknown): { recipient: string; result: Result; cause: string | null } {
  if (!isObject(item)) throw new LineFault('a result is not an object');
  const { result, cause } = item;
  if (result !== 'succeeded' && result !== 'failed' && result !== 'unknown') {
    throw new LineFault(`result ${show(result)} is not known`);
  }
  const recipient = readName(item['recipient'], 'a result’s recipient');
  return {
    recipient,
    result,
    cause: cause === null || cause === undefined ? null : readText(cause, 'cause'),
  };
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
