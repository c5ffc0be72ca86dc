import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../domain/log.ts';
import type { RunOutcome, RunRequest, RunWatcher, ServerProfile } from '../../domain/server.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { isUnreachable } from './failures.ts';
import { callLook, callStart, callStop } from './remote-runner.ts';
import { decideOutcome, neverStarted, vanished } from './run-outcome.ts';
import type { EndNotice, RunReport } from './run-report.ts';
import type { RunnerShell } from './runner-shell.ts';
import { findSudoRefusal } from './sudo-refusal.ts';

/** Output is looked for so often; of its end a run tells by itself, unless it was started over an earlier connection. */
const outputEveryMs = 1_000;
const firstOutputMs = 250;
const firstPollMs = 50;
const reconnectDelaysMs = [200, 500, 1_000, 2_000, 4_000, 8_000];
/** A run whose folder exists and whose process does not show itself was cut off between the two. */
const startingLimitMs = 10_000;

/** More than sudo says when it refuses. */
const firstBytes = 4_096;

export interface Following {
  readonly pool: ConnectionPool;
  readonly log: Log;
  readonly server: ServerProfile;
  readonly request: RunRequest;
  readonly watcher: RunWatcher;
  readonly signal: AbortSignal;
}

/** Starts or attaches, then follows to the end; see `ServerAccess.run`. Rejects with the signal's reason when aborted. */
export async function followRun(following: Following): Promise<RunOutcome> {
  const { pool, log, server, signal } = following;
  const progress: Progress = { offset: 0, first: Buffer.alloc(0), isSeen: false, startingSince: null };
  const delaysMs = [...reconnectDelaysMs];
  for (;;) {
    signal.throwIfAborted();
    const before = progress.offset;
    try {
      return await pool.useRunner(server, (shell) => followOver(shell, following, progress));
    } catch (error) {
      // The command runs on whether or not somebody looks on, so a lost connection is made again, a bounded number of times.
      const delayMs = delaysMs.shift();
      if (!isUnreachable(error) || !progress.isSeen || delayMs === undefined) throw error;
      if (progress.offset > before) delaysMs.splice(0, delaysMs.length, ...reconnectDelaysMs);
      log.warn({ server: server.name, delayMs }, 'lost the connection to a running command; attaching again');
      await sleep(delayMs, undefined, { signal });
    }
  }
}

interface Progress {
  /** So much output has come. */
  offset: number;
  /** The first of it. */
  first: Buffer;
  /** The server has the run: from now on there is a folder to look at. */
  isSeen: boolean;
  startingSince: number | null;
}

async function followOver(shell: RunnerShell, following: Following, progress: Progress): Promise<RunOutcome> {
  const { request, watcher, signal } = following;
  const ended = awaitEnd(shell, request.id);
  try {
    const isNew = request.mayStart && !progress.isSeen;
    const start = isNew ? callStart(request) : null;
    if (start) watcher.onSend();
    let report = await shell.ask(start ?? callLook(request.id, progress.offset));
    if (report.state === 'there') report = await shell.ask(callLook(request.id, progress.offset));
    // Only what was started over this connection tells of its end.
    let pollMs = report.state === 'starting' && isNew ? firstOutputMs : firstPollMs;
    let isStopping = false;
    for (;;) {
      const outcome = take(report, following, progress);
      if (outcome) return outcome;
      if (progress.offset >= report.size) {
        const notice = await ended.orAfter(pollMs, signal);
        if (notice?.printedNothing) return { outcome: 'exited', exitCode: notice.exitCode };
        pollMs = Math.min(pollMs * 1.5, outputEveryMs);
      }
      report = await shell.ask(callLook(request.id, progress.offset));
      if (isTooOld(report, following) && !isStopping) {
        isStopping = true;
        void stopLate(shell, following);
      }
    }
  } finally {
    ended.forget();
  }
}

function awaitEnd(shell: RunnerShell, id: string) {
  let tell!: (notice: EndNotice) => void;
  const ended = new Promise<EndNotice>((resolve) => {
    tell = resolve;
  });
  const forget = shell.onEnd(id, tell);
  return {
    forget,
    /** Resolves when the run has ended, or with null after the time. */
    async orAfter(ms: number, signal: AbortSignal): Promise<EndNotice | null> {
      const done = new AbortController();
      try {
        const waited = AbortSignal.any([signal, done.signal]);
        return await Promise.race([ended, sleep(ms, null, { signal: waited })]);
      } finally {
        done.abort();
      }
    },
  };
}

/** Takes a report in; null: the run goes on. */
function take(
  report: RunReport,
  { server, request, watcher }: Following,
  progress: Progress,
): RunOutcome | null {
  if (report.state === 'refused') return refuse(server, report);
  if (report.state === 'missing') return progress.isSeen ? vanished : { outcome: 'missing' };
  if (!progress.isSeen) watcher.onSeen();
  progress.isSeen = true;
  if (report.output.length > 0) watcher.onOutput(report.output);
  progress.offset += report.output.length;
  if (progress.first.length <= firstBytes) progress.first = Buffer.concat([progress.first, report.output]);
  if (progress.offset < report.size) return null;
  const outcome = decideOutcome(report);
  if (outcome) return outcome.outcome === 'exited' ? judgeExit(outcome, server, request, progress) : outcome;
  if (report.state === 'starting') progress.startingSince ??= performance.now();
  else progress.startingSince = null;
  const { startingSince } = progress;
  return startingSince !== null && performance.now() - startingSince > startingLimitMs ? neverStarted : null;
}

type Exit = Extract<RunOutcome, { outcome: 'exited' }>;

/** What sudo refused has not run. */
function judgeExit(exit: Exit, server: ServerProfile, { argv }: RunRequest, { first }: Progress): RunOutcome {
  const words = findSudoRefusal(argv, exit.exitCode, first);
  if (words === null) return exit;
  const reason = `sudo on ${server.name} refused it: ${words}. Let its sudoers allow exactly this command to ${server.user} with NOPASSWD, and without requiretty`;
  return { outcome: 'not-started', reason };
}

function refuse(server: ServerProfile, { output }: RunReport): RunOutcome {
  const words = output
    .toString('utf8')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
  return { outcome: 'not-started', reason: `${server.name} could not start it: ${words}` };
}

function isTooOld(report: RunReport, { server }: Following): boolean {
  return report.state === 'running' && report.ageS * 1_000 >= server.running.timeoutMs;
}

async function stopLate(shell: RunnerShell, { log, server, request }: Following): Promise<void> {
  const { timeoutMs, stopGraceMs, sudo } = server.running;
  log.warn({ server: server.name, id: request.id, timeoutMs }, 'command ran too long; stopping it');
  // Where the answer is lost, whoever attaches finds it still running and comes back here.
  await shell.ask(callStop(request.id, stopGraceMs, sudo !== null), stopGraceMs).catch(() => {});
}
