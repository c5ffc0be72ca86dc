import * as fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Database, openPostgres } from '../../../src/adapters/postgres/database.ts';
import { createStore } from '../../../src/adapters/postgres/store.ts';
import {
  followDatabaseTime,
  injectTime,
  isUpAt,
  type StoreTime,
} from '../../../src/adapters/postgres/store-time.ts';
import type { Log } from '../../../src/domain/log.ts';
import type { Store } from '../../../src/domain/store/store.ts';
import { isTimeUp } from '../../../src/domain/time-up.ts';
import { createPostgresUrl, describeStatements } from '../../support/databases.ts';
import { silentLog } from '../../support/silent-log.ts';
import { taken } from '../../support/taken.ts';

const hourMs = 3_600_000;
const noon = new Date('2026-11-23T12:00:00Z');
const noJobs = { enqueue: async () => {}, wake: () => {} };
const note = { kind: 'note', subjectId: '1', channel: 'maint-eu', parentId: null, body: null } as const;
const lease = { lengthMs: 15_000, longestHoldMs: 8 * 24 * hourMs, longestWaitMs: hourMs };

/** Sets this process's clock, as NTP does; the monotonic one goes on. */
function setClockAhead(ms: number): void {
  const real = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => real() + ms);
}

afterEach(() => void vi.restoreAllMocks());

describeStatements('the store’s time', (open) => {
  let database: Database;
  let time: StoreTime | null = null;
  beforeEach(async () => {
    database = await open();
  });
  afterEach(async () => {
    time?.close();
    await database.close();
  });

  it('is the database’s', async () => {
    time = await followDatabaseTime(database.executeSql, silentLog);
    const { rows } = await database.executeSql(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
      [],
    );
    expect(Math.abs(time.clock.now().getTime() - Number(rows[0]?.['ms']))).toBeLessThan(2_000);
  });

  it('is in a statement what it is outside of it, in whole milliseconds', async () => {
    const injected = injectTime({ now: () => noon });
    const answer = await database.transaction(({ db }) =>
      db.select({ now: sql<string>`(${injected.inSql()})::text` }).from(sql`(select 1) as one`),
    );
    expect(new Date(answer[0]?.now ?? '').getTime()).toBe(noon.getTime());
    time = await followDatabaseTime(database.executeSql, silentLog);
    const inSql = time.inSql();
    const [row] = await database.transaction(({ db }) =>
      db
        .select({ micros: sql<string>`extract(microseconds from ${inSql})::bigint % 1000` })
        .from(sql`(select 1) as one`),
    );
    expect(Number(row?.micros)).toBe(0);
  });

  it('decides in SQL as it does outside of it', async () => {
    const aheads = [-hourMs, -1, 0, 1, 29_999, 30_000, 34_999, 35_000, 35_001, hourMs, 1_000 * hourMs];
    for (const aheadMs of aheads) {
      const end = new Date(noon.getTime() + aheadMs);
      const [row] = await database.transaction(({ db }) =>
        db
          .select({ up: sql<boolean>`${isUpAt(sql`${end.toISOString()}::timestamptz`, noon, 30_000)}` })
          .from(sql`(select 1) as one`),
      );
      expect([aheadMs, row?.up]).toEqual([aheadMs, isTimeUp(end, noon, 30_000)]);
    }
  });
});

