import { RestageError } from '../../domain/errors.ts';
import type { FailedJob } from '../../domain/redistribution.ts';
import { type LogWatch, type LogWatchPolicy, waitAfterMisses } from '../../domain/log-watch.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { Tx } from '../../domain/store/store.ts';
import { keyOf } from '../../redistribution/key-of.ts';
import { decideReading } from '../../redistribution/reading-span.ts';
import type { Selection } from '../../redistribution/select.ts';
import type { Deps } from '../deps.ts';
import { resolveRepairedTickets } from '../redistribution/finish-redistribution.ts';
import { type KnownClock, readClock } from '../redistribution/read-clock.ts';
import { type ReadRecords, readRecords } from '../redistribution/read-records.ts';
import { reconcile } from '../redistribution/reconcile.ts';
import { withdrawMended } from './withdraw-mended.ts';

/** Who reads has so long for it; then another bot may. */
const leaseMs = 15 * 60_000;
const readAtOnce = 20;
/** What failed longer ago is left until somebody asks. */
const oldestFailureMs = 31 * 86_400_000;

/**
 * Reads the logs of servers on which something is open and whose turn it is, so that a success by hand or by the next nightly
 * run clears it. One bot reads a server at a time. `takePlace` bounds how many are read together.
 */
export async function watchLogs(
  deps: Deps,
  takePlace: <T>(task: () => Promise<T>) => Promise<T> = (task) => task(),
): Promise<void> {
  const { logWatch: policy, servers } = deps.policies;
  if (!policy) return;
  const now = deps.clock.now();
  const due = await deps.store.transaction(async (tx) => {
    const since = new Date(now.getTime() - oldestFailureMs);
    await tx.syncLogWatches([...servers.keys()], since, new Date(now.getTime() + policy.everyMs));
    return tx.claimLogWatches(leaseMs, policy.longestMs, readAtOnce);
  });
  await Promise.all(due.map((watch) => takePlace(() => look(deps, policy, watch))));
}

async function look(deps: Deps, policy: LogWatchPolicy, watch: LogWatch): Promise<void> {
  const profile = deps.policies.servers.get(watch.server);
  const next = (misses: number) => new Date(deps.clock.now().getTime() + waitAfterMisses(misses, policy));
  try {
    const found = profile && (await read(deps, profile, watch));
    await deps.store.countingTransaction(async (tx) => {
      const { readUntil } = found ?? watch;
      if (!(await tx.saveLogWatch(watch, { readUntil, misses: 0, lookAt: next(0) }))) return;
      if (found) await clearMended(deps, tx, found);
    });
  } catch (error) {
    const code = error instanceof RestageError ? error.code : null;
    if (code === 'database-unavailable') throw error;
    const misses = watch.misses + 1;
    const lookAt = next(misses);
    deps.log.info(
      { server: watch.server, code, error: String(error), lookAt },
      'logs not read for successes',
    );
    await deps.store.transaction((tx) => tx.saveLogWatch(watch, { ...watch, misses, lookAt }));
  }
}

interface Found extends ReadRecords {
  readonly server: string;
  /** From the oldest failure on. */
  readonly from: Date;
  readonly readUntil: Date | null;
  readonly clock: KnownClock;
}

/** Returns null while a redistribution is under way: it looks by itself. */
async function read(deps: Deps, profile: ServerProfile, { readUntil }: LogWatch): Promise<Found | null> {
  const { name: server, running } = profile;
  const now = deps.clock.now();
  const { busy, oldest } = await deps.store.transaction(async (tx) => ({
    busy: await tx.redistributionsOf(server, ['gathering', 'approved', 'running']),
    oldest: await tx.oldestFailure(server, new Date(now.getTime() - oldestFailureMs)),
  }));
  if (busy.length > 0 || !oldest) return null;
  const clock = await readClock(deps, profile, oldest);
  const period = { from: oldest, until: now };
  // What failed is known: of what was read before, nothing later can have become known.
  const known = { gatheredUntil: readUntil, oldestFailure: null };
  const span = decideReading(period, known, running.timeoutMs, now, clock.span);
  const records = await readRecords(deps, profile, span);
  const isWhole = records.unread.length === 0;
  return { ...records, server, from: oldest, readUntil: isWhole ? now : readUntil, clock };
}

/** Clears what has succeeded since, and what follows from it. Failures of which nobody knew are left for who asks. */
async function clearMended(
  deps: Deps,
  tx: Tx,
  { server, from, records, unread, clock }: Found,
): Promise<void> {
  const now = deps.clock.now();
  const period = { from, until: new Date(now.getTime() + 1) };
  const { all, known } = await reconcile(deps, tx, { server, period }, records, clock);
  const isKnown = new Set(known.map(keyOfFailure));
  const ofKnown = (failures: readonly FailedJob[]) =>
    failures.filter((failure) => isKnown.has(keyOfFailure(failure)));
  await tx.reconcileFailedJobs(ofKnown(all.failed));
  const mended = ofKnown(all.superseded.map(({ failure }) => failure));
  if (mended.length === 0) return;
  deps.log.info({ server, mended: mended.length }, 'failed jobs have succeeded meanwhile');
  await withdrawMended(deps, tx, server, mended);
  if (isCertain(all, unread)) await resolveRepairedTickets(deps, tx, server);
}

/** A log that nobody could read, or a record from the future, may know of more. */
function isCertain({ ahead }: Selection, unread: readonly string[]): boolean {
  return ahead.length === 0 && unread.length === 0;
}

function keyOfFailure({ server, job, recipient, package: name }: FailedJob): string {
  return keyOf(server, job, recipient, name);
}
