import {
  and,
  asc,
  type Column,
  eq,
  inArray,
  isNotNull,
  isNull,
  lt,
  not,
  notExists,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type {
  ClaimedDelivery,
  Delivery,
  DeliveryLease,
  DeliveryResult,
  DeliveryTx,
  Doubt,
  NewDelivery,
} from '../../domain/store/deliveries.ts';
import type { Db } from './database.ts';
import { doubtIn, doubtQueries } from './doubts.ts';
import { failedDeliveryQueries } from './failed-deliveries.ts';
import { deliveries } from './schema/deliveries.ts';
import { isUp, type StoreTime } from './store-time.ts';
import { wantedOnceMore } from './wanted-once-more.ts';

type DeliveryRow = typeof deliveries.$inferSelect;

const parents = alias(deliveries, 'parents');
const others = alias(deliveries, 'others');
const earlier = alias(deliveries, 'earlier');

export function deliveryQueries(db: Db, time: StoreTime): DeliveryTx {
  return {
    wantDelivery: async (delivery, dueAt) => void (await want(db, time, [delivery], dueAt)),

    wantDeliveries: (all, dueAt) => want(db, time, all, dueAt),

    async touchDelivery(kind, subjectId, now) {
      const touched = await db
        .update(deliveries)
        .set(wantedOnceMore(now))
        .where(and(eq(deliveries.kind, kind), eq(deliveries.subjectId, subjectId)))
        .returning({ id: deliveries.id });
      return touched.length > 0;
    },

    async deliveryOf(kind, subjectId) {
      const [row] = await db
        .select()
        .from(deliveries)
        .where(and(eq(deliveries.kind, kind), eq(deliveries.subjectId, subjectId)));
      return row ? toDelivery(row, null) : null;
    },

    claimDelivery: (channel, lease, doubt = null) => claim(db, time, { channel, lease, doubt }),

    async renewClaim(id, since) {
      const [renewed] = await db
        .update(deliveries)
        .set({ claimedAt: time.inSql() })
        .where(and(eq(deliveries.id, id), eq(deliveries.state, 'claimed'), eq(deliveries.claimedAt, since)))
        .returning({ since: deliveries.claimedAt });
      return renewed?.since ?? null;
    },

    settleDelivery: (claimed, result) => settle(db, claimed, result),

    ...doubtQueries(db),

    async fixBody(id, body) {
      await db.update(deliveries).set({ body }).where(eq(deliveries.id, id));
    },

    ...failedDeliveryQueries(db),

    nextDue: (channel) => findNextDue(db, channel),

    async channelsWithWork() {
      const rows = await db.selectDistinct({ channel: deliveries.channel }).from(deliveries).where(isWaiting);
      return rows.map((row) => row.channel);
    },

    async hasPosted() {
      const rows = await db
        .select({ id: deliveries.id })
        .from(deliveries)
        .where(isNotNull(deliveries.ts))
        .limit(1);
      return rows.length > 0;
    },
  };
}

/** Notes are left out of the subjects' index: each of them is new. */
async function want(
  db: Db,
  time: StoreTime,
  wanted: readonly NewDelivery[],
  dueAt: Date,
): Promise<readonly string[]> {
  if (wanted.length === 0) return [];
  const createdAt = time.clock.now();
  const rows = await db
    .insert(deliveries)
    .values(wanted.map((one) => ({ ...one, state: 'pending' as const, dueAt, createdAt })))
    .onConflictDoUpdate({
      target: [deliveries.kind, deliveries.subjectId],
      targetWhere: sql`${deliveries.kind} <> 'note'`,
      set: wantedOnceMore(dueAt),
    })
    .returning({ id: deliveries.id });
  return rows.map(({ id }) => id);
}

const isWaiting = or(
  inArray(deliveries.state, ['pending', 'claimed']),
  and(eq(deliveries.state, 'sent'), isNotNull(deliveries.lookAt)),
);
/** A reply waits until the message that starts its thread stands in Slack. */
const isPostable = or(isNull(deliveries.parentId), isNotNull(parents.ts));

/**
 * Messages keep their order in a channel, and in each thread: none is posted before an earlier one that failed and is
 * to have its second try (or that Slack put off). From its third try on an earlier one holds up nothing any more.
 * Edits never wait.
 */
function isItsTurn(db: Db): SQL | undefined {
  const holdingUp = db
    .select({ id: earlier.id })
    .from(earlier)
    .where(
      and(
        eq(earlier.channel, deliveries.channel),
        eq(earlier.state, 'pending'),
        isNull(earlier.ts),
        isNotNull(earlier.lastError),
        lt(earlier.attempts, 2),
        lt(earlier.sequence, deliveries.sequence),
        sql`${earlier.parentId} is not distinct from ${deliveries.parentId}`,
      ),
    );
  return or(isNotNull(deliveries.ts), notExists(holdingUp));
}

/** When something is to be done about it: a message is to be sent, or to be looked for. */
const nextAt =
  sql<Date>`case when ${deliveries.state} = 'sent' then ${deliveries.lookAt} else ${deliveries.dueAt} end`.mapWith(
    deliveries.dueAt,
  );

async function findNextDue(db: Db, channel: string): ReturnType<DeliveryTx['nextDue']> {
  const rows = await db
    .select({ dueAt: nextAt, claimedAt: deliveries.claimedAt, state: deliveries.state })
    .from(deliveries)
    .leftJoin(parents, eq(parents.id, deliveries.parentId))
    .where(and(eq(deliveries.channel, channel), isWaiting, isPostable, isItsTurn(db)))
    // While a claim stands nothing else can be sent there.
    .orderBy(sql`${deliveries.state} = 'claimed' desc`, asc(nextAt))
    .limit(1);
  const [row] = rows;
  return row ? { dueAt: row.dueAt, claimedAt: row.state === 'claimed' ? row.claimedAt : null } : null;
}

/** The first of two keys, as long as nothing else in the database uses it. */
const claimLock = 7_364;

interface Wanted {
  readonly channel: string;
  readonly lease: DeliveryLease;
  readonly doubt: Doubt | null;
}

async function claim(
  db: Db,
  time: StoreTime,
  { channel, lease, doubt }: Wanted,
): Promise<ClaimedDelivery | null> {
  // Two bots that look at once would each find nobody busy, and each take a message.
  await db.execute(sql`select pg_advisory_xact_lock(${claimLock}::int, hashtext(${channel}))`);
  const now = time.inSql();
  const isOver = (claimedAt: Column) => isUp(endOf(claimedAt, lease), now, lease.lengthMs);
  const busy = db
    .select({ id: others.id })
    .from(others)
    .where(and(eq(others.channel, channel), eq(others.state, 'claimed'), not(isOver(others.claimedAt))));
  const [row] = await db
    .select({ delivery: deliveries, threadTs: parents.ts })
    .from(deliveries)
    .leftJoin(parents, eq(parents.id, deliveries.parentId))
    .where(
      and(
        eq(deliveries.channel, channel),
        or(
          and(eq(deliveries.state, 'pending'), isUp(deliveries.dueAt, notBefore(time), longestWaitOf(lease))),
          and(eq(deliveries.state, 'claimed'), isOver(deliveries.claimedAt)),
          and(eq(deliveries.state, 'sent'), isUp(deliveries.lookAt, now, longestWaitOf(lease))),
        ),
        isPostable,
        isItsTurn(db),
        notExists(busy),
      ),
    )
    .orderBy(asc(deliveries.sequence))
    .limit(1)
    .for('update', { of: deliveries });
  if (!row) return null;
  const [claimed] = await db
    .update(deliveries)
    .set({ state: 'claimed', claimedAt: now, ...(doubt && doubtIn(row.delivery, doubt)) })
    .where(eq(deliveries.id, row.delivery.id))
    .returning({ since: deliveries.claimedAt, doubtedAt: deliveries.givenUpAt });
  if (!claimed?.since) return null;
  const { since, doubtedAt } = claimed;
  return { ...toDelivery(row.delivery, row.threadTs), since, doubtedAt };
}

/** What this bot wrote as due at once is due, though its measurement of the store's time may be a moment ahead. */
function notBefore(time: StoreTime): SQL {
  return sql`greatest(${time.inSql()}, ${time.clock.now().toISOString()}::timestamptz)`;
}

function endOf(claimedAt: Column, { lengthMs }: DeliveryLease): SQL {
  return sql`${claimedAt} + ${lengthMs} * interval '1 millisecond'`;
}

function longestWaitOf({ longestHoldMs, longestWaitMs }: DeliveryLease): SQL {
  return sql`case when ${deliveries.kind} = 'digest' then ${longestHoldMs}::bigint else ${longestWaitMs}::bigint end`;
}

async function settle(
  db: Db,
  { id, since, doubtedAt }: ClaimedDelivery,
  result: DeliveryResult,
): Promise<boolean> {
  const { posted, sent, doubt, lookAt, state, ...rest } = result;
  const unlessDoubted = (column: Column, value: Date | null) =>
    sql`case when ${deliveries.givenUpAt} is not distinct from ${toSql(doubtedAt)} then ${toSql(value)} else ${column} end`;
  const settled = await db
    .update(deliveries)
    .set({
      ...rest,
      // A change that came while Slack was being told is still to be told.
      state:
        state === 'sent'
          ? sql`case when ${deliveries.wanted} > ${sent ?? 0} then 'pending' else 'sent' end`
          : state,
      ...(sent === undefined ? {} : { sent }),
      ...(posted ? { postedChannel: posted.channel, ts: posted.ts } : {}),
      postSince: unlessDoubted(deliveries.postSince, doubt?.postSince ?? null),
      givenUpAt: unlessDoubted(deliveries.givenUpAt, doubt?.givenUpAt ?? null),
      lookAt: unlessDoubted(deliveries.lookAt, lookAt),
      claimedAt: null,
    })
    .where(and(eq(deliveries.id, id), eq(deliveries.state, 'claimed'), eq(deliveries.claimedAt, since)))
    .returning({ id: deliveries.id });
  return settled.length > 0;
}

function toSql(time: Date | null): SQL {
  return sql`${time?.toISOString() ?? null}::timestamptz`;
}

function toDelivery(row: DeliveryRow, threadTs: string | null): Delivery {
  const { postSince, givenUpAt, ...rest } = row;
  return { ...rest, threadTs, doubt: givenUpAt && { postSince, givenUpAt } };
}
