import { RestageError } from '../../domain/errors.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { showDuration, timeIn } from '../../messages/wording.ts';
import type { Deps } from '../deps.ts';
import { checkPermit } from './check-permit.ts';
import type { HeldLease } from '../hold-lease.ts';
import { finishRedistribution } from './finish-redistribution.ts';
import { pruneRuns } from './prune-runs.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';
import { refuseChanged } from './package-sources.ts';
import { isOpen, refuseOutdated, runCommands } from './run-commands.ts';
import { keepLocked, lockServer, ownerOf } from './server-lock.ts';
import { type CommandEnding, settleCommands } from './settle-command.ts';

/**
 * Runs what was approved (B12). Started again after a crash it attaches to the commands that were under way. Rejects with
 * `server-unreachable` when the server is away: call again later. What can't be mended by waiting ends the commands.
 */
export async function runRedistribution(deps: Deps, id: string, signal: AbortSignal): Promise<void> {
  const record = await deps.store.transaction((tx) => begin(deps, tx, id));
  if (!record) return;
  await using lock = keepLocked(deps, record);
  try {
    await runOn(deps, record, lock, signal);
  } catch (error) {
    if (signal.aborted || lock.signal.aborted) return;
    if (!isUnreachable(error) || !(await noteUnreachable(deps, record.id))) throw error;
    await finishRedistribution(deps, record);
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

/** Ends without settling anything more once the lock is lost: the run goes on when it can have the server again. */
async function runOn(
  deps: Deps,
  record: RedistributionRecord,
  lock: HeldLease,
  signal: AbortSignal,
): Promise<void> {
  const profile = deps.policies.servers.get(record.server);
  if (!profile) {
    await giveUpAll(deps, record, `the config does not name its server ${record.server} any more`);
  } else if (await refuseOutdated(deps, record)) {
    const { permit, isExempt } = await checkPermit(deps, record);
    const isLeft = permit !== 'void' || (await refuseOutdated(deps, record));
    if (isLeft && (await reach(deps, record, profile))) {
      await refuseChanged(deps, record, profile);
      const run = { record, profile, lock, mayStart: permit !== 'waits', isExempt };
      // The sweep takes it up again.
      if ((await runCommands(deps, run, signal)).isHeld) return;
    }
  }
  if (signal.aborted || !(await lock.check())) return;
  await finishRedistribution(deps, record);
  if (profile) await pruneRuns(deps, profile);
}

/** Rejects while the server is away; false: it refuses for good, and all commands are given up. */
async function reach(deps: Deps, record: RedistributionRecord, profile: ServerProfile): Promise<boolean> {
  try {
    await deps.servers.reach(profile);
  } catch (error) {
    if (isUnreachable(error)) throw error;
    deps.log.warn({ redistribution: record.id, error: String(error) }, 'commands given up');
    const reason = error instanceof RestageError ? error.message : 'an error inside Restage; see its log';
    await giveUpAll(deps, record, reason);
    return false;
  }
  if (record.unreachableSince) {
    await deps.store.transaction((tx) =>
      tx.changeRedistribution(record.id, ['running'], { unreachableSince: null, note: null }),
    );
  }
  return true;
}

/** Most often only the connection broke; what does not come back so soon is tried again by the sweep. */
const againAfterMs = 1_000;

/** Tells that the server can't be reached, and gives up what runs there once that has lasted too long; true then. */
async function noteUnreachable(deps: Deps, id: string): Promise<boolean> {
  const now = deps.clock.now();
  const record = await deps.store.transaction(async (tx) => {
    const found = await tx.redistribution(id);
    if (!found || found.unreachableSince) return found;
    const when = timeIn(now, deps.policies.timeZone);
    const note = `${found.server} can't be reached since ${when}; it is tried again and again.`;
    await tx.changeRedistribution(id, ['running'], { unreachableSince: now, note });
    await wantRedistributionMessage(deps, tx, found);
    const at = new Date(now.getTime() + againAfterMs);
    await tx.enqueue({ queue: 'run', redistributionId: id, at });
    return found;
  });
  const limitMs = deps.policies.servers.get(record?.server ?? '')?.running.giveUpAfterMs;
  if (!record?.unreachableSince || limitMs === undefined) return false;
  const awayMs = now.getTime() - record.unreachableSince.getTime();
  if (awayMs < limitMs) return false;
  await giveUpAll(deps, record, `${record.server} could not be reached for ${showDuration(awayMs)}`);
  return true;
}

/** What waits never runs; what runs may have run to its end. */
async function giveUpAll(deps: Deps, record: RedistributionRecord, reason: string): Promise<void> {
  await deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    const open = (await tx.commandsOf(record.id)).filter(isOpen);
    const endings = open.map(
      (command): CommandEnding => ({
        command,
        kind: command.state === 'running' ? 'lost' : 'unstarted',
        reason,
      }),
    );
    await settleCommands(deps, tx, record, endings);
  });
}

function isUnreachable(error: unknown): boolean {
  return error instanceof RestageError && error.code === 'server-unreachable';
}
