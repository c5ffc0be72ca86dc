import { RestageError } from '../../domain/errors.ts';
import { type GateResult, passed, stopped } from '../../domain/gate.ts';
import type { StoredAlert } from '../../domain/store/stored-mails.ts';
import type { Tx } from '../../domain/store/store.ts';
import { describeAction } from '../../ticket/action-taken.ts';
import type { InspectionDeps } from '../deps.ts';
import type { ExplainedAlert, Explanation } from './explain.ts';
import { explainCause } from './explain-scopes.ts';

/**
 * Returns what was decided about a stored mail, and what became of each of its alerts, whatever the config would say today.
 * @throws RestageError `input-invalid` for an id that is none.
 */
export async function explainStored(deps: InspectionDeps, id: number): Promise<Explanation> {
  const { mail, alerts } = await deps.store.transaction(async (tx) => ({
    mail: await tx.storedMail(id),
    alerts: await explainAlerts(tx, id),
  }));
  if (!mail) throw new RestageError('input-invalid', `There is no mail ${id}.`);
  const file = `mail ${id}`;
  const { state, gate, reason, format, gates } = mail;
  return { file, outcome: state, gate, reason, format, gates, alerts, recoveries: [], draft: null };
}

async function explainAlerts(tx: Tx, mailId: number): Promise<readonly ExplainedAlert[]> {
  const explained: ExplainedAlert[] = [];
  for (const alert of await tx.alertsOfMail(mailId))
    explained.push({ ...alert, gates: await explainAlert(tx, alert) });
  return explained;
}

/** Where the alert is, and the ticket that it made or joined. */
async function explainAlert(tx: Tx, alert: StoredAlert): Promise<GateResult[]> {
  const { counter, ruleId, state, reason, ticketId } = alert;
  const ticket = ticketId === null ? null : await tx.ticket(ticketId);
  const actionTaken = describeAction(alert, ticket);
  const cause = ticketId === null ? null : await explainCause(tx, ticketId);
  const explainedBy = ticket && ticket.counter !== counter ? ticket.counter : null;
  const values = { counter, rule: ruleId, state, ticket: ticketId, explainedBy, cause, actionTaken };
  if (ticketId === null) return [stopped('threshold', reason, values)];
  const threshold = passed('threshold', reason, values);
  if (!ticket) return [threshold];
  const { diagnosis, channel } = ticket;
  const told = { ticket: ticketId, state: ticket.state, verdict: diagnosis?.verdict ?? null };
  if (channel !== null) return [threshold, passed('route', 'ticket-shown', { ...told, channel })];
  const gate = ticket.state === 'voided' ? 'outage' : 'diagnosis';
  return [threshold, stopped(gate, ticket.state, told)];
}
