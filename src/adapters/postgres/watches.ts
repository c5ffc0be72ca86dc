import { and, asc, count, eq, gte, inArray, isNull, min, or, sql } from 'drizzle-orm';
import type { WatchTx } from '../../domain/store/watches.ts';
import { isAnyOf } from './any-of.ts';
import type { Db } from './database.ts';
import { failedJobs } from './schema/failed-jobs.ts';
import { tickets } from './schema/tickets.ts';
import { recoveryOffers, watches } from './schema/watches.ts';
import { isUp, type StoreTime } from './store-time.ts';

/** More than these nobody looks at; the rest waits until some of them are done. */
const mostWatched = 5000;

export function watchQueries(db: Db, time: StoreTime): WatchTx {
  return {
    ...syncQueries(db),
    ...lookQueries(db, time),
    ...offerQueries(db),

    async openFailures(names) {
      const { server, recipient, failedAt, clearedAt } = failedJobs;
      if (names.length === 0) return [];
      const rows = await db
        .select({ server, recipient, count: count(), firstAt: min(failedAt) })
        .from(failedJobs)
        .where(and(isNull(clearedAt), or(isAnyOf(recipient, names), isAnyOf(server, names))))
        .groupBy(server, recipient)
        .orderBy(asc(server), asc(recipient));
      return rows.flatMap(({ firstAt, ...row }) => (firstAt ? [{ ...row, firstAt }] : []));
    },
  };
}

function syncQueries(db: Db): Pick<WatchTx, 'syncWatches'> {
  const { target, link, downSince, watchedSince } = watches;
  const { server, recipient, failedAt, clearedAt } = failedJobs;
  const isLive = inArray(tickets.state, ['open', 'acknowledged', 'repaired']);
  return {
    async syncWatches(servers, since, now) {
      if (servers.length === 0) return;
      const failing = and(isNull(clearedAt), isAnyOf(server, servers), gte(failedAt, since));
      const ofTicket = and(isLive, isAnyOf(tickets.device, servers));
      const names = sql`select ${recipient} as name from ${failedJobs} where ${failing}
        union select ${server} from ${failedJobs} where ${failing}
        union select ${tickets.device} from ${tickets} where ${ofTicket}`;
      const at = now.toISOString();
      await db.execute(sql`delete from ${watches} where not ${link} and ${target} not in (${names})`);
      await db.execute(sql`insert into ${watches} (target, watched_since, look_at)
        select name, ${at}::timestamptz, ${at}::timestamptz from (${names} limit ${mostWatched}) as named
        where name <> '' on conflict do nothing`);
      // Its ticket has seen it down already.
      await db.execute(sql`update ${watches} set down_since = ${tickets.firstAt} from ${tickets}
        where ${watchedSince} = ${at}::timestamptz and ${downSince} is null
          and ${tickets.device} = ${target} and ${isLive}
          and ${tickets.diagnosis} ->> 'verdict' in ('device-down', 'network-down')`);
      await db.execute(
        sql`delete from ${watches} where ${link} and not exists (select from ${watches} as other where not other.link)`,
      );
    },
  };
}

function lookQueries(
  db: Db,
  time: StoreTime,
): Pick<WatchTx, 'claimWatches' | 'saveWatch' | 'watchLink' | 'resetWatches'> {
  return {
    async claimWatches(leaseMs, longestMs, most) {
      const now = time.inSql();
      const due = db
        .select({ target: watches.target })
        .from(watches)
        .where(isUp(watches.lookAt, now, Math.max(leaseMs, longestMs)))
        .orderBy(asc(watches.lookAt))
        .limit(most)
        .for('update', { skipLocked: true });
      const lookAt = sql`${now} + ${leaseMs} * interval '1 millisecond'`;
      return db.update(watches).set({ lookAt }).where(inArray(watches.target, due)).returning();
    },

    async saveWatch({ target, lookAt: claimedUntil }, state, lookAt) {
      const { watchedSince, downSince, upSince, relapses } = state;
      const saved = await db
        .update(watches)
        .set({ watchedSince, downSince, upSince, relapses, lookAt })
        .where(and(eq(watches.target, target), eq(watches.lookAt, claimedUntil)))
        .returning({ target: watches.target });
      return saved.length === 1;
    },

    async watchLink(target, now) {
      const link = { target, link: true, watchedSince: now, downSince: now, lookAt: now };
      await db
        .insert(watches)
        .values(link)
        .onConflictDoUpdate({ target: watches.target, set: { link: true } });
    },

    async resetWatches(targets, now) {
      if (targets.length === 0) return;
      await db
        .update(watches)
        .set({ watchedSince: now, downSince: null, upSince: null, relapses: 0, lookAt: now })
        .where(isAnyOf(watches.target, targets));
    },
  };
}

function offerQueries(db: Db): Pick<WatchTx, 'openOffer' | 'offer' | 'saveOffer'> {
  return {
    async openOffer(server) {
      const isOpen = and(eq(recoveryOffers.server, server), isNull(recoveryOffers.takenAt));
      const [row] = await db.select().from(recoveryOffers).where(isOpen).for('update');
      return row ?? null;
    },

    async offer(id) {
      const [row] = await db.select().from(recoveryOffers).where(eq(recoveryOffers.id, id)).for('update');
      return row ?? null;
    },

    async saveOffer(offer) {
      await db
        .insert(recoveryOffers)
        .values(offer)
        .onConflictDoUpdate({ target: recoveryOffers.id, set: offer });
    },
  };
}
