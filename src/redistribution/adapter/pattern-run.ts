import type { LogFormat } from '../../domain/log-source.ts';
import type { Confidence, JobRecord, RecipientResult } from '../../domain/redistribution.ts';
import { expandNodeSet } from '../tool/node-set.ts';
import { toolOf } from '../tool/tools.ts';
import { type LogLine, provenanceOf } from './log-lines.ts';
import { splitCommand } from './split-command.ts';

/** The groups that a pattern of a format may have. */
export const groups = [
  'job',
  'attempt',
  'package',
  'recipient',
  'command',
  'directory',
  'cause',
  'code',
  'run',
  'time',
] as const;
export type Group = (typeof groups)[number];
export type Found = Partial<Record<Group, string>>;

/** What the lines of one run have said so far. */
export interface PatternRun {
  readonly startedAt: Date;
  readonly lines: LogLine[];
  /** The time of its last line may be later by this, in ms. */
  mayBeLaterMs: number;
  readonly about: Found;
  readonly results: Map<string, RecipientResult>;
  /** Exit codes that lines about single recipients tell: where the run ends with one of them, it says no more. */
  readonly told: Set<number>;
  end: { readonly at: Date; readonly code: number | null } | null;
}

export function beginRun(startedAt: Date): PatternRun {
  return { startedAt, lines: [], mayBeLaterMs: 0, about: {}, results: new Map(), told: new Set(), end: null };
}

/** The run as a record, or why it is none, for people. Recipients are those that are named, else those of the command. */
export function toRecord(run: PatternRun, format: LogFormat, server: string): JobRecord | string {
  const { about, end } = run;
  const { job } = about;
  if (job === undefined) return 'no line of this run names its job';
  const packages = listNames(about.package ?? '');
  if (packages.length === 0) return 'no line of this run names its package';
  const command = readCommand(run, format, packages);
  if (typeof command === 'string') return command;
  const targets = findTargets(run, command.argv) ?? [server];
  const directory = about.directory ?? format.directory;
  const texts = [job, directory, ...packages, ...targets, ...command.argv];
  if (texts.some((text) => text.includes('\0'))) return 'its words hold a NUL character';
  if (!directory.startsWith('/') && !/^[A-Za-z]:\\/.test(directory)) return 'its directory is not absolute';
  return {
    server,
    job: job.slice(0, 200),
    attempt: Math.min(999_999, Number(/^[1-9]\d{0,5}$/.exec(about.attempt ?? '')?.[0] ?? 1)),
    ...command,
    cwd: directory,
    packages,
    recipients: targets.map((name) => resultOf(name, targets.length, run, format)),
    startedAt: run.startedAt,
    endedAt: end?.at ?? null,
    ...(run.mayBeLaterMs > 0 ? { mayBeLaterMs: run.mayBeLaterMs } : {}),
    exitCode: end?.code ?? null,
    adapter: 'pattern',
    provenance: provenanceOf(run.lines),
  };
}

/**
 * Whom the log names, else whom the command names: lines about anybody else are somebody's output. null: neither does, nor
 * is there a line about a recipient.
 */
function findTargets({ about, results }: PatternRun, argv: readonly string[]): readonly string[] | null {
  if (about.recipient !== undefined) return [...new Set(listNames(about.recipient))];
  return toolOf(argv)?.targets(argv) ?? (results.size > 0 ? [...results.keys()] : null);
}

function readCommand(
  { about }: PatternRun,
  format: LogFormat,
  packages: readonly string[],
): { readonly argv: readonly string[]; readonly confidence: Confidence } | string {
  if (about.command !== undefined) {
    const argv = splitCommand(about.command, format.commandStyle);
    if (!argv || argv.length === 0) return 'its command line cannot be split into arguments';
    // Between words without quotes nobody knows where an argument ends.
    return { argv, confidence: format.commandStyle === 'words' ? 'inferred' : 'exact' };
  }
  if (format.command === null) return 'no line of this run has its command';
  const values = { job: about.job, package: packages.join(','), recipient: about.recipient };
  const argv = format.command.map((argument) =>
    argument.replaceAll(
      /\{(job|package|recipient)\}/g,
      (_all, name: keyof typeof values) => values[name] ?? '',
    ),
  );
  return { argv, confidence: 'inferred' };
}

/** A failed line decides, then one that says it went well, then the exit code: of several recipients 0 alone, or one that their
 * lines tell. */
function resultOf(name: string, count: number, run: PatternRun, format: LogFormat): RecipientResult {
  const told = run.results.get(name);
  if (told) return told;
  if (run.end === null) return { name, result: 'unknown', cause: null };
  const { code } = run.end;
  if (code === null || run.told.has(code) || format.succeededCodes.includes(code))
    return { name, result: 'succeeded', cause: null };
  const cause = `exit code ${code}`;
  return { name, result: count === 1 ? 'failed' : 'unknown', cause };
}

/** `a,b c`, and folded sets of hosts. */
export function listNames(text: string): string[] {
  const lists = text.split(/[\s;]+/).filter((part) => part !== '');
  return lists.flatMap((list) => expandNodeSet(list) ?? list.split(',').filter((part) => part !== ''));
}
