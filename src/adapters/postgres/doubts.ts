import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { DeliveryTx, Doubt } from '../../domain/store/deliveries.ts';
import type { Db } from './database.ts';
import { deliveries } from './schema/deliveries.ts';

type DoubtPart = Pick<DeliveryTx, 'doubtDelivery' | 'repliesTo' | 'postAnew'>;

/** Adds to the doubt that a row has; what is posted is looked for from the first doubtful post on. */
export function doubtIn(row: Pick<typeof deliveries.$inferSelect, 'ts'>, { postSince, givenUpAt }: Doubt) {
  return {
    givenUpAt: sql`greatest(${deliveries.givenUpAt}, ${givenUpAt.toISOString()}::timestamptz)`,
    ...(row.ts === null && postSince
      ? { postSince: sql`least(${deliveries.postSince}, ${postSince.toISOString()}::timestamptz)` }
      : {}),
  };
}

/** What calls of unknown outcome may have left in Slack. */
export function doubtQueries(db: Db): DoubtPart {
  return {
    async doubtDelivery(id, doubt, lookAt) {
      await db
        .update(deliveries)
        .set({ ...doubtIn({ ts: null }, doubt), lookAt })
        .where(eq(deliveries.id, id));
    },

    async repliesTo(parentId) {
      const rows = await db
        .select({ id: deliveries.id, channel: deliveries.postedChannel, ts: deliveries.ts })
        .from(deliveries)
        .where(and(eq(deliveries.parentId, parentId), isNotNull(deliveries.ts)))
        .orderBy(deliveries.sequence);
      return rows.flatMap(({ id, channel, ts }) => (channel && ts ? [{ id, posted: { channel, ts } }] : []));
    },

    async postAnew(id, now) {
      await db
        .update(deliveries)
        .set({ ts: null, postedChannel: null, sent: 0, state: 'pending', attempts: 0, dueAt: now })
        .where(eq(deliveries.id, id));
    },
  };
}
