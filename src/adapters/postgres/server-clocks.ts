import { and, asc, desc, eq, gte, lt, sql } from 'drizzle-orm';
import type { ServerClockTx } from '../../domain/store/server-clocks.ts';
import type { Db } from './db.ts';
import { serverClocks } from './schema/server-clocks.ts';

const keptMs = 31 * 86_400_000;
const mostReadings = 500;
/** A reading that says the same is kept once in this time. */
const sameEveryMs = 3_600_000;
/** Readings that differ by less, beyond what they are uncertain by, say the same. */
const sameWithinMs = 1_000;

export function serverClockQueries(db: Db): ServerClockTx {
  const { server: ofServer, measuredAt, offsetMs, uncertaintyMs } = serverClocks;
  const columns = { measuredAt, offsetMs, uncertaintyMs };

  async function lastBefore(server: string, until: Date | null) {
    const isBefore = until ? lt(measuredAt, until) : undefined;
    const [row] = await db
      .select(columns)
      .from(serverClocks)
      .where(and(eq(ofServer, server), isBefore))
      .orderBy(desc(measuredAt))
      .limit(1);
    return row ?? null;
  }

  return {
    async noteClock(server, reading) {
      const last = await lastBefore(server, null);
      const movedMs = last && Math.abs(last.offsetMs - reading.offsetMs);
      const sameMs = sameWithinMs + reading.uncertaintyMs + (last?.uncertaintyMs ?? 0);
      const ageMs = last && reading.measuredAt.getTime() - last.measuredAt.getTime();
      if (movedMs !== null && ageMs !== null && movedMs <= sameMs && ageMs < sameEveryMs) return;
      await db
        .insert(serverClocks)
        .values({ server, ...reading })
        .onConflictDoNothing();
      const oldest = new Date(reading.measuredAt.getTime() - keptMs);
      await db.delete(serverClocks).where(and(eq(ofServer, server), lt(measuredAt, oldest)));
      await db.delete(serverClocks).where(
        and(
          eq(ofServer, server),
          sql`${measuredAt} not in (select measured_at from server_clocks where server = ${server}
            order by measured_at desc limit ${mostReadings})`,
        ),
      );
    },

    async clockHistory(server, since) {
      const before = await lastBefore(server, since);
      const later = await db
        .select(columns)
        .from(serverClocks)
        .where(and(eq(ofServer, server), gte(measuredAt, since)))
        .orderBy(asc(measuredAt));
      return before ? [before, ...later] : later;
    },
  };
}
