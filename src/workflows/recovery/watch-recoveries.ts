import { decideWatch } from '../../diagnosis/decide-watch.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { WatchRecord } from '../../domain/store/watches.ts';
import type { Sight, WatchPolicy } from '../../domain/watch.ts';
import type { Deps } from '../deps.ts';
import { createWatcher, type Watcher } from './sight.ts';
import { tellFlapping, tellRecovery } from './tell-recovery.ts';
import { isUnderWay } from './offer-redistribution.ts';

/** Who looks has so long for it; then another bot may. */
const leaseMs = 3 * 60_000;
const lookedAtOnce = 300;
/** What failed longer ago is no reason to watch. */
const oldestFailureMs = 31 * 86_400_000;

/**
 * Looks at what may come back and is due (B2, B4): recipients and servers with failed jobs, servers with open tickets, and
 * links that were found broken on the way to them. `takePlace` bounds how many are looked at together.
 */
export async function watchRecoveries(
  deps: Deps,
  takePlace: <T>(task: () => Promise<T>) => Promise<T> = (task) => task(),
): Promise<void> {
  const policy = deps.policies.recovery;
  if (!policy) return;
  const now = deps.clock.now();
  const due = await deps.store.transaction(async (tx) => {
    await tx.syncWatches([...deps.policies.servers.keys()], new Date(now.getTime() - oldestFailureMs), now);
    return tx.claimWatches(leaseMs, Math.max(policy.everyMs, policy.longestMs), lookedAtOnce);
  });
  const watcher = createWatcher(deps, policy);
  await Promise.all(due.map((watch) => takePlace(() => lookAt(deps, policy, watcher, watch))));
}

async function lookAt(deps: Deps, policy: WatchPolicy, watcher: Watcher, watch: WatchRecord): Promise<void> {
  const { sight, brokenAt } = await watcher.look(watch.target);
  const now = deps.clock.now();
  const isBack = decideWatch(watch, sight, now, policy).event === 'recovered';
  const seen = isBack && !(await watcher.letsIn(watch.target)) ? 'down' : sight;
  const follow = (tx: Tx) => followLook(deps, tx, policy, watch, seen, brokenAt);
  // Tickets may change: alerts that come in at this moment wait, or were first.
  if (isBack) await deps.store.countingTransaction(follow);
  else await deps.store.transaction(follow);
}

async function followLook(
  deps: Deps,
  tx: Tx,
  policy: WatchPolicy,
  watch: WatchRecord,
  sight: Sight,
  brokenAt: string | null,
): Promise<void> {
  const now = deps.clock.now();
  const { state, event, reason, lookAt: next } = decideWatch(watch, sight, now, policy);
  if (event === 'recovered' && (await isUnderWay(deps, tx, watch))) {
    // What runs now may have begun before it was back: it is told when that has ended.
    await tx.saveWatch(watch, watch, new Date(now.getTime() + policy.everyMs));
    return;
  }
  // Another bot has looked meanwhile: what there is to tell, it has told.
  if (!(await tx.saveWatch(watch, state, next))) return;
  if (brokenAt !== null) await tx.watchLink(brokenAt, now);
  if (event !== null) deps.log.info({ target: watch.target, event, reason }, 'watched device');
  if (event === 'flapping') await tellFlapping(deps, tx, watch, policy);
  if (event === 'recovered') await tellRecovery(deps, tx, watch, policy);
}
