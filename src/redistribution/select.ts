import { describePlace } from '../domain/provenance.ts';
import type {
  FailedJob,
  JobRecord,
  Period,
  RecipientResult,
  SupersededFailure,
} from '../domain/redistribution.ts';
import { findNewer, indexDeliveries } from './newer-version.ts';
import type { ReadVersion } from './package-version.ts';
import { keyOf } from './key-of.ts';

/** The cause of a failure that the log does not explain. */
export const noResult = 'no result recorded';

/** What both sides say of a server. */
export interface Evidence {
  /** From the server's logs; those from after the period too, so that they can clear. */
  readonly records: readonly JobRecord[];
  /** From alerts, and what was found before. */
  readonly known: readonly FailedJob[];
  readonly readVersion: ReadVersion;
}

export interface Selection {
  /** What failed in the period and nothing cleared since, oldest first. */
  readonly failed: readonly FailedJob[];
  /** Failures that are not to be repeated, and why: done since, or a newer version is there. Oldest first. */
  readonly superseded: readonly SupersededFailure[];
  /** What there is to repeat: each record that decides, with its recipients that failed. */
  readonly reruns: readonly Rerun[];
  /** Failures (also in `failed`) for which no command can be rebuilt, and why. */
  readonly withoutRecord: readonly { readonly failure: FailedJob; readonly reason: string }[];
  /** Records that nothing was read from: by their dates they have not happened yet. */
  readonly ahead: readonly JobRecord[];
}

export interface Rerun {
  readonly record: JobRecord;
  readonly recipients: readonly string[];
  /** Recipients of whose failure no alert told. */
  readonly untold: readonly string[];
  /** What the command would bring again although a newer version is there: a part of what it distributes. */
  readonly outdated: readonly SupersededFailure[];
}

interface Verdict {
  readonly record: JobRecord;
  readonly recipient: RecipientResult;
  readonly package: string;
  /** When somebody first wanted this: the start of attempt 1. */
  readonly wantedAt: Date;
}

/** A server's clock may be ahead of ours by so much. */
const clockSkewMs = 5 * 60_000;

/**
 * The failed jobs of a period (B1, B6): what alerts told, checked against the logs. For each (server, job, recipient,
 * package) the newest record decides: a later success clears, no result counts as a failure. An alert that is newer than
 * any record stays as it is. What a newer version of the package has overtaken at that recipient is superseded, unless
 * somebody wanted the older version after that. A run belongs to the period if any of it does. The order in which
 * alerts and records come makes no difference.
 */
export function selectFailedJobs(evidence: Evidence, period: Period, now: Date): Selection {
  const latest = now.getTime() + clockSkewMs;
  const isAhead = (record: JobRecord) => Math.max(+record.startedAt, +endOf(record)) > latest;
  const ahead = evidence.records.filter(isAhead);
  const records = evidence.records.filter((record) => !isAhead(record)).toSorted(byAge);
  const verdicts = newestVerdicts(records);
  const alerts = newestAlerts(evidence.known);
  const deliveries = indexDeliveries(records, evidence.readVersion);
  const sorted = new SortedOut(period, now);
  for (const key of new Set([...alerts.keys(), ...verdicts.keys()])) {
    const verdict = verdicts.get(key);
    const alert = alerts.get(key);
    if (alert && !(verdict && isSettledBy(alert, verdict))) {
      const newer = findNewer(deliveries, alert.recipient, alert.package, alert.failedAt);
      if (newer) sorted.supersede(alert, newer);
      else sorted.keepAlert(alert, describeGap(alert, verdict));
    } else if (verdict?.recipient.result === 'succeeded') {
      if (alert) sorted.supersede(alert, describeSuccess(verdict.record));
    } else if (verdict) {
      const { recipient, wantedAt } = verdict;
      const newer = findNewer(deliveries, recipient.name, verdict.package, wantedAt);
      sorted.repeat(verdict, toFailure(verdict, alert), newer);
    }
  }
  return { ...sorted.finish(), ahead };
}

/** Collects what becomes of each failure. */
class SortedOut {
  readonly #period: Period;
  readonly #now: Date;
  readonly #failed: FailedJob[] = [];
  readonly #superseded: SupersededFailure[] = [];
  readonly #withoutRecord: { failure: FailedJob; reason: string }[] = [];
  readonly #runs = new Map<JobRecord, { left: Map<string, FailedJob[]>; outdated: SupersededFailure[] }>();

  constructor(period: Period, now: Date) {
    this.#period = period;
    this.#now = now;
  }

