import type { Period } from '../redistribution.ts';
import type { ReportCounts, ReportRecord } from '../report.ts';

/** Reports and what they count (A20). */
export interface ReportTx {
  /** False where its plan has one for that slot already. */
  addReport(report: ReportRecord): Promise<boolean>;
  report(id: string): Promise<ReportRecord | null>;
  /** Counts a region's alerts and tickets (null: all regions') in the period and in the one before it. */
  countForReport(region: string | null, period: Period): Promise<ReportCounts>;
}
