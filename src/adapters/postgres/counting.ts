import { and, asc, eq, gte, inArray, lte, sql } from 'drizzle-orm';
import { groupBy } from '../../domain/group-by.ts';
import type { Claim, CountingTx } from '../../domain/store/counting.ts';
import type { Sighting } from '../../domain/sighting.ts';
import { liveTicketStates } from '../../domain/ticket.ts';
import { absorbInto } from './absorb.ts';
import { absorbMoved } from './absorb-moved.ts';
import { isAnyOf } from './any-of.ts';
import type { Db } from './database.ts';
import { wantedOnceMore } from './wanted-once-more.ts';
import { alerts } from './schema/alerts.ts';
import { deliveries } from './schema/deliveries.ts';
import { tickets } from './schema/tickets.ts';

type CountingPart = Pick<
  CountingTx,
  | 'countedSightings'
  | 'earliestSightings'
  | 'createCandidates'
  | 'claimCounted'
  | 'absorbAll'
  | 'serversWithTickets'
  | 'touchMessages'
>;

/** Counting for the rules; what concerns servers as root causes is in `rootCauseQueries`. */
export function countingQueries(db: Db): CountingPart {
  return {
    countedSightings: (counters, from, until) => readCounted(db, counters, from, until),

    earliestSightings: (ticketIds, limit) => readEarliest(db, ticketIds, limit),

    async createCandidates(candidates) {
      if (candidates.length === 0) return [];
      const rows = candidates.map(({ at, ...ticket }) => ({
        ...ticket,
        state: 'candidate' as const,
        reason: 'threshold-met',
        alertCount: 0,
        firstAt: at,
        lastAt: at,
      }));
      const added = await db
        .insert(tickets)
        .values(rows)
        .returning({ id: tickets.id, counter: tickets.counter });
      const ids = new Map(added.map((row) => [row.counter, row.id]));
      return candidates.map(({ counter }) => ids.get(counter) ?? 0);
    },

    claimCounted: (claims) => claimCounted(db, claims),

    absorbAll: (groups) => absorbInto(db, groups),

    async serversWithTickets(servers) {
      if (servers.length === 0) return new Set();
      const rows = await db
        .selectDistinct({ upstream: tickets.upstream })
        .from(tickets)
        .where(and(inArray(tickets.upstream, [...servers]), inArray(tickets.state, [...liveTicketStates])));
      return new Set(rows.flatMap((row) => row.upstream ?? []));
    },

    async touchMessages(ticketIds, now) {
      if (ticketIds.length === 0) return new Set();
      const touched = await db
        .update(deliveries)
        .set(wantedOnceMore(now))
        .where(
          and(eq(deliveries.kind, 'ticket'), inArray(deliveries.subjectId, messageOwners(db, ticketIds))),
        )
        .returning({ subjectId: deliveries.subjectId });
      return new Set(touched.map((row) => Number(row.subjectId)));
    },
  };
}

/** A ticket that is combined into another one is told in that one's message. */
function messageOwners(db: Db, ticketIds: readonly number[]) {
  return db
    .select({ id: sql<string>`coalesce(${tickets.combinedInto}, ${tickets.id})::text` })
    .from(tickets)
    .where(inArray(tickets.id, [...ticketIds]));
}

async function readCounted(db: Db, counters: readonly string[], from: Date, until: Date) {
  if (counters.length === 0) return new Map<string, Sighting[]>();
  const { counter, at, deviceName, occurrence, state } = alerts;
  const rows = await db
    .select({ counter, at, device: deviceName, occurrence })
    .from(alerts)
    .where(and(isAnyOf(counter, counters), eq(state, 'counted'), gte(at, from), lte(at, until)));
  return groupBy(rows, (row) => row.counter);
}

async function readEarliest(db: Db, ticketIds: readonly number[], limit: number) {
  if (ticketIds.length === 0) return new Map<number, Sighting[]>();
  const { ticketId, at, deviceName, occurrence } = alerts;
  const earliest = db
    .select({ at: at, device: deviceName, occurrence })
    .from(alerts)
    .where(eq(ticketId, tickets.id))
    .orderBy(asc(at))
    .limit(limit)
    .as('earliest');
  const rows = await db
    .select({ id: tickets.id, at: earliest.at, device: earliest.device, occurrence: earliest.occurrence })
    .from(tickets)
    .innerJoinLateral(earliest, sql`true`)
    .where(inArray(tickets.id, [...ticketIds]));
  return groupBy(rows, (row) => row.id);
}

async function claimCounted(db: Db, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  const list = sql`jsonb_to_recordset(${JSON.stringify(claims)}::jsonb)
    as claim("ticketId" bigint, counter text, "from" timestamptz, state text, reason text)`;
  // The counters are looked up by their index only where they are a list of their own.
  const isClaimed = isAnyOf(
    alerts.counter,
    claims.map(({ counter }) => counter),
  );
  await db.execute(sql`
    with moved as (
      update ${alerts} set ticket_id = claim."ticketId", state = claim.state, reason = claim.reason
      from ${list}
      where ${isClaimed} and ${alerts.counter} = claim.counter and ${alerts.state} = 'counted'
        and ${alerts.at} >= claim."from"
      returning ${alerts}.*
    ), ${absorbMoved}
    select 1`);
  await db.execute(sql`
    update ${tickets} as t set counts_from = least(t.counts_from, claim."from")
    from ${list}
    where t.id = claim."ticketId"`);
}
