import { and, desc, eq, gte, isNull } from 'drizzle-orm';
import type { TicketCareTx } from '../../domain/store/ticket-care.ts';
import type { Db } from './database.ts';
import { tickets } from './schema/tickets.ts';
import { withFacts } from './tickets.ts';

/** What one shift tells the next of tickets that are over. */
export function handoverQueries(db: Db): Pick<TicketCareTx, 'resolvedByItself'> {
  return {
    async resolvedByItself(since) {
      const rows = await db
        .select()
        .from(tickets)
        .where(and(eq(tickets.state, 'resolved'), isNull(tickets.resolvedBy), gte(tickets.resolvedAt, since)))
        .orderBy(desc(tickets.resolvedAt), desc(tickets.id));
      return withFacts(db, rows);
    },
  };
}
