import type { ReportCounts } from '../../src/domain/report.ts';

const tally = (name: string | null, now: number, before: number) => ({ name, now, before });
const never = { count: 0, medianMs: null, p90Ms: null };

/** A week with something of everything. */
export const counts: ReportCounts = {
  alerts: { now: 120, before: 80 },
  leftOut: { now: 7, before: 0 },
  groups: {
    failure: [tally('connection', 70, 40), tally('package', 30, 40), tally('access', 20, 0)],
    server: [tally('int-38', 90, 60), tally('int-12', 25, 20), tally(null, 5, 0)],
    package: [tally('geo-db', 100, 70), tally('voice-prompts-jp_2026.11.20-1_all.deb', 20, 10)],
    building: [tally('b3', 60, 80), tally('Köln', 60, 0)],
    device: [tally('client-60', 12, 1), tally('client-61', 9, 9)],
  },
  opened: { now: 12, before: 9 },
  resolved: { now: 11, before: 9 },
  acknowledged: {
    now: { count: 12, medianMs: 240_000, p90Ms: 1_200_000 },
    before: { count: 9, medianMs: 300_000, p90Ms: 1_500_000 },
  },
  repaired: { now: { count: 10, medianMs: 7_200_000, p90Ms: 30_000_000 }, before: never },
};

export const noCounts: ReportCounts = {
  alerts: { now: 0, before: 3 },
  leftOut: { now: 0, before: 0 },
  groups: { failure: [], server: [], package: [], building: [], device: [] },
  opened: { now: 0, before: 1 },
  resolved: { now: 0, before: 1 },
  acknowledged: { now: never, before: never },
  repaired: { now: never, before: never },
};
