import { RestageError } from '../domain/errors.ts';
import type { RecipientResult } from '../domain/redistribution.ts';
import type { RunOutcome, ServerProfile } from '../domain/server.ts';
import type { CommandRecord, RedistributionRecord } from '../domain/store/redistributions.ts';
import type { Tx } from '../domain/store/store.ts';
import { decideResults } from '../redistribution/decide-results.ts';
import { wrapInRecorder } from '../redistribution/recorder.ts';
import { finishRedistribution } from './finish-redistribution.ts';
import type { Deps } from './deps.ts';
import { readRecords } from './gather.ts';
import { createOutputTail } from './output-tail.ts';
import { wantCommandMessage, wantRedistributionMessage } from './redistribution-message.ts';

/**
 * Runs what was approved (B12), command after command. Started again after a crash it attaches to the command
 * that was under way. Rejects with `server-unreachable` when the server is away: call again later.
 */
export async function runRedistribution(deps: Deps, id: string, signal: AbortSignal): Promise<void> {
  const record = await deps.store.transaction(async (tx) => {
    const found = await tx.redistribution(id);
    if (found?.state === 'approved') await tx.changeRedistribution(id, { state: 'running' });
    return found;
  });
  if (record?.state !== 'approved' && record?.state !== 'running') return;
  const profile = deps.policies.servers.get(record.server);
  if (!profile) throw new RestageError('config-invalid', `The config has no server ${record.server}.`);
  for (const command of await deps.store.transaction((tx) => tx.commandsOf(id))) {
    if (command.state !== 'approved' && command.state !== 'running') continue;
    await runCommand(deps, profile, record, command, signal);
    if (signal.aborted) return;
  }
  await finishRedistribution(deps, record);
}

async function runCommand(
  deps: Deps,
  profile: ServerProfile,
  record: RedistributionRecord,
  command: CommandRecord,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = command.startedAt ?? deps.clock.now();
  await deps.store.transaction(async (tx) => {
    await tx.changeCommand(command.id, 'approved', { state: 'running', startedAt });
    await wantRedistributionMessage(deps, tx, record);
    await wantCommandMessage(deps, tx, command);
  });
  const tail = createOutputTail(deps, command);
  const argv = profile.recorder ? wrapInRecorder(command.command, profile.recorder) : command.command.argv;
  const request = { id: command.id, argv, cwd: command.command.cwd, env: {} };
  const outcome = await deps.servers.run(profile, request, (chunk) => tail.push(chunk), signal);
  if (signal.aborted) return;
  await tail.flush();
  const results = await resultsOf(deps, profile, command, startedAt, outcome);
  await deps.store.transaction((tx) => settle(deps, tx, record, command, outcome, results, tail.text()));
  deps.log.info({ command: command.id, server: profile.name, ...outcome }, 'command ended');
}

/** The recorder's own entry for this attempt tells each recipient's result; without one the exit code speaks for all. */
async function resultsOf(
  deps: Deps,
  profile: ServerProfile,
  { command }: CommandRecord,
  startedAt: Date,
  outcome: RunOutcome,
): Promise<readonly RecipientResult[]> {
  if (!profile.recorder) return decideResults(command, outcome, null);
  const period = { from: startedAt, until: new Date(deps.clock.now().getTime() + 60_000) };
  const records = await readRecords(deps, profile, period).catch((error: unknown) => {
    deps.log.warn({ server: profile.name, error: String(error) }, 'results not read from the log');
    return [];
  });
  const own = records.find((one) => one.job === command.job && one.attempt === command.attempt);
  return decideResults(command, outcome, own ?? null);
}

async function settle(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
  command: CommandRecord,
  outcome: RunOutcome,
  results: readonly RecipientResult[],
  output: string,
): Promise<void> {
  const endedAt = deps.clock.now();
  const succeeded = results.filter((one) => one.result === 'succeeded').map((one) => one.name);
  const state =
    outcome.outcome === 'unknown' ? 'unknown' : succeeded.length === results.length ? 'succeeded' : 'failed';
  const exitCode = outcome.outcome === 'exited' ? outcome.exitCode : null;
  const note = outcome.outcome === 'unknown' ? outcome.reason : null;
  // Another bot may have followed the same run: the first one's word holds.
  const change = { state, exitCode, results, output, note, endedAt } as const;
  if (!(await tx.changeCommand(command.id, 'running', change))) return;
  const { server, job, packages, attempt } = command.command;
  await tx.settleAttempts(command.id, results);
  await tx.clearFailedJobs(server, job, packages, succeeded, attempt, endedAt);
  await tx.addFailedJobs(failuresOf(command, results, endedAt));
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
