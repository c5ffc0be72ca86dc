import { allDone } from '../../domain/all-done.ts';
import { RestageError } from '../../domain/errors.ts';
import { findDecisive } from '../../domain/gate.ts';
import { type BatchOrder, createPlace, type MailboxCursor } from '../../domain/intake.ts';
import type { MailFate, MailHead, RawMail } from '../../domain/mail.ts';
import type { ThresholdRule } from '../../domain/policy.ts';
import type { MailRecord } from '../../domain/store/mails.ts';
import type { Tx } from '../../domain/store/store.ts';
import { storableText } from '../../domain/storable.ts';
import { countAlerts, keepPast } from '../counting/count-alerts.ts';
import { type CountedAlert, lookUpAlert } from '../counting/counted-alert.ts';
import { reopenRepeated } from '../counting/follow-repeats.ts';
import { oldestCounted } from '../counting/oldest-counted.ts';
import type { Deps } from '../deps.ts';
import { noteIntake } from './note-intake.ts';
import { noteRecoveries } from './note-recoveries.ts';
import type { ReadMail } from './read-mail.ts';
import { endedItsReader, readCarefully } from './read-carefully.ts';
import { deadLetter, readMail } from './read-mail.ts';
import { tokenOf } from './read-probe.ts';
import { readRules } from '../counting/thresholds-in-force.ts';

/** Nothing comes before it, and nothing is known to follow. */
const standAlone = (): BatchOrder => ({
  place: createPlace(null),
  after: Promise.resolve(),
  moreFollows: false,
});

/**
 * The door for all mail (A1): reads, validates, stores, counts. Mails, alerts, cursor and the jobs that go on
 * from here are committed together, once the batch before them is; a mail that was here before changes nothing.
 * Where a mail can't be stored the others are committed one by one, and it becomes a dead letter: no mail holds up
 * those behind it. Returns what became of each mail, in their order.
 */
export async function admit(
  deps: Deps,
  mails: readonly RawMail[],
  cursor: MailboxCursor | null,
  order = standAlone(),
): Promise<readonly MailFate[]> {
  const isSuspect = deps.suspicion.isSuspect(mails[0]?.via ?? '', mails.length);
  const { early, read } = await readInOrder(deps, mails, order, isSuspect);
  try {
    const isCommitted =
      (await commit(deps, read, cursor, order)) ||
      (await order.after.then(() => commit(deps, read, cursor, order)));
    if (!isCommitted) throw new RestageError('database-unavailable', 'The batch before is not committed.');
    return [...early, ...read].map(fateOf);
  } catch (error) {
    throwIfAway(error);
    await order.after;
    const committed = await commitEach(deps, read);
    if (cursor) await deps.store.transaction((tx) => tx.saveCursor(cursor));
    order.place.isCommitted = true;
    return [...early, ...committed].map(fateOf);
  }
}

function fateOf({ reading: { state, gates } }: ReadMail): MailFate {
  const decided = findDecisive(gates);
  return { state, gate: decided?.gate ?? null, reason: decided?.reason ?? null };
}

interface ReadBatch {
  /** Committed already, without the cursor. */
  readonly early: readonly ReadMail[];
  /** To be committed with the cursor. */
  readonly read: readonly ReadMail[];
}

/**
 * One batch after the other: the first one can so be committed while the next one is read. What stands before a mail that
 * took too long is committed with it: many such mails hold nothing up for longer than one of them takes.
 */
async function readInOrder(
  deps: Deps,
  mails: readonly RawMail[],
  { place: { before, tellRead }, after }: BatchOrder,
  isSuspect: boolean,
): Promise<ReadBatch> {
  await before?.isRead;
  const early: ReadMail[] = [];
  try {
    for (;;) {
      const read = await checkProbes(deps, await readOn(deps, mails.slice(early.length), isSuspect));
      if (early.length + read.length === mails.length) return { early, read };
      await after;
      early.push(...(await commitEarly(deps, read)));
    }
  } finally {
    tellRead();
  }
}

/** Mails, and bytes of mail, that are read before others have their turn. */
const readAtOnce = { mails: 5, bytes: 65_536 };

/** Reasons of a mail that kept its reader busy until the deadline, or ended it. */
const slowReasons: ReadonlySet<string | undefined> = new Set(['took-too-long', endedItsReader]);

/**
 * Reads mails up to the first that took too long, or all. Mail is read in small portions: in between, what waits for this
 * process is served, above all who holds the counting lock.
 */
