import { nameDevice } from '../../domain/device-name.ts';
import type { CommandState, RecipientResult } from '../../domain/redistribution.ts';
import type { RunOutcome } from '../../domain/server.ts';
import type { Delivered } from '../../domain/store/failed-jobs.ts';
import type { CommandEnd, CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { AuditEntry } from '../../domain/store/events.ts';
import type { Tx } from '../../domain/store/store.ts';
import { decideCommandState } from '../../redistribution/decide-results.ts';
import type { Verification } from '../../redistribution/apply-verification.ts';
import { noteMended } from '../recovery/note-mended.ts';
import type { Deps } from '../deps.ts';
import { nextLookAt } from './look-schedule.ts';
import { wantCommandMessage, wantRedistributionMessage } from './redistribution-message.ts';

/** How a command's run has ended. */
export type CommandEnding = { readonly command: CommandRecord } & (
  | {
      readonly kind: 'ran';
      readonly outcome: Extract<RunOutcome, { readonly outcome: 'exited' | 'unknown' }>;
      readonly results: readonly RecipientResult[];
      readonly output: string;
      readonly verification: Verification | null;
    }
  /** It never ran, and never will: its recipients stay as they were. */
  | { readonly kind: 'unstarted'; readonly reason: string }
  /** Nobody knows how far it got. */
  | { readonly kind: 'lost'; readonly reason: string }
);

/**
 * Commands have ended: their results, the ledger and the failed jobs (B13), in one transaction, recipient by recipient. Another
 * bot may have followed the same runs: the first one's word holds.
 */
export async function settleCommands(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
  endings: readonly CommandEnding[],
): Promise<void> {
  await settleQuietly(deps, tx, record, endings);
  if (endings.length > 0) await wantRedistributionMessage(deps, tx, record);
}

/** As `settleCommands`; the redistribution's own message is left to the caller. */
export async function settleQuietly(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
  endings: readonly CommandEnding[],
): Promise<void> {
  if (endings.length === 0) return;
  // Admission writes to the failed jobs too.
  await tx.lockCounting();
  // Somebody may have stopped it since the caller read it.
  const current = endings.some(wasStopped) ? ((await tx.redistribution(record.id)) ?? record) : record;
  const endedAt = deps.clock.now();
  const ended = endings.map((ending) => ({
    command: ending.command,
    end: describeEnd(current, ending, endedAt),
  }));
  await commitEnds(deps, tx, record, ended, ['approved', 'running']);
}

interface EndedCommand {
  readonly command: CommandRecord;
  readonly end: CommandEnd;
}

/** Ends those of the commands that are in one of these states, and does all that follows from it. */
export async function commitEnds(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
  ended: readonly EndedCommand[],
  from: readonly CommandState[],
): Promise<void> {
  const changed = new Set(
    await tx.endCommands(
      ended.map(({ end }) => end),
      from,
    ),
  );
  const news = ended.filter(({ end }) => changed.has(end.id));
  const at = deps.clock.now();
  const cleared = await tx.clearFailedJobs(
    news.map((one) => deliveredBy(deps, one)),
    at,
  );
  await noteMended(tx, cleared, { kind: 'success', at, origin: `redistribution ${record.id}` });
  await tx.addFailedJobs(news.flatMap(({ command, end }) => failuresOf(deps, command, end)));
  await tx.auditAll(news.map((one) => auditEnd(record, one, deps.clock.now())));
  await followUpUnknown(deps, tx, record, news);
  const isShort = await hasFewCommands(tx, record, news);
  for (const { command, end } of news) {
    if (isShort || hasSomethingToTell(end)) await wantCommandMessage(deps, tx, command);
  }
}

/** What ran where, by which approval's digest, with which result; `at` is now: a later look is another entry. */
function auditEnd(
  { id, digest }: RedistributionRecord,
  { command: { command }, end }: EndedCommand,
  at: Date,
): AuditEntry {
  const { server, job, attempt, packages, argv, cwd } = command;
  const results = end.results.map(({ name, result }) => [name, result]);
  const { state, exitCode, note } = end;
  return {
    at,
    who: 'restage',
    what: state,
    about: `command ${end.id}`,
    detail: {
      redistribution: id,
      digest,
      server,
      job,
      attempt,
      packages,
      argv,
      cwd,
      exitCode,
      note,
      results,
    },
  };
}

async function hasFewCommands(
  tx: Tx,
  { id }: RedistributionRecord,
  ended: readonly EndedCommand[],
): Promise<boolean> {
  if (ended.some(({ command }) => command.ordinal >= toldOneByOne)) return false;
  return (await tx.commandStates(id)).length <= toldOneByOne;
}

async function followUpUnknown(
  deps: Deps,
  tx: Tx,
  { server }: RedistributionRecord,
  ended: readonly EndedCommand[],
): Promise<void> {
  const unknown = ended.filter(({ end }) => end.state === 'unknown').map(({ end }) => end.id);
  const keepRunsMs = deps.policies.servers.get(server)?.running.keepRunsMs;
  if (unknown.length === 0 || keepRunsMs === undefined) return;
  const now = deps.clock.now();
  await tx.changeCommands(unknown, ['unknown'], { lookAt: nextLookAt(now, now, keepRunsMs) });
}

/** What a command has come to; a person or a later look may still change what is unknown. */
export function describeEnd(record: RedistributionRecord, ending: CommandEnding, endedAt: Date): CommandEnd {
  const { id, command } = ending.command;
  const base = { id, exitCode: null, output: ending.command.output, results: [], endedAt } as const;
  switch (ending.kind) {
    case 'unstarted':
      return { ...base, state: 'skipped', note: `Not started: ${ending.reason}` };
    case 'lost': {
      const cause = ending.reason;
      const results = command.recipients.map((name) => ({ name, result: 'unknown', cause }) as const);
      return { ...base, state: 'unknown', results, note: `It may have run: ${cause}` };
    }
    case 'ran': {
      const { outcome, results, output } = ending;
      const state = decideCommandState(outcome, results);
      const exitCode = outcome.outcome === 'exited' ? outcome.exitCode : null;
      return { ...base, state, exitCode, results, output, note: noteOn(record, state, exitCode, results) };
    }
  }
}

/** The exit code that the runner gives to what it has stopped. */
const stoppedCode = 124;

function wasStopped(ending: CommandEnding): boolean {
  return (
    ending.kind === 'ran' && ending.outcome.outcome === 'exited' && ending.outcome.exitCode === stoppedCode
  );
}

function noteOn(
  { stoppedBy }: RedistributionRecord,
  state: CommandEnd['state'],
  exitCode: number | null,
  results: readonly RecipientResult[],
): string | null {
  if (state === 'unknown') return results.find((one) => one.result === 'unknown')?.cause ?? null;
  if (exitCode !== stoppedCode) return null;
  return stoppedBy ? `Stopped by ${stoppedBy.userId}` : 'Stopped: it ran too long.';
}

function deliveredBy({ inventory }: Deps, { command: { command }, end }: EndedCommand): Delivered {
  const { server, job, packages, attempt } = command;
  const recipients = end.results
    .filter((one) => one.result === 'succeeded')
    .map((one) => nameDevice(one.name, inventory));
  return { server, job, packages, recipients, attempt };
}

/** What failed again stays in the failed jobs, with its new cause, as a further attempt (B13). */
function failuresOf({ inventory }: Deps, { command }: CommandRecord, { results, endedAt }: CommandEnd) {
  return results
    .filter((one) => one.result === 'failed')
    .flatMap((one) =>
      command.packages.map((name) => ({
        server: command.server,
        job: command.job,
        recipient: nameDevice(one.name, inventory),
        package: name,
        attempt: command.attempt,
        failedAt: endedAt,
        cause: one.cause ?? 'failed again',
        knownFrom: 'log' as const,
      })),
    );
}

/** With more commands than this, a silent success is told by the redistribution's own message alone. */
const toldOneByOne = 12;

function hasSomethingToTell({ state, output }: CommandEnd): boolean {
  return state === 'failed' || state === 'unknown' || output !== '';
}
