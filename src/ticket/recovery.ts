import type { Recovery } from '../domain/alert.ts';
import type { Ticket } from '../domain/ticket.ts';

/** A ticket with the failures of those that share its message. */
type Compared = Pick<Ticket, 'packages' | 'jobs' | 'lastAt'> & { readonly failures: readonly string[] };

export interface RecoveryDecision {
  readonly applies: boolean;
  readonly reason:
    | 'recovers-the-ticket'
    | 'older-than-the-last-alert'
    | 'other-failure'
    | 'other-package'
    | 'other-job';
}

/**
 * Whether word of a recovery is about a ticket of the same device: it is younger than the last alert, and what it names is all
 * that the ticket is about. What it does not name is not limited.
 */
export function decideRecovery(recovery: Recovery, ticket: Compared): RecoveryDecision {
  const isOther = (named: string | null, all: readonly string[]) =>
    named !== null && all.some((one) => one.toLowerCase() !== named.toLowerCase());
  if (recovery.at < ticket.lastAt) return { applies: false, reason: 'older-than-the-last-alert' };
  if (isOther(recovery.failure, ticket.failures)) return { applies: false, reason: 'other-failure' };
  if (isOther(recovery.package, ticket.packages)) return { applies: false, reason: 'other-package' };
  if (isOther(recovery.job, ticket.jobs)) return { applies: false, reason: 'other-job' };
  return { applies: true, reason: 'recovers-the-ticket' };
}