async function readOn(
  deps: Deps,
  mails: readonly RawMail[],
  isSuspect: boolean,
): Promise<readonly ReadMail[]> {
  const read: ReadMail[] = [];
  let portion = { mails: 0, bytes: 0 };
  for (const raw of mails) {
    read.push(withoutText(await (isSuspect ? readCarefully(deps, raw, 'received') : readMail(deps, raw))));
    if (slowReasons.has(read.at(-1)?.reading.gates.at(-1)?.reason)) return read;
    portion = { mails: portion.mails + 1, bytes: portion.bytes + raw.source.byteLength };
    if (portion.mails < readAtOnce.mails && portion.bytes < readAtOnce.bytes) continue;
    portion = { mails: 0, bytes: 0 };
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  return read;
}

/** What was read need not be held until it is stored; of a probe the headers are looked at once more. */
function withoutText(one: ReadMail): ReadMail {
  if (one.head === null || one.reading.state === 'ignored') return { ...one, mail: null };
  const { from, subject, date } = one.head;
  return { ...one, mail: null, head: { from, subject, date, headers: noHeaders } };
}

const noHeaders: MailHead['headers'] = new Map();

/** Anybody can mark a mail as a probe: what bears a token that is not ours is read like any other mail. */
async function checkProbes(deps: Deps, read: readonly ReadMail[]): Promise<readonly ReadMail[]> {
  const checked: ReadMail[] = [];
  for (const one of read) {
    const token = one.reading.state === 'ignored' ? tokenOf(one.head) : null;
    const isOurs = token === null || (await deps.store.transaction((tx) => tx.isProbe(token)));
    checked.push(isOurs ? one : withoutText(await readMail(deps, one.raw, false)));
  }
  return checked;
}

/** Answers false, and nothing is committed, where the batch before is not committed yet. */
function commit(
  deps: Deps,
  read: readonly ReadMail[],
  cursor: MailboxCursor | null,
  { place, moreFollows } = standAlone(),
): Promise<boolean> {
  return deps.store.intakeTransaction({
    place,
    moreFollows,
    mails: () => read.map(toMailRecord),
    store: (tx, records) => tx.addMails(records),
    async count(tx, added) {
      const now = deps.clock.now();
      const [rules] = await allDone([
        readRules(deps, tx),
        noteIntake(tx, read, now),
        cursor && tx.saveCursor(cursor),
      ]);
      await countMails(deps, tx, read, added, rules, oldestCounted(deps, rules, now));
    },
  });
}

/** Commits what comes before the rest of its batch. Returns what was committed in the end. */
async function commitEarly(deps: Deps, read: readonly ReadMail[]): Promise<readonly ReadMail[]> {
  try {
    await commit(deps, read, null);
    return read;
  } catch (error) {
    throwIfAway(error);
    return commitEach(deps, read);
  }
}

/** One by one, so that one that can't be stored is no trouble to the others. Returns what was committed in the end. */
async function commitEach(deps: Deps, read: readonly ReadMail[]): Promise<readonly ReadMail[]> {
  const committed: ReadMail[] = [];
  for (const one of read) committed.push(await commitSingly(deps, one));
  return committed;
}

/** Returns what was committed in the end. */
async function commitSingly(deps: Deps, one: ReadMail): Promise<ReadMail> {
  try {
    await commit(deps, [one], null);
    return one;
  } catch (error) {
    throwIfAway(error);
    const unstorable = deadLetter(deps, one.raw, null, 'could-not-be-stored');
    await commit(deps, [unstorable], null);
    deps.log.error({ key: unstorable.key, via: one.raw.via, error }, 'mail could not be stored; dead letter');
    return unstorable;
  }
}

/** While the database is away nothing is wrong with the mail. */
function throwIfAway(error: unknown): void {
  if (error instanceof RestageError && error.code === 'database-unavailable') throw error;
}

/**
 * Counts the alerts of mails that are new: those whose keys are in `added`, with their ids. Those from before `oldest`
 * are kept as history: a mailbox that is connected for the first time may be years deep. null: all count.
 */
export async function countMails(
  deps: Deps,
  tx: Tx,
  read: readonly ReadMail[],
  added: ReadonlyMap<string, number>,
  rules: readonly ThresholdRule[],
  oldest: Date | null,
): Promise<void> {
  const alerts = alertsOf(deps, rules, read, added);
  const isPast = ({ at }: CountedAlert) => oldest !== null && at < oldest;
  await keepPast(deps, tx, alerts.filter(isPast));
  await countAlerts(
    deps,
    tx,
    alerts.filter((alert) => !isPast(alert)),
    rules,
  );
  await noteRecoveries(deps, tx, read, added);
  await followRefreshes(deps, tx, read, added);
}

/** Alertmanager says again what it has said: the firings last, whatever became of their tickets. */
async function followRefreshes(
  deps: Deps,
  tx: Tx,
  read: readonly ReadMail[],
  added: ReadonlyMap<string, number>,
): Promise<void> {
  const again = read.filter(({ key }) => !added.has(key));
  const seen = again.flatMap(({ raw, reading }) =>
    reading.alerts.flatMap(({ series, occurrence }) =>
      series != null && occurrence != null ? [[occurrence, raw.receivedAt] as const] : [],
    ),
  );
  if (seen.length === 0) return;
  const refreshed = await tx.refreshOccurrences(new Map(seen));
  await reopenRepeated(
    deps,
    tx,
    seen.flatMap(([occurrence, at]) => (refreshed.has(occurrence) ? [{ occurrence, at }] : [])),
  );
}

/** Longest source that is kept of a mail that nothing could be made of, in bytes. */
const longestKept = 8 * 1024 * 1024;

function toMailRecord({ raw, key, formerKey, head, reading }: ReadMail): MailRecord {
  return {
    key,
    formerKey,
    via: raw.via,
    receivedAt: raw.receivedAt,
    fromAddress: head?.from ? storableText(head.from.address) : null,
    subject: storableText(head?.subject ?? ''),
    state: reading.state,
    format: reading.format,
    gates: reading.gates,
    alertCount: reading.alerts.length,
    source: reading.state === 'dead-letter' ? raw.source.subarray(0, longestKept) : raw.source,
    mediaType: raw.mediaType ?? 'message/rfc822',
  };
}

/** The alerts of the mails that are new, each mail once even when it came twice in this batch. */
function alertsOf(
  deps: Deps,
  rules: readonly ThresholdRule[],
  read: readonly ReadMail[],
  added: ReadonlyMap<string, number>,
): CountedAlert[] {
  const firstOfKey = new Map(read.toReversed().map((one) => [one.key, one]));
  return [...added].flatMap(([key, mailId]) =>
    (firstOfKey.get(key)?.reading.alerts ?? []).map((alert, ordinal) =>
      lookUpAlert(deps, rules, alert, { mailId, ordinal }),
    ),
  );
}
