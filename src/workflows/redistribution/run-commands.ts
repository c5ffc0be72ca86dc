import { RestageError } from '../../domain/errors.ts';
import { createLimit } from '../../domain/limit.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Verification } from '../../redistribution/apply-verification.ts';
import {
  type AttachCheck,
  type AttachDecision,
  decideAttach,
  firstStart,
} from '../../redistribution/decide-attach.ts';
import { decideNext, startNothing } from '../../redistribution/decide-next.ts';
import { decideStart } from '../../redistribution/decide-start.ts';
import type { Deps } from '../deps.ts';
import type { HeldLease } from '../hold-lease.ts';
import { askToGoOn, mayGoOn } from './canary.ts';
import { freezeOf } from './freeze.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { issueCommand } from './issue-command.ts';
import { createOutputTail } from './output-tail.ts';
import { isPassing, readResults } from './read-results.ts';
import { createProgress, type Progress } from './progress.ts';
import { type BindingNow, findDrift, readBinding, runsElsewhere } from './run-binding.ts';
import { asItWasSent, runFolderOf } from './run-folder.ts';
import { type CommandEnding, settleCommands, settleQuietly } from './settle-command.ts';
import { verifyCommand } from './verify-command.ts';

/** What the runs tell while they are followed. */
type RunEvents = Inbox<
  | { readonly seen: string; readonly atMs: number }
  | { readonly ended: CommandEnding }
  | { readonly show: true }
>;

interface Run {
  readonly record: RedistributionRecord;
  readonly profile: ServerProfile;
  /** The server's, which this run has. */
  readonly lock: HeldLease;
  /** `false`: what waits is held, and only what was started is followed. */
  readonly mayStart: boolean;
  /** Whether it goes on in spite of a freeze. */
  readonly isExempt: boolean;
}

interface Work extends Run {
  readonly deps: Deps;
  readonly commands: ReadonlyMap<string, CommandRecord>;
  readonly events: RunEvents;
  readonly progress: Progress;
  /** Where and how commands would run now. */
  readonly binding: BindingNow;
  /** No more are started, or followed, at the same time than the server takes. */
  readonly takePlace: ReturnType<typeof createLimit>;
  readonly signal: AbortSignal;
}

/** A seen run most often has more to tell in a moment, and what was started together often ends together. */
const seenDelayMs = 25;
const endedDelayMs = 3;
/** Commands that end within this time are quick. */
const quickMs = 500;
const aheadOfEach = 3;

/**
 * Runs commands, so many at a time, rolling, until none is left (B12). What has happened meanwhile is committed together, in
 * one transaction with the choice of what starts next; so several bots at it start no more than one would.
 * Returns whether some are held, and wait still.
 * @throws the lock's loss: from then on nothing is started and nothing settled.
 */
export async function runCommands(
  deps: Deps,
  run: Run,
  signal: AbortSignal,
): Promise<{ readonly isHeld: boolean }> {
  const { record, profile, lock } = run;
  const leaving = new AbortController();
  const own = AbortSignal.any([signal, lock.signal, leaving.signal]);
  const binding = await readBinding(deps, record.server);
  const all = await deps.store.transaction((tx) => tx.commandsOf(record.id));
  const commands = new Map(all.map((command) => [command.id, command]));
  const events: RunEvents = createInbox(own);
  const progress = createProgress(deps, record, () => events.put({ show: true }));
  const takePlace = createLimit(profile.running.atOnce);
  const work: Work = { ...run, deps, commands, events, progress, binding, takePlace, signal: own };
  const followed = new Map<string, Promise<void>>();
  try {
    for (;;) {
      const { running, refused, isHeld } = await takeTurn(work);
      for (const id of followed.keys()) if (!running.has(id)) followed.delete(id);
      for (const [id, startedAt] of running) {
        if (!followed.has(id)) followed.set(id, follow(work, id, startedAt));
      }
      if (refused) continue;
      if (followed.size === 0) return { isHeld };
      await events.arrival((news) => (news.some((one) => 'ended' in one) ? endedDelayMs : seenDelayMs));
    }
  } finally {
    leaving.abort();
    progress.stop();
    await Promise.allSettled(followed.values());
    await saveSeen(work);
  }
}

