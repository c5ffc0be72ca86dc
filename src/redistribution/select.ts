import type {
  FailedJob,
  JobRecord,
  Period,
  RecipientResult,
  SupersededFailure,
} from '../domain/redistribution.ts';
import { type ClockSpan, harmlessOffsetMs, rightClock } from '../domain/server-clock.ts';
import type { DismissedFailure } from '../domain/store/dismissals.ts';
import { type Place, placeIn } from './clock-edges.ts';
import { describeDismissal, indexDismissed } from './dismissed.ts';
import { findNewer, indexDeliveries } from './newer-version.ts';
import { byAge, compareText, endOf } from './order-of-runs.ts';
import type { ReadVersion } from './package-version.ts';
import { keyOf } from './key-of.ts';
import { describeSuccess, newestVerdicts, type Verdict } from './verdicts.ts';

/** The cause of a failure that the log does not explain. */
export const noResult = 'no result recorded';

/** What both sides say of a server. */
export interface Evidence {
  /** From the server's logs; those from after the period too, so that they can clear. */
  readonly records: readonly JobRecord[];
  /** From alerts, and what was found before. */
  readonly known: readonly FailedJob[];
  readonly readVersion: ReadVersion;
  /** What the server's times are worth; left out: its clock is right. */
  readonly clock?: ClockSpan;
  /** What people said nothing is to be done about; left out: nothing. */
  readonly dismissed?: readonly DismissedFailure[];
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
  /** Records that nothing was read from: by their dates they have not happened yet, whatever the server's clock says. */
  readonly ahead: readonly JobRecord[];
  /** Failures (also in `failed`) of which only the clock's error tells whether they belong to the period. */
  readonly atEdge: readonly FailedJob[];
  /** Failures (also in `failed`) that a success may have mended, and why nobody can tell. */
  readonly doubtful: readonly { readonly failure: FailedJob; readonly reason: string }[];
}

export interface Rerun {
  readonly record: JobRecord;
  readonly recipients: readonly string[];
  /** Recipients of whose failure no alert told. */
  readonly untold: readonly string[];
  /** What the command would bring again although a newer version is there: a part of what it distributes. */
  readonly outdated: readonly SupersededFailure[];
}

/** The clock of any server may be ahead of ours by this. */
const clockSkewMs = 5 * 60_000;

/**
 * The failed jobs of a period (B1, B6): what alerts told, checked against the logs. For each (server, job, recipient,
 * package) the newest record decides: a later success clears, no result counts as a failure. An alert that is newer than
 * any record stays as it is. What a newer version of the package has overtaken at that recipient is superseded, unless
 * somebody wanted the older version after that. A run belongs to the period if any of it does; what may belong to it, as
 * far as its server's clock is off, is taken in. A success clears only what it surely came after. The order in which alerts
 * and records come makes no difference.
 */
export function selectFailedJobs(evidence: Evidence, period: Period, now: Date): Selection {
  const { clock = rightClock } = evidence;
  const latest = now.getTime() + clockSkewMs + clock.aheadMs;
  const isAhead = (record: JobRecord) => Math.max(+record.startedAt, +endOf(record)) > latest;
  const ahead = evidence.records.filter(isAhead);
  const records = evidence.records.filter((record) => !isAhead(record)).toSorted(byAge);
  const verdicts = newestVerdicts(records, clock);
  const alerts = newestAlerts(evidence.known);
  const deliveries = indexDeliveries(records, evidence.readVersion);
  const sorted = new SortedOut(period, now, clock);
  const dismissed = indexDismissed(evidence.dismissed ?? []);
  for (const key of new Set([...alerts.keys(), ...verdicts.keys()])) {
    const verdict = verdicts.get(key);
    const alert = alerts.get(key);
    if (alert && !(verdict && isSettledBy(alert, verdict, clock))) {
      const overtaken = overtakenBy(
        describeDismissal(dismissed.get(key), alert, clock),
        findNewer(deliveries, alert.recipient, alert.package, after(alert.failedAt, successMarginMs(clock))),
      );
      if (overtaken) sorted.supersede({ failure: alert, ...overtaken });
      else sorted.keepAlert(alert, describeGap(alert, verdict));
    } else if (verdict?.recipient.result === 'succeeded') {
      if (alert) sorted.supersede({ failure: alert, reason: describeSuccess(verdict.record) });
    } else if (verdict) {
      const { recipient, wantedAt } = verdict;
      const wanted = after(wantedAt, clock.movedMs + (verdict.record.mayBeLaterMs ?? 0));
      const failure = toFailure(verdict, alert, clock);
      const overtaken = overtakenBy(
        describeDismissal(dismissed.get(key), failure, clock),
        findNewer(deliveries, recipient.name, verdict.package, wanted),
      );
      sorted.repeat(verdict, failure, overtaken);
    }
  }
  return { ...sorted.finish(), ahead };
}

type Overtaken = Omit<SupersededFailure, 'failure'>;

function overtakenBy(dismissal: string | null, newer: string | null): Overtaken | null {
  if (dismissal !== null) return { by: 'dismissal', reason: dismissal };
  return newer === null ? null : { by: 'newer-version', reason: newer };
}

/** Collects what becomes of each failure. */
class SortedOut {
  readonly #period: Period;
  readonly #now: Date;
  readonly #clock: ClockSpan;
  readonly #atEdge: FailedJob[] = [];
  readonly #doubtful: { failure: FailedJob; reason: string }[] = [];
  readonly #failed: FailedJob[] = [];
  readonly #superseded: SupersededFailure[] = [];
  readonly #withoutRecord: { failure: FailedJob; reason: string }[] = [];
  readonly #runs = new Map<JobRecord, { left: Map<string, FailedJob[]>; outdated: SupersededFailure[] }>();

