import { RestageError } from '../../domain/errors.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { InspectionDeps } from '../deps.ts';
import type { ExplainedAlert, Explanation } from './explain.ts';
import { explainStoredAlert } from './explain-alert.ts';

/**
 * Returns what was decided about a stored mail, and what became of each of its alerts, whatever the config would say today.
 * @throws RestageError `input-invalid` for an id that is none.
 */
export async function explainStored(deps: InspectionDeps, id: number): Promise<Explanation> {
  const { mail, alerts } = await deps.store.transaction(async (tx) => ({
    mail: await tx.storedMail(id),
    alerts: await explainAlertsOf(deps, tx, id),
  }));
  if (!mail) throw new RestageError('input-invalid', `There is no mail ${id}.`);
  const file = `mail ${id}`;
  const { state, gate, reason, format, gates } = mail;
  return { file, outcome: state, gate, reason, format, gates, alerts, recoveries: [], draft: null };
}

/** The first alerts of a mail, at most `limit`, each with the gates that it met, in the order of the mail. */
export async function explainAlertsOf(
  deps: InspectionDeps,
  tx: Tx,
  mailId: number,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<readonly ExplainedAlert[]> {
  const explained: ExplainedAlert[] = [];
  for (const alert of (await tx.alertsOfMail(mailId)).slice(0, limit))
    explained.push({ ...alert, gates: await explainStoredAlert(deps, tx, alert) });
  return explained;
}
