import type { AlertFields } from '../domain/alert.ts';
import { groupBy } from '../domain/group-by.ts';
import type { MailboxCursor } from '../domain/intake.ts';
import type { RawMail } from '../domain/mail.ts';
import type { ThresholdRule } from '../domain/policy.ts';
import type { FailedJob } from '../domain/redistribution.ts';
import type { AlertRecord } from '../domain/store/alerts.ts';
import type { MailRecord } from '../domain/store/mails.ts';
import type { Tx } from '../domain/store/store.ts';
import type { LiveTicket } from '../domain/store/tickets.ts';
import { counterOf, subjectOf } from '../threshold/counter.ts';
import { decideThreshold } from '../threshold/decide-threshold.ts';
import { selectRule } from '../threshold/select-rule.ts';
import type { Deps } from './deps.ts';
import type { ReadMail } from './read-mail.ts';
import { readMail } from './read-mail.ts';
import { touchTicket } from './ticket-message.ts';

type CountedAlert = AlertFields & {
  readonly mailId: number;
  readonly ordinal: number;
  readonly counter: string;
  readonly rule: ThresholdRule | null;
};

/**
 * The door for all mail (A1): reads, validates, stores, counts. Mails, alerts, cursor and the jobs that go on
 * from here are committed together; a mail that was here before changes nothing.
 */
export async function admit(
  deps: Deps,
  mails: readonly RawMail[],
  cursor: MailboxCursor | null,
): Promise<void> {
  const read = await Promise.all(mails.map((raw) => readMail(deps, raw)));
  await deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    const added = await tx.addMails(read.map(toMailRecord));
    await countAlerts(deps, tx, alertsOf(deps, read, added));
    if (cursor) await tx.saveCursor(cursor);
  });
}

function toMailRecord({ raw, key, mail, reading }: ReadMail): MailRecord {
  return {
    key,
    via: raw.via,
    receivedAt: raw.receivedAt,
    fromAddress: mail?.from?.address ?? null,
    subject: mail?.subject ?? '',
    state: reading.state,
    format: reading.format,
    gates: reading.gates,
    alertCount: reading.alerts.length,
    source: raw.source,
  };
}

/** The alerts of the mails that are new, each mail once even when it came twice in this batch. */
function alertsOf(deps: Deps, read: readonly ReadMail[], added: ReadonlyMap<string, number>): CountedAlert[] {
  const firstOfKey = new Map(read.toReversed().map((one) => [one.key, one]));
  return [...added].flatMap(([key, mailId]) =>
    (firstOfKey.get(key)?.reading.alerts ?? []).map((alert, ordinal) => {
      const rule = selectRule(deps.policies.thresholds, alert)?.rule ?? null;
      return { ...alert, mailId, ordinal, rule, counter: counterOf(rule ?? { over: 'device' }, alert) };
    }),
  );
}

async function countAlerts(deps: Deps, tx: Tx, alerts: readonly CountedAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const byCounter = groupBy(alerts, (alert) => alert.counter);
  const live = await tx.liveTickets([...byCounter.keys()]);
  await tx.addAlerts(alerts.map((alert) => toAlertRecord(alert, live.get(alert.counter))));
  await tx.addFailedJobs(alerts.flatMap(toFailedJob));
  for (const [counter, group] of byCounter) {
    const ticket = live.get(counter);
    if (ticket) await addToTicket(deps, tx, ticket, group);
    else await openCandidate(tx, counter, group);
  }
}

function toAlertRecord({ rule, ...alert }: CountedAlert, ticket: LiveTicket | undefined): AlertRecord {
  const record = { ...alert, ruleId: rule?.id ?? 'none', ticketId: ticket?.id ?? null };
  if (!ticket) return { ...record, state: 'counted', reason: 'below-threshold' };
  if (isShown(ticket)) return { ...record, state: 'ticketed', reason: 'ticket-is-open' };
  return { ...record, state: 'held', reason: 'ticket-under-examination' };
}

function isShown(ticket: LiveTicket): boolean {
  return ticket.state !== 'candidate' && ticket.state !== 'held';
}

/** Further alerts of a known problem change its ticket; new failures after the repair open it again (A17). */
async function addToTicket(
  deps: Deps,
  tx: Tx,
  ticket: LiveTicket,
  alerts: readonly CountedAlert[],
): Promise<void> {
  await tx.absorb(ticket.id, alerts);
  const { repairedAt } = ticket;
  if (ticket.state === 'repaired' && repairedAt && alerts.some((alert) => alert.at > repairedAt)) {
    const reason = 'failed-again-after-repair';
    await tx.changeTicket(ticket.id, { state: 'open', reason, repairedAt: null, repairedBy: null });
  }
  if (isShown(ticket)) await touchTicket(tx, ticket, deps.clock.now());
}

/** Where the densest window meets the rule, its alerts become a candidate, which the later gates examine. */
async function openCandidate(tx: Tx, counter: string, alerts: readonly CountedAlert[]): Promise<void> {
  const newest = alerts.reduce((a, b) => (b.at > a.at ? b : a));
  const { rule } = newest;
  if (!rule) return;
  const times = alerts.map((alert) => alert.at.getTime());
  const from = new Date(Math.min(...times) - rule.withinMs);
  const until = new Date(Math.max(...times) + rule.withinMs);
  const decision = decideThreshold(await tx.countedTimes(counter, from, until), rule);
  if (!decision.met || !decision.windowFrom) return;
  const ticketId = await tx.createTicket({
    counter,
    failure: newest.failure,
    subject: subjectOf(counter),
    device: rule.over === 'server' ? subjectOf(counter) : newest.device,
    region: newest.region,
    announced: newest.announced,
    saidBuilding: newest.building,
    saidRoom: newest.room,
    at: newest.at,
  });
  await tx.assignCounted(counter, decision.windowFrom, until, ticketId);
  await tx.recount(ticketId);
  await tx.enqueue({ queue: 'evaluate', ticketId });
}

/** What an alert adds to the failed distribution files (B1); without server and job nothing could be re-run. */
function toFailedJob(alert: CountedAlert): FailedJob[] {
  if (alert.distributionServer === null || alert.job === null) return [];
  return [
    {
      server: alert.distributionServer,
      job: alert.job,
      recipient: alert.recipient ?? alert.device,
      package: alert.package ?? '',
      attempt: alert.attempt,
      failedAt: alert.at,
      cause: alert.announced,
      knownFrom: 'alert',
    },
  ];
}
