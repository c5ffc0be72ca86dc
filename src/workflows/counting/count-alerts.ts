import { allDone } from '../../domain/all-done.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { FailedJob } from '../../domain/redistribution.ts';
import type { ThresholdRule } from '../../domain/policy.ts';
import type { Tx } from '../../domain/store/store.ts';
import { changeTicket } from '../ticket/change-ticket.ts';
import {
  type CountedAlert,
  countersOf,
  findTicket,
  isShown,
  type PlacedAlert,
  toAlertRecord,
  toPastRecord,
  toVoidedRecord,
} from './counted-alert.ts';
import type { Deps } from '../deps.ts';
import { findOutages } from '../outage/find-outages.ts';
import { closedTicketOf, renewOccurrences, reopenRepeated, repeatsAmong } from './follow-repeats.ts';
import { failuresOf, findJoining, joinAttempts } from './join-attempts.ts';
import { openCandidates } from './open-candidates.ts';
import type { Recount } from './recount.ts';
import { findRootCauses } from './root-cause.ts';
import { newsAfterMs, tellAgain } from '../ticket/tell-again.ts';
import { touchTickets } from './touch-tickets.ts';
import { decideWiderTickets } from './wider-tickets.ts';

/**
 * Takes new alerts in: those of devices that are out for maintenance are kept out of the totals (A10), the failure mail of
 * our own re-runs joins their attempts (B13), the others are counted.
 */
export async function countAlerts(
  deps: Deps,
  tx: Tx,
  alerts: readonly CountedAlert[],
  rules: readonly ThresholdRule[],
): Promise<void> {
  const [joining, voided] = await allDone([findJoining(deps, tx, alerts), findOutages(deps, tx, alerts)]);
  const failed = alerts.flatMap((alert) => {
    const attempts = joining.get(alert);
    return attempts ? failuresOf(alert, attempts) : toFailedJob(deps, alert);
  });
  const inService = alerts.filter((alert) => !voided.has(alert));
  const joined = inService.filter((alert) => joining.has(alert));
  const counting = inService.filter((alert) => !joining.has(alert));
  await allDone([
    tx.addFailedJobs(failed),
    tx.addAlerts([...voided].map(([alert, voiding]) => toVoidedRecord(alert, voiding))),
    joinAttempts(deps, tx, joined).then(() => countInService(deps, tx, counting, rules)),
  ]);
}

/** Alerts that are too old to add up to anything: what failed then is known, and that is all. */
export async function keepPast(deps: Deps, tx: Tx, alerts: readonly CountedAlert[]): Promise<void> {
  await tx.addFailedJobs(alerts.flatMap((alert) => toFailedJob(deps, alert)));
  await tx.addAlerts(alerts.map(toPastRecord));
}

/**
 * Adds and counts alerts (A9): those of known problems join their tickets; then the explanations are decided, the
 * strongest first, each with what no stronger one holds: packages and jobs, the wider scopes, servers as causes of what
 * fails behind them, at last the devices themselves. A few statements, however many alerts there
 * are. The tickets that come out depend on the alerts alone, not on their order or on how they come in batches.
 */
export async function countInService(
  deps: Deps,
  tx: Tx,
  given: readonly CountedAlert[],
  rules: readonly ThresholdRule[],
): Promise<void> {
  if (given.length === 0) return;
  const alerts = await renewOccurrences(deps, tx, given);
  const closed = await reopenRepeated(deps, tx, repeatsAmong(alerts));
  const live = await tx.liveTickets([...new Set(alerts.flatMap(countersOf))]);
  const placed = alerts.map((alert) => ({
    alert,
    ticket: findTicket(alert, live) ?? closedTicketOf(alert, closed),
  }));
  await allDone([
    tx.addAlerts(placed.map(({ alert, ticket }) => toAlertRecord(alert, ticket))),
    addToTickets(deps, tx, placed),
  ]);
  const recount: Recount = {
    ...{ rules, added: alerts, released: [], live },
    ...{ changed: new Map(), takenBy: new Map() },
  };
  await decideWiderTickets(deps, tx, recount, ['package', 'job', 'network', 'region', 'building']);
  await findRootCauses(deps, tx, recount, 'root');
  await findRootCauses(deps, tx, recount, 'root-of-package');
  await decideWiderTickets(deps, tx, recount, ['server']);
  await openCandidates(deps, tx, recount);
}

/** Further alerts of known problems change their tickets; new failures after the repair open them again (A17). */
async function addToTickets(deps: Deps, tx: Tx, placed: readonly PlacedAlert[]): Promise<void> {
  const byTicket = groupBy(
    placed.flatMap(({ alert, ticket }) => (ticket ? [{ alert, ticket }] : [])),
    ({ ticket }) => ticket,
  );
  if (byTicket.size === 0) return;
  const alertsById = [...byTicket].map(([{ id }, group]) => [id, group.map(({ alert }) => alert)] as const);
  await tx.absorbAll(new Map(alertsById));
  for (const [{ id, state, repairedAt }, group] of byTicket) {
    if (state === 'repaired' && repairedAt && group.some(({ alert }) => alert.at > repairedAt)) {
      await changeTicket(deps, tx, id, { event: 'failed-again', by: null });
      // Whether it comes and goes is for who looks after it.
      await tx.enqueue({ queue: 'attend', ticketId: id });
    }
  }
  await touchTickets(deps, tx, [...byTicket.keys()].filter(isShown));
  await tellAfterSilence(deps, tx, placed);
}

/** Nothing is read for tickets that are younger than a day. */
async function tellAfterSilence(deps: Deps, tx: Tx, placed: readonly PlacedAlert[]): Promise<void> {
  const come = placed.flatMap(({ alert: { at, mailId, ordinal }, ticket }) => {
    const isKnown = ticket?.state === 'open' || ticket?.state === 'acknowledged';
    if (!isKnown || at.getTime() - ticket.firstAt.getTime() < newsAfterMs) return [];
    return [{ ticketId: ticket.id, mailId, ordinal }];
  });
  const silent = await tx.silentBefore(come, newsAfterMs);
  for (const [ticketId, silentMs] of silent) await tellAgain(deps, tx, ticketId, silentMs);
}

/** What an alert adds to the failed distribution files (B1); without server and job nothing could be re-run. */
function toFailedJob(deps: Deps, alert: CountedAlert): FailedJob[] {
  if (alert.distributionServer === null || alert.job === null) return [];
  return [
    {
      server: serverNamed(deps, alert.distributionServer),
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

/** By the name that the config gives it, under which its logs are read; alerts may name it in full. */
function serverNamed({ policies, inventory }: Deps, named: string): string {
  const known = [named, inventory.find(named)?.name].find(
    (name) => name != null && policies.servers.has(name),
  );
  if (known != null) return known;
  const byHost = [...policies.servers.values()].find(
    ({ host }) => host.toLowerCase() === named.toLowerCase(),
  );
  return byHost?.name ?? named;
}
