import { isDeepStrictEqual } from 'node:util';
import { and, asc, eq, gte, inArray, min, ne, notInArray, or, sql } from 'drizzle-orm';
import { groupBy } from '../../domain/group-by.ts';
import type { SymptomTx } from '../../domain/store/symptoms.ts';
import { type SeenSymptom, symptomKey } from '../../domain/symptom.ts';
import { isAnyOf } from './any-of.ts';
import { bulkInsert, rowsOf } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { recoveries } from './schema/recoveries.ts';
import { ticketSymptoms, tickets } from './schema/tickets.ts';

const isShown = inArray(tickets.state, ['open', 'acknowledged', 'repaired']);

export function symptomQueries(db: Db): SymptomTx {
  return {
    ...repeatQueries(db),
    symptomsOf: (ticketIds) => readSymptoms(db, ticketIds),

    failuresAt: (devices, since) => readFailures(db, devices, since),

    async shownTicketsWith(names) {
      if (names.length === 0) return [];
      const { ticketId, deviceName, recipient } = alerts;
      const rows = await db
        .selectDistinct({ id: tickets.id })
        .from(tickets)
        .innerJoin(alerts, eq(ticketId, tickets.id))
        .where(and(isShown, or(isAnyOf(deviceName, names), isAnyOf(recipient, names))))
        .orderBy(asc(tickets.id));
      return rows.map((row) => row.id);
    },

    async saveSymptoms(ticketId, symptoms) {
      const saved = await db.select().from(ticketSymptoms).where(eq(ticketSymptoms.ticketId, ticketId));
      const before = new Map(saved.map((row) => [row.key, row]));
      const rows = symptoms.map(({ evidence, ...symptom }) => ({
        ...symptom,
        key: symptomKey(symptom),
        evidence: evidence?.kind ?? null,
        evidenceAt: evidence?.at ?? null,
        evidenceOrigin: evidence?.origin ?? null,
      }));
      const isSaved = rows.every((row) =>
        isDeepStrictEqual({ ...before.get(row.key), ...row }, before.get(row.key)),
      );
      if (isSaved && rows.length === saved.length) return false;
      const isGone = notInArray(
        ticketSymptoms.key,
        rows.map(({ key }) => key),
      );
      await db
        .delete(ticketSymptoms)
        .where(and(eq(ticketSymptoms.ticketId, ticketId), rows.length > 0 ? isGone : undefined));
      if (rows.length > 0)
        await db.execute(sql`${bulkInsert(db, ticketSymptoms, rows)}
          on conflict (ticket_id, key) do update set
            first_at = excluded.first_at, last_at = excluded.last_at, longest_gap_ms = excluded.longest_gap_ms,
            occurrences = excluded.occurrences, state = excluded.state, evidence = excluded.evidence,
            evidence_at = excluded.evidence_at, evidence_origin = excluded.evidence_origin`);
      return rows.some(({ key, state }) => (before.get(key)?.state ?? 'failing') !== state);
    },
  };
}

type RepeatPart = Pick<
  SymptomTx,
  'firstSeen' | 'resolvedTicketsWith' | 'refreshOccurrences' | 'silentBefore'
>;

/** What is said again. */
function repeatQueries(db: Db): RepeatPart {
  return {
    async firstSeen(occurrences) {
      if (occurrences.length === 0) return new Map();
      const { occurrence, at } = alerts;
      const rows = await db
        .select({ occurrence, first: min(at) })
        .from(alerts)
        .where(isAnyOf(occurrence, occurrences))
        .groupBy(occurrence);
      return new Map(
        rows.flatMap((row) => (row.occurrence && row.first ? [[row.occurrence, row.first]] : [])),
      );
    },

    async resolvedTicketsWith(occurrences) {
      if (occurrences.length === 0) return [];
      const { id: ticketId, counter, resolvedAt } = tickets;
      const rows = await db
        .selectDistinct({ occurrence: alerts.occurrence, ticketId, counter, resolvedAt })
        .from(alerts)
        .innerJoin(tickets, eq(ticketId, alerts.ticketId))
        .where(and(isAnyOf(alerts.occurrence, occurrences), eq(tickets.state, 'resolved')))
        .orderBy(asc(ticketId));
      return rows.flatMap(({ occurrence, resolvedAt: at, ...row }) =>
        occurrence !== null && at !== null ? [{ ...row, occurrence, resolvedAt: at }] : [],
      );
    },

    silentBefore: (come, quietMs) => silentBefore(db, come, quietMs),

    async refreshOccurrences(seen) {
      if (seen.size === 0) return new Set();
      const rows = [...seen].map(([occurrence, at]) => ({ occurrence, at }));
      const refreshed = await db.execute(sql`
        with said as (select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
            as s(occurrence text, at timestamptz)),
          refreshed as (
            update ${alerts} as a set seen_at = said.at from said
            where a.occurrence = said.occurrence and coalesce(a.seen_at, a.at) < said.at
              and not exists (select from ${recoveries} as r
                where r.device = a.device_name and r.series = a.series and r.at > a.at)
            returning a.occurrence, a.ticket_id, said.at),
          later as (
            update ${tickets} as t set last_at = greatest(t.last_at, s.at)
            from (select ticket_id, max(at) as at from refreshed group by ticket_id) as s
            where t.id = s.ticket_id)
        select distinct occurrence from refreshed`);
      return new Set(rowsOf<{ readonly occurrence: string }>(refreshed).map((row) => row.occurrence));
    },
  };
}

