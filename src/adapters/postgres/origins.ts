import { and, countDistinct, eq, inArray, like, sql } from 'drizzle-orm';
import { rootCauseFailure } from '../../domain/root-cause.ts';
import type { TicketCareTx } from '../../domain/store/ticket-care.ts';
import { liveTicketStates } from '../../domain/ticket.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { tickets } from './schema/tickets.ts';

/** Where the alerts of tickets come from, and what that says of their cause. */
export function originQueries(db: Db): Pick<TicketCareTx, 'originsOf' | 'serversFailing'> {
  return {
    async originsOf(ticketId) {
      const region = alerts.inRegion;
      const server = sql<
        string | null
      >`coalesce(${alerts.upstreamRoot}, lower(${alerts.distributionServer}))`;
      const count = sql<number>`count(distinct coalesce(${alerts.occurrence}, ${alerts.id}::text))::int`;
      return db
        .select({ region, server, alerts: count, devices: countDistinct(alerts.deviceName) })
        .from(alerts)
        .where(eq(alerts.ticketId, ticketId))
        .groupBy(region, sql`2`)
        .orderBy(region, sql`2`);
    },

    async serversFailing(servers, failure) {
      if (servers.length === 0) return [];
      const { subject, counter, state } = tickets;
      const rows = await db
        .selectDistinct({ subject })
        .from(tickets)
        .where(
          and(
            inArray(subject, [...servers]),
            eq(tickets.failure, rootCauseFailure),
            inArray(state, [...liveTicketStates]),
            like(counter, `root-cause(failure=${failure}%`),
          ),
        )
        .orderBy(subject);
      return rows.map((row) => row.subject);
    },
  };
}
