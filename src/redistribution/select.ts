import type { FailedJob, JobRecord, Period, RecipientResult } from '../domain/redistribution.ts';

/** The cause of a failure that the log does not explain. */
export const noResult = 'no result recorded';

export interface Selection {
  /** What failed in the period and nothing cleared since, oldest first. */
  readonly failed: readonly FailedJob[];
  /** Failures that were known, and why they are none any more. */
  readonly superseded: readonly { readonly failure: FailedJob; readonly reason: string }[];
  /** What there is to repeat: each record that decides, with its recipients that failed. */
  readonly reruns: readonly { readonly record: JobRecord; readonly recipients: readonly string[] }[];
  /** Failures (also in `failed`) for which no command can be rebuilt, and why. */
  readonly withoutRecord: readonly { readonly failure: FailedJob; readonly reason: string }[];
}

interface Verdict {
  readonly record: JobRecord;
  readonly recipient: RecipientResult;
  readonly package: string;
}

/**
 * The failed jobs of a period (B1, B6): what alerts told, checked against the logs. For each (server, job, recipient,
 * package) the newest record decides: a later success clears, no result counts as a failure. An alert that is newer than
 * any record stays as it is. Records from after the period should be given too, so that they can clear.
 */
export function selectFailedJobs(
  records: readonly JobRecord[],
  known: readonly FailedJob[],
  period: Period,
): Selection {
  const verdicts = newestVerdicts(records);
  const alerts = newestAlerts(known);
  const failed: FailedJob[] = [];
  const superseded: { failure: FailedJob; reason: string }[] = [];
  const withoutRecord: { failure: FailedJob; reason: string }[] = [];
  for (const [key, failure] of alerts) {
    const verdict = verdicts.get(key);
    if (verdict && isSettledBy(failure, verdict)) {
      if (verdict.recipient.result === 'succeeded')
        superseded.push({ failure, reason: describeSuccess(verdict) });
    } else if (isWithin(failure.failedAt, period)) {
      failed.push(failure);
      withoutRecord.push({ failure, reason: describeGap(failure, verdict) });
      verdicts.delete(key);
    }
  }
  const reruns = new Map<JobRecord, Set<string>>();
  for (const [key, verdict] of verdicts) {
    const failure = toFailure(verdict, alerts.get(key));
    if (!failure || !isWithin(failure.failedAt, period)) continue;
    failed.push(failure);
    reruns.set(verdict.record, (reruns.get(verdict.record) ?? new Set()).add(failure.recipient));
  }
  return { failed: failed.toSorted(byTime), superseded, withoutRecord, reruns: listReruns(reruns) };
}

function newestVerdicts(records: readonly JobRecord[]): Map<string, Verdict> {
  const newest = new Map<string, Verdict>();
  const inOrder = records.toSorted(
    (a, b) => a.startedAt.getTime() - b.startedAt.getTime() || a.attempt - b.attempt,
  );
  for (const record of inOrder) {
    for (const recipient of record.recipients) {
      for (const name of record.packages) {
        newest.set(keyOf(record.server, record.job, recipient.name, name), {
          record,
          recipient,
          package: name,
        });
      }
    }
  }
  return newest;
}

function newestAlerts(known: readonly FailedJob[]): Map<string, FailedJob> {
  const newest = new Map<string, FailedJob>();
  for (const failure of known.toSorted(byTime)) {
    newest.set(keyOf(failure.server, failure.job, failure.recipient, failure.package), failure);
  }
  return newest;
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/**
 * Whether the log knows better than the alert: what ended later does, whatever its attempt, since a job that is done every
 * night begins with attempt 1 again. A failure that ended earlier agrees with an alert about it or an attempt before it,
 * whose mail took its time.
 */
function isSettledBy(failure: FailedJob, { record, recipient }: Verdict): boolean {
  const laterMs = endOf(record).getTime() - failure.failedAt.getTime();
  if (laterMs > 0) return true;
  const knowsAttempt = record.attempt >= failure.attempt;
  return knowsAttempt && (laterMs === 0 || recipient.result !== 'succeeded');
}

function toFailure(
  { record, recipient, package: name }: Verdict,
  alert: FailedJob | undefined,
): FailedJob | null {
  if (recipient.result === 'succeeded') return null;
  return {
    server: record.server,
    job: record.job,
    recipient: recipient.name,
    package: name,
    attempt: record.attempt,
    failedAt: endOf(record),
    cause: describeCause(recipient),
    knownFrom: alert && alert.attempt === record.attempt ? 'both' : 'log',
  };
}

function describeCause({ result, cause }: RecipientResult): string {
  if (result === 'unknown') return cause === null ? noResult : `${noResult}: ${cause}`;
  return cause ?? 'failed without a word';
}

function describeSuccess({ record }: Verdict): string {
  return `attempt ${record.attempt} succeeded at ${endOf(record).toISOString()} (${record.provenance.file} line ${record.provenance.line})`;
}

function describeGap(failure: FailedJob, verdict: Verdict | undefined): string {
  if (!verdict) return `the logs of ${failure.server} have no record of this job for ${failure.recipient}`;
  return `the newest record in the logs of ${failure.server} is older than this alert`;
}

function listReruns(reruns: ReadonlyMap<JobRecord, ReadonlySet<string>>): Selection['reruns'] {
  return [...reruns]
    .map(([record, recipients]) => ({ record, recipients: [...recipients] }))
    .toSorted((a, b) => a.record.startedAt.getTime() - b.record.startedAt.getTime());
}

function endOf(record: JobRecord): Date {
  return record.endedAt ?? record.startedAt;
}

function isWithin(at: Date, period: Period): boolean {
  return at.getTime() >= period.from.getTime() && at.getTime() < period.until.getTime();
}

function byTime(a: FailedJob, b: FailedJob): number {
  return a.failedAt.getTime() - b.failedAt.getTime();
}
