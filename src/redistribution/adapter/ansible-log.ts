import type { LogSlice } from '../../domain/log-source.ts';
import type { JobRecord, RecipientResult, RunContext } from '../../domain/redistribution.ts';
import {
  decodeUtf8,
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
import type { LogAdapter, LogFault, ParsedLog } from './log-adapter.ts';
import { type LogLine, linesOf, provenanceOf } from './log-lines.ts';
import { readContext } from './record-context.ts';
import { notReached, rescued } from './played-run.ts';
import { readStamp } from './record-log.ts';

/** What a run's start says, and its end again. */
interface Head {
  readonly job: string;
  readonly attempt: number;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly packages: readonly string[];
  readonly startedAt: Date;
  /** `null` if the plugin is too old to tell. */
  readonly context: RunContext | null;
  /** With `--check` nothing is distributed. */
  readonly isTrial: boolean;
}

interface Run {
  head: Head | null;
  endedAt: Date | null;
  readonly hosts: Set<string>;
  /** Whether the hosts of every play are known; without an end nobody knows those of the plays to come. */
  isWhole: boolean;
  /** What is known of hosts; those of the recap for sure. */
  readonly results: Map<string, RecipientResult>;
  readonly lines: LogLine[];
}

/**
 * What our callback plugin writes (`src/recorder/ansible/restage.py`): the start, the hosts of each play, each host that
 * fails, the recap. A run without a recap died early: hosts of which nothing is known have the result `unknown`. The
 * exit code is not known, and would tell nothing of a single host. Trials (`--check`) are no jobs.
 */
export function createAnsibleAdapter(server: string): LogAdapter {
  return { name: 'ansible', disorderMs: 60_000, timeOf: readStamp, parse: (slices) => parse(slices, server) };
}

function parse(slices: readonly LogSlice[], server: string): ParsedLog {
  const runs = new Map<string, Run>();
  const faults: LogFault[] = [];
  for (const line of linesOf(slices)) {
    try {
      addLine(runs, parseObject(decodeUtf8(line.content)), line);
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      const { file, line: number, offset } = line;
      if (!line.torn) faults.push({ file, line: number, offset, reason: error.message });
    }
  }
  // Of a run that began before the slices and has no end here, nothing can be told.
  const records = [...runs.values()].flatMap((run) => toRecord(run, server) ?? []);
  return { records, faults };
}

function addLine(runs: Map<string, Run>, json: Json, line: LogLine): void {
  if (json['v'] !== 1) throw new LineFault(`version ${show(json['v'])} is not known, only 1`);
  const id = readText(json['id'], 'id');
  const at = readTime(json['at']);
  const run: Run = runs.get(id) ?? {
    head: null,
    endedAt: null,
    hosts: new Set(),
    isWhole: false,
    results: new Map(),
    lines: [],
  };
  switch (json['event']) {
    case 'start':
      run.head ??= readHead(json);
      break;
    case 'play':
      for (const host of readHosts(json)) run.hosts.add(host);
      break;
    case 'host':
      addFailure(run, json);
      break;
    case 'end':
      run.head ??= readHead(json);
      addRecap(run, json);
      run.endedAt = at;
      run.isWhole = json['whole'] !== false;
      break;
    default:
      throw new LineFault(`event ${show(json['event'])} is not known`);
  }
  run.lines.push(line);
  runs.set(id, run);
}

function readHead(json: Json): Head {
  const cwd = readArgument(json['cwd'], 'cwd');
  if (!cwd.startsWith('/')) throw new LineFault('cwd is not an absolute path');
  return {
    job: readName(json['job'], 'job'),
    attempt: readInteger(json['attempt'], 'attempt', 1, 999_999),
    argv: readArgv(json['argv']),
    cwd,
    packages: readNames(json, 'packages'),
    startedAt: readTime(json['startedAt']),
    context: readContext(json),
    isTrial: json['check'] === true,
  };
}

/** A play may have none. */
function readHosts(json: Json): string[] {
  const { hosts } = json;
  return Array.isArray(hosts) && hosts.length === 0 ? [] : readNames(json, 'hosts');
}

function addFailure({ hosts, results }: Run, json: Json): void {
  const name = readName(json['host'], 'host');
  hosts.add(name);
  results.set(name, { name, result: 'failed', cause: readText(json['cause'], 'cause') });
}

/** The recap decides: a failure that a play rescued is none. */
function addRecap({ hosts, results }: Run, json: Json): void {
  for (const name of readHosts(json)) hosts.add(name);
  const tallies = readRecap(json, hosts);
  const hasEnded = readReached(json, tallies);
  for (const name of hosts) {
    const cause = results.get(name)?.cause ?? null;
    results.set(name, decideResult(name, tallies.get(name) ?? null, hasEnded(name), cause));
  }
}

/** Numbers of tasks at a host. */
interface Tally {
  readonly failures: number;
  readonly unreachable: number;
  readonly rescued: number;
}

const isFailure = ({ failures, unreachable }: Tally) => failures + unreachable > 0;

function readRecap({ recap }: Json, hosts: ReadonlySet<string>): ReadonlyMap<string, Tally> {
  if (!isObject(recap)) throw new LineFault('recap is not an object');
  return new Map(
    Object.entries(recap).map(([name, counts]) => {
      if (!hosts.has(name) || !isObject(counts))
        throw new LineFault(`the recap names ${show(name)}, which is no host`);
      const count = (key: string) => readInteger(counts[key], key, 0, 1_000_000_000);
      const mended = counts['rescued'] === undefined ? 0 : count('rescued');
      const failed = { failures: count('failures'), unreachable: count('unreachable') };
      return [name, { ...failed, rescued: mended }];
    }),
  );
}

/**
 * Returns whether a host came to the end of every play that concerns it; `null` if the record does not say. Records of an
 * older plugin do not: but a run without any failure is never ended early for some of its hosts.
 */
function readReached(
  { reached }: Json,
  tallies: ReadonlyMap<string, Tally>,
): (name: string) => boolean | null {
  if (reached === undefined) {
    const isAnyFailed = [...tallies.values()].some(isFailure);
    return (name) => (isAnyFailed || !tallies.has(name) ? null : true);
  }
  if (!isObject(reached)) throw new LineFault('reached is not an object');
  return (name) => {
    const value = Object.hasOwn(reached, name) ? reached[name] : null;
    return typeof value === 'boolean' ? value : null;
  };
}

function decideResult(
  name: string,
  tally: Tally | null,
  hasEnded: boolean | null,
  cause: string | null,
): RecipientResult {
  if (tally && isFailure(tally)) {
    return { name, result: 'failed', cause: cause ?? 'failed, as the recap says' };
  }
  if (hasEnded === false) return { name, result: 'failed', cause: notReached };
  if (hasEnded === null) return { name, result: 'unknown', cause: cause ?? unclear };
  return { name, result: 'succeeded', cause: tally && tally.rescued > 0 ? rescued : null };
}

const unclear = 'the recap does not say whether this host was reached';

function toRecord({ head, endedAt, hosts, isWhole, results, lines }: Run, server: string): JobRecord | null {
  if (!head || head.isTrial || hosts.size === 0) return null;
  const { isTrial: _, context, ...rest } = head;
  const untold = { result: 'unknown', cause: 'the run has no recap' } as const;
  return {
    ...rest,
    ...(context ? { context } : {}),
    server,
    recipients: [...hosts].map((name) => results.get(name) ?? { name, ...untold }),
    endedAt,
    exitCode: null,
    adapter: 'ansible',
    isWhole,
    confidence: 'exact',
    provenance: provenanceOf(lines),
  };
}
