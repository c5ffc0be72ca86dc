import type { JobRecord, Provenance, RecipientResult } from '../domain/redistribution.ts';
import { digestBytes } from './digest.ts';
import { LineFault, type RecordLine, readRecordLine } from './record-line.ts';

export interface LogFault {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

interface Run {
  readonly start: RecordLine;
  end: RecordLine | null;
  provenance: Provenance;
}

/**
 * Reads one file of the recorder's log (B7, B8): one record a run, in the order of their starts. A run that has no end yet,
 * or whose end was torn off by a crash, is a record with exit code null whose recipients are unknown. What cannot be read
 * is a fault with its line; it never stops the rest.
 */
export function parseRecordLog(
  bytes: Uint8Array,
  file: string,
): { readonly records: readonly JobRecord[]; readonly faults: readonly LogFault[] } {
  const runs = new Map<string, Run>();
  const faults: LogFault[] = [];
  for (const { line, content, torn } of splitLines(bytes)) {
    try {
      const read = readRecordLine(decodeUtf8(content));
      if (read) addLine(runs, read, { file, line, digest: digestBytes(content) });
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      // The last line may be in the middle of being written: no fault, and the run has no end yet.
      if (!torn) faults.push({ file, line, reason: error.message });
    }
  }
  return { records: [...runs.values()].map(toRecord), faults };
}

function* splitLines(bytes: Uint8Array): Generator<{ line: number; content: Uint8Array; torn: boolean }> {
  for (let start = 0, line = 1; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    if (end > start) yield { line, content: bytes.subarray(start, end), torn: newline === -1 };
    start = end + 1;
  }
}

function decodeUtf8(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new LineFault('not UTF-8');
  }
}

function addLine(runs: Map<string, Run>, read: RecordLine, provenance: Provenance): void {
  const run = runs.get(read.id);
  if (!run) {
    runs.set(read.id, { start: read, end: read.event === 'end' ? read : null, provenance });
    return;
  }
  if (read.event === 'start' || run.end) throw new LineFault('this run has such a line already');
  if (describe(read) !== describe(run.start)) throw new LineFault('this end does not agree with its start');
  run.end = read;
  run.provenance = provenance;
}

/** What the two lines of a run have in common. */
function describe({ server, job, attempt, argv, cwd, packages, recipients, flags }: RecordLine): string {
  return JSON.stringify([server, job, attempt, argv, cwd, packages, recipients, flags]);
}

function toRecord({ start, end, provenance }: Run): JobRecord {
  const ended = end?.end ?? null;
  const recipients = start.recipients.map((name): RecipientResult => {
    const found = ended?.results.get(name);
    return { name, result: found?.result ?? 'unknown', cause: found?.cause ?? null };
  });
  const patterns = patternsIn(start.flags);
  const startedAt = start.end ? new Date(start.at.getTime() - start.end.durationMs) : start.at;
  return {
    server: start.server,
    job: start.job,
    attempt: start.attempt,
    argv: start.argv,
    cwd: start.cwd,
    packages: start.packages,
    recipients,
    startedAt,
    endedAt: end?.at ?? null,
    exitCode: ended?.exitCode ?? null,
    ...(patterns.length > 0 ? { recorderFlags: patterns } : {}),
    provenance,
  };
}

const settings: ReadonlySet<string> = new Set(['--server', '--region']);

/** How the recorder reads results; what it calls the server and the region, its own settings on that server say. */
function patternsIn(flags: readonly string[]): string[] {
  return flags.filter((_flag, index) => !settings.has(flags[index - (index % 2)] ?? ''));
}
