import type { LogSlice } from '../../domain/log-source.ts';
import type { JobRecord, RecipientResult } from '../../domain/redistribution.ts';
import { compileClock } from '../../domain/clock-format.ts';
import type { LogAdapter, ParsedLog } from './log-adapter.ts';
import { type LogLine, provenanceOf } from './log-lines.ts';
import { explainRsyncCode } from './rsync-codes.ts';
import { type LineReading, repeatsOf, timedLines } from './timed-lines.ts';

/** `msg()` of ftpsync 20180513: `Nov 23 14:10:21 int-41 ftpsync-extras[998]: Mirrorsync start` */
const linePattern = /^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ ([\w.-]+)\[(\d+)\]: (.*)$/;
const readClock = compileClock('MMM DD HH:mm:ss');

interface Run {
  readonly program: string;
  readonly startedAt: Date;
  readonly lines: LogLine[];
  readonly stages: Set<string>;
  /** What rsync fetched: `debian` of `dist-01::debian`. */
  module: string | null;
  /** The last words that say what went wrong. */
  cause: string | null;
  /** The site's own script that ftpsync runs now, and the first words that it printed. */
  hook: { readonly script: string; words: string | null } | null;
  /** How the last hook that failed has ended. */
  hookCause: string | null;
  endedAt: Date | null;
  mayBeLaterMs: number;
  isDone: boolean;
}

/**
 * The stock log of Debian's ftpsync. It pulls: the server is its own recipient. The log has rsync's command line, but
 * not ftpsync's own, and running rsync alone would go past ftpsync's locks and trace files: the command is put together
 * from the archive (in the program's name) and the stages that were run. Its times have no year and no zone.
 */
export function createFtpsyncAdapter(server: string, timeZone: string): LogAdapter {
  const timeOf = (line: string, before: Date) => readClock(line.slice(0, 15), timeZone, before);
  const textOf = ({ content }: LogLine) => new TextDecoder().decode(content);
  const reading = { textOf, timeOf, repeatOf: repeatsOf(readClock, timeZone) };
  return {
    name: 'ftpsync',
    // When clocks are set back an hour comes twice.
    disorderMs: 3_600_000,
    timeOf,
    parse: (slices) => parse(slices, server, reading),
  };
}

function parse(slices: readonly LogSlice[], server: string, reading: LineReading): ParsedLog {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  // Half of `Mirrorsync done with errors` would be a success: lines are whole.
  for (const { line, text, at, mayBeLaterMs } of timedLines(slices, reading)) {
    const [, , program, pid, message] = linePattern.exec(text) ?? [];
    const newest = runs.at(-1);
    if (!program || message === undefined || !at) {
      // What a program that ftpsync called printed; it says whose it is by where it stands.
      if (newest && newest.endedAt === null) addWords(newest, text.trim().slice(0, 500) || null);
      continue;
    }
    const key = `${program} ${pid}`;
    const run = message === 'Mirrorsync start' ? begin(program, at) : open.get(key);
    if (!run) continue;
    if (!open.has(key) || run.lines.length === 0) runs.push(run);
    open.set(key, run);
    run.lines.push(line);
    run.mayBeLaterMs = mayBeLaterMs;
    addMessage(run, message, at);
    if (run.endedAt !== null) open.delete(key);
  }
  return { records: runs.map((run) => toRecord(run, server)), faults: [] };
}

function begin(program: string, startedAt: Date): Run {
  const hooks = { hook: null, hookCause: null };
  const nothing = { ...hooks, module: null, cause: null, endedAt: null, mayBeLaterMs: 0, isDone: false };
  return { program, startedAt, lines: [], stages: new Set(), ...nothing };
}

function addWords(run: Run, words: string | null): void {
  if (run.hook) run.hook.words ??= words;
  else run.cause ??= words;
}

/** `hook()` of ftpsync 20180513. */
function addHook(run: Run, message: string): void {
  const script = /^Running hook \d: (.*)$/.exec(message)?.[1];
  if (script !== undefined) run.hook = { script, words: null };
  const [, number, code] = /^Back from hook (\d), got returncode (\d{1,3})$/.exec(message) ?? [];
  if (number === undefined) return;
  if (code !== '0') {
    const { script: name = '', words = null } = run.hook ?? {};
    const said = words === null ? '' : `: ${words}`;
    run.hookCause = `hook ${number} (${name}) ended with exit code ${code}${said}`.slice(0, 500);
  }
  run.hook = null;
}

function addMessage(run: Run, message: string, at: Date): void {
  const [, stage, command] = /^Running (stage[12]): (.*)$/.exec(message) ?? [];
  if (stage !== undefined && command !== undefined) {
    run.stages.add(stage);
    run.module = / (?:\S+@)?[\w.-]+::([\w.+-]+)/.exec(command)?.[1] ?? run.module;
  }
  const code = /^Back from rsync with returncode (\d{1,3})$/.exec(message)?.[1];
  if (code !== undefined) run.cause = code === '0' ? null : `rsync: ${explainRsyncCode(Number(code))}`;
  addHook(run, message);
  if (message.startsWith('ERROR: ') && run.cause === null) run.cause = message.slice(0, 500);
  if (message === 'Mirrorsync done' || message === 'Mirrorsync done with errors') {
    run.endedAt = at;
    run.isDone = message === 'Mirrorsync done';
  }
}

function toRecord(run: Run, server: string): JobRecord {
  const { program, startedAt, endedAt, mayBeLaterMs, module, lines } = run;
  const archive = program.startsWith('ftpsync-') ? program.slice('ftpsync-'.length) : null;
  return {
    server,
    job: program,
    attempt: 1,
    argv: ['ftpsync', ...(archive === null ? [] : [`sync:archive:${archive}`]), stageOf(run)],
    cwd: '/',
    packages: [module ?? archive ?? program],
    recipients: [resultOf(run, server)],
    startedAt,
    endedAt,
    ...(mayBeLaterMs > 0 ? { mayBeLaterMs } : {}),
    exitCode: run.isDone ? 0 : null,
    adapter: 'ftpsync',
    confidence: 'inferred',
    provenance: provenanceOf(lines),
  };
}

/** Where it broke off in the first stage, both may have been asked for. */
function stageOf({ stages, isDone }: Run): string {
  if (stages.has('stage1')) return isDone && !stages.has('stage2') ? 'sync:stage1' : 'sync:all';
  return stages.has('stage2') ? 'sync:stage2' : 'sync:all';
}

function resultOf({ endedAt, isDone, cause: ownCause, hookCause }: Run, name: string): RecipientResult {
  const cause = ownCause ?? hookCause;
  if (endedAt === null) return { name, result: 'unknown', cause };
  if (isDone) return { name, result: 'succeeded', cause: null };
  return { name, result: 'failed', cause: cause ?? 'done with errors, as its log says' };
}
