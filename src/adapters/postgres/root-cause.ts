import { and, asc, countDistinct, eq, gte, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm';
import { rootCauseFailure } from '../../domain/root-cause.ts';
import type { CountingTx, Promotion } from '../../domain/store/counting.ts';
import { absorbMoved, stillCounts } from './absorb-moved.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { tickets } from './schema/tickets.ts';

type SuspicionPart = Pick<CountingTx, 'crowdsBehind' | 'sightingsBehind' | 'ticketsUnder' | 'canTakeOver'>;
type BlamePart = Pick<
  CountingTx,
  'promoteTicket' | 'takeOver' | 'sharesOf' | 'joinTickets' | 'promotedWithoutDiagnosis'
>;

/** Servers as the cause of what fails behind them. */
export function rootCauseQueries(db: Db): SuspicionPart & BlamePart {
  return { ...suspicionQueries(db), ...blameQueries(db) };
}

/** What fails behind a server. */
function suspicionQueries(db: Db): SuspicionPart {
  return {
    async crowdsBehind(servers, from, until) {
      if (servers.length === 0) return new Map();
      const rows = await db
        .select({ server: alerts.upstreamRoot, devices: countDistinct(alerts.deviceName) })
        .from(alerts)
        .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
        .where(and(inArray(alerts.upstreamRoot, [...servers]), isWithin(from, until), stillCounts))
        .groupBy(alerts.upstreamRoot);
      return new Map(rows.map((row) => [row.server ?? '', row.devices]));
    },

    async sightingsBehind(server, from, until, limit) {
      return db
        .select({ at: alerts.at, device: alerts.deviceName })
        .from(alerts)
        .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
        .where(and(eq(alerts.upstreamRoot, server), isWithin(from, until), stillCounts))
        .orderBy(asc(alerts.at))
        .limit(limit);
    },

    async ticketsUnder(server, from) {
      const { id, state, subject, channel, postAt, combinedInto, firstAt } = tickets;
      return db
        .selectDistinct({ id, state, subject, channel, postAt, combinedInto, firstAt })
        .from(alerts)
        .innerJoin(tickets, eq(tickets.id, alerts.ticketId))
        .where(and(isTakeable(server, from), ne(tickets.failure, rootCauseFailure)))
        .orderBy(asc(id));
    },

    async canTakeOver(server, from) {
      const found = await db
        .select({ id: alerts.id })
        .from(alerts)
        .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
        .where(isTakeable(server, from))
        .limit(1);
      return found.length > 0;
    },
  };
}

/** What becomes of the tickets behind a server that is the cause. */
function blameQueries(db: Db): BlamePart {
  return {
    async promoteTicket(id, promotion) {
      await db.update(tickets).set(asServersTicket(promotion)).where(eq(tickets.id, id));
    },

    takeOver: (server, claim) => takeOver(db, server, claim),

    async sharesOf(ticketIds) {
      if (ticketIds.length === 0) return [];
      const { id, counter } = tickets;
      return db
        .select({
          id,
          counter,
          ruleId: sql<string | null>`min(${alerts.ruleId})`,
          alerts: sql<number>`count(distinct coalesce(${alerts.occurrence}, ${alerts.id}::text))::int`,
          devices: countDistinct(alerts.deviceName),
        })
        .from(tickets)
        .leftJoin(alerts, eq(alerts.ticketId, id))
        .where(inArray(id, [...ticketIds]))
        .groupBy(id, counter)
        .orderBy(asc(id));
    },

    async joinTickets(ticketIds, into) {
      if (ticketIds.length === 0) return;
      const ids = [...ticketIds];
      await db
        .update(alerts)
        .set({ ticketId: null, state: 'counted', reason: 'ticket-joined' })
        .where(inArray(alerts.ticketId, ids));
      await db
        .update(tickets)
        .set({ state: 'joined', joinedInto: into, reason: 'joined-into-the-servers-ticket' })
        .where(inArray(tickets.id, ids));
    },

    async promotedWithoutDiagnosis() {
      const rows = await db
        .select({ id: tickets.id })
        .from(tickets)
        .where(
          and(
            inArray(tickets.state, ['open', 'acknowledged']),
            eq(tickets.failure, rootCauseFailure),
            isNull(tickets.diagnosis),
          ),
        );
      return rows.map((row) => row.id);
    },
  };
}

function isWithin(from: Date, until: Date) {
  return and(gte(alerts.at, from), lte(alerts.at, until));
}

/**
 * Alerts that a ticket at the server would take over: of its own and of those behind it, but not what another server's
 * ticket holds about that other server.
 */
function isTakeable(server: string, from: Date) {
  return and(
    or(eq(alerts.ownRoot, server), eq(alerts.upstreamRoot, server)),
    gte(alerts.at, from),
    stillCounts,
    sql`(${alerts.ticketId} is null or ${tickets.failure} <> ${rootCauseFailure} or ${alerts.ownRoot} = ${server})`,
  );
}

function asServersTicket({ subject, ...promotion }: Promotion) {
  return {
    ...promotion,
    subject,
    device: subject,
    diagnosis: null,
    upstream: null,
    saidBuilding: null,
    saidRoom: null,
  };
}

async function takeOver(
  db: Db,
  server: string,
  { ticketId, from, state, reason }: Parameters<CountingTx['takeOver']>[1],
): Promise<readonly number[]> {
  const takeable = db
    .select({ id: alerts.id, was: sql<number | null>`${alerts.ticketId}`.as('was') })
    .from(alerts)
    .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
    .where(and(isTakeable(server, from), sql`${alerts.ticketId} is distinct from ${ticketId}`));
  // A promoted ticket has its own alerts already: they stay, and only what comes from elsewhere is added up.
  const result = await db.execute(sql`
    with moved as (
      update ${alerts} as a set ticket_id = ${ticketId}, state = ${state}, reason = ${reason}
      from (${takeable}) as takeable
      where a.id = takeable.id
      returning a.*, takeable.was
    ), ${absorbMoved}
    select distinct was from moved where was is not null order by was`);
  await db
    .update(tickets)
    .set({ countsFrom: sql`least(${tickets.countsFrom}, ${from.toISOString()}::timestamptz)` })
    .where(eq(tickets.id, ticketId));
  return rowsOf(result).map((row) => Number(row.was));
}

/** The two drivers answer plain SQL differently: the rows, or an object that has them. */
function rowsOf(result: unknown): readonly { readonly was: unknown }[] {
  if (Array.isArray(result)) return result;
  const { rows } = result as { rows: readonly { was: unknown }[] };
  return rows;
}
