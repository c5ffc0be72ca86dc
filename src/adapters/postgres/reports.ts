import { eq, type SQL, sql } from 'drizzle-orm';
import type { Period } from '../../domain/redistribution.ts';
import {
  type Compared,
  type Durations,
  type ReportCounts,
  type ReportGroup,
  reportGroups,
  type Tally,
} from '../../domain/report.ts';
import type { ReportTx } from '../../domain/store/reports.ts';
import { rowsOf } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { reportRuns } from './schema/reports.ts';
import { tickets } from './schema/tickets.ts';

/** Of each sort a report names so many. */
const namesOfEach = 10;

export function reportQueries(db: Db): ReportTx {
  return {
    async addReport({ plan, period, ...report }) {
      const { from, until, text } = period;
      const row = {
        ...report,
        from,
        until,
        periodText: text,
        plan: plan?.id ?? null,
        slot: plan?.slot ?? null,
      };
      const added = await db
        .insert(reportRuns)
        .values(row)
        .onConflictDoNothing()
        .returning({ id: reportRuns.id });
      return added.length > 0;
    },

    async report(id) {
      const [row] = await db.select().from(reportRuns).where(eq(reportRuns.id, id));
      if (!row) return null;
      const { plan, slot, from, until, periodText, ...report } = row;
      return {
        ...report,
        period: { from, until, text: periodText },
        plan: plan !== null && slot !== null ? { id: plan, slot } : null,
      };
    },

    async keepChart(id, chartFile) {
      await db.update(reportRuns).set({ chartFile }).where(eq(reportRuns.id, id));
    },

    async countForReport(region, period) {
      return { ...(await countAlerts(db, region, period)), ...(await countTickets(db, region, period)) };
    },
  };
}

/** The period, and the one before it, as SQL takes them. */
function spanOf({ from, until }: Period) {
  const before = new Date(2 * from.getTime() - until.getTime());
  const moment = (at: Date) => sql`${at.toISOString()}::timestamptz`;
  return { before: moment(before), from: moment(from), until: moment(until) };
}

interface GroupRow {
  readonly sort: ReportGroup | 'all';
  readonly name: string | null;
  readonly now: string;
  readonly before: string;
  readonly left_out_now: string;
  readonly left_out_before: string;
}

/** One pass over the alerts of both periods: all groups at once, and of each sort the first names only. */
async function countAlerts(
  db: Db,
  region: string | null,
  period: Period,
): Promise<Pick<ReportCounts, 'alerts' | 'leftOut' | 'groups'>> {
  const { before, from, until } = spanOf(period);
  const columns: Record<ReportGroup, SQL> = {
    failure: sql`failure`,
    server: sql`distribution_server`,
    package: sql`package`,
    building: sql`in_building`,
    device: sql`device_name`,
  };
  const list = (part: (group: ReportGroup) => SQL) => sql.join(reportGroups.map(part), sql` `);
  const result = await db.execute(sql`
    with counted as (
      select
        case ${list((group) => sql`when grouping(${columns[group]}) = 0 then ${group}::text`)} else 'all' end as sort,
        case ${list((group) => sql`when grouping(${columns[group]}) = 0 then ${columns[group]}`)} end as name,
        count(*) filter (where not left_out and is_now) as now,
        count(*) filter (where not left_out and not is_now) as before,
        count(*) filter (where left_out and is_now) as left_out_now,
        count(*) filter (where left_out and not is_now) as left_out_before
      from (
        select failure, distribution_server, package, in_building, device_name,
          at >= ${from} as is_now, state in ('voided', 'suppressed') as left_out
        from ${alerts}
        where at >= ${before} and at < ${until} ${region === null ? sql`` : sql`and in_region = ${region.toLowerCase()}`}
      ) as alert
      group by grouping sets (
        ${sql.join(
          reportGroups.map((group) => sql`(${columns[group]})`),
          sql`, `,
        )}, ())
    ), ranked as (
      select *, row_number() over (partition by sort order by now desc, before desc, name) as place from counted
      where sort = 'all' or now > 0
    )
    select sort, name, now::text, before::text, left_out_now::text, left_out_before::text
    from ranked where place <= ${namesOfEach}::int order by place`);
  const rows = rowsOf<GroupRow>(result);
  const all = rows.find(({ sort }) => sort === 'all');
  const tallies = (group: ReportGroup): readonly Tally[] =>
    rows.filter(({ sort }) => sort === group).map((row) => ({ name: row.name, ...comparedOf(row) }));
  return {
    alerts: comparedOf(all),
    leftOut: { now: Number(all?.left_out_now ?? 0), before: Number(all?.left_out_before ?? 0) },
    groups: {
      failure: tallies('failure'),
      server: tallies('server'),
      package: tallies('package'),
      building: tallies('building'),
      device: tallies('device'),
    },
  };
}

