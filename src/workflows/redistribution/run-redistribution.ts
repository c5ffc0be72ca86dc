import { RestageError } from '../../domain/errors.ts';
import type { JobRecord, RecipientResult } from '../../domain/redistribution.ts';
import type { RunOutcome, RunWatcher, ServerProfile } from '../../domain/server.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { decideResults, findOwnRecord } from '../../redistribution/decide-results.ts';
import { decideStart } from '../../redistribution/decide-start.ts';
import { issueArgv } from '../../redistribution/recorder.ts';
import { finishRedistribution } from './finish-redistribution.ts';
import type { Deps } from '../deps.ts';
import { createOutputTail } from './output-tail.ts';
import { readRecords } from './read-records.ts';
import { keepLocked, lockServer, ownerOf } from './server-lock.ts';
import { wantCommandMessage, wantRedistributionMessage } from './redistribution-message.ts';
import { settleEnded, settleLost, settleUnstarted } from './settle-command.ts';

/**
 * Runs what was approved (B12), command after command. Started again after a crash it attaches to the command
 * that was under way. Rejects with `server-unreachable` when the server is away: call again later. What can't be
 * mended by waiting ends the command.
 */
export async function runRedistribution(deps: Deps, id: string, signal: AbortSignal): Promise<void> {
  const record = await deps.store.transaction((tx) => begin(deps, tx, id));
  if (!record) return;
  const lock = keepLocked(deps, record);
  try {
    for (const command of await deps.store.transaction((tx) => tx.commandsOf(id))) {
      if (command.state !== 'approved' && command.state !== 'running') continue;
      await runCommand(deps, record, command, signal);
      if (signal.aborted) return;
    }
    await finishRedistribution(deps, record);
  } finally {
    lock.stop();
  }
}

/** null: there is nothing to run, or not now: a lock that was lost to somebody else comes back when they have finished. */
async function begin(deps: Deps, tx: Tx, id: string): Promise<RedistributionRecord | null> {
  const record = await tx.redistribution(id);
  if (record?.state !== 'approved' && record?.state !== 'running') return null;
  if ((await lockServer(deps, tx, record, ownerOf(record))) !== null) return null;
  await tx.changeRedistribution(id, ['approved'], { state: 'running' });
  return { ...record, state: 'running' };
}

async function runCommand(
  deps: Deps,
  record: RedistributionRecord,
  command: CommandRecord,
  signal: AbortSignal,
): Promise<void> {
  const profile = deps.policies.servers.get(record.server);
  const reason = refuseStart(deps, record, command, profile);
  if (reason !== null && command.state === 'approved') return settleUnstarted(deps, record, command, reason);
  if (!profile)
    return settleLost(deps, record, command, `the config has no server ${record.server} any more`);
  const tail = createOutputTail(deps, command);
  const mayStart = reason === null && !command.seenOnServer;
  const argv = issueArgv(command.command, profile.recorder);
  const request = { id: command.id, argv, cwd: command.command.cwd, env: {}, mayStart };
  let outcome: RunOutcome;
  try {
    outcome = await deps.servers.run(profile, request, watch(deps, record, command, tail.push), signal);
  } catch (error) {
    if (signal.aborted || isPassing(error)) throw error;
    return giveUp(deps, record, command, error);
  }
  if (signal.aborted) return;
  await tail.flush();
  if (outcome.outcome !== 'missing') {
    const results = await resultsOf(deps, profile, command, outcome);
    await settleEnded(deps, record, command, { outcome, results, output: tail.text() });
  } else if (command.seenOnServer) {
    await settleLost(deps, record, command, 'the server does not have the run any more; look there');
  } else {
    await settleUnstarted(deps, record, command, reason ?? 'the server does not have it');
  }
  deps.log.info({ command: command.id, server: profile.name, ...outcome }, 'command ended');
}

/** Why it must not be started now, though it was approved; null: it may be. */
function refuseStart(
  deps: Deps,
  { decidedAt, requestedAt }: RedistributionRecord,
  { command }: CommandRecord,
  profile: ServerProfile | undefined,
): string | null {
  const { expiresAfterMs } = deps.policies.approval;
  const templates = profile?.allowed ?? null;
  const check = { command, decidedAt: decidedAt ?? requestedAt, expiresAfterMs, templates };
  const decision = decideStart(check, deps.clock.now());
  return decision.mayStart ? null : decision.reason;
}

function watch(
  deps: Deps,
  record: RedistributionRecord,
  command: CommandRecord,
  onOutput: RunWatcher['onOutput'],
): RunWatcher {
  return {
    onOutput,
    onStart: () =>
      deps.store.transaction(async (tx) => {
        const change = { state: 'running', startedAt: deps.clock.now() } as const;
        if (!(await tx.changeCommand(command.id, 'approved', change))) return;
        await wantRedistributionMessage(deps, tx, record);
        await wantCommandMessage(deps, tx, command);
      }),
    onSeen: () =>
      deps.store.transaction(async (tx) => {
        await tx.changeCommand(command.id, 'running', { seenOnServer: true });
      }),
  };
}

/** What waiting can mend. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof RestageError)) return false;
  return error.code === 'server-unreachable' || error.code === 'database-unavailable';
}

/** Nothing was started unless it was sent. */
async function giveUp(
  deps: Deps,
  record: RedistributionRecord,
  command: CommandRecord,
  error: unknown,
): Promise<void> {
  deps.log.warn({ command: command.id, error: String(error) }, 'command given up');
  const reason = error instanceof RestageError ? error.message : 'an error inside Restage; see its log';
  const now = await deps.store.transaction((tx) => tx.command(command.id));
  if (now?.state === 'approved') return settleUnstarted(deps, record, command, reason);
  return settleLost(deps, record, command, reason);
}

/**
 * The recorder's own entry for this attempt tells each recipient's result. Rejects with `server-unreachable` while it can't
 * be asked.
 */
async function resultsOf(
  deps: Deps,
  profile: ServerProfile,
  { id, command }: CommandRecord,
  outcome: Exclude<RunOutcome, { readonly outcome: 'missing' }>,
): Promise<readonly RecipientResult[]> {
  if (!profile.recorder) return decideResults(command, outcome, { recorder: false });
  const now = deps.clock.now();
  const startedAt = (await deps.store.transaction((tx) => tx.command(id)))?.startedAt ?? now;
  const records = await readLog(deps, profile, startedAt, now);
  const record = findOwnRecord(command, startedAt, records);
  return decideResults(command, outcome, { recorder: true, record });
}

async function readLog(
  deps: Deps,
  profile: ServerProfile,
  from: Date,
  now: Date,
): Promise<readonly JobRecord[]> {
  try {
    return await readRecords(deps, profile, { from, until: new Date(now.getTime() + 60_000) });
  } catch (error) {
    if (isPassing(error)) throw error;
    deps.log.warn({ server: profile.name, error: String(error) }, 'results not read from the log');
    return [];
  }
}
