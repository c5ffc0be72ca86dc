import type { ButtonClick, FormFaults, ModalSubmission } from '../../domain/chat.ts';
import { parseDuration } from '../../domain/duration.ts';
import type { TicketEvent } from '../../domain/ticket.ts';
import { nameTicket } from './name-ticket.ts';
import { assignForm, longestSnoozeMs, snoozeForm } from '../../messages/ticket-forms.ts';
import { changeTicket, type TicketHappening } from './change-ticket.ts';
import type { Deps } from '../deps.ts';
import { issueTickets, touchTicket } from './ticket-message.ts';

/** A click on a ticket's button that does something at once. Answers why not; null: done. */
export async function clickTicket(
  deps: Deps,
  click: ButtonClick,
  event: TicketEvent,
): Promise<string | null> {
  const happening = { event, by: click.person, place: click.channel };
  return deps.store.transaction((tx) => changeTicket(deps, tx, Number(click.value), happening));
}

/** A click that asks for more: the form for it is shown. */
export async function askAboutTicket(
  deps: Deps,
  click: ButtonClick,
  form: 'assign' | 'snooze',
): Promise<string | null> {
  const ticket = await deps.store.transaction((tx) => tx.ticket(Number(click.value)));
  if (!ticket) return 'This ticket is not known any more.';
  const modals = {
    assign: assignForm,
    snooze: snoozeForm,
  };
  const named = { ...ticket, title: nameTicket(ticket) };
  await deps.chat.openModal(click.triggerId, modals[form](named));
  return null;
}

/** A ticket of a digest gets a message of its own, in its channel (A15). */
export async function takeUpTicket(deps: Deps, click: ButtonClick): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    const ticket = await tx.ticket(Number(click.value));
    if (!ticket) return 'This ticket is not known any more.';
    if (await tx.deliveryOf('ticket', String(ticket.id)))
      return 'This ticket has a message of its own already.';
    const now = deps.clock.now();
    const who = `${click.person.teamId}/${click.person.userId}`;
    await tx.audit({ at: now, who, what: 'take up', about: `ticket ${ticket.id}` });
    await issueTickets(deps, tx, [ticket]);
    await touchTicket(tx, ticket, now);
    return null;
  });
}

/** The form *Assign* that somebody sent. */
export async function submitAssign(deps: Deps, submission: ModalSubmission) {
  const { assignee } = submission.values;
  if (typeof assignee !== 'string') return { assignee: 'Choose a person.' };
  return submit(deps, submission, 'assignee', { event: 'assign', detail: { assignee } });
}

/** The form *Snooze* that somebody sent. */
export async function submitSnooze(deps: Deps, submission: ModalSubmission) {
  const { duration } = submission.values;
  const ms = typeof duration === 'string' ? parseDuration(duration) : null;
  if (ms === null || ms === 0 || ms > longestSnoozeMs) return { duration: 'Choose for how long.' };
  const until = new Date(deps.clock.now().getTime() + ms);
  return submit(deps, submission, 'duration', { event: 'snooze', detail: { until } });
}

async function submit(
  deps: Deps,
  { metadata, person }: ModalSubmission,
  blockId: string,
  happening: Omit<TicketHappening, 'by'>,
): Promise<FormFaults> {
  const refusal = await deps.store.transaction((tx) =>
    changeTicket(deps, tx, Number(metadata), { ...happening, by: person }),
  );
  return refusal === null ? null : { [blockId]: refusal };
}
