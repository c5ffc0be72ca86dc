import type { AlertFields } from '../../domain/alert.ts';
import { type GateResult, passed, stopped } from '../../domain/gate.ts';
import type { StoredAlert } from '../../domain/store/stored-mails.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { spellTarget } from '../../outage/targets.ts';
import { describeAction } from '../../ticket/action-taken.ts';
import { verifyLocation } from '../../ticket/location.ts';
import type { InspectionDeps } from '../deps.ts';
import { lookUpAlert } from '../counting/counted-alert.ts';
import { readRules } from '../counting/thresholds-in-force.ts';
import { locationGate } from './location-gate.ts';
import { explainOutage } from './explain-outage.ts';
import { explainPaging } from './explain-paging.ts';
import { explainRoute } from './explain-route.ts';
import { type CountExplained, explainCause, targetOf } from './explain-scopes.ts';
import { countsOf } from './explain-threshold.ts';

/** Returns each gate that a stored alert met after it was read, and what that came to; probes nothing. */
export async function explainStoredAlert(
  deps: InspectionDeps,
  tx: Tx,
  alert: StoredAlert,
): Promise<readonly GateResult[]> {
  const ticket = alert.ticketId === null ? null : await tx.ticket(alert.ticketId);
  const target = ticket?.device ?? targetOf(alert.counter, alert.device);
  return [
    await explainCounting(deps, tx, alert, ticket),
    await explainVoiding(deps, tx, alert, target),
    explainDiagnosed(ticket),
    ...(await explainPlace(deps, tx, alert, ticket)),
  ];
}

/** What each rule counts of an alert's kind at a time, the device's own first. */
export async function explainCounts(
  deps: InspectionDeps,
  tx: Tx,
  alert: AlertFields,
  at: Date,
): Promise<readonly CountExplained[]> {
  const counted = lookUpAlert(deps, await readRules(deps, tx), alert, { mailId: 0, ordinal: 0 });
  return countsOf(deps, tx, { ...counted, at });
}

async function explainCounting(
  deps: InspectionDeps,
  tx: Tx,
  alert: StoredAlert,
  ticket: TicketRecord | null,
): Promise<GateResult> {
  const { counter, ruleId, state, reason, ticketId } = alert;
  const values = {
    counter,
    rule: ruleId,
    state,
    ticket: ticketId,
    actionTaken: describeAction(alert, ticket),
  };
  if (ticketId !== null) {
    const cause = await explainCause(tx, ticketId);
    const explainedBy = ticket && ticket.counter !== counter ? ticket.counter : null;
    return passed('threshold', reason, { ...values, explainedBy, cause });
  }
  if (state !== 'counted') return stopped('threshold', reason, values);
  const [own, ...wider] = await explainCounts(deps, tx, alert, alert.at);
  return stopped('threshold', reason, {
    ...values,
    counted: own?.counted ?? null,
    needed: own?.needed ?? null,
    of: own?.of ?? null,
    windowMinutes: own ? own.withinMs / 60_000 : null,
    wider: wider.map(({ text }) => text).join('; ') || null,
  });
}

/** The outage that took the alert out of the totals, else the one that covers its device. */
async function explainVoiding(
  deps: InspectionDeps,
  tx: Tx,
  alert: StoredAlert,
  target: string,
): Promise<GateResult> {
  const outage = alert.outageId === null ? null : await tx.outage(alert.outageId);
  if (!outage) return explainOutage(deps, tx, alert, target);
  return stopped('outage', alert.state === 'voided' ? alert.reason : 'counted-after-outage', {
    device: alert.outageDevice,
    when: 'when-it-happened',
    outage: spellTarget(outage.target),
    because: outage.reason,
    source: outage.source,
    until: outage.until.toISOString(),
  });
}

/** What was found when a ticket was examined, as a gate. */
export function explainDiagnosed(ticket: TicketRecord | null): GateResult {
  if (!ticket) return passed('diagnosis', 'no-ticket');
  const { diagnosis, state, reason, looks } = ticket;
  const isStopped = state === 'held' || state === 'suppressed';
  return (isStopped ? stopped : passed)('diagnosis', diagnosis ? reason : 'not-looked-at', {
    ticket: ticket.id,
    state,
    verdict: diagnosis?.verdict ?? null,
    because: diagnosis?.reason ?? null,
    hop: diagnosis?.hop ?? null,
    at: diagnosis?.at ?? null,
    probedAt: diagnosis?.evidence.probedAt.toISOString() ?? null,
    looks,
  });
}

async function explainPlace(
  deps: InspectionDeps,
  tx: Tx,
  alert: StoredAlert,
  ticket: TicketRecord | null,
): Promise<readonly GateResult[]> {
  const target = ticket?.device ?? targetOf(alert.counter, alert.device);
  const device = deps.inventory.find(target);
  const isOwn = device === deps.inventory.find(alert.device);
  const said = isOwn ? alert : { building: alert.building, room: alert.room };
  const location = ticket?.location ?? verifyLocation(said, device);
  return [
    locationGate(location),
    ticket?.channel == null
      ? explainRoute(deps, alert, device, location)
      : passed('route', 'ticket-shown', {
          ticket: ticket.id,
          state: ticket.state,
          channel: ticket.channel,
          postAt: ticket.postAt?.toISOString() ?? null,
        }),
    await explainPage(deps, tx, alert, ticket, target),
  ];
}

/** The page that runs about the ticket, else what the rules say. */
async function explainPage(
  deps: InspectionDeps,
  tx: Tx,
  alert: StoredAlert,
  ticket: TicketRecord | null,
  target: string,
): Promise<GateResult> {
  const page = ticket && (await tx.openPageOf(ticket.id));
  if (!page) return explainPaging(deps, tx, alert, target);
  const told = [...new Set((await tx.noticesOf(page.id)).map(({ recipient }) => recipient))];
  return passed('paging', page.reason, {
    policy: page.policy,
    state: page.state,
    told: told.join(', ') || null,
    at: page.state === 'running' ? page.dueAt.toISOString() : null,
  });
}
