import { and, countDistinct, eq, gte, lt, lte, ne, sql } from 'drizzle-orm';
import type { CountingTx } from '../../domain/store/counting.ts';
import { moveIntoTicket } from './absorb-moved.ts';
import { isAnyOf } from './any-of.ts';
import { countsAt } from './counts-at.ts';
import type { Db } from './database.ts';
import { alertScopes, alerts } from './schema/alerts.ts';
import { tickets } from './schema/tickets.ts';

type ScopePart = Pick<
  CountingTx,
  | 'scopeCounts'
  | 'scopeSightings'
  | 'takeOverScope'
  | 'scopesIn'
  | 'ticketSightings'
  | 'releaseBefore'
  | 'releaseAll'
>;

const isTheAlert = and(eq(alerts.mailId, alertScopes.mailId), eq(alerts.ordinal, alertScopes.ordinal));

/** Counting for the rules over more than a device. */
export function scopeQueries(db: Db): ScopePart {
  return { ...readingQueries(db), ...movingQueries(db) };
}

type MovingPart = Pick<ScopePart, 'takeOverScope' | 'releaseBefore' | 'releaseAll'>;

function readingQueries(db: Db): Omit<ScopePart, keyof MovingPart> {
  return {
    async scopeCounts(counters, from, until) {
      if (counters.length === 0) return new Map();
      const { counter, at } = alertScopes;
      const rows = await db
        .select({
          counter,
          alerts: sql<number>`count(*)::int`,
          devices: countDistinct(alerts.deviceName),
        })
        .from(alertScopes)
        .innerJoin(alerts, isTheAlert)
        .where(and(isAnyOf(counter, counters), gte(at, from), lte(at, until)))
        .groupBy(counter);
      return new Map(rows.map((row) => [row.counter, row]));
    },

    async scopeSightings(counters, from, until, level) {
      if (counters.length === 0) return [];
      const { counter, at } = alertScopes;
      const { deviceName: device, inRegion: region, distributionServer, occurrence } = alerts;
      return db
        .select({ counter, at, device, region, distributionServer, occurrence })
        .from(alertScopes)
        .innerJoin(alerts, isTheAlert)
        .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
        .where(
          and(
            isAnyOf(counter, counters),
            gte(at, from),
            until === null ? undefined : lte(at, until),
            countsAt(level),
          ),
        );
    },

    async scopesIn(ticketId, from) {
      const rows = await db
        .select({
          counter: alertScopes.counter,
          ruleId: alertScopes.ruleId,
          from: sql`min(${alertScopes.at})`.mapWith(alertScopes.at),
          until: sql`max(${alertScopes.at})`.mapWith(alertScopes.at),
        })
        .from(alerts)
        .innerJoin(alertScopes, isTheAlert)
        .where(and(eq(alerts.ticketId, ticketId), gte(alerts.at, from)))
        .groupBy(alertScopes.counter, alertScopes.ruleId);
      return rows;
    },

    async ticketSightings(ticketId) {
      const { at, deviceName: device, package: name, job, occurrence } = alerts;
      return db
        .select({ at, device, package: name, job, occurrence })
        .from(alerts)
        .where(eq(alerts.ticketId, ticketId));
    },
  };
}

function movingQueries(db: Db): MovingPart {
  return {
    takeOverScope: ({ ticketId, counter, from, state, reason }, level) => {
      const takeable = db
        .select({ id: alerts.id, was: sql<number | null>`${alerts.ticketId}`.as('was') })
        .from(alertScopes)
        .innerJoin(alerts, isTheAlert)
        .leftJoin(tickets, eq(tickets.id, alerts.ticketId))
        .where(
          and(
            eq(alertScopes.counter, counter),
            gte(alertScopes.at, from),
            countsAt(level),
            sql`${alerts.ticketId} is distinct from ${ticketId}`,
          ),
        );
      return moveIntoTicket(db, sql`${takeable}`, { ticketId, state, reason });
    },

    async releaseBefore(ticketId, from) {
      await db
        .update(alerts)
        .set(released)
        .where(and(eq(alerts.ticketId, ticketId), lt(alerts.at, from)));
    },

    async releaseAll(ticketId) {
      await db
        .update(alerts)
        .set(released)
        .where(and(eq(alerts.ticketId, ticketId), ne(alerts.state, 'voided')));
    },
  };
}

const released = { ticketId: null, state: 'counted', reason: 'explained-otherwise' } as const;
