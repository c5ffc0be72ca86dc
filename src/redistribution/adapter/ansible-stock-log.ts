import { compileClock } from '../../domain/clock-format.ts';
import type { AnsibleLogging, LogSlice } from '../../domain/log-source.ts';
import type { JobRecord } from '../../domain/redistribution.ts';
import type { LogAdapter, LogFault, ParsedLog } from './log-adapter.ts';
import { type LogLine, provenanceOf } from './log-lines.ts';
import { beginPlayedRun, type PlayedRun, readPlayLine, resultsOf } from './played-run.ts';
import { type LineReading, repeatsOf, timedLines } from './timed-lines.ts';

export const nothingTold: AnsibleLogging = { plays: [], checkModeMarkers: false };

/** `log_path` of ansible-core 2.14: `2026-11-23 14:10:21,123 p=4711 u=root n=ansible | PLAY [all] ***` */
const prefix = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d{3} p=(\d+) u=\S+ n=\S+ \| (.*)$/;
const readClock = compileClock('YYYY-MM-DD HH:mm:ss');
const color = /\p{Cc}\[[\d;]*m/gu;
const longestLine = 20_000;

interface Run {
  readonly played: PlayedRun;
  readonly lines: LogLine[];
  readonly startedAt: Date;
  endedAt: Date;
  mayBeLaterMs: number;
}

/**
 * Ansible's own log (`log_path`), and what ansible-playbook prints where that is kept in a file. Neither has the command, the
 * inventory or the limit: what is not in `ansible.plays` has no arguments (`argv` is empty), until a record of the recorder
 * for the same time lends it some. A file of what was printed has no times: its last run ended when it was last written to.
 */
export function createStockAnsibleAdapter(
  server: string,
  timeZone: string,
  told: AnsibleLogging,
): LogAdapter {
  const textOf = ({ content }: LogLine) =>
    new TextDecoder().decode(content.subarray(0, longestLine)).replaceAll(color, '').trimEnd();
  const timeOf = (line: string, before: Date) => {
    const stamp = prefix.exec(line)?.[1];
    return stamp === undefined ? null : readClock(stamp, timeZone, before);
  };
  const reading = { textOf, timeOf, repeatOf: repeatsOf(readClock, timeZone) };
  return {
    name: 'ansible-log',
    // When clocks are set back an hour comes twice.
    disorderMs: 3_600_000,
    timeOf,
    parse: (slices) => parse(slices, server, reading, told),
  };
}

function parse(
  slices: readonly LogSlice[],
  server: string,
  reading: LineReading,
  told: AnsibleLogging,
): ParsedLog {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  const faults: LogFault[] = [];
  for (const { line, text, at, mayBeLaterMs } of timedLines(slices, reading)) {
    const [, , pid, logged] = prefix.exec(text) ?? [];
    // Without a time it goes on with the line before, or the whole file is what was printed.
    const isPrinted = pid === undefined && !open.has(`logged in ${line.file}`);
    if (pid === undefined && !isPrinted) continue;
    const key = isPrinted ? `printed in ${line.file}` : `${pid} in ${line.file}`;
    const words = logged ?? text;
    const known = open.get(key);
    const isNew = words.startsWith('PLAY [') && (!known || known.played.recap !== null);
    if (isNew && known && isPrinted) {
      runs.splice(runs.indexOf(known), 1);
      faults.push(faultAt(known.lines[0] ?? line));
    }
    const run = isNew ? begin(at ?? line.modifiedAt) : known;
    if (!run) continue;
    if (isNew) runs.push(run);
    open.set(key, run);
    if (!isPrinted) open.set(`logged in ${line.file}`, run);
    run.lines.push(line);
    run.endedAt = at ?? line.modifiedAt;
    run.mayBeLaterMs = mayBeLaterMs;
    readPlayLine(run.played, words);
  }
  return { records: runs.flatMap((run) => toRecord(run, server, told) ?? []), faults };
}

function begin(startedAt: Date): Run {
  return { played: beginPlayedRun(), lines: [], startedAt, endedAt: startedAt, mayBeLaterMs: 0 };
}

function faultAt({ file, line, offset }: LogLine): LogFault {
  const reason = 'nothing tells when this run was: other runs were printed after it; give each a file';
  return { file, line, offset, reason };
}

function toRecord(run: Run, server: string, told: AnsibleLogging): JobRecord | null {
  const { played, startedAt, endedAt, mayBeLaterMs, lines } = run;
  const recipients = resultsOf(played, told.checkModeMarkers);
  const [name = ''] = played.plays;
  if (played.isTrial || recipients.length === 0 || name === '') return null;
  const known = told.plays.find(({ play }) => play === name);
  return {
    server,
    job: known?.job ?? name.slice(0, 60),
    attempt: 1,
    argv: known?.command ?? [],
    cwd: known?.directory ?? '/',
    packages: known?.packages ?? [name.slice(0, 60)],
    recipients,
    startedAt,
    endedAt: played.recap === null ? null : endedAt,
    ...(mayBeLaterMs > 0 ? { mayBeLaterMs } : {}),
    exitCode: null,
    adapter: 'ansible-log',
    // Hosts that a run which ended early never came to are in none of its lines.
    isWhole: false,
    confidence: 'inferred',
    provenance: provenanceOf(lines),
  };
}
