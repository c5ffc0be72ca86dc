import type { Delivery, DeliveryResult } from '../../domain/store/deliveries.ts';
import type { Deps } from '../deps.ts';
import { sendTicketMail } from '../ticket/ticket-mail.ts';
import { done, failed } from './outcome.ts';

/** A mail is sent once and never edited; one that may have gone out twice bears the same Message-ID. */
export async function sendMail(deps: Deps, delivery: Delivery): Promise<DeliveryResult> {
  try {
    await sendTicketMail(deps, delivery);
    return { ...done(deps), sent: delivery.wanted };
  } catch (error) {
    return failed(deps, delivery, error);
  }
}