function comparedOf(row: Pick<GroupRow, 'now' | 'before'> | undefined): Compared {
  return { now: Number(row?.now ?? 0), before: Number(row?.before ?? 0) };
}

interface TicketRow {
  readonly is_now: boolean;
  readonly opened: string;
  readonly resolved: string;
  readonly acknowledged: string;
  readonly acknowledge_median: number | null;
  readonly acknowledge_p90: number | null;
  readonly repaired: string;
  readonly repair_median: number | null;
  readonly repair_p90: number | null;
}

/** A database in the locale C knows the case of ASCII letters alone. */
function isRegion(region: string): SQL {
  return sql`where region in (${region}, ${region.toLowerCase()}) or lower(region) = ${region.toLowerCase()}`;
}

/**
 * Times are those of the tickets that were opened in a period, whenever they were acknowledged or repaired. What became
 * part of a server's ticket is one with that.
 */
async function countTickets(
  db: Db,
  region: string | null,
  period: Period,
): Promise<Pick<ReportCounts, 'opened' | 'resolved' | 'acknowledged' | 'repaired'>> {
  const { before, from, until } = spanOf(period);
  const isIn = (column: SQL) => sql`(${column} >= ${before} and ${column} < ${until})`;
  const took = (part: SQL, column: SQL) => sql`percentile_cont(${part}) within group (
    order by extract(epoch from ${column} - opened_at)::float8) filter (where opened and ${column} >= opened_at)`;
  const [half, most] = [sql`0.5`, sql`0.9`];
  const [acknowledgedAt, repairedAt] = [sql`acknowledged_at`, sql`repaired_at`];
  const result = await db.execute(sql`
    select is_now, count(*) filter (where opened)::text as opened, count(*) filter (where not opened)::text as resolved,
      count(*) filter (where opened and acknowledged_at >= opened_at)::text as acknowledged,
      ${took(half, acknowledgedAt)} as acknowledge_median, ${took(most, acknowledgedAt)} as acknowledge_p90,
      count(*) filter (where opened and repaired_at >= opened_at)::text as repaired,
      ${took(half, repairedAt)} as repair_median, ${took(most, repairedAt)} as repair_p90
    from (
      select true as opened, opened_at >= ${from} as is_now, opened_at, acknowledged_at, repaired_at, region
      from ${tickets} where ${isIn(sql`opened_at`)} and state <> 'joined'
      union all
      select false, resolved_at >= ${from}, opened_at, acknowledged_at, repaired_at, region
      from ${tickets} where ${isIn(sql`resolved_at`)}
    ) as ticket
    ${region === null ? sql`` : isRegion(region)}
    group by is_now`);
  const rows = rowsOf<TicketRow>(result);
  const now = rows.find((row) => row.is_now);
  const earlier = rows.find((row) => !row.is_now);
  return {
    opened: { now: Number(now?.opened ?? 0), before: Number(earlier?.opened ?? 0) },
    resolved: { now: Number(now?.resolved ?? 0), before: Number(earlier?.resolved ?? 0) },
    acknowledged: { now: acknowledgedOf(now), before: acknowledgedOf(earlier) },
    repaired: { now: repairedOf(now), before: repairedOf(earlier) },
  };
}

function acknowledgedOf(row: TicketRow | undefined): Durations {
  return durationsOf(row?.acknowledged, row?.acknowledge_median, row?.acknowledge_p90);
}

function repairedOf(row: TicketRow | undefined): Durations {
  return durationsOf(row?.repaired, row?.repair_median, row?.repair_p90);
}

function durationsOf(
  count: string | undefined,
  medianSeconds: number | null | undefined,
  p90Seconds: number | null | undefined,
): Durations {
  const toMs = (seconds: number | null | undefined) => (typeof seconds === 'number' ? seconds * 1000 : null);
  return { count: Number(count ?? 0), medianMs: toMs(medianSeconds), p90Ms: toMs(p90Seconds) };
}