/** What the server has is never started again, whatever else went wrong. */
async function saveSeen({ deps, events }: Work): Promise<void> {
  const seen = events.take().flatMap((one) => ('seen' in one ? [one.seen] : []));
  if (seen.length === 0) return;
  try {
    await deps.store.transaction((tx) => tx.changeCommands(seen, ['running'], { seenOnServer: true }));
  } catch (error) {
    deps.log.warn({ commands: seen, error: String(error) }, 'runs that were seen could not be noted');
  }
}

interface Turn {
  /** What is running after it, and since when, as far as that is known here. */
  readonly running: ReadonlyMap<string, Date | null>;
  /** Whether one was refused: then there may be others to start at once. */
  readonly refused: boolean;
  /** Whether commands wait that must not start now. */
  readonly isHeld: boolean;
}

/** Commits what has happened, and what starts next. */
async function takeTurn(work: Work): Promise<Turn> {
  const { deps, record, profile, lock, commands, events, progress } = work;
  const news = events.take();
  const ended = news.flatMap((one) => ('ended' in one ? [one.ended] : []));
  const endings = await readResults(deps, profile, ended);
  const seen = takeSeen(events, news);
  const now = deps.clock.now();
  return deps.store.transaction(async (tx) => {
    if (!(await lock.checkIn(tx))) lock.signal.throwIfAborted();
    await settleQuietly(deps, tx, record, endings);
    await tx.changeCommands(seen, ['running'], { seenOnServer: true });
    const states = await tx.commandStates(record.id);
    const mayStart = work.mayStart && (work.isExempt || (await freezeOf(deps, tx, record.server)) === null);
    const next = mayStart
      ? decideNext({
          ...profile.running,
          commands: states.map((one) => ({
            ...one,
            isCanary: commands.get(one.id)?.command.canary === true,
          })),
          ahead: countAhead(work, ended, now),
          goesOn: await mayGoOn(tx, record),
        })
      : startNothing;
    const chosen = next.start.map((id) => ({ id, reason: refuseStart(deps, record, commands.get(id)) }));
    const refused = chosen.flatMap(({ id, reason }) => (reason === null ? [] : [{ id, reason }]));
    const skipped = next.skip.map((id) => ({ id, reason: next.reason ?? '' }));
    await settleQuietly(deps, tx, record, unstarted(commands, [...refused, ...skipped]));
    const toStart = chosen.filter(({ reason }) => reason === null).map(({ id }) => id);
    const started = await tx.changeCommands(toStart, ['approved'], {
      state: 'running',
      startedAt: now,
      runFolder: runFolderOf(profile),
    });
    if (started.length > 0 || news.some((one) => !('seen' in one))) await progress.show(tx);
    const before = states.filter(({ state }) => state === 'running').map(({ id }) => [id, null] as const);
    const running = new Map([...before, ...started.map((id) => [id, now] as const)]);
    if (next.asks) await askToGoOn(deps, tx, record);
    const isHeld = next.asks || (!mayStart && states.some(({ state }) => state === 'approved'));
    return { running, refused: refused.length > 0, isHeld };
  });
}

/** The runs to be noted as seen: not those that have ended, and of those that were seen just now the end may come in a moment. */
function takeSeen(events: RunEvents, news: ReturnType<RunEvents['take']>): readonly string[] {
  const over = new Set(news.flatMap((one) => ('ended' in one ? [one.ended.command.id] : [])));
  const seen = news.flatMap((one) => ('seen' in one && !over.has(one.seen) ? [one] : []));
  const since = performance.now() - seenDelayMs;
  for (const one of seen) if (one.atMs > since) events.put(one);
  return seen.filter(({ atMs }) => atMs <= since).map((one) => one.seen);
}

/** Where commands end faster than results are committed, some are chosen ahead; they begin no sooner than the server takes them. */
function countAhead({ profile }: Work, ended: readonly CommandEnding[], now: Date): number {
  const isQuick = ({ command }: CommandEnding) =>
    command.startedAt !== null && now.getTime() - command.startedAt.getTime() < quickMs;
  return ended.length > 0 && ended.every(isQuick) ? aheadOfEach * profile.running.atOnce : 0;
}

function unstarted(
  commands: ReadonlyMap<string, CommandRecord>,
  refused: readonly { readonly id: string; readonly reason: string }[],
): readonly CommandEnding[] {
  return refused.flatMap(({ id, reason }) => {
    const command = commands.get(id);
    return command ? [{ command, kind: 'unstarted', reason }] : [];
  });
}

