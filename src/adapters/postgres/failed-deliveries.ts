import { and, desc, eq } from 'drizzle-orm';
import type { DeliveryTx } from '../../domain/store/deliveries.ts';
import type { Db } from './database.ts';
import { deliveries } from './schema/deliveries.ts';

/** How many are listed. */
const listed = 50;

/** Deliveries that were given up. */
export function failedDeliveryQueries(db: Db): Pick<DeliveryTx, 'failedDeliveries' | 'retryDelivery'> {
  return {
    async failedDeliveries(channel) {
      const { id, kind, subjectId, createdAt, attempts, lastError } = deliveries;
      return db
        .select({ id, kind, subjectId, channel: deliveries.channel, createdAt, attempts, lastError })
        .from(deliveries)
        .where(
          and(eq(deliveries.state, 'failed'), channel === null ? undefined : eq(deliveries.channel, channel)),
        )
        .orderBy(desc(deliveries.sequence))
        .limit(listed);
    },

    async retryDelivery(id, now) {
      const [row] = await db
        .update(deliveries)
        .set({ state: 'pending', attempts: 0, dueAt: now, lastError: null })
        .where(and(eq(deliveries.id, id), eq(deliveries.state, 'failed')))
        .returning({ channel: deliveries.channel });
      return row?.channel ?? null;
    },
  };
}