  constructor(period: Period, now: Date, clock: ClockSpan) {
    this.#period = period;
    this.#now = now;
    this.#clock = clock;
  }

  supersede(one: SupersededFailure): void {
    if (this.#placeOf(one.failure) !== 'outside') this.#superseded.push(one);
  }

  keepAlert(failure: FailedJob, reason: string): void {
    const place = this.#placeOf(failure);
    if (place === 'outside') return;
    if (place === 'edge') this.#atEdge.push(failure);
    this.#failed.push(failure);
    this.#withoutRecord.push({ failure, reason });
  }

  repeat({ record, doubt }: Verdict, failure: FailedJob, overtaken: Overtaken | null): void {
    const place = this.#placeOf(failure, record);
    if (place === 'outside') return;
    const run = this.#runs.get(record) ?? { left: new Map<string, FailedJob[]>(), outdated: [] };
    this.#runs.set(record, run);
    if (overtaken !== null) {
      this.#superseded.push({ failure, ...overtaken });
      run.outdated.push({ failure, ...overtaken });
      return;
    }
    this.#failed.push(failure);
    if (place === 'edge') this.#atEdge.push(failure);
    if (doubt !== null) this.#doubtful.push({ failure, reason: doubt });
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
      atEdge: this.#atEdge.toSorted(byTime),
      doubtful: this.#doubtful.toSorted((a, b) => byTime(a.failure, b.failure)),
      reruns,
    };
  }

  #placeOf({ failedAt: until }: FailedJob, record?: JobRecord): Place {
    const run = { from: record?.startedAt ?? until, until, mayBeLaterMs: record?.mayBeLaterMs ?? 0 };
    return placeIn(this.#period, run, this.#clock, this.#now);
  }
}

function newestAlerts(known: readonly FailedJob[]): Map<string, FailedJob> {
  const newest = new Map<string, FailedJob>();
  for (const failure of known.toSorted(byTime)) {
    newest.set(keyOf(failure.server, failure.job, failure.recipient, failure.package), failure);
  }
  return newest;
}

/**
 * Returns whether the log knows better than the alert: what ended later does, whatever its attempt, since a job that is done
 * every night begins with attempt 1 again. A failure that ended earlier agrees with an alert about it or an attempt before it,
 * whose mail took its time.
 */
function isSettledBy(failure: FailedJob, verdict: Verdict, clock: ClockSpan): boolean {
  const { record, recipient } = verdict;
  const laterMs = endOf(record).getTime() - failure.failedAt.getTime();
  const isSuccess = recipient.result === 'succeeded';
  const marginMs = isSuccess && !isKnownFailure(failure, verdict, clock) ? successMarginMs(clock) : 0;
  if (marginMs > 0 || laterMs > 0) return laterMs > marginMs;
  return record.attempt >= failure.attempt && (laterMs === 0 || !isSuccess);
}

/** An alert may have our time, where the log has the server's: a success is surely later only by more than this. */
function successMarginMs({ aheadMs, movedMs }: ClockSpan): number {
  return Math.max(aheadMs, movedMs);
}

/** Returns whether the failure came from a run in the log, whose place there gives the order. */
function isKnownFailure(failure: FailedJob, { failures }: Verdict, { aheadMs }: ClockSpan): boolean {
  if (failure.knownFrom === 'alert') return false;
  return failures.some(({ record }) => {
    const laterMs = endOf(record).getTime() - failure.failedAt.getTime();
    return (
      record.attempt === failure.attempt &&
      laterMs >= -harmlessOffsetMs &&
      laterMs <= aheadMs + harmlessOffsetMs
    );
  });
}

function after(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms);
}

function toFailure(
  { record, recipient, package: name }: Verdict,
  alert: FailedJob | undefined,
  clock: ClockSpan,
): FailedJob {
  return {
    server: record.server,
    job: record.job,
    recipient: recipient.name,
    package: name,
    attempt: record.attempt,
    failedAt: endOf(record),
    cause: describeCause(recipient),
    knownFrom: alert && isAbout(alert, record, clock) ? 'both' : 'log',
    ...(alert?.toldAs != null && { toldAs: alert.toldAs }),
  };
}

/** Whether an alert told of this run, and not of one before it. */
function isAbout(alert: FailedJob, record: JobRecord, { aheadMs }: ClockSpan): boolean {
  const isOfThisRun = alert.failedAt.getTime() >= record.startedAt.getTime() - clockSkewMs - aheadMs;
  return alert.knownFrom !== 'log' && alert.attempt === record.attempt && isOfThisRun;
}

function describeCause({ result, cause }: RecipientResult): string {
  if (result === 'unknown') return cause === null ? noResult : `${noResult}: ${cause}`;
  return cause ?? 'failed without a word';
}

function describeGap(failure: FailedJob, verdict: Verdict | undefined): string {
  if (!verdict) return `the logs of ${failure.server} have no record of this job for ${failure.recipient}`;
  if (endOf(verdict.record) > failure.failedAt) {
    return `${describeSuccess(verdict.record)}, perhaps before this alert: the clock of ${failure.server} is off`;
  }
  return `the newest record in the logs of ${failure.server} is older than this alert`;
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