  supersede(failure: FailedJob, reason: string): void {
    if (this.#isWithin(failure.failedAt, failure.failedAt)) this.#superseded.push({ failure, reason });
  }

  keepAlert(failure: FailedJob, reason: string): void {
    if (!this.#isWithin(failure.failedAt, failure.failedAt)) return;
    this.#failed.push(failure);
    this.#withoutRecord.push({ failure, reason });
  }

  repeat({ record }: Verdict, failure: FailedJob, newer: string | null): void {
    if (!this.#isWithin(record.startedAt, failure.failedAt)) return;
    const run = this.#runs.get(record) ?? { left: new Map<string, FailedJob[]>(), outdated: [] };
    this.#runs.set(record, run);
    if (newer !== null) {
      this.#superseded.push({ failure, reason: newer });
      run.outdated.push({ failure, reason: newer });
      return;
    }
    this.#failed.push(failure);
    run.left.set(failure.recipient, [...(run.left.get(failure.recipient) ?? []), failure]);
  }

  finish(): Omit<Selection, 'ahead'> {
    const reruns = [...this.#runs]
      .filter(([, { left }]) => left.size > 0)
      .toSorted(([a], [b]) => byAge(a, b))
      .map(([record, { left, outdated }]) => ({
        record,
        // In the order in which the original names them.
        recipients: record.recipients.map(({ name }) => name).filter((name) => left.has(name)),
        untold: [...left]
          .filter(([, failures]) => failures.every(({ knownFrom }) => knownFrom === 'log'))
          .map(([name]) => name)
          .toSorted(),
        outdated: outdated.filter(({ failure }) => left.has(failure.recipient)),
      }));
    return {
      failed: this.#failed.toSorted(byTime),
      superseded: this.#superseded.toSorted((a, b) => byTime(a.failure, b.failure)),
      withoutRecord: this.#withoutRecord.toSorted((a, b) => byTime(a.failure, b.failure)),
      reruns,
    };
  }

  /** Half-open, and what a clock a little ahead of ours dates into the future is of now. */
  #isWithin(from: Date, until: Date): boolean {
    const last = this.#now.getTime() - 1;
    return (
      Math.min(from.getTime(), last) < this.#period.until.getTime() &&
      Math.min(until.getTime(), last) >= this.#period.from.getTime()
    );
  }
}

function newestVerdicts(inOrder: readonly JobRecord[]): Map<string, Verdict> {
  const newest = new Map<string, Verdict>();
  for (const record of inOrder) {
    for (const recipient of record.recipients) {
      for (const name of record.packages) {
        const key = keyOf(record.server, record.job, recipient.name, name);
        const first = record.attempt === 1 ? undefined : newest.get(key);
        const wantedAt = first?.wantedAt ?? record.startedAt;
        newest.set(key, { record, recipient, package: name, wantedAt });
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

function toFailure({ record, recipient, package: name }: Verdict, alert: FailedJob | undefined): FailedJob {
  return {
    server: record.server,
    job: record.job,
    recipient: recipient.name,
    package: name,
    attempt: record.attempt,
    failedAt: endOf(record),
    cause: describeCause(recipient),
    knownFrom: alert && isAbout(alert, record) ? 'both' : 'log',
    ...(alert?.toldAs != null && { toldAs: alert.toldAs }),
  };
}

/** Whether an alert told of this run, and not of one before it. */
function isAbout(alert: FailedJob, record: JobRecord): boolean {
  const isOfThisRun = alert.failedAt.getTime() >= record.startedAt.getTime() - clockSkewMs;
  return alert.knownFrom !== 'log' && alert.attempt === record.attempt && isOfThisRun;
}

function describeCause({ result, cause }: RecipientResult): string {
  if (result === 'unknown') return cause === null ? noResult : `${noResult}: ${cause}`;
  return cause ?? 'failed without a word';
}

function describeSuccess(record: JobRecord): string {
  return `attempt ${record.attempt} succeeded at ${endOf(record).toISOString()} (${describePlace(record.provenance)})`;
}

function describeGap(failure: FailedJob, verdict: Verdict | undefined): string {
  if (!verdict) return `the logs of ${failure.server} have no record of this job for ${failure.recipient}`;
  return `the newest record in the logs of ${failure.server} is older than this alert`;
}

function endOf(record: JobRecord): Date {
  return record.endedAt ?? record.startedAt;
}

/** By start; records of the same start in an order that does not depend on how they came. */
function byAge(a: JobRecord, b: JobRecord): number {
  return (
    a.startedAt.getTime() - b.startedAt.getTime() ||
    a.attempt - b.attempt ||
    endOf(a).getTime() - endOf(b).getTime() ||
    compareText(a.provenance.file, b.provenance.file) ||
    a.provenance.offset - b.provenance.offset
  );
}

function byTime(a: FailedJob, b: FailedJob): number {
  return (
    a.failedAt.getTime() - b.failedAt.getTime() ||
    a.attempt - b.attempt ||
    compareText(describe(a), describe(b))
  );
}

function describe({ server, job, recipient, package: name, cause }: FailedJob): string {
  return keyOf(server, job, recipient, name, cause);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
