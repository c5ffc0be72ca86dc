import { describePlace } from '../domain/provenance.ts';
import type { JobRecord, RecipientResult } from '../domain/redistribution.ts';
import type { ClockSpan } from '../domain/server-clock.ts';
import { keyOf } from './key-of.ts';
import { endOf, findOrderDoubt } from './order-of-runs.ts';

/** The newest that the logs say of one job, recipient and package. */
export interface Verdict {
  readonly record: JobRecord;
  readonly recipient: RecipientResult;
  readonly package: string;
  /** When somebody first wanted this: the start of attempt 1. */
  readonly wantedAt: Date;
  /** What did not succeed, in the order of its times; perhaps the newest one too. */
  readonly failures: readonly Failure[];
  /** Why a success may be newer than this failure; `null`: nothing is newer. */
  readonly doubt: string | null;
}

interface Failure {
  readonly record: JobRecord;
  readonly recipient: RecipientResult;
}

/** Returns the verdicts by key, of records in the order of their times. A success counts only if it was surely the last. */
export function newestVerdicts(inOrder: readonly JobRecord[], clock: ClockSpan): Map<string, Verdict> {
  const newest = new Map<string, Verdict & { readonly failures: Failure[] }>();
  for (const record of inOrder) {
    for (const recipient of record.recipients) {
      for (const name of record.packages) {
        const key = keyOf(record.server, record.job, recipient.name, name);
        const before = newest.get(key);
        const failures = before?.failures ?? [];
        if (recipient.result !== 'succeeded') failures.push({ record, recipient });
        const wantedAt = (record.attempt === 1 ? undefined : before?.wantedAt) ?? record.startedAt;
        newest.set(key, { record, recipient, package: name, wantedAt, failures, doubt: null });
      }
    }
  }
  for (const [key, verdict] of newest) {
    const doubtful = findDoubtful(verdict, clock);
    if (doubtful) newest.set(key, { ...verdict, ...doubtful });
  }
  return newest;
}

/** Returns the failure that may be newer than the success which seems to be the newest; `null` if there is none. */
function findDoubtful(
  { record, recipient, failures }: Verdict,
  clock: ClockSpan,
): (Failure & { readonly doubt: string }) | null {
  if (recipient.result !== 'succeeded') return null;
  for (const failure of failures.toReversed()) {
    const why = findOrderDoubt(failure.record, record, clock);
    if (why === null) continue;
    return { ...failure, doubt: `${describeSuccess(record)}, perhaps before it failed: ${why}` };
  }
  return null;
}

export function describeSuccess(record: JobRecord): string {
  return `attempt ${record.attempt} succeeded at ${endOf(record).toISOString()} (${describePlace(record.provenance)})`;
}
