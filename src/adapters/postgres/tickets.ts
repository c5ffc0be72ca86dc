import { and, asc, count, desc, eq, inArray, ne, or, sql } from 'drizzle-orm';
import type { AlertFields } from '../../domain/alert.ts';
import type { LiveTicket, TicketRecord, TicketTx } from '../../domain/store/tickets.ts';
import { liveTicketStates } from '../../domain/ticket.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { ticketFacts, tickets } from './schema/tickets.ts';

/** How many devices a ticket names; it always says how many there are in all. */
const devicesNamed = 300;

type TicketRow = typeof tickets.$inferSelect;
type FactKind = (typeof ticketFacts.$inferSelect)['kind'];

export function ticketQueries(db: Db): TicketTx {
  return {
    liveTickets: (counters) => findLive(db, counters),

    async createTicket({ at, ...ticket }) {
      const [row] = await db
        .insert(tickets)
        .values({
          ...ticket,
          state: 'candidate',
          reason: 'threshold-met',
          alertCount: 0,
          firstAt: at,
          lastAt: at,
        })
        .returning({ id: tickets.id });
      if (!row) throw new Error('PostgreSQL answered an INSERT … RETURNING without a row');
      return row.id;
    },

    absorb: (ticketId, fields) => absorb(db, ticketId, fields),
    recount: (ticketId) => recount(db, ticketId),

    async ticket(id) {
      const [row] = await db.select().from(tickets).where(eq(tickets.id, id)).for('update');
      return row ? withFacts(db, row) : null;
    },

    async changeTicket(id, change) {
      await db.update(tickets).set(change).where(eq(tickets.id, id));
    },

    async ticketsIn(states) {
      const rows = await db
        .select()
        .from(tickets)
        .where(inArray(tickets.state, [...states]))
        .orderBy(asc(tickets.id));
      return Promise.all(rows.map((row) => withFacts(db, row)));
    },

    async repairedTicketsOf(server) {
      const naming = db
        .select({ id: ticketFacts.ticketId })
        .from(ticketFacts)
        .where(and(eq(ticketFacts.kind, 'server'), eq(ticketFacts.name, server)));
      const rows = await db
        .select()
        .from(tickets)
        .where(
          and(eq(tickets.state, 'repaired'), or(eq(tickets.subject, server), inArray(tickets.id, naming))),
        );
      return Promise.all(rows.map((row) => withFacts(db, row)));
    },
  };
}

async function findLive(db: Db, counters: readonly string[]): Promise<ReadonlyMap<string, LiveTicket>> {
  if (counters.length === 0) return new Map();
  const { id, counter, state, repairedAt, channel } = tickets;
  const rows = await db
    .select({ id, counter, state, repairedAt, channel })
    .from(tickets)
    .where(and(inArray(counter, [...counters]), inArray(state, [...liveTicketStates])));
  return new Map(rows.map((row) => [row.counter, row]));
}

async function absorb(db: Db, ticketId: number, fields: readonly AlertFields[]): Promise<void> {
  const times = fields.map((alert) => alert.at.getTime());
  const firstAt = new Date(Math.min(...times)).toISOString();
  const lastAt = new Date(Math.max(...times)).toISOString();
  await db
    .update(tickets)
    .set({
      alertCount: sql`${tickets.alertCount} + ${fields.length}`,
      firstAt: sql`least(${tickets.firstAt}, ${firstAt}::timestamptz)`,
      lastAt: sql`greatest(${tickets.lastAt}, ${lastAt}::timestamptz)`,
    })
    .where(eq(tickets.id, ticketId));
  const facts = factsOf(ticketId, fields);
  if (facts.length === 0) return;
  await db
    .insert(ticketFacts)
    .values(facts)
    .onConflictDoUpdate({
      target: [ticketFacts.ticketId, ticketFacts.kind, ticketFacts.name],
      set: { alertCount: sql`${ticketFacts.alertCount} + excluded.alert_count` },
    });
}

async function recount(db: Db, ticketId: number): Promise<void> {
  const rows = await db.select().from(alerts).where(eq(alerts.ticketId, ticketId));
  await db.delete(ticketFacts).where(eq(ticketFacts.ticketId, ticketId));
  const [any] = rows;
  if (!any) return;
  const empty = { alertCount: 0, firstAt: any.at, lastAt: any.at };
  await db.update(tickets).set(empty).where(eq(tickets.id, ticketId));
  await absorb(db, ticketId, rows);
}

function factsOf(ticketId: number, fields: readonly AlertFields[]) {
  const counts = new Map<string, { kind: FactKind; name: string; alertCount: number }>();
  const add = (kind: FactKind, name: string | null) => {
    if (name === null) return;
    const key = `${kind} ${name}`;
    const known = counts.get(key);
    counts.set(key, { kind, name, alertCount: (known?.alertCount ?? 0) + 1 });
  };
  for (const alert of fields) {
    add('package', alert.package);
    add('job', alert.job);
    add('server', alert.distributionServer);
    add('device', alert.recipient ?? alert.device);
  }
  return [...counts.values()].map((fact) => ({ ticketId, ...fact }));
}

async function withFacts(db: Db, row: TicketRow): Promise<TicketRecord> {
  const few = await db
    .select()
    .from(ticketFacts)
    .where(and(eq(ticketFacts.ticketId, row.id), ne(ticketFacts.kind, 'device')))
    .orderBy(desc(ticketFacts.alertCount), asc(ticketFacts.name))
    .limit(100);
  const isDevice = and(eq(ticketFacts.ticketId, row.id), eq(ticketFacts.kind, 'device'));
  const devices = await db
    .select({ name: ticketFacts.name })
    .from(ticketFacts)
    .where(isDevice)
    .orderBy(asc(ticketFacts.name))
    .limit(devicesNamed);
  const [total] = await db.select({ n: count() }).from(ticketFacts).where(isDevice);
  const named = (kind: FactKind) => few.filter((fact) => fact.kind === kind).map((fact) => fact.name);
  return {
    ...row,
    packages: named('package'),
    jobs: named('job'),
    servers: named('server'),
    devices: devices.map((fact) => fact.name),
    deviceCount: total?.n ?? 0,
  };
}