describe('the measured time', () => {
  it('is never further off than the fastest answer took, however slow others were', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: -hourMs, max: hourMs }),
          fc.array(fc.record({ there: fc.nat(5_000), back: fc.nat(5_000) }), { minLength: 1, maxLength: 6 }),
          async (offMs, answers) => {
            let monotonicMs = 1_000;
            vi.spyOn(performance, 'now').mockImplementation(() => monotonicMs);
            const left = [...answers];
            const executeSql = async () => {
              const { there, back } = left.shift() ?? { there: 0, back: 0 };
              monotonicMs += there;
              const ms = monotonicMs + noon.getTime() + offMs;
              monotonicMs += back;
              return { rows: [{ ms }] };
            };
            const time = await followDatabaseTime(executeSql, silentLog);
            while (left.length > 0) await vi.advanceTimersByTimeAsync(5_000);
            const error = Math.abs(time.clock.now().getTime() - (monotonicMs + noon.getTime() + offMs));
            expect(error).toBeLessThanOrEqual(
              1 + Math.min(...answers.map(({ there, back }) => there + back)),
            );
            time.close();
          },
        ),
        { numRuns: 50 },
      );
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a bot whose own clock is wrong', () => {
  let databases: Database[] = [];
  let times: StoreTime[] = [];
  let url: string;
  beforeEach(async () => {
    url = await createPostgresUrl();
  });
  afterEach(async () => {
    for (const time of times) time.close();
    for (const database of databases) await database.close();
    [databases, times] = [[], []];
  });
  const startStore = async (log: Log = silentLog): Promise<Store> => {
    const database = await openPostgres(url);
    const time = await followDatabaseTime(database.executeSql, log);
    databases.push(database);
    times.push(time);
    return createStore(database, noJobs, time);
  };
  const apart = (one: Store, other: Store) =>
    Math.abs(one.clock.now().getTime() - other.clock.now().getTime());

  it('has the same time as one whose clock is right', async () => {
    const right = await startStore();
    setClockAhead(150_000);
    const wrong = await startStore();
    expect(apart(right, wrong)).toBeLessThan(1_000);
  });

  it('says so once', async () => {
    const warn = vi.fn<Log['warn']>();
    setClockAhead(-150_000);
    await startStore({ ...silentLog, warn });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(
      { aheadMs: expect.closeTo(-150_000, -4) },
      expect.stringContaining('differ in time'),
    );
  });

  it('goes on with the right time while its clock jumps ahead and back', async () => {
    const right = await startStore();
    const jumping = await startStore();
    setClockAhead(hourMs);
    expect(apart(right, jumping)).toBeLessThan(1_000);
    await jumping.transaction((tx) => tx.channelsWithWork());
    expect(apart(right, jumping)).toBeLessThan(1_000);
    vi.restoreAllMocks();
    await jumping.transaction((tx) => tx.channelsWithWork());
    expect(apart(right, jumping)).toBeLessThan(1_000);
  });

  it('measures again before the next transaction once it has slept, as a resumed machine has', async () => {
    const right = await startStore();
    const real = performance.now.bind(performance);
    const asleep = await startStore();
    // The monotonic clock stands still while a machine sleeps: CLOCK_MONOTONIC in clock_gettime(2).
    vi.spyOn(performance, 'now').mockImplementation(() => real() - hourMs);
    const slept = right.clock.now().getTime() + hourMs - asleep.clock.now().getTime();
    expect(slept).toBeGreaterThan(0);
    const now = await asleep.transaction(async () => asleep.clock.now());
    vi.restoreAllMocks();
    expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(2_000);
  });

  it.each([60_000, -60_000, 150_000, -150_000, hourMs])(
    'by %d ms takes no delivery, server or watch that another one holds',
    async (skewMs) => {
      const right = await startStore();
      setClockAhead(skewMs);
      const wrong = await startStore();
      const stores = [right, wrong];
      for (const [first, second] of [stores, stores.toReversed()] as [Store, Store][]) {
        await first.transaction((tx) =>
          tx.wantDelivery({ ...note, id: `n-${skewMs}-${stores.indexOf(first)}` }, first.clock.now()),
        );
        const claimed = await first.transaction((tx) => tx.claimDelivery('maint-eu', lease));
        expect(await second.transaction((tx) => tx.claimDelivery('maint-eu', lease))).toBeNull();
        const known = { doubt: null, lookAt: null, lastError: null, failure: null };
        const done = { state: 'sent', attempts: 0, sent: 1, ...known } as const;
        await first.transaction((tx) =>
          tx.settleDelivery(taken(claimed), { ...done, dueAt: first.clock.now() }),
        );
        const lock = (redistributionId: string) => ({
          server: 'int-38',
          redistributionId,
          owner: { teamId: 'T0', userId: 'U0' },
        });
        expect(await first.transaction((tx) => tx.takeServerLock(lock('one'), 600_000))).toBeNull();
        const held = await second.transaction((tx) => tx.takeServerLock(lock('two'), 600_000));
        expect(held).toMatchObject({ redistributionId: 'one' });
        await first.transaction((tx) => tx.freeServerLock('one'));
        await first.transaction((tx) => tx.watchLink(`link-${stores.indexOf(first)}`, first.clock.now()));
        expect(await first.transaction((tx) => tx.claimWatches(180_000, 600_000, 10))).toHaveLength(1);
        expect(await second.transaction((tx) => tx.claimWatches(180_000, 600_000, 10))).toEqual([]);
      }
    },
  );
});

describe('two stores on one database, with the same time in both', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openPostgres(await createPostgresUrl());
  });
  afterEach(() => database.close());

  const short = { ...lease, longestWaitMs: 60_000 };

  it('give each delivery to one bot at a time, and park none, however the database’s clock jumps', async () => {
    const anyStep = fc.record({
      bot: fc.constantFrom(0, 1),
      jumpMs: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
        { weight: 1, arbitrary: fc.constantFrom(hourMs, -hourMs) },
      ),
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 15 }), async (steps) => {
        round += 1;
        const channel = `maint-${round}`;
        let now = noon.getTime();
        const time = injectTime({ now: () => new Date(now) });
        const bots = [createStore(database, noJobs, time), createStore(database, noJobs, time)] as const;
        await bots[0].transaction((tx) => tx.wantDelivery({ ...note, channel, id: channel }, new Date(now)));
        const held: { bot: number; since: Date }[] = [];
        for (const { bot, jumpMs } of steps) {
          now += jumpMs;
          const claimed = await bots[bot].transaction((tx) => tx.claimDelivery(channel, short));
          const last = held.at(-1);
          const isAlive =
            last !== undefined &&
            !isTimeUp(new Date(last.since.getTime() + short.lengthMs), new Date(now), short.lengthMs);
          expect(claimed === null).toBe(isAlive);
          if (claimed) held.push({ bot, since: claimed.since });
        }
        const [before, owner] = held.slice(-2);
        if (before && owner) {
          expect(await bots[0].transaction((tx) => tx.renewClaim(channel, before.since))).toBeNull();
        }
        now += short.lengthMs * 2;
        expect(await bots[0].transaction((tx) => tx.claimDelivery(channel, short))).not.toBeNull();
      }),
      { numRuns: 15 },
    );
  });
});
