import type { FailedJob, JobRecord } from '../domain/redistribution.ts';
import { type ClockSpan, rightClock } from '../domain/server-clock.ts';
import { keyOf } from './key-of.ts';

/** A mail may be that much older than the run's start by its server's clock, and that much later than its end. */
const earlyMs = 5 * 60_000;
const lateMs = 15 * 60_000;

export interface JoinedAlerts {
  /** What is known, with alerts named as the logs name their runs. */
  readonly known: readonly FailedJob[];
  /** Alerts, as they were named, that stand in `known` under the log's names. */
  readonly renamed: readonly FailedJob[];
}

/**
 * A tool's own mail often names a run otherwise than its log does: by the command line that cron ran, by the play, without
 * a package. An alert that no record knows by its names is about the one run that failed for its recipient at that time;
 * where several did, the job decides, then the package; where these don't either, it stays as it is (B6). So does an
 * alert of another job that the logs know, or of a package that the run did not deliver.
 */
export function joinAlerts(
  known: readonly FailedJob[],
  records: readonly JobRecord[],
  clock: ClockSpan = rightClock,
): JoinedAlerts {
  const names = namesIn(records);
  const byRecipient = indexFailures(records);
  const jobs = new Set(records.map(({ server, job }) => keyOf(server, job)));
  const renamed: FailedJob[] = [];
  const joined = known.flatMap((alert): readonly FailedJob[] => {
    const { server, job: toldAs, recipient, knownFrom } = alert;
    const isKnown = knownFrom !== 'alert' || names.has(keyOf(server, toldAs, recipient, alert.package));
    const failed = isKnown ? [] : (byRecipient.get(keyOf(server, recipient)) ?? []);
    const isOther = jobs.has(keyOf(server, toldAs));
    const run = findRun(
      alert,
      failed.filter((one) => mayMean(alert, one, isOther)),
      clock,
    );
    if (!run) return [alert];
    renamed.push(alert);
    const { job, attempt, packages } = run;
    return packages.map((name) => ({ ...alert, job, attempt, package: name, toldAs }));
  });
  return { known: joined, renamed };
}

/** Whether the run may be what the alert names otherwise: its own job, or one under an unknown name with that package. */
function mayMean(alert: FailedJob, { job, packages }: JobRecord, isOtherJob: boolean): boolean {
  if (job === alert.job) return true;
  const isOpen = alert.package === '' || packages.includes('');
  return !isOtherJob && (isOpen || packages.includes(alert.package));
}

/** null: none is about it, or nothing tells which of several is. */
function findRun(alert: FailedJob, runs: readonly JobRecord[], clock: ClockSpan): JobRecord | null {
  const atTheTime = runs.filter((run) => isAtTheTime(alert, run, clock));
  const ofTheJob = atTheTime.filter((run) => run.job === alert.job);
  const ofThePackage = atTheTime.filter((run) => run.packages.includes(alert.package));
  const [run = null, ...others] = [ofTheJob, ofThePackage, atTheTime].find(({ length }) => length > 0) ?? [];
  return others.length === 0 ? run : null;
}

/** An alert has the server's time or ours: what a wrong clock claims of the future is counted when it came in. */
function isAtTheTime(
  { failedAt }: FailedJob,
  { startedAt, endedAt, mayBeLaterMs = 0 }: JobRecord,
  { aheadMs, behindMs }: ClockSpan,
): boolean {
  const earliest = startedAt.getTime() - earlyMs - aheadMs;
  const latest = (endedAt ?? startedAt).getTime() + mayBeLaterMs + lateMs + behindMs;
  return failedAt.getTime() >= earliest && failedAt.getTime() <= latest;
}

function namesIn(records: readonly JobRecord[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { server, job, recipients, packages } of records) {
    for (const { name } of recipients) for (const one of packages) names.add(keyOf(server, job, name, one));
  }
  return names;
}

/** The runs that did not succeed for a recipient. */
function indexFailures(records: readonly JobRecord[]): ReadonlyMap<string, readonly JobRecord[]> {
  const index = new Map<string, JobRecord[]>();
  for (const record of records) {
    for (const { name, result } of record.recipients) {
      if (result === 'succeeded') continue;
      const key = keyOf(record.server, name);
      const runs = index.get(key);
      if (runs) runs.push(record);
      else index.set(key, [record]);
    }
  }
  return index;
}
