import { nameDevice } from '../../domain/device-name.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { FailedJob, JobRecord, Period } from '../../domain/redistribution.ts';
import { type ClockReading, isHarmless } from '../../domain/server-clock.ts';
import type { Tx } from '../../domain/store/store.ts';
import { byServerClock } from '../../redistribution/clock-edges.ts';
import { findOriginals } from '../../redistribution/find-originals.ts';
import { joinAlerts } from '../../redistribution/join-alerts.ts';
import { keyOf } from '../../redistribution/key-of.ts';
import { recordsOfLedger } from '../../redistribution/ledger-records.ts';
import { type NamedRecords, nameRecipients } from '../../redistribution/name-recipients.ts';
import { type Selection, selectFailedJobs } from '../../redistribution/select.ts';
import type { Deps } from '../deps.ts';
import { noteMended } from '../recovery/note-mended.ts';
import type { KnownClock } from './read-clock.ts';

/** What is reconciled: a server, and the period of which. */
interface Scope {
  readonly server: string;
  readonly period: Period;
}

interface Reconciled extends Pick<NamedRecords, 'asLogged'> {
  /** Finds the first attempt at a record's job, in its log's spelling. */
  readonly originalOf: ReturnType<typeof findOriginals>;
  readonly all: Selection;
  /** What was known before, as the logs name it. */
  readonly known: readonly FailedJob[];
}

/** What both sides say, together; the failed jobs are as they say from now on (B1, B6). */
export async function reconcile(
  deps: Deps,
  tx: Tx,
  { server, period }: Scope,
  logged: readonly JobRecord[],
  { span, reading }: KnownClock,
): Promise<Reconciled> {
  const now = deps.clock.now();
  // A run that began in the period may have failed after it, and its alert come later still.
  const upToNow = byServerClock({ from: period.from, until: new Date(now.getTime() + 1) }, span);
  const known = await tx.failedJobs(server, upToNow);
  const dismissed = await tx.dismissedFailures(server);
  const { readVersion } = deps.policies;
  const ran = [...logged, ...(await readLedger(tx, server, period, logged, reading))];
  const { records, asLogged } = nameRecipients(ran, (name) => nameDevice(name, deps.inventory));
  const joined = joinAlerts(known, records, span);
  const all = selectFailedJobs(
    { records, known: joined.known, dismissed, readVersion, clock: span },
    period,
    now,
  );
  await clear(tx, [...joined.renamed, ...all.superseded.map(({ failure }) => failure)], now);
  const isKnown = new Set(joined.known.map(keyOfFailure));
  for (const [by = 'success', same] of groupBy(all.superseded, (one) => one.by)) {
    const mended = same.map(({ failure }) => failure).filter((failure) => isKnown.has(keyOfFailure(failure)));
    const kind = by === 'dismissal' ? 'dismissed' : by;
    await noteMended(tx, mended, { kind, at: now, origin: `log of ${server}` });
  }
  return { all, asLogged, known: joined.known, originalOf: findOriginals(ran) };
}

function keyOfFailure({ server, job, recipient, package: name }: FailedJob): string {
  return keyOf(server, job, recipient, name);
}

/** What the bot itself ran since, as far as the server's logs say nothing of it. */
async function readLedger(
  tx: Tx,
  server: string,
  period: Period,
  logged: readonly JobRecord[],
  reading: ClockReading | null,
): Promise<readonly JobRecord[]> {
  const from = logged.reduce(
    (oldest, one) => Math.min(oldest, one.startedAt.getTime()),
    period.from.getTime(),
  );
  const offsetMs = reading && !isHarmless(reading) ? reading.offsetMs : 0;
  const since = new Date(Math.min(from, from - offsetMs));
  return recordsOfLedger(await tx.endedCommands(server, since), logged, offsetMs);
}

/** Nothing is left to do about these. */
async function clear(tx: Tx, failures: readonly FailedJob[], now: Date): Promise<void> {
  const done = failures.map((one) => ({ ...one, packages: [one.package], recipients: [one.recipient] }));
  await tx.clearFailedJobs(done, now);
}
