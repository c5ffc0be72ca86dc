import { reportGroups, type ReportCounts } from '../domain/report.ts';

/** Returns true if nothing was counted, neither in the period nor in the one before it (A20). */
export function isEmptyReport({ alerts, leftOut, opened, resolved, groups }: ReportCounts): boolean {
  const tallies = reportGroups.flatMap((group) => groups[group]);
  return [alerts, leftOut, opened, resolved, ...tallies].every(
    ({ now, before }) => now === 0 && before === 0,
  );
}
