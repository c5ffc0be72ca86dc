import { RE2JS } from 're2js';
import { decodeBytes } from '../../domain/byte-text.ts';
import type { LogFormat, LogSlice } from '../../domain/log-source.ts';
import { compileClock } from '../../domain/clock-format.ts';
import type { LogAdapter, LogFault, ParsedLog } from './log-adapter.ts';
import type { LogLine } from './log-lines.ts';
import {
  beginRun,
  listNames,
  type PatternRun,
  toRecord,
  groups,
  type Found,
  type Group,
} from './pattern-run.ts';
import { type LineReading, repeatsOf, type TimedLine, timedLines } from './timed-lines.ts';

interface Pattern {
  readonly regex: RE2JS;
  readonly names: readonly Group[];
}

interface Patterns {
  readonly time: Pattern;
  readonly run: Pattern | null;
  readonly start: Pattern;
  readonly about: readonly Pattern[];
  readonly succeeded: readonly Pattern[];
  readonly failed: readonly Pattern[];
  readonly end: Pattern;
}

const longestLine = 100_000;

/** A log of a site's own, by the format that the config declares, or a shipped one. */
export function createPatternAdapter(server: string, timeZone: string, format: LogFormat): LogAdapter {
  const patterns = compile(format);
  const readClock = compileClock(format.time.format);
  const timeOf = (line: string, before: Date) => {
    const text = find(patterns.time, line)?.time;
    return text === undefined ? null : readClock(text, timeZone, before);
  };
  const reading = { textOf, timeOf, repeatOf: repeatsOf(readClock, timeZone) };
  const parse = (slices: readonly LogSlice[]) => new Reader(patterns, format, reading).read(slices, server);
  // When clocks are set back an hour comes twice.
  return { name: 'pattern', disorderMs: 3_600_000, timeOf, parse };
}

function textOf({ content }: LogLine): string {
  return decodeBytes(content.subarray(0, longestLine)).replace(/\r$/, '');
}

function compile(format: LogFormat): Patterns {
  return {
    time: compilePattern(format.time.pattern),
    run: format.run === null ? null : compilePattern(format.run),
    start: compilePattern(format.start),
    about: format.about.map(compilePattern),
    succeeded: format.succeeded.map(compilePattern),
    failed: format.failed.map(compilePattern),
    end: compilePattern(format.end),
  };
}

function compilePattern(source: string): Pattern {
  const regex = RE2JS.compile(source);
  const known = regex.namedGroups();
  return { regex, names: groups.filter((name) => name in known) };
}

function find({ regex, names }: Pattern, line: string): Found | null {
  const matcher = regex.matcher(line);
  if (!matcher.find()) return null;
  const found: Found = {};
  for (const name of names) {
    const value = matcher.group(name)?.trim();
    if (value) found[name] = value;
  }
  return found;
}

type Moment = Pick<TimedLine, 'mayBeLaterMs'> & { readonly at: Date };

class Reader {
  readonly #patterns: Patterns;
  readonly #format: LogFormat;
  readonly #reading: LineReading;
  readonly #runs: PatternRun[] = [];
  readonly #open = new Map<string, PatternRun>();

  constructor(patterns: Patterns, format: LogFormat, reading: LineReading) {
    this.#patterns = patterns;
    this.#format = format;
    this.#reading = reading;
  }

  read(slices: readonly LogSlice[], server: string): ParsedLog {
    let last: Moment | null = null;
    for (const { line, text, at, mayBeLaterMs } of timedLines(slices, this.#reading)) {
      if (at !== null) last = { at, mayBeLaterMs };
      if (last !== null) this.#addLine(line, text, last);
    }
    const faults: LogFault[] = [];
    const records = this.#runs.flatMap((run) => {
      const record = toRecord(run, this.#format, server);
      if (typeof record !== 'string') return [record];
      const { file, line, offset } = run.lines[0] ?? { file: '', line: null, offset: 0 };
      faults.push({ file, line, offset, reason: record });
      return [];
    });
    return { records, faults };
  }

  #addLine(line: LogLine, text: string, { at, mayBeLaterMs }: Moment): void {
    const { run: runPattern, start, about, succeeded, failed, end } = this.#patterns;
    const key = runPattern === null ? '' : find(runPattern, text)?.run;
    const begun = find(start, text);
    if (begun && key !== undefined) {
      const run = beginRun(at);
      this.#runs.push(run);
      this.#open.set(key, run);
    }
    // A line that does not say whose it is belongs to the only run there is.
    const run = key === undefined ? this.#onlyOpen() : this.#open.get(key);
    if (!run) return;
    run.lines.push(line);
    run.mayBeLaterMs = mayBeLaterMs;
    for (const found of [begun, ...about.map((one) => find(one, text))]) Object.assign(run.about, found);
    for (const one of failed) noteResult(run, 'failed', find(one, text), text);
    for (const one of succeeded) noteResult(run, 'succeeded', find(one, text), text);
    const ended = find(end, text);
    if (!ended) return;
    run.end = { at, code: ended.code === undefined ? null : Number(ended.code) };
    if (key !== undefined) this.#open.delete(key);
    else this.#open.clear();
  }

  #onlyOpen(): PatternRun | undefined {
    return this.#open.size === 1 ? this.#open.values().next().value : undefined;
  }
}

function noteResult(
  run: PatternRun,
  result: 'succeeded' | 'failed',
  found: Found | null,
  text: string,
): void {
  if (found?.recipient === undefined) return;
  const cause = result === 'failed' ? (found.cause ?? text.trim()).slice(0, 500) : null;
  if (found.code !== undefined) run.told.add(Number(found.code));
  for (const name of listNames(found.recipient)) {
    if (run.results.get(name)?.result !== 'failed') run.results.set(name, { name, result, cause });
  }
}
