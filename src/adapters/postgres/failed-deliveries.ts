import { and, count, desc, eq, inArray, lte, ne } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { DeliveryTx } from '../../domain/store/deliveries.ts';
import type { Db } from './database.ts';
import { wantedOnceMore } from './wanted-once-more.ts';
import { deliveries } from './schema/deliveries.ts';

/** How many are listed. */
const listed = 50;

const givenUp = alias(deliveries, 'given_up');

type FailedPart = Pick<
  DeliveryTx,
  'failedDeliveries' | 'countFailed' | 'channelOf' | 'touchAnnouncement' | 'retryDelivery' | 'retryGivenUp'
>;

/** Deliveries that were given up, and the announcements about them. */
export function failedDeliveryQueries(db: Db): FailedPart {
  return {
    async failedDeliveries(channel) {
      const { id, kind, subjectId, createdAt, attempts, lastError } = deliveries;
      return db
        .select({ id, kind, subjectId, channel: deliveries.channel, createdAt, attempts, lastError })
        .from(deliveries)
        .where(isFailedIn(channel))
        .orderBy(desc(deliveries.sequence))
        .limit(listed);
    },

    async countFailed(channel) {
      const [row] = await db.select({ n: count() }).from(deliveries).where(isFailedIn(channel));
      return row?.n ?? 0;
    },

    async channelOf(id) {
      const [row] = await db
        .select({ channel: deliveries.channel })
        .from(deliveries)
        .where(eq(deliveries.id, id));
      return row?.channel ?? null;
    },

    async touchAnnouncement(channel, now) {
      const latest = db
        .select({ id: deliveries.id })
        .from(deliveries)
        .innerJoin(givenUp, eq(givenUp.id, deliveries.subjectId))
        .where(and(eq(deliveries.kind, 'undelivered'), eq(givenUp.channel, channel)))
        .orderBy(desc(deliveries.sequence))
        .limit(1);
      const touched = await db
        .update(deliveries)
        .set(wantedOnceMore(now))
        .where(inArray(deliveries.id, latest))
        .returning({ id: deliveries.id });
      return touched.length > 0;
    },

    async retryDelivery(id, now) {
      const [row] = await db
        .update(deliveries)
        .set({ state: 'pending', attempts: 0, dueAt: now, lastError: null })
        .where(and(eq(deliveries.id, id), eq(deliveries.state, 'failed')))
        .returning({ channel: deliveries.channel });
      return row?.channel ?? null;
    },

    retryGivenUp: (channel, before, tries) => retryGivenUp(db, { channel, before, tries }),
  };
}

interface GivenUp {
  readonly channel: string | null;
  readonly before: Date;
  readonly tries: number;
}

async function retryGivenUp(db: Db, { channel, before, tries }: GivenUp): Promise<void> {
  await db
    .update(deliveries)
    .set({ state: 'pending', attempts: tries })
    .where(
      and(
        channel === null ? undefined : eq(deliveries.channel, channel),
        eq(deliveries.state, 'failed'),
        eq(deliveries.failure, 'unknown'),
        ne(deliveries.kind, 'email'),
        lte(deliveries.dueAt, before),
      ),
    );
}

function isFailedIn(channel: string | null) {
  const isThere =
    channel === null ? undefined : and(eq(deliveries.channel, channel), ne(deliveries.kind, 'undelivered'));
  return and(eq(deliveries.state, 'failed'), isThere);
}
