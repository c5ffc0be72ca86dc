import type { DeliveryResult } from '../../domain/store/deliveries.ts';
import type { Deps } from '../deps.ts';
import { sendTicketMail } from '../ticket/ticket-mail.ts';
import type { Sending } from './claimed.ts';
import { done, failed } from './outcome.ts';

/**
 * A mail is sent once and never edited; one that may have gone out twice bears the same Message-ID. null: another bot has
 * taken the delivery over.
 */
export async function sendMail(deps: Deps, delivery: Sending): Promise<DeliveryResult | null> {
  const { sent, wanted, lease } = delivery;
  // It was sent, and then doubted: a mail can't be looked for.
  if (sent >= wanted) return { ...done(deps), sent };
  try {
    await sendTicketMail(deps, delivery, lease.signal);
    return { ...done(deps), sent: wanted };
  } catch (error) {
    return lease.signal.aborted ? null : failed(deps, delivery, error);
  }
}
