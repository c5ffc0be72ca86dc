import type { JobRecord } from '../domain/redistribution.ts';
import type { ClockSpan } from '../domain/server-clock.ts';

/** Returns when a run ended; of one that has no end, when it started. */
export function endOf(record: Pick<JobRecord, 'startedAt' | 'endedAt'>): Date {
  return record.endedAt ?? record.startedAt;
}

/** By start; records of the same start in an order that does not depend on how they came. */
export function byAge(a: JobRecord, b: JobRecord): number {
  return (
    a.startedAt.getTime() - b.startedAt.getTime() ||
    a.attempt - b.attempt ||
    endOf(a).getTime() - endOf(b).getTime() ||
    compareText(a.provenance.file, b.provenance.file) ||
    a.provenance.offset - b.provenance.offset
  );
}

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Returns why nobody can tell whether `failure`, whose time is the earlier one, was before `success`; `null` if it was. The
 * order of lines in one file is the order in which they were written, whatever a clock said.
 */
export function findOrderDoubt(failure: JobRecord, success: JobRecord, clock: ClockSpan): string | null {
  const order = orderInFile(failure, success);
  if (order > 0) return 'it stands later in the log, although its time is earlier: the clock was set back';
  if (order < 0) return null;
  const laterMs = endOf(success).getTime() - endOf(failure).getTime();
  if ((failure.mayBeLaterMs ?? 0) > 0 && laterMs <= (failure.mayBeLaterMs ?? 0)) {
    return 'both were in an hour that came twice, as clocks were set back';
  }
  return clock.movedMs > 0 && laterMs <= clock.movedMs ? 'the clock was moved meanwhile' : null;
}

/** Negative: `a` was written first; 0: the files do not tell. */
function orderInFile(a: JobRecord, b: JobRecord): number {
  if (a.fromLedger || b.fromLedger || a.provenance.file !== b.provenance.file) return 0;
  return a.provenance.offset - b.provenance.offset;
}
