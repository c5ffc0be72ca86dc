import type { Outage } from '../../domain/outage.ts';
import type { StoredAlert } from '../../domain/store/outages.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderOutageNote } from '../../messages/outage-note.ts';
import { spellTarget } from '../../outage/targets.ts';
import { countInService } from './count-alerts.ts';
import { isShown, lookUpAlert } from './counted-alert.ts';
import type { Deps } from '../deps.ts';
import { readRules } from './thresholds-in-force.ts';
import { addToThread, touchTicket } from '../ticket/ticket-message.ts';

/**
 * Counts alerts that an outage had taken out of the totals as if they came now, by the rules that hold now (A10). The
 * tickets that they end up in say so.
 */
export async function countAgain(
  deps: Deps,
  tx: Tx,
  outage: Outage,
  alerts: readonly StoredAlert[],
): Promise<void> {
  await countAnew(deps, tx, alerts);
  const tickets = await tx.ticketsWith(alerts.map(({ id }) => id));
  for (const ticketId of tickets) await noteOnTicket(deps, tx, ticketId, outage);
}

/** Takes alerts out and counts them as new ones; they keep their ids. */
export async function countAnew(deps: Deps, tx: Tx, alerts: readonly StoredAlert[]): Promise<void> {
  const rules = await readRules(deps, tx);
  await tx.removeAlerts(alerts.map(({ id }) => id));
  const lookedUp = alerts.map((alert) => lookUpAlert(deps, rules, alert, alert));
  await countInService(deps, tx, lookedUp, rules);
}

/** At once where people see the ticket already; else it is told when the ticket opens. */
async function noteOnTicket(deps: Deps, tx: Tx, ticketId: number, outage: Outage): Promise<void> {
  const ticket = await tx.ticket(ticketId);
  if (!ticket) return;
  const afterOutage = {
    window: spellTarget(outage.target),
    reason: outage.reason,
    endedAt: outage.until.toISOString(),
  };
  await tx.changeTicket(ticketId, { afterOutage });
  if (!isShown(ticket)) return;
  await addToThread(deps, tx, ticket, renderOutageNote(afterOutage, deps.policies.timeZone));
  await touchTicket(tx, ticket, deps.clock.now());
}
