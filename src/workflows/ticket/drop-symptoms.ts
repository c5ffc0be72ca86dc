import type { ButtonClick, FormFaults, ModalSubmission } from '../../domain/chat.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { type JudgedSymptom, symptomOf } from '../../domain/symptom.ts';
import { allSymptoms, dropForm, dropValueOf, renderDropped } from '../../messages/drop-form.ts';
import type { Deps } from '../deps.ts';
import { readSymptoms } from './read-symptoms.ts';
import { addToThread } from './ticket-message.ts';

const nothingFails = 'Nothing of this ticket fails any more.';

/** A click on *Drop …*: the form, with what still fails. */
export async function askWhatToDrop(deps: Deps, click: ButtonClick): Promise<string | null> {
  const found = await deps.store.transaction((tx) => readFailing(deps, tx, Number(click.value)));
  if (!found) return 'This ticket is not known any more.';
  if (found.failing.length === 0) return nothingFails;
  await deps.chat.openModal(click.triggerId, dropForm(found.ticket, found.failing));
  return null;
}

/**
 * The form that somebody sent: nobody waits for the repair of these. They are withdrawn, which ends the ticket if nothing
 * of it still fails; what fails anew counts again.
 */
export async function submitDrop(
  deps: Deps,
  { metadata, values, person, deliveryKey }: ModalSubmission,
): Promise<FormFaults> {
  const chosen = new Set(Array.isArray(values['symptoms']) ? values['symptoms'] : []);
  const reason = typeof values['reason'] === 'string' ? values['reason'].trim() : '';
  if (chosen.size === 0 || reason === '') {
    return {
      ...(chosen.size === 0 && { symptoms: 'Choose at least one.' }),
      ...(reason === '' && { reason: 'Say why.' }),
    };
  }
  const now = deps.clock.now();
  return deps.store.countingTransaction(async (tx) => {
    if (!(await tx.firstSight(deliveryKey, now))) return null;
    const found = await readFailing(deps, tx, Number(metadata));
    if (!found) return { symptoms: 'This ticket is not known any more.' };
    const { ticket, failing } = found;
    const dropped = failing.filter((one) => chosen.has(allSymptoms) || chosen.has(dropValueOf(one) ?? ''));
    if (dropped.length === 0) return { symptoms: nothingFails };
    const who = `${person.teamId}/${person.userId}`;
    await tx.addEvidence(dropped.map((one) => evidenceOf(one, now, who)));
    const detail = { reason, symptoms: dropped.map((one) => symptomOf(one)) };
    await tx.audit({ at: now, who, what: 'drop', about: `ticket ${ticket.id}`, detail });
    await addToThread(deps, tx, ticket, renderDropped(dropped, person.userId, reason));
    await tx.enqueue({ queue: 'attend', ticketId: ticket.id });
    return null;
  });
}

/** Whatever the sender's clock says, a person drops what is known by now. */
function evidenceOf(symptom: JudgedSymptom, now: Date, who: string) {
  const { ticketId, device, recipient, failure, package: name, job, service, series, lastAt } = symptom;
  const at = new Date(Math.max(now.getTime(), lastAt.getTime() + 1));
  const named = { device, recipient, failure, package: name, job, service, series };
  return { kind: 'dropped' as const, at, origin: `dropped by ${who}`, ticketId, ...named };
}

/** What still fails of an open ticket and of those that share its message. */
async function readFailing(
  deps: Deps,
  tx: Tx,
  id: number,
): Promise<{ readonly ticket: TicketRecord; readonly failing: readonly JudgedSymptom[] } | null> {
  const named = await tx.ticket(id);
  const ticket = named?.combinedInto == null ? named : await tx.ticket(named.combinedInto);
  if (!ticket) return null;
  if (!['open', 'acknowledged', 'repaired'].includes(ticket.state)) return { ticket, failing: [] };
  const symptoms = await readSymptoms(deps, tx, [ticket, ...(await tx.ticketsCombinedInto([ticket.id]))]);
  return { ticket, failing: symptoms.filter(({ state }) => state === 'failing') };
}
