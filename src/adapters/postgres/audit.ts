import { and, asc, count, eq, exists, inArray, isNotNull, min, not, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { AlertState } from '../../domain/alert.ts';
import type { AuditTx } from '../../domain/store/audit.ts';
import { shownTicketStates, type TicketState } from '../../domain/ticket.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { deliveries } from './schema/deliveries.ts';
import { tickets } from './schema/tickets.ts';

const listed = 100;

/** In which states an alert's ticket may be; null: it may be without one. */
const allowed: Readonly<Record<AlertState, readonly (TicketState | null)[]>> = {
  counted: [null],
  expired: [null],
  held: ['candidate', 'held'],
  ticketed: shownTicketStates,
  suppressed: [null, 'suppressed'],
  voided: [null, 'voided'],
};

export function auditQueries(db: Db): AuditTx {
  return {
    async disagreements() {
      const rows = await db
        .select({ alerts: alerts.state, ticket: tickets.state, n: count(), example: min(tickets.id) })
        .from(alerts)
        .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
        .groupBy(alerts.state, tickets.state);
      return rows.filter((row) => !allowed[row.alerts].includes(row.ticket));
    },

    async ticketsWithoutMessage() {
      const rows = await db
        .select({ id: tickets.id })
        .from(tickets)
        .where(and(inArray(tickets.state, [...shownTicketStates]), not(isTold(db))))
        .orderBy(asc(tickets.id))
        .limit(listed);
      return rows.map((row) => row.id);
    },
  };
}

const owners = alias(tickets, 'owners');

/** A message of its own, that of the ticket it is combined into, or a digest. */
function isTold(db: Db) {
  const owner = sql`coalesce(${tickets.combinedInto}, ${tickets.id})`;
  const own = db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.kind, 'ticket'), eq(deliveries.subjectId, sql`${owner}::text`)));
  const digest = db
    .select({ id: deliveries.id })
    .from(deliveries)
    .innerJoin(owners, eq(owners.id, owner))
    .where(
      and(eq(deliveries.kind, 'digest'), isNotNull(owners.postAt), eq(deliveries.channel, owners.channel)),
    );
  return sql`(${exists(own)} or ${exists(digest)})`;
}
