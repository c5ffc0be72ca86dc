import type { Period } from './redistribution.ts';
import type { SlotPlan } from './slot.ts';

/** A report that is posted by itself (A20). */
export interface ReportPlan extends SlotPlan {
  /** `eu weekly`; names the plan for ever: with its slot, what has been posted already. */
  readonly id: string;
  /** null: all regions. */
  readonly region: string | null;
  readonly channel: string;
  /** As a person types it, such as `last week`. */
  readonly period: string;
}

/** A report that was asked for or is due: what it is about. Its numbers are read when it is shown. */
export interface ReportRecord {
  readonly id: string;
  /** The plan and the time at which it was due; null: a person asked for it. */
  readonly plan: { readonly id: string; readonly slot: Date } | null;
  readonly region: string | null;
  /** With the period in words. */
  readonly period: Period & { readonly text: string };
  readonly timeZone: string;
  readonly channel: string;
  readonly createdAt: Date;
}

export interface StoredReport extends ReportRecord {
  /** The chart's id as a file in Slack; `null` until it was uploaded. */
  readonly chartFile: string | null;
}

/** Something that was counted in the period and in the one before it, which is as long. */
export interface Compared {
  readonly now: number;
  readonly before: number;
}

export interface Tally extends Compared {
  /** null: the alerts do not say. */
  readonly name: string | null;
}

/** How long something took, in ms; null where it did not happen. */
export interface Durations {
  readonly count: number;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
}

export const reportGroups = ['failure', 'server', 'package', 'building', 'device'] as const;
export type ReportGroup = (typeof reportGroups)[number];

/** What the database counts for a report: alerts of devices that were out for maintenance or well are left out. */
export interface ReportCounts {
  readonly alerts: Compared;
  readonly leftOut: Compared;
  /** Of each sort those that failed most often in the period, in this order. */
  readonly groups: Readonly<Record<ReportGroup, readonly Tally[]>>;
  readonly opened: Compared;
  readonly resolved: Compared;
  /** Of the tickets that were opened in the period. */
  readonly acknowledged: { readonly now: Durations; readonly before: Durations };
  readonly repaired: { readonly now: Durations; readonly before: Durations };
}

/** A picture of bars, as data. */
export interface Chart {
  readonly title: string;
  /** Names of the bars that stand side by side. */
  readonly series: readonly string[];
  readonly panels: readonly {
    readonly title: string;
    readonly bars: readonly { readonly label: string; readonly values: readonly number[] }[];
  }[];
}

/** Draws charts as PNG. */
export interface ChartPainter {
  paint(chart: Chart): Promise<Uint8Array>;
}
