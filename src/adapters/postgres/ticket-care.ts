import { and, asc, eq, gte, inArray, isNull, or } from 'drizzle-orm';
import { recoveredWhileHeld } from '../../domain/diagnosis.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { TicketCareTx } from '../../domain/store/ticket-care.ts';
import { isAnyOf } from './any-of.ts';
import type { Db } from './database.ts';
import { handoverQueries } from './handovers.ts';
import { originQueries } from './origins.ts';
import { recurringQueries } from './recurring.ts';
import { tickets } from './schema/tickets.ts';
import { isUpAt } from './store-time.ts';
import { withFacts } from './tickets.ts';

const isShown = inArray(tickets.state, ['open', 'acknowledged', 'repaired']);

export function ticketCareQueries(db: Db): TicketCareTx {
  return {
    ...{ ...originQueries(db), ...handoverQueries(db), ...recurringQueries(db) },

    async ticketsOfDigest(channel, postAt) {
      const isListed = and(eq(tickets.channel, channel), eq(tickets.postAt, postAt));
      const rows = await db.select().from(tickets).where(isListed).orderBy(asc(tickets.id));
      return withFacts(db, rows);
    },

    async ticketsToExamine(now, longestMs) {
      const isUnderExamination = inArray(tickets.state, ['candidate', 'held']);
      const rows = await db
        .select({ id: tickets.id })
        .from(tickets)
        .where(and(isUnderExamination, or(isNull(tickets.lookAt), isUpAt(tickets.lookAt, now, longestMs))))
        .orderBy(asc(tickets.id));
      return rows.map((row) => row.id);
    },

    async ticketsToAttend(now, { snoozeMs, checkMs }) {
      const rows = await db
        .select({ id: tickets.id })
        .from(tickets)
        .where(
          and(
            isShown,
            or(isUpAt(tickets.snoozedUntil, now, snoozeMs), isUpAt(tickets.checkAt, now, checkMs)),
          ),
        )
        .orderBy(asc(tickets.id));
      return rows.map((row) => row.id);
    },

    recoveredWhileHeld: (counters, since) => readRecovered(db, counters, since),

    async shownTicketsAbout(devices) {
      if (devices.length === 0) return [];
      const rows = await db
        .select()
        .from(tickets)
        .where(and(isShown, or(isAnyOf(tickets.subject, devices), isAnyOf(tickets.device, devices))))
        .orderBy(asc(tickets.id));
      return withFacts(db, rows);
    },

    async ticketsCombinedInto(ticketIds) {
      if (ticketIds.length === 0) return [];
      const rows = await db
        .select()
        .from(tickets)
        .where(inArray(tickets.combinedInto, [...ticketIds]))
        .orderBy(asc(tickets.id));
      return withFacts(db, rows);
    },

    async ticketsJoinedInto(ticketId) {
      const { subject, failure, alertCount } = tickets;
      return db
        .select({ subject, failure, alertCount })
        .from(tickets)
        .where(and(eq(tickets.state, 'joined'), eq(tickets.joinedInto, ticketId)))
        .orderBy(asc(tickets.id));
    },
  };
}

async function readRecovered(db: Db, counters: readonly string[], since: Date) {
  if (counters.length === 0) return new Map<string, readonly Date[]>();
  const { counter, lastAt, state, reason } = tickets;
  const isHeld = and(eq(state, 'suppressed'), eq(reason, recoveredWhileHeld), gte(lastAt, since));
  const rows = await db
    .select({ counter, lastAt })
    .from(tickets)
    .where(and(isAnyOf(counter, counters), isHeld));
  // It recovered after its last alert: when, is not kept.
  const recovered = rows.map((row) => ({ ...row, at: new Date(row.lastAt.getTime() + 1) }));
  return new Map(
    [...groupBy(recovered, (row) => row.counter)].map(([key, list]) => [key, list.map(({ at }) => at)]),
  );
}
