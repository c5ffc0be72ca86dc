import type { ChatMessage } from '../../domain/chat.ts';
import { ChatError } from '../../domain/chat.ts';
import {
  reportGroups,
  type ReportCounts,
  type ReportRecord,
  type StoredReport,
} from '../../domain/report.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import { type ReportChart, type ReportView, renderReport } from '../../messages/report.ts';
import { showDuration } from '../../messages/wording.ts';
import { describeReport } from '../../report/describe-report.ts';
import { describeChart, planChart } from '../../report/plan-chart.ts';
import { describeChange, groupTitles, nameOf } from '../../report/wording.ts';
import type { Deps } from '../deps.ts';

/** How often a report is tried with its chart; then it is posted without it. */
const triesWithChart = 2;

interface CountedReport {
  readonly record: StoredReport;
  readonly counts: ReportCounts;
}

/** Returns a report's message with its chart, which is uploaded before; `null` if the report is gone. */
export async function renderReportMessage(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  const report = await deps.store.snapshot(async (tx): Promise<CountedReport | null> => {
    const record = await tx.report(delivery.subjectId);
    return record && { record, counts: await tx.countForReport(record.region, record.period) };
  });
  if (!report) return null;
  return renderReport(viewReport(report.record, report.counts), await shareChart(deps, report, delivery));
}

/** Returns what the messages about a report show. */
export function viewReport(
  record: Pick<ReportRecord, 'region' | 'period'>,
  counts: ReportCounts,
): ReportView {
  const title = titleOf(record);
  return {
    title,
    period: record.period.text,
    inWords: describeReport(`${title}, ${record.period.text}`, counts, showDuration),
    counts,
    parts: reportGroups.map((group) => ({ title: groupTitles[group], rows: counts.groups[group] })),
    nameOf,
    changeOf: describeChange,
  };
}

/** Uploads a report's chart, once. @throws ChatError where it is worth waiting for Slack. */
async function shareChart(
  deps: Deps,
  { record, counts }: CountedReport,
  { attempts, ts }: Delivery,
): Promise<ReportChart> {
  const chart = planChart(`${titleOf(record)}, ${record.period.text}`, counts);
  if (!chart) return null;
  if (attempts >= triesWithChart && ts === null) return { missing: 'Slack did not take the picture.' };
  const altText = describeChart(chart);
  if (record.chartFile !== null) return { fileId: record.chartFile, altText };
  try {
    const bytes = await deps.charts.paint(chart);
    const fileId = await deps.chat.uploadUnshared({ name: 'report.png', title: chart.title, bytes, altText });
    await deps.store.transaction((tx) => tx.keepChart(record.id, fileId));
    return { fileId, altText };
  } catch (error) {
    if (await isWorthWaiting(deps, error)) throw error;
    deps.log.warn({ report: record.id, error: String(error) }, 'report is posted without its chart');
    return { missing: 'it could not be drawn or uploaded; the log says why.' };
  }
}

/** A picture that Slack refuses, or whose host is out of reach while Slack answers, holds up no report. */
async function isWorthWaiting(deps: Deps, error: unknown): Promise<boolean> {
  if (!(error instanceof ChatError) || error.failure === 'refused') return false;
  return error.failure !== 'not-sent' || (await deps.chat.ask()) !== null;
}

function titleOf({ region }: Pick<ReportRecord, 'region'>): string {
  return `Failures in ${region ?? 'all regions'}`;
}
