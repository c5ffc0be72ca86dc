import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../domain/log.ts';
import { clockToleranceMs } from '../../domain/time-up.ts';
import type { ExecuteSql } from './database.ts';

/** The time by which leases and due times count: one for all bots on a database, whatever their own clocks say. */
export interface StoreTime {
  /** The store's time, as of the last measurement; costs no round trip. */
  readonly clock: Clock;
  /** Returns the store's time as a statement takes it, in whole milliseconds. */
  inSql(): SQL<Date>;
  /** Resolves when `clock` is right again after this machine slept or its clock was set. Never rejects. */
  settle(): Promise<void>;
  close(): void;
}

const measureEveryMs = 5_000;
/** A clock that is slewed (adjtimex(2), 500 ppm) moves by less between two measurements. */
const clockWasSetMs = 500;

/**
 * Follows the database's clock. Between two measurements the monotonic clock goes on from the last one, so this machine's
 * own clock, wherever it is set to, decides about nothing.
 * @throws when the database does not answer the first measurement.
 */
export async function followDatabaseTime(executeSql: ExecuteSql, log: Log): Promise<StoreTime> {
  /** The database's time is ahead of the monotonic clock by this. */
  let aheadMs: number | null = null;
  let ownAheadMs = readOwnAhead();
  let toldMs = 0;
  let measuring: Promise<void> | null = null;

  async function measure(): Promise<void> {
    const ownMs = readOwnAhead();
    const before = performance.now();
    const { rows } = await executeSql(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
      [],
    );
    const ms = Number(rows[0]?.['ms']);
    // It was read at some moment between the two: a slow answer must not spoil a better measurement.
    const [least, most] = [ms - performance.now(), ms - before];
    aheadMs = Math.min(Math.max(aheadMs ?? (least + most) / 2, least), most);
    ownAheadMs = ownMs;
    const differenceMs = Math.round(ownMs - aheadMs);
    if (Math.abs(differenceMs - toldMs) <= clockToleranceMs) return;
    toldMs = differenceMs;
    log.warn({ aheadMs: differenceMs }, 'this machine and the database differ in time; the database counts');
  }

  function measureOnce(): Promise<void> {
    measuring ??= measure().finally(() => {
      measuring = null;
    });
    return measuring;
  }

  await measureOnce();
  // A database that is away is told by whoever needs it.
  const timer = setInterval(() => void measureOnce().catch(() => {}), measureEveryMs).unref();
  return {
    clock: { now: () => new Date(performance.now() + (aheadMs ?? 0)) },
    inSql: () => sql<Date>`date_trunc('milliseconds', clock_timestamp())`,
    async settle() {
      if (Math.abs(readOwnAhead() - ownAheadMs) > clockWasSetMs) await measureOnce().catch(() => {});
    },
    close: () => clearInterval(timer),
  };
}

/** This machine's clock is ahead of its monotonic one by this; it changes when the clock is set, or the machine slept. */
function readOwnAhead(): number {
  return Date.now() - performance.now();
}

/** The time of a demo or a test, in its hand. */
export function injectTime(clock: Clock): StoreTime {
  return {
    clock,
    inSql: () => sql<Date>`${clock.now().toISOString()}::timestamptz`,
    settle: async () => {},
    close: () => {},
  };
}

/** As `isUp`, where `now` was read before. */
export function isUpAt(end: SQLWrapper, now: Date, longestMs: SQL | number): SQL {
  return isUp(end, sql`${now.toISOString()}::timestamptz`, longestMs);
}

/** `isTimeUp` as a condition on a column. */
export function isUp(end: SQLWrapper, now: SQL, longestMs: SQL | number): SQL {
  const longest = sql`${longestMs}::bigint + ${clockToleranceMs}::bigint`;
  return sql`(${end} <= ${now} or ${end} > ${now} + (${longest}) * interval '1 millisecond')`;
}
