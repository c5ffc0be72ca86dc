import type { CommandState, RecipientResult } from '../../domain/redistribution.ts';
import type { RunOutcome } from '../../domain/server.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { decideCommandState } from '../../redistribution/decide-results.ts';
import type { Deps } from '../deps.ts';
import { wantCommandMessage, wantRedistributionMessage } from './redistribution-message.ts';

/** How a run has ended. */
export interface CommandEnd {
  readonly outcome: Exclude<RunOutcome, { readonly outcome: 'missing' }>;
  readonly results: readonly RecipientResult[];
  readonly output: string;
}

/** The command has run to its end: its result, the ledger and the failed jobs (B13), in one transaction. */
export async function settleEnded(
  deps: Deps,
  record: RedistributionRecord,
  command: CommandRecord,
  { outcome, results, output }: CommandEnd,
): Promise<void> {
  const endedAt = deps.clock.now();
  const exitCode = outcome.outcome === 'exited' ? outcome.exitCode : null;
  const state = decideCommandState(outcome, results);
  const note = state === 'unknown' ? (results.find((one) => one.result === 'unknown')?.cause ?? null) : null;
  await deps.store.transaction(async (tx) => {
    // Admission writes to the failed jobs too.
    await tx.lockCounting();
    const change = { state, exitCode, results, output, note, endedAt } as const;
    // Another bot may have followed the same run: the first one's word holds.
    if (!(await tx.changeCommand(command.id, 'running', change))) return;
    const { server, job, packages, attempt } = command.command;
    const succeeded = results.filter((one) => one.result === 'succeeded').map((one) => one.name);
    await tx.settleAttempts(command.id, results);
    await tx.clearFailedJobs(server, job, packages, succeeded, attempt, endedAt);
    await tx.addFailedJobs(failuresOf(command, results, endedAt));
    await show(deps, tx, record, command);
  });
}

/** The command never ran, and never will: its recipients stay as they were. */
export async function settleUnstarted(
  deps: Deps,
  record: RedistributionRecord,
  command: CommandRecord,
  reason: string,
): Promise<void> {
  await giveUp(deps, record, command, { state: 'failed', results: [], note: `Not started: ${reason}` });
}

/** Nobody knows how far the command got. */
export async function settleLost(
  deps: Deps,
  record: RedistributionRecord,
  command: CommandRecord,
  reason: string,
): Promise<void> {
  const { recipients } = command.command;
  const results = recipients.map((name) => ({ name, result: 'unknown', cause: reason }) as const);
  await giveUp(deps, record, command, { state: 'unknown', results, note: `It may have run: ${reason}` });
}

async function giveUp(
  deps: Deps,
  record: RedistributionRecord,
  command: CommandRecord,
  end: Pick<CommandRecord, 'results' | 'note'> & { readonly state: 'failed' | 'unknown' },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const change = { ...end, endedAt: deps.clock.now() };
    if (!(await changeOpen(tx, command.id, change))) return;
    const result = end.state;
    const { recipients } = command.command;
    const attempts = recipients.map((name) => ({ name, result, cause: end.note }));
    await tx.settleAttempts(command.id, attempts);
    await show(deps, tx, record, command);
  });
}

async function changeOpen(tx: Tx, id: string, change: Parameters<Tx['changeCommand']>[2]): Promise<boolean> {
  const open: readonly CommandState[] = ['approved', 'running'];
  for (const from of open) if (await tx.changeCommand(id, from, change)) return true;
  return false;
}

async function show(deps: Deps, tx: Tx, record: RedistributionRecord, command: CommandRecord): Promise<void> {
  await wantRedistributionMessage(deps, tx, record);
  await wantCommandMessage(deps, tx, command);
}

/** What failed again stays in the failed jobs, with its new cause, as a further attempt (B13). */
function failuresOf({ command }: CommandRecord, results: readonly RecipientResult[], at: Date) {
  return results
    .filter((one) => one.result === 'failed')
    .flatMap((one) =>
      command.packages.map((name) => ({
        server: command.server,
        job: command.job,
        recipient: one.name,
        package: name,
        attempt: command.attempt,
        failedAt: at,
        cause: one.cause ?? 'failed again',
        knownFrom: 'log' as const,
      })),
    );
}