/** Follows one run to its end, and puts that into the inbox. `startedAt`: it has been chosen to start just now. */
async function follow(work: Work, id: string, startedAt: Date | null): Promise<void> {
  const { deps, record, profile, lock, events, signal } = work;
  const isNew = startedAt !== null;
  // Another bot may have started it since the commands were read.
  const known = isNew ? work.commands.get(id) : await deps.store.transaction((tx) => tx.command(id));
  if (!known) return;
  const command = {
    ...known,
    startedAt: startedAt ?? known.startedAt ?? record.decidedAt,
    runFolder: isNew ? runFolderOf(profile) : known.runFolder,
  };
  const tail = createOutputTail(deps, command);
  // Otherwise somebody may have sent it already.
  let isSent = !isNew;
  const { mayStart, ifMissing } = isNew ? firstStart : decideAttach(attachCheck(work, command));
  const watcher = {
    onSend: () => {
      isSent = true;
    },
    onSeen: () => events.put({ seen: id, atMs: performance.now() }),
    onOutput: tail.push,
  };
  try {
    const request = { ...issueCommand(command, profile), mayStart };
    const outcome = await work.takePlace(async () => {
      if (isNew && !(await lock.check())) lock.signal.throwIfAborted();
      return deps.servers.run(asItWasSent(profile, command), request, watcher, signal);
    });
    await tail.flush();
    const hasSucceeded = outcome.outcome === 'exited' && outcome.exitCode === 0;
    const verification = hasSucceeded ? await verifyCommand(deps, profile, command, signal) : null;
    events.put({ ended: endingOf(command, outcome, { output: tail.text(), verification }, ifMissing) });
    deps.log.info({ command: id, server: profile.name, ...outcome }, 'command ended');
  } catch (error) {
    if (signal.aborted || isPassing(error)) {
      events.fail(error);
      return;
    }
    deps.log.warn({ command: id, error: String(error) }, 'command given up');
    const words = error instanceof RestageError ? error.message : 'an error inside Restage; see its log';
    events.put({ ended: { command, kind: isSent ? 'lost' : 'unstarted', reason: words } });
  }
}

function attachCheck({ deps, record, binding }: Work, command: CommandRecord): AttachCheck {
  const { seenOnServer, runFolder } = command;
  return {
    seenOnServer,
    runFolder,
    refusal: refuseStart(deps, record, command),
    drift: findDrift(record, [command], binding),
    isElsewhere: runsElsewhere(record, binding),
  };
}

function endingOf(
  command: CommandRecord,
  outcome: Awaited<ReturnType<Deps['servers']['run']>>,
  seen: { readonly output: string; readonly verification: Verification | null },
  ifMissing: AttachDecision['ifMissing'],
): CommandEnding {
  switch (outcome.outcome) {
    case 'exited':
    case 'unknown':
      return { command, kind: 'ran', outcome, results: [], ...seen };
    case 'not-started':
      return { command, kind: 'unstarted', reason: outcome.reason };
    case 'missing':
      return { command, ...ifMissing };
  }
}

/** Ends what waits and must not be started any more, though it was approved; false: nothing is left to do. */
export async function refuseOutdated(deps: Deps, record: RedistributionRecord): Promise<boolean> {
  return deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    const open = (await tx.commandsOf(record.id)).filter(isOpen);
    const endings = open.flatMap((command): CommandEnding[] => {
      const reason = command.state === 'approved' ? refuseStart(deps, record, command) : null;
      return reason === null ? [] : [{ command, kind: 'unstarted', reason }];
    });
    await settleCommands(deps, tx, record, endings);
    return open.length > endings.length;
  });
}

export function isOpen({ state }: Pick<CommandRecord, 'state'>): boolean {
  return state === 'approved' || state === 'running';
}

/** Why it must not be started now, though it was approved; null: it may be. */
function refuseStart(
  deps: Deps,
  { decidedAt, requestedAt, server }: RedistributionRecord,
  command: CommandRecord | undefined,
): string | null {
  if (!command) return 'it is not known any more';
  const { expiresAfterMs } = deps.policies.approval;
  const templates = deps.policies.servers.get(server)?.allowed ?? null;
  const check = { command: command.command, decidedAt: decidedAt ?? requestedAt, expiresAfterMs, templates };
  const decision = decideStart(check, deps.clock.now());
  return decision.mayStart ? null : decision.reason;
}
