import { RestageError } from '../../domain/errors.ts';
import type { RawMail } from '../../domain/mail.ts';
import { type GateResult, passed, stopped } from '../../domain/gate.ts';
import type { StoredAlert } from '../../domain/store/stored-mails.ts';
import type { Tx } from '../../domain/store/store.ts';
import { describeAction } from '../../ticket/action-taken.ts';
import type { InspectionDeps } from '../deps.ts';
import type { ExplainedAlert, Explanation, ExplainOptions } from './explain.ts';
import { explainMail } from './explain.ts';
import { explainCause } from './explain-scopes.ts';
import { endedItsReader, readMimeCarefully } from '../intake/read-carefully.ts';
import { rawMailOf } from '../intake/stored-mail.ts';

/**
 * What was decided about a stored mail, and what became of each of its alerts, whatever the config would say today. For
 * a draft of a format its source is read once more; if it ended its reader, in a process of its own.
 * @throws RestageError `input-invalid` for an id that is none, or a source that is not kept any more.
 */
export async function explainStored(
  deps: InspectionDeps,
  id: number,
  options: Pick<ExplainOptions, 'probe' | 'draft'>,
): Promise<Explanation> {
  const { mail, alerts } = await deps.store.transaction(async (tx) => ({
    mail: await tx.storedMail(id),
    alerts: await explainAlerts(tx, id),
  }));
  if (!mail) throw new RestageError('input-invalid', `There is no mail ${id}.`);
  const file = `mail ${id}`;
  const { state, gate, reason, format, gates } = mail;
  if (!options.draft)
    return { file, outcome: state, gate, reason, format, gates, alerts, recoveries: [], draft: null };
  const raw = rawMailOf(mail);
  if (raw)
    return explainMail(reason === endedItsReader ? readingApart(deps) : deps, raw, { file, ...options });
  throw new RestageError(
    'input-invalid',
    `Mail ${id} is older than mail is kept: nothing of it can be read.`,
  );
}

/** Bodies are read in a process of their own. */
function readingApart(deps: InspectionDeps): InspectionDeps {
  const readMime = (raw: RawMail) => readMimeCarefully(deps, raw);
  const openMail = (raw: RawMail) => ({ ...deps.openMail(raw), readBody: () => readMime(raw) });
  return { ...deps, openMail, readMime };
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
