import type { ChatFile, ChatMessage, SlashCommand } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import { reportGroups, type ReportCounts, type ReportRecord } from '../../domain/report.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderNotice } from '../../messages/notice.ts';
import { renderReport } from '../../messages/report.ts';
import { showDuration } from '../../messages/wording.ts';
import { parsePeriod } from '../../redistribution/period.ts';
import { describeReport } from '../../report/describe-report.ts';
import { isEmptyReport } from '../../report/is-empty.ts';
import { describeChart, planChart } from '../../report/plan-chart.ts';
import { readReportRequest } from '../../report/read-request.ts';
import { describeChange, groupTitles, nameOf } from '../../report/wording.ts';
import type { Deps } from '../deps.ts';

export const reportUsage =
  '`/restage report [REGION] [PERIOD]` posts what failed, with a chart, compared with the period before: `/restage report eu last week`.';

/** Posts a report where it was asked for (A20). */
export async function requestReport(
  deps: Deps,
  command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  const regions = deps.policies.routing.regions.map(({ name }) => name);
  const request = readReportRequest(words, regions);
  const timeZone = await deps.chat.timeZoneOf(command.person).catch(() => deps.policies.timeZone);
  const now = deps.clock.now();
  try {
    const period = parsePeriod(request.period, now, timeZone);
    const { region } = request;
    const record = { id: deps.newId(), plan: null, region, period, timeZone, channel: command.channel };
    await deps.store.transaction(async (tx) => {
      if (!(await tx.firstSight(command.deliveryKey, now))) return;
      await postReport(deps, tx, { ...record, createdAt: now });
    });
    return renderNotice(
      `The report on ${aboutOf(record)} is on its way to this channel. If it does not come, invite me here and ask again.`,
    );
  } catch (error) {
    if (!(error instanceof RestageError) || error.code !== 'period-invalid') throw error;
    const known =
      regions.length === 0
        ? 'The config names no regions (routing.regions): the report is about all.'
        : `Regions: ${regions.join(', ')}.`;
    return renderNotice(`${error.message} For reports also: last month.\n${known}`);
  }
}

/**
 * Posts the message, and the chart in its thread. Returns false, and posts nothing, if the plan has posted for that slot
 * already or has nothing to say; a person who asks is told zeros too.
 */
export async function postReport(deps: Deps, tx: Tx, record: ReportRecord): Promise<boolean> {
  if (!(await tx.addReport(record))) return false;
  if (record.plan && isEmptyReport(await tx.countForReport(record.region, record.period))) return false;
  const parentId = deps.newId();
  const { id: subjectId, channel } = record;
  const now = deps.clock.now();
  await tx.wantDelivery(
    { id: parentId, kind: 'report', subjectId, channel, parentId: null, body: null },
    now,
  );
  const chart = { id: deps.newId(), kind: 'chart', subjectId, channel, parentId, body: null } as const;
  await tx.wantDelivery(chart, now);
  await tx.enqueue({ queue: 'deliver', channel });
  return true;
}

interface CountedReport {
  readonly record: ReportRecord;
  readonly counts: ReportCounts;
}

async function countReport(deps: Deps, id: string): Promise<CountedReport | null> {
  return deps.store.snapshot(async (tx) => {
    const record = await tx.report(id);
    return record && { record, counts: await tx.countForReport(record.region, record.period) };
  });
}

/** A report's message; null when it is not known any more. */
export async function renderReportMessage(deps: Deps, id: string): Promise<ChatMessage | null> {
  const report = await countReport(deps, id);
  if (!report) return null;
  const { record, counts } = report;
  const title = titleOf(record);
  return renderReport({
    title,
    period: record.period.text,
    inWords: describeReport(`${title}, ${record.period.text}`, counts, showDuration),
    counts,
    tables: reportGroups.map((group) => ({ title: groupTitles[group], rows: counts.groups[group] })),
    nameOf,
    changeOf: describeChange,
  });
}

/** A report's chart; null when there is nothing to draw. */
export async function drawReportChart(deps: Deps, id: string): Promise<ChatFile | null> {
  const report = await countReport(deps, id);
  const chart = report && planChart(`${titleOf(report.record)}, ${report.record.period.text}`, report.counts);
  if (!chart) return null;
  const bytes = await deps.charts.paint(chart);
  return { name: 'report.png', title: chart.title, bytes, altText: describeChart(chart) };
}

function titleOf(record: Pick<ReportRecord, 'region'>): string {
  return `Failures in ${record.region ?? 'all regions'}`;
}

function aboutOf({ region }: Pick<ReportRecord, 'region'>): string {
  return `failures in ${region ?? 'all regions'}`;
}
