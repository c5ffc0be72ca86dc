import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RestageError } from '../../domain/errors.ts';
import type { Log } from '../../domain/log.ts';
import type { RunOutcome, RunRequest, RunWatcher, ServerProfile } from '../../domain/server.ts';
import type { ExecResult } from './channel.ts';
import type { Connection } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { isUnreachable, unreachable } from './failures.ts';
import {
  buildReportScript,
  buildStartScript,
  buildStopScript,
  type RunReport,
  readReport,
} from './remote-runner.ts';

const firstPollMs = 50;
const longestPollMs = 1_000;
const reconnectDelaysMs = [200, 500, 1_000, 2_000, 4_000, 8_000];
/** A run whose folder exists and whose process does not show itself was cut off between the two. */
const startingLimitMs = 10_000;

/** Starts or attaches, then follows to the end; see `ServerAccess.run`. Rejects with the signal's reason when aborted. */
export async function followRun(
  pool: ConnectionPool,
  log: Log,
  server: ServerProfile,
  request: RunRequest,
  watcher: RunWatcher,
  signal: AbortSignal,
): Promise<RunOutcome> {
  let offset = 0;
  let pollMs = firstPollMs;
  let startingSince: number | null = null;
  let isSeen = false;
  for (;;) {
    signal.throwIfAborted();
    const mayStart = request.mayStart && !isSeen;
    const ask = () => askOnce(pool, server, request, offset, mayStart ? watcher : null);
    const report = isSeen ? await askStubbornly(ask, log, server, signal) : await ask();
    if (report.state === 'missing') return isSeen ? vanished : { outcome: 'missing' };
    if (!isSeen) await watcher.onSeen();
    isSeen = true;
    if (report.output.length > 0) watcher.onOutput(report.output);
    offset += report.output.length;
    if (offset < report.size) continue;

    const outcome = decideOutcome(report);
    if (outcome) return outcome;
    if (report.state === 'starting') startingSince ??= performance.now();
    else startingSince = null;
    if (startingSince !== null && performance.now() - startingSince > startingLimitMs) return neverStarted;
    if (report.ageS * 1_000 >= server.commandTimeoutMs) await stopRun(pool, log, server, request.id);
    await sleep(pollMs, undefined, { signal });
    pollMs = Math.min(pollMs * 1.5, longestPollMs);
  }
}

const neverStarted: RunOutcome = {
  outcome: 'unknown',
  reason:
    'the server took the run but its process never showed itself; it was probably cut off while starting',
};

const vanished: RunOutcome = {
  outcome: 'unknown',
  reason: 'the server does not have the run any more; its folder was removed',
};

/** null: it goes on. */
function decideOutcome(report: RunReport): RunOutcome | null {
  if (report.state === 'starting' || report.state === 'running') return null;
  if (report.state === 'exit' && /^\d{1,3}$/.test(report.detail)) {
    return { outcome: 'exited', exitCode: Number(report.detail) };
  }
  const reason =
    report.detail === 'rebooted'
      ? 'the server was restarted while the command ran; it left no exit code'
      : 'the process is gone and left no exit code; it was probably killed';
  return { outcome: 'unknown', reason };
}

/** With everything that starting needs while it may start; after that a folder is there to look at. */
async function askOnce(
  pool: ConnectionPool,
  server: ServerProfile,
  request: RunRequest,
  offset: number,
  starter: Pick<RunWatcher, 'onStart'> | null,
): Promise<RunReport> {
  const nonce = `restage-${randomBytes(12).toString('hex')}`;
  const script = starter
    ? buildStartScript(request, nonce, offset)
    : buildReportScript(request.id, nonce, offset);
  const result = await pool.use(server, (connection) =>
    runOrLose(connection, server, script, () => starter?.onStart() ?? Promise.resolve()),
  );
  const report = readReport(result.stdout, nonce);
  if (report) return report;
  const words = result.stderr
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
  throw new RestageError(
    'server-refused',
    `${server.name} could not start or follow the run ${request.id} (exit code ${result.code}): ${words || 'no words'}. Check that ${server.user} has a POSIX shell and may write to its home directory.`,
  );
}

/** An answer without an exit code was cut off. */
async function runOrLose(
  connection: Connection,
  server: ServerProfile,
  script: string,
  beforehand?: () => Promise<void>,
): Promise<ExecResult> {
  const result = await connection.runScript(script, beforehand);
  if (result.code === null) throw unreachable(server, 'the connection broke');
  return result;
}

/** The command runs on whether or not somebody looks on, so a lost connection is made again, a bounded number of times. */
async function askStubbornly(
  ask: () => Promise<RunReport>,
  log: Log,
  server: ServerProfile,
  signal: AbortSignal,
): Promise<RunReport> {
  for (const delayMs of reconnectDelaysMs) {
    try {
      return await ask();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      log.warn({ server: server.name, delayMs }, 'lost the connection to a running command; attaching again');
      await sleep(delayMs, undefined, { signal });
    }
  }
  return ask();
}

async function stopRun(pool: ConnectionPool, log: Log, server: ServerProfile, id: string): Promise<void> {
  log.warn(
    { server: server.name, id, timeoutMs: server.commandTimeoutMs },
    'command ran too long; stopping it',
  );
  try {
    await pool.use(server, (connection) => runOrLose(connection, server, buildStopScript(id)));
  } catch (error) {
    // The next poll attaches again, finds it still running and comes back here.
    if (!isUnreachable(error)) throw error;
  }
}
