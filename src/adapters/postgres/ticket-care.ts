import { and, asc, eq, inArray, isNull, lte, or } from 'drizzle-orm';
import type { TicketCareTx } from '../../domain/store/ticket-care.ts';
import type { Db } from './database.ts';
import { tickets } from './schema/tickets.ts';
import { withFacts } from './tickets.ts';

const isShown = inArray(tickets.state, ['open', 'acknowledged', 'repaired']);

export function ticketCareQueries(db: Db): TicketCareTx {
  return {
    async ticketsOfDigest(channel, postAt) {
      const isListed = and(eq(tickets.channel, channel), eq(tickets.postAt, postAt));
      const rows = await db.select().from(tickets).where(isListed).orderBy(asc(tickets.id));
      return Promise.all(rows.map((row) => withFacts(db, row)));
    },

    async ticketsToExamine(now) {
      const isUnderExamination = inArray(tickets.state, ['candidate', 'held']);
      const rows = await db
        .select({ id: tickets.id })
        .from(tickets)
        .where(and(isUnderExamination, or(isNull(tickets.lookAt), lte(tickets.lookAt, now))))
        .orderBy(asc(tickets.id));
      return rows.map((row) => row.id);
    },

    async ticketsToAttend(now) {
      const rows = await db
        .select({ id: tickets.id })
        .from(tickets)
        .where(and(isShown, or(lte(tickets.snoozedUntil, now), lte(tickets.checkAt, now))))
        .orderBy(asc(tickets.id));
      return rows.map((row) => row.id);
    },

    async shownTicketsAbout(device) {
      const rows = await db
        .select()
        .from(tickets)
        .where(and(isShown, or(eq(tickets.subject, device), eq(tickets.device, device))))
        .orderBy(asc(tickets.id));
      return Promise.all(rows.map((row) => withFacts(db, row)));
    },

    async ticketsCombinedInto(ticketId) {
      const rows = await db
        .select()
        .from(tickets)
        .where(eq(tickets.combinedInto, ticketId))
        .orderBy(asc(tickets.id));
      return Promise.all(rows.map((row) => withFacts(db, row)));
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
