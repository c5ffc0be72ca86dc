import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { LiveTicket, TicketRecord, TicketTx } from '../../domain/store/tickets.ts';
import { liveTicketStates } from '../../domain/ticket.ts';
import { absorbInto } from './absorb.ts';
import { isAnyOf } from './any-of.ts';
import { bulkUpdate } from './bulk-rows.ts';
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

    recount: (ticketId) => recount(db, ticketId),

    ticket: async (id) => (await lockTickets(db, [id])).get(id) ?? null,

    tickets: (ids) => lockTickets(db, ids),

    async ticketsAsTheyAre(ids) {
      const rows = await db
        .select()
        .from(tickets)
        .where(inArray(tickets.id, [...ids]));
      return new Map((await withFacts(db, rows)).map((ticket) => [ticket.id, ticket]));
    },

    async changeTicket(id, change) {
      await db.update(tickets).set(change).where(eq(tickets.id, id));
    },

    async changeTickets(changes) {
      const rows = [...changes].map(([id, change]) => ({ id, ...change }));
      // One statement sets the same columns of all its rows.
      for (const [, alike] of groupBy(rows, (row) => Object.keys(row).toSorted().join())) {
        await db.execute(bulkUpdate(tickets, alike));
      }
    },

    async ticketsIn(states) {
      const rows = await db
        .select()
        .from(tickets)
        .where(inArray(tickets.state, [...states]))
        .orderBy(asc(tickets.id));
      return withFacts(db, rows);
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
      return withFacts(db, rows);
    },
  };
}

async function findLive(db: Db, counters: readonly string[]): Promise<ReadonlyMap<string, LiveTicket>> {
  if (counters.length === 0) return new Map();
  const { id, counter, state, repairedAt, channel, postAt, firstAt, countsFrom, metAt } = tickets;
  const rows = await db
    .select({ id, counter, state, repairedAt, channel, postAt, firstAt, countsFrom, metAt })
    .from(tickets)
    .where(and(isAnyOf(counter, counters), inArray(state, [...liveTicketStates])));
  return new Map(rows.map((row) => [row.counter, row]));
}

async function recount(db: Db, ticketId: number): Promise<void> {
  const rows = await db.select().from(alerts).where(eq(alerts.ticketId, ticketId));
  await db.delete(ticketFacts).where(eq(ticketFacts.ticketId, ticketId));
  const [any] = rows;
  if (!any) return;
  const empty = { alertCount: 0, firstAt: any.at, lastAt: any.at };
  await db.update(tickets).set(empty).where(eq(tickets.id, ticketId));
  await absorbInto(db, new Map([[ticketId, rows]]));
}

/** In the order of their ids, so that two that lock the same tickets never wait for each other. */
async function lockTickets(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, TicketRecord>> {
  if (ids.length === 0) return new Map();
  // Sent together: the facts are read once the rows are locked.
  const [rows, facts] = await Promise.all([
    db
      .select()
      .from(tickets)
      .where(inArray(tickets.id, [...ids]))
      .orderBy(asc(tickets.id))
      .for('update'),
    readFacts(db, ids),
  ]);
  return new Map(rows.map((row) => [row.id, toRecord(row, facts)]));
}

/** Tickets with what their alerts name. */
export async function withFacts(db: Db, rows: readonly TicketRow[]): Promise<readonly TicketRecord[]> {
  const facts = await readFacts(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => toRecord(row, facts));
}

function toRecord(row: TicketRow, factsById: Awaited<ReturnType<typeof readFacts>>): TicketRecord {
  const facts = factsById.get(row.id) ?? [];
  const named = (kind: FactKind) => facts.filter((fact) => fact.kind === kind).map((fact) => fact.name);
  return {
    ...row,
    diagnosis: row.diagnosis && revive(row.diagnosis),
    packages: named('package'),
    jobs: named('job'),
    servers: named('server'),
    devices: named('device'),
    deviceCount: facts.find(({ kind }) => kind === 'device')?.total ?? 0,
  };
}

/** The first devices by name, of everything else what was named most often; `total` counts the rest of its sort too. */
async function readFacts(db: Db, ticketIds: readonly number[]) {
  if (ticketIds.length === 0) return new Map<number, never>();
  const { ticketId, kind, name, alertCount } = ticketFacts;
  const isDevice = sql`(${kind} = 'device')`;
  const ranked = db
    .select({
      ticketId,
      kind,
      name,
      place: sql<number>`row_number() over (
        partition by ${ticketId}, ${isDevice} order by case when ${isDevice} then 0 else -${alertCount} end, ${name})`.as(
        'place',
      ),
      total: sql<number>`count(*) over (partition by ${ticketId}, ${isDevice})`.mapWith(Number).as('total'),
    })
    .from(ticketFacts)
    .where(inArray(ticketId, [...ticketIds]))
    .as('ranked');
  const facts = await db
    .select({ ticketId: ranked.ticketId, kind: ranked.kind, name: ranked.name, total: ranked.total })
    .from(ranked)
    .where(sql`${ranked.place} <= case when ${ranked.kind} = 'device' then ${devicesNamed}::int else 100 end`)
    .orderBy(asc(ranked.place));
  return groupBy(facts, (fact) => fact.ticketId);
}

/** JSON knows no dates. */
function revive(diagnosis: Diagnosis): Diagnosis {
  const probedAt = new Date(diagnosis.evidence.probedAt);
  return { ...diagnosis, evidence: { ...diagnosis.evidence, probedAt } };
}
