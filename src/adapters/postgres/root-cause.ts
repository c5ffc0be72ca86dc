import { and, asc, countDistinct, eq, gte, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm';
import type { Level } from '../../domain/level.ts';
import { type Crowd, rootCauseFailure, rootCounterOf } from '../../domain/root-cause.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { CountingTx, NamedSighting, Promotion } from '../../domain/store/counting.ts';
import { moveIntoTicket } from './absorb-moved.ts';
import { countsAt, isOfLevel } from './counts-at.ts';
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
    crowdsBehind: (crowds, from, until) => countCrowds(db, crowds, from, until),

    sightingsBehind: (crowds, from, until, limit) => readCrowds(db, crowds, { from, until, limit }),

    async ticketsUnder(crowd, from) {
      const { id, state, subject, channel, postAt, combinedInto, firstAt, alertCount } = tickets;
      const explained = sql<number>`count(*)::int`;
      return db
        .select({ id, state, subject, channel, postAt, combinedInto, firstAt, alertCount, explained })
        .from(alerts)
        .innerJoin(tickets, eq(tickets.id, alerts.ticketId))
        .where(and(isTakeable(crowd, from), ne(tickets.failure, rootCauseFailure)))
        .groupBy(id)
        .orderBy(asc(id));
    },

    async canTakeOver(crowd, from) {
      const found = await db
        .select({ id: alerts.id })
        .from(alerts)
        .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
        .where(isTakeable(crowd, from))
        .limit(1);
      return found.length > 0;
    },
  };
}

function levelOf({ name }: Crowd): Level {
  return name === null ? 'root' : 'root-of-package';
}

const named = sql<string>`coalesce(${alerts.package}, ${alerts.job})`;

async function countCrowds(
  db: Db,
  crowds: readonly Crowd[],
  from: Date,
  until: Date,
): Promise<ReadonlyMap<string, number>> {
  const [first] = crowds;
  if (!first) return new Map();
  const name = first.name === null ? sql<null>`null::text` : sql<string>`lower(${named})`;
  const rows = await db
    .select({
      server: alerts.upstreamRoot,
      failure: alerts.failure,
      name: name.as('name'),
      devices: countDistinct(alerts.deviceName),
    })
    .from(alerts)
    .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
    .where(
      and(
        inArray(alerts.upstreamRoot, [...new Set(crowds.map(({ server }) => server))]),
        isWithin(from, until),
        countsAt(levelOf(first)),
      ),
    )
    .groupBy(alerts.upstreamRoot, alerts.failure, sql`3`);
  return new Map(rows.map((row) => [rootCounterOf({ ...row, server: row.server ?? '' }), row.devices]));
}

async function readCrowds(
  db: Db,
  crowds: readonly Crowd[],
  { from, until, limit }: { readonly from: Date; readonly until: Date; readonly limit: number },
): Promise<ReadonlyMap<string, readonly NamedSighting[]>> {
  const [first] = crowds;
  if (!first) return new Map();
  const name = first.name === null ? sql<null>`null::text` : sql<string>`lower(${named})`;
  const { upstreamRoot, failure, at, deviceName, job } = alerts;
  const ranked = db
    .select({
      ...{ server: upstreamRoot, failure, at, device: deviceName, package: alerts.package, job },
      name: name.as('name'),
      place:
        sql<number>`row_number() over (partition by ${upstreamRoot}, ${failure}, ${name} order by ${at})`.as(
          'place',
        ),
    })
    .from(alerts)
    .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
    .where(
      and(
        inArray(upstreamRoot, [...new Set(crowds.map(({ server }) => server))]),
        inArray(failure, [...new Set(crowds.map((crowd) => crowd.failure))]),
        isWithin(from, until),
        countsAt(levelOf(first)),
      ),
    )
    .as('ranked');
  const rows = await db.select().from(ranked).where(sql`${ranked.place} <= ${limit}`).orderBy(asc(ranked.at));
  return groupBy(rows, (row) => rootCounterOf({ ...row, server: row.server ?? '' }));
}

function isSoNamed({ failure, name }: Pick<Crowd, 'failure' | 'name'>) {
  const isNamed = name === null ? undefined : sql`lower(${named}) = lower(${name})`;
  return and(eq(alerts.failure, failure), isNamed);
}

/** What becomes of the tickets behind a server that is the cause. */
function blameQueries(db: Db): BlamePart {
  return {
    async promoteTicket(id, promotion) {
      await db.update(tickets).set(asServersTicket(promotion)).where(eq(tickets.id, id));
    },

    takeOver: (crowd, claim) => takeOver(db, crowd, claim),

    async sharesOf(ticketIds) {
      if (ticketIds.length === 0) return [];
      const { id, counter, state, countsFrom } = tickets;
      return db
        .select({
          id,
          counter,
          state,
          countsFrom,
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
 * Alerts that a ticket at the server would take over: of its own and of those behind it, but not what a stronger
 * explanation holds, nor what another server's ticket holds about that other server.
 */
function isTakeable(crowd: Crowd, from: Date) {
  const { server } = crowd;
  const level = levelOf(crowd);
  return and(
    or(eq(alerts.ownRoot, server), eq(alerts.upstreamRoot, server)),
    isSoNamed(crowd),
    gte(alerts.at, from),
    countsAt(level),
    sql`(${alerts.ticketId} is null or ${isOfLevel(level)} is not true or ${alerts.ownRoot} = ${server})`,
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
  crowd: Crowd,
  { ticketId, from, state, reason }: Parameters<CountingTx['takeOver']>[1],
): Promise<readonly number[]> {
  const takeable = db
    .select({ id: alerts.id, was: sql<number | null>`${alerts.ticketId}`.as('was') })
    .from(alerts)
    .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
    .where(and(isTakeable(crowd, from), sql`${alerts.ticketId} is distinct from ${ticketId}`));
  // A promoted ticket has its own alerts already: they stay, and only what comes from elsewhere is added up.
  const taken = await moveIntoTicket(db, takeable, { ticketId, state, reason });
  await db
    .update(tickets)
    .set({ countsFrom: sql`least(${tickets.countsFrom}, ${from.toISOString()}::timestamptz)` })
    .where(eq(tickets.id, ticketId));
  return taken;
}