async function silentBefore(
  db: Db,
  come: Parameters<SymptomTx['silentBefore']>[0],
  quietMs: number,
): Promise<ReadonlyMap<number, number>> {
  if (come.length === 0) return new Map();
  const keys = come.map(({ ticketId, mailId, ordinal }) => ({ ticket: ticketId, mail: mailId, ordinal }));
  const result = await db.execute(sql`
        select new.ticket_id::text as ticket, max(extract(epoch from new.at - before.at) * 1000)::float8 as silent
        from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k(ticket bigint, mail bigint, ordinal int)
        join ${alerts} as new on new.mail_id = k.mail and new.ordinal = k.ordinal and new.ticket_id = k.ticket
        join lateral (
          select max(greatest(old.at, old.seen_at)) as at from ${alerts} as old
          where old.device_name = new.device_name and old.failure = new.failure and old.ticket_id = new.ticket_id
            and old.at < new.at
            and (old.recipient, old.package, old.job, old.service, old.series)
              is not distinct from (new.recipient, new.package, new.job, new.service, new.series)
        ) as before on before.at <= new.at - ${quietMs}::float8 * interval '1 millisecond'
        group by 1`);
  const rows = rowsOf<{ readonly ticket: string; readonly silent: number }>(result);
  return new Map(rows.map(({ ticket, silent }) => [Number(ticket), silent]));
}

type SymptomRow = Omit<SeenSymptom, 'ticketId' | 'firstAt' | 'lastAt'> & {
  readonly ticketId: string;
  readonly firstAt: string;
  readonly lastAt: string;
};

/** Derived from the alerts, so that it depends on them alone. */
async function readSymptoms(db: Db, ticketIds: readonly number[]) {
  if (ticketIds.length === 0) return new Map<number, readonly SeenSymptom[]>();
  const named = sql`ticket_id, device_name, recipient, failure, package, job, service, series`;
  const result = await db.execute(sql`
    select ticket_id::text as "ticketId", device_name as device, recipient, failure, package, job, service, series,
      to_json(min(at))#>>'{}' as "firstAt", to_json(max(greatest(at, seen_at)))#>>'{}' as "lastAt",
      coalesce(max(extract(epoch from gap)) * 1000, 0)::float8 as "longestGapMs",
      count(distinct coalesce(occurrence, id::text))::int as occurrences
    from (
      select *, at - lag(at) over (partition by ${named} order by at) as gap
      from ${alerts}
      where ${inArray(alerts.ticketId, [...ticketIds])} and state <> 'voided'
    ) as told
    group by ${named}
    order by min(at), device_name, failure, package, job, service, series, recipient`);
  const rows = rowsOf<SymptomRow>(result).map((row) => ({
    ...row,
    ticketId: Number(row.ticketId),
    firstAt: new Date(row.firstAt),
    lastAt: new Date(row.lastAt),
  }));
  return new Map(
    [...groupBy(rows, ({ ticketId }) => ticketId)].map(([id, list]) => [id, joinSpellings(list)] as const),
  );
}

async function readFailures(db: Db, devices: readonly string[], since: Date) {
  const { deviceName, recipient, failure, job, service, series, state } = alerts;
  const at = sql<string>`to_json(date_trunc('second', ${alerts.at}))#>>'{}'`;
  const rows = await db
    .selectDistinct({
      device: deviceName,
      recipient,
      failure,
      package: alerts.package,
      job,
      service,
      series,
      at,
    })
    .from(alerts)
    .where(and(isAnyOf(deviceName, devices), gte(alerts.at, since), ne(state, 'voided')));
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}

/** Names that differ in their capitals alone are the same symptom. */
function joinSpellings(list: readonly SeenSymptom[]): readonly SeenSymptom[] {
  return [...groupBy(list, symptomKey).values()].flatMap((same) => {
    const [first] = same;
    if (!first || same.length === 1) return same;
    return {
      ...first,
      firstAt: new Date(Math.min(...same.map(({ firstAt }) => firstAt.getTime()))),
      lastAt: new Date(Math.max(...same.map(({ lastAt }) => lastAt.getTime()))),
      longestGapMs: Math.max(...same.map(({ longestGapMs }) => longestGapMs)),
      occurrences: same.reduce((sum, one) => sum + one.occurrences, 0),
    };
  });
}
