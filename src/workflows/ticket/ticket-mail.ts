import type { Delivery } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { renderTicketMail } from '../../messages/ticket-mail.ts';
import type { Deps } from '../deps.ts';
import { scopeOfTicket } from './scope-of-ticket.ts';

/** Mails have a line of deliveries of their own, so that a slow relay holds up no channel. */
const mailChannel = 'email';

/** A ticket is to be mailed as well, where the site wants that; once, when it opens. */
export async function wantTicketMail(deps: Deps, tx: Tx, { id }: Pick<Ticket, 'id'>): Promise<void> {
  if (!deps.policies.ticket.email) return;
  await tx.wantDelivery(
    {
      id: deps.newId(),
      kind: 'email',
      subjectId: String(id),
      channel: mailChannel,
      parentId: null,
      body: null,
    },
    deps.clock.now(),
  );
  await tx.enqueue({ queue: 'deliver', channel: mailChannel });
}

/** Sends a ticket's mail; nothing where its ticket or the relay is gone. Rejects with a `ChatError`, as when `signal` aborts. */
export async function sendTicketMail(deps: Deps, delivery: Delivery, signal: AbortSignal): Promise<void> {
  const { ticket, scope } = await deps.store.transaction(async (tx) => {
    const found = await tx.ticket(Number(delivery.subjectId));
    return { ticket: found, scope: found && (await scopeOfTicket(tx, found)) };
  });
  const { email } = deps.policies.ticket;
  if (!ticket || !email || !deps.mailer) return;
  const domain = /@([^@>\s]+)>?$/.exec(email.from)?.[1] ?? 'restage';
  const { subject, text } = renderTicketMail(ticket, deps.policies.timeZone, scope);
  const messageId = `${delivery.id}.ticket-${ticket.id}@${domain}`;
  await deps.mailer.send({ from: email.from, to: email.to, subject, text, messageId }, signal);
}
