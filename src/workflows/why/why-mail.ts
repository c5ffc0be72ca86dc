import { findDecisive } from '../../domain/gate.ts';
import type { StoredMail } from '../../domain/store/stored-mails.ts';
import { clampText } from '../../messages/clamp-text.ts';
import { codeSpan } from '../../messages/escape.ts';
import { describeReason } from '../../messages/gate-words.ts';
import { gatePart } from '../../messages/why-device.ts';
import { failureName } from '../../messages/ticket-fields.ts';
import type { WhyPart, WhyView } from '../../messages/why.ts';
import { countOf, showTime } from '../../messages/wording.ts';
import type { Deps } from '../deps.ts';
import type { ExplainedAlert } from '../explain/explain.ts';
import { explainAlertsOf } from '../explain/explain-stored.ts';

/** Alerts with all their gates; the others are only counted. */
const alertsShown = 3;

/** Where a mail ended, and why; `null` if there is none of this id. */
export async function whyMail(deps: Deps, id: number): Promise<WhyView | null> {
  const found = await deps.store.transaction(async (tx) => {
    const mail = await tx.storedMail(id);
    return mail && { mail, alerts: await explainAlertsOf(deps, tx, id, alertsShown) };
  });
  if (!found) return null;
  const { mail, alerts } = found;
  const { timeZone } = deps.policies;
  const { fromAddress, subject, receivedAt } = mail;
  const from = `from ${codeSpan(clampText(fromAddress ?? 'nobody', 80))}, ${showTime(receivedAt, timeZone)}`;
  return {
    title: `mail ${id}`,
    answer: `${describeEnd(mail)}\n${codeSpan(clampText(subject.trim() || '(no subject)', 120))} ${from}`,
    parts: [
      gatePart('The mail', mail.gates, timeZone),
      ...alerts.map((alert, index) => alertPart(alert, index, timeZone)),
    ],
    hint: describeRest(mail, alerts.length),
  };
}

function describeEnd({ id, state, reason, gates, alertCount }: StoredMail): string {
  const why = describeReason(findDecisive(gates)?.reason ?? reason);
  switch (state) {
    case 'accepted':
      return `Mail ${id} was accepted: ${countOf(alertCount, 'alert')}.`;
    case 'ignored':
      return `Mail ${id} makes no ticket: it was read, and ${why}.`;
    case 'rejected':
      return `Mail ${id} makes no ticket: it was rejected, as ${why}.`;
    case 'dead-letter':
      return `Mail ${id} makes no ticket: nothing could be read from it, as ${why}.`;
  }
}

function alertPart({ failure, device, gates }: ExplainedAlert, index: number, timeZone: string): WhyPart {
  const what = codeSpan(clampText(`${failureName(failure)} on ${device}`, 100));
  return gatePart(`Alert ${index + 1}: ${what}`, gates, timeZone);
}

function describeRest({ state, alertCount, id }: StoredMail, shown: number): string | null {
  const more = alertCount - shown;
  if (more > 0) return `… and ${countOf(more, 'alert')} more: \`restage explain --id ${id}\` shows all.`;
  return state === 'accepted'
    ? null
    : `\`/restage mails ${state}\` lists such mails, with *Look* and *Re-admit*.`;
}
