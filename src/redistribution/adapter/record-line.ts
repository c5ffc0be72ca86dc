import type { PackageSource } from '../../domain/package-source.ts';
import type { RecipientList, RunContext } from '../../domain/redistribution.ts';
import {
  isObject,
  type Json,
  LineFault,
  parseObject,
  readArgument,
  readArgv,
  readInteger,
  readName,
  readNames,
  readText,
  readTime,
  show,
} from './json-line.ts';
import { readContext } from './record-context.ts';
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
  readonly list: RecipientList;
  /** Whether the recipients are all that the command reached; `null` if the record does not say. */
  readonly isWhole: boolean | null;
  /** `null` if the recorder is too old to tell. */
  readonly context: RunContext | null;
  readonly at: Date;
  readonly end: RecordEnd | null;
}

export interface RecordEnd {
  readonly exitCode: number;
  readonly durationMs: number;
  readonly results: ReadonlyMap<string, { readonly result: Result; readonly cause: string | null }>;
}

type Result = 'succeeded' | 'failed' | 'unknown';

const knownFlags = new Set(['--server', '--region', '--failed-pattern', '--ok-pattern', '--unnamed']);
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
  const recipients = readRecipients(json);
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
    list: json['list'] === undefined ? [] : readNames(json, 'list'),
    isWhole: typeof json['whole'] === 'boolean' ? json['whole'] : null,
    context: readContext(json),
    at: readTime(json['at']),
    end: event === 'end' ? readEnd(json, recipients) : null,
  };
}

function readRecipients(json: Json): string[] {
  const names = readNames(json, 'recipients');
  if (names.some((item) => item.includes(','))) throw new LineFault('a recipient holds a comma');
  return names;
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
