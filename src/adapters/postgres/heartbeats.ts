import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { HeartbeatTx } from '../../domain/store/heartbeats.ts';
import type { Db } from './database.ts';
import { heartbeats, incidents, probes } from './schema/heartbeats.ts';

/** Any number, as long as nothing else in the database uses it. */
const heartbeatLock = 7_364_011;

/** The column's largest number, 24 days: mail that is older is in many a mailbox, and must not fail for that. */
const longestLagMs = 2 ** 31 - 1;

export function heartbeatQueries(db: Db): HeartbeatTx {
  return {
    async lockHeartbeats() {
      await db.execute(sql`select pg_advisory_xact_lock(${heartbeatLock})`);
    },

    async noteMail(intake, receivedAt, now) {
      // A mail server's clock may run ahead.
      const lastMailAt = receivedAt > now ? now : receivedAt;
      const lagMs = Math.min(now.getTime() - lastMailAt.getTime(), longestLagMs);
      const set = { lastMailAt: sql`greatest(${heartbeats.lastMailAt}, excluded.last_mail_at)`, lagMs };
      await db
        .insert(heartbeats)
        .values({ intake, watchedSince: now, lastMailAt, lagMs })
        .onConflictDoUpdate({ target: heartbeats.intake, set });
    },

    async noteConnection(intake, connected, now) {
      const seen = connected ? { lastConnectedAt: now } : {};
      const insert = db.insert(heartbeats).values({ intake, watchedSince: now, ...seen });
      if (connected) await insert.onConflictDoUpdate({ target: heartbeats.intake, set: seen });
      else await insert.onConflictDoNothing();
    },

    heartbeats: () => db.select().from(heartbeats),

    openIncidents: () => db.select().from(incidents).where(isNull(incidents.recoveredAt)),

    async incident(id) {
      const [row] = await db.select().from(incidents).where(eq(incidents.id, id));
      return row ?? null;
    },

    async addIncident(incident) {
      const [row] = await db
        .insert(incidents)
        .values(incident)
        .onConflictDoNothing()
        .returning({ id: incidents.id });
      return row?.id ?? null;
    },

    async changeIncident(id, change) {
      await db.update(incidents).set(change).where(eq(incidents.id, id));
    },

    async probesSince(before) {
      await db.delete(probes).where(lt(probes.sentAt, before));
      return db.select().from(probes).orderBy(desc(probes.sentAt));
    },

    async addProbe(token, sentAt) {
      await db.insert(probes).values({ token, sentAt });
    },

    async isProbe(token) {
      const found = await db.select({ token: probes.token }).from(probes).where(eq(probes.token, token));
      return found.length > 0;
    },

    async returnProbe(token, at) {
      const returned = await db
        .update(probes)
        .set({ returnedAt: at })
        .where(and(eq(probes.token, token), isNull(probes.returnedAt)))
        .returning({ token: probes.token });
      return returned.length > 0;
    },
  };
}
