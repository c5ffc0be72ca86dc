import { setTimeout as sleep } from 'node:timers/promises';
import { RestageError } from '../../../domain/errors.ts';
import { limits } from './limits.ts';
import type { Session } from './session.ts';

/** Sessions that are lent out one at a time, and replaced when they are lost. */
export interface SessionPool {
  /**
   * Lends a session, which is to be left as it was found. Rejects as soon as the session is lost.
   * @throws RestageError `database-unavailable` once the pool is closed.
   */
  use<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Lends nothing more, waits for what is lent out at most so long, and ends all sessions. */
  close(withinMs: number): Promise<void>;
}

interface Idle {
  readonly session: Session;
  readonly since: number;
}

/** A pool of at most `most` sessions; who comes first is served first. */
export function createSessionPool(open: () => Promise<Session>, most: number): SessionPool {
  const idle: Idle[] = [];
  const lent = new Set<Promise<unknown>>();
  const places = createPlaces(most);
  let isClosed = false;
  let hasEnded = false;

  /** The one that was used last is the least likely to be lost. Silence of one casts doubt on all that are idle. */
  async function take(): Promise<Session> {
    for (let one = idle.pop(); one; one = idle.pop()) {
      if (await isSound(one)) return one.session;
      endAll(idle.splice(0));
    }
    return open();
  }

  function giveBack(session: Session): void {
    const since = performance.now();
    if (session.isLost()) return;
    if (!hasEnded && since - session.openedAt < limits.lifeMs) idle.push({ session, since });
    else void session.end();
  }

  async function lend<T>(work: (session: Session) => Promise<T>): Promise<T> {
    await places.take();
    try {
      if (hasEnded) throw closed();
      const session = await take();
      try {
        return await session.untilLost(work(session));
      } finally {
        giveBack(session);
      }
    } finally {
      places.leave();
    }
  }

  return {
    async use(work) {
      if (isClosed) throw closed();
      const working = lend(work);
      lent.add(working);
      try {
        return await working;
      } finally {
        lent.delete(working);
      }
    },
    async close(withinMs) {
      isClosed = true;
      const late = new AbortController();
      const lateness = sleep(withinMs, undefined, { signal: late.signal }).catch(() => {});
      await Promise.race([Promise.allSettled(lent), lateness]);
      late.abort();
      hasEnded = true;
      await Promise.all(idle.splice(0).map(({ session }) => session.end()));
    },
  };
}

function createPlaces(most: number) {
  const waiting: (() => void)[] = [];
  let left = most;
  return {
    async take(): Promise<void> {
      if (left === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      else left -= 1;
    },
    leave(): void {
      const next = waiting.shift();
      if (next) next();
      else left += 1;
    },
  };
}

async function isSound({ session, since }: Idle): Promise<boolean> {
  if (session.isLost()) return false;
  if (performance.now() - since < limits.idleMs) return true;
  session.waitAtMost(limits.tryMs);
  const isAnswered = await session.unsafe('select 1').then(
    () => true,
    () => false,
  );
  session.waitAtMost(limits.silentMs);
  return isAnswered;
}

function endAll(sessions: readonly Idle[]): void {
  const doubt = Object.assign(new Error('another session did not answer'), { code: 'CONNECTION_CLOSED' });
  for (const { session } of sessions) session.lose(doubt);
}

function closed(): RestageError {
  return new RestageError('database-unavailable', 'The database is closed: the bot is stopping.');
}
