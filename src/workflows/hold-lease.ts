import type { Tx } from '../domain/store/store.ts';
import type { Deps } from './deps.ts';

/** What is one bot's at a time, until it ends or is renewed. */
export interface Lease {
  /** As the log names it. */
  readonly name: string;
  readonly lengthMs: number;
  /** Gives the lease its whole length anew. Returns false if another has it. */
  renew(tx: Tx): Promise<boolean>;
}

/** A lease that is renewed in time while work goes on. */
export interface HeldLease {
  /** Aborts when the lease is lost: another has it, or it ended without being renewed. */
  readonly signal: AbortSignal;
  /** Renews the lease first if its last renewal is old, as after a sleep. Returns false if it is lost. */
  check(): Promise<boolean>;
  /** As `check`, in a transaction that the work is about to commit. */
  checkIn(tx: Tx): Promise<boolean>;
  /** Renews it no more. Resolves when no renewal is under way; never rejects. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Renews a lease, which was just taken, at each third of its length. */
export function holdLease(
  { store, clock, log }: Pick<Deps, 'store' | 'clock' | 'log'>,
  lease: Lease,
): HeldLease {
  const losing = new AbortController();
  const everyMs = lease.lengthMs / 3;
  let renewed = readClocks(clock);
  let renewing: Promise<void> | null = null;

  const ageMs = () => Math.max(...readClocks(clock).map((ms, n) => Math.abs(ms - (renewed[n] ?? ms))));

  function lose(reason: string): void {
    if (losing.signal.aborted) return;
    log.warn({ lease: lease.name, reason }, 'lease lost; its work stops here');
    losing.abort(new Error(`the lease of ${lease.name} is lost: ${reason}`));
  }

  async function renew(): Promise<void> {
    // Read first: the lease lasts from the moment at which it was renewed, not from the answer.
    const before = readClocks(clock);
    try {
      if (await store.transaction((tx) => lease.renew(tx))) renewed = before;
      else lose('another has it');
    } catch (error) {
      log.warn({ lease: lease.name, error: String(error) }, 'lease not renewed yet');
      if (ageMs() >= lease.lengthMs) lose('it could not be renewed in time');
    }
  }

  function renewOnce(): Promise<void> {
    renewing ??= renew().finally(() => {
      renewing = null;
    });
    return renewing;
  }

  const timer = setInterval(() => {
    if (renewing && ageMs() >= lease.lengthMs) lose('it could not be renewed in time');
    else void renewOnce();
  }, everyMs).unref();
  return {
    signal: losing.signal,
    async check() {
      if (!losing.signal.aborted && ageMs() >= everyMs) await renewOnce();
      return !losing.signal.aborted;
    },
    // The renewal counts for this transaction alone, which may be rolled back.
    async checkIn(tx) {
      if (!losing.signal.aborted && ageMs() >= everyMs && !(await lease.renew(tx))) lose('another has it');
      return !losing.signal.aborted;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await renewing;
    },
  };
}

/** The store's clock may stand still while the machine sleeps; this machine's own may be set. In milliseconds. */
function readClocks(clock: Deps['clock']): readonly [number, number] {
  return [clock.now().getTime(), Date.now()];
}
