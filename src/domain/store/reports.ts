import type { Period } from '../redistribution.ts';
import type { ReportCounts, ReportRecord, StoredReport } from '../report.ts';

/** Reports and what they count (A20). */
export interface ReportTx {
  /** Returns false where it is known already, by its id or by its plan and slot. */
  addReport(report: ReportRecord): Promise<boolean>;
  report(id: string): Promise<StoredReport | null>;
  /** Notes under which id Slack has the report's chart. */
  keepChart(id: string, fileId: string): Promise<void>;
  /** Counts a region's alerts and tickets (null: all regions') in the period and in the one before it. */
  countForReport(region: string | null, period: Period): Promise<ReportCounts>;
}
