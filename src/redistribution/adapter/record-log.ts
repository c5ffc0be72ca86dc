import type { LogSlice } from '../../domain/log-source.ts';
import type { JobRecord, RecipientResult } from '../../domain/redistribution.ts';
import type { LogAdapter, LogFault, ParsedLog } from './log-adapter.ts';
import { type LogLine, linesOf, provenanceOf } from './log-lines.ts';
import { decodeUtf8, LineFault } from './json-line.ts';
import { type RecordLine, readRecordLine } from './record-line.ts';

interface Run {
  readonly start: RecordLine;
  end: RecordLine | null;
  readonly lines: LogLine[];
}

/** `"at":"…"`, which the recorder writes near a line's beginning, before anything that somebody else chose but the job. */
const atMember = /"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"/;

/** The recorder's log on this server; the folder belongs to it, whatever name its recorder was given. */
export function createRecordAdapter(server: string): LogAdapter {
  return {
    name: 'record',
    // A line waits for the lock that keeps lines apart.
    disorderMs: 60_000,
    timeOf: readStamp,
    parse: (slices) => parseRecordLog(slices, server),
  };
}

/** When a line of JSON with a member `at` was written. */
export function readStamp(line: string): Date | null {
  const time = new Date(atMember.exec(line)?.[1] ?? '');
  return Number.isNaN(time.getTime()) ? null : time;
}

/**
 * Reads the recorder's log (B7, B8): one record a run, in the order of their starts. A run that has no end yet, or whose
 * end was torn off by a crash, is a record with exit code null whose recipients are unknown; of one that began before the
 * slices the end tells all; `server`: what these records are said to be of, instead of what they say. What cannot be read is a fault with its line; it never stops the rest.
 */
export function parseRecordLog(slices: readonly LogSlice[], server?: string): ParsedLog {
  const runs = new Map<string, Run>();
  const faults: LogFault[] = [];
  for (const line of linesOf(slices)) {
    try {
      const read = readRecordLine(decodeUtf8(line.content));
      if (read) addLine(runs, read, line);
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      // The last line may be in the middle of being written: no fault, and the run has no end yet.
      if (!line.torn) faults.push(faultAt(line, error.message));
    }
  }
  return { records: [...runs.values()].map((run) => toRecord(run, server)), faults };
}

function faultAt({ file, line, offset }: LogLine, reason: string): LogFault {
  return { file, line, offset, reason };
}

function addLine(runs: Map<string, Run>, read: RecordLine, line: LogLine): void {
  const run = runs.get(read.id);
  if (!run) {
    runs.set(read.id, { start: read, end: read.event === 'end' ? read : null, lines: [line] });
    return;
  }
  if (read.event === 'start' || run.end) throw new LineFault('this run has such a line already');
  if (describe(read) !== describe(run.start)) throw new LineFault('this end does not agree with its start');
  run.end = read;
  run.lines.push(line);
}

/** What the two lines of a run have in common. */
function describe({
  server,
  job,
  attempt,
  argv,
  cwd,
  packages,
  recipients,
  flags,
  context,
}: RecordLine): string {
  return JSON.stringify([server, job, attempt, argv, cwd, packages, recipients, flags, context]);
}

function toRecord({ start, end, lines }: Run, server = start.server): JobRecord {
  const ended = end?.end ?? null;
  const recipients = start.recipients.map((name): RecipientResult => {
    const found = ended?.results.get(name);
    return { name, result: found?.result ?? 'unknown', cause: found?.cause ?? null };
  });
  const patterns = patternsIn(start.flags);
  const startedAt = start.end ? new Date(start.at.getTime() - start.end.durationMs) : start.at;
  return {
    server,
    job: start.job,
    attempt: start.attempt,
    argv: start.argv,
    cwd: start.cwd,
    packages: start.packages,
    recipients,
    startedAt,
    endedAt: end?.at ?? null,
    exitCode: ended?.exitCode ?? null,
    adapter: 'record',
    confidence: 'exact',
    ...(patterns.length > 0 ? { recorderFlags: patterns } : {}),
    ...(start.sources.length > 0 ? { sources: start.sources } : {}),
    ...(start.list.length > 0 ? { list: start.list } : {}),
    ...(start.isWhole === null ? {} : { isWhole: start.isWhole }),
    ...(start.context ? { context: start.context } : {}),
    provenance: provenanceOf(lines),
  };
}

const settings: ReadonlySet<string> = new Set(['--server', '--region']);

/** How the recorder reads results; what it calls the server and the region, its own settings on that server say. */
function patternsIn(flags: readonly string[]): string[] {
  return flags.filter((_flag, index) => !settings.has(flags[index - (index % 2)] ?? ''));
}
