import type { RecipientResult } from '../../domain/redistribution.ts';
import type { RunOutcome } from '../../domain/server.ts';
import type { CommandEnd, CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { decideCommandState } from '../../redistribution/decide-results.ts';
import type { Deps } from '../deps.ts';
import { wantCommandMessage, wantRedistributionMessage } from './redistribution-message.ts';

/** How a command's run has ended. */
export type CommandEnding = { readonly command: CommandRecord } & (
  | {
      readonly kind: 'ran';
      readonly outcome: Extract<RunOutcome, { readonly outcome: 'exited' | 'unknown' }>;
      readonly results: readonly RecipientResult[];
      readonly output: string;
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
  if (endings.length === 0) return;
  // Admission writes to the failed jobs too.
  await tx.lockCounting();
  const endedAt = deps.clock.now();
  const ends = endings.map((ending) => describeEnd(record, ending, endedAt));
  const ended = new Set(await tx.endCommands(ends));
  const news = endings.flatMap(({ command }, index) => {
    const end = ends[index];
    return end && ended.has(end.id) ? [{ command, end }] : [];
  });
  for (const { command, end } of news) await clearSucceeded(tx, command, end);
  await tx.addFailedJobs(news.flatMap(({ command, end }) => failuresOf(command, end)));
  await wantRedistributionMessage(deps, tx, record);
  const isShort = (await tx.commandStates(record.id)).length <= toldOneByOne;
  for (const { command, end } of news) {
    if (isShort || hasSomethingToTell(end)) await wantCommandMessage(deps, tx, command);
  }
}

function describeEnd(record: RedistributionRecord, ending: CommandEnding, endedAt: Date): CommandEnd {
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

async function clearSucceeded(
  tx: Tx,
  { command }: CommandRecord,
  { results, endedAt }: CommandEnd,
): Promise<void> {
  const { server, job, packages, attempt } = command;
  const succeeded = results.filter((one) => one.result === 'succeeded').map((one) => one.name);
  await tx.clearFailedJobs(server, job, packages, succeeded, attempt, endedAt);
}

/** What failed again stays in the failed jobs, with its new cause, as a further attempt (B13). */
function failuresOf({ command }: CommandRecord, { results, endedAt }: CommandEnd) {
  return results
    .filter((one) => one.result === 'failed')
    .flatMap((one) =>
      command.packages.map((name) => ({
        server: command.server,
        job: command.job,
        recipient: one.name,
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
