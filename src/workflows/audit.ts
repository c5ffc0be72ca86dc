import type { FailedDelivery } from '../domain/store/deliveries.ts';
import type { Disagreement } from '../domain/store/audit.ts';
import type { AuditSums } from '../domain/store/mails.ts';
import type { InspectionDeps } from './deps.ts';

export interface AuditReport extends AuditSums {
  /** Each alert is in one state, which agrees with its ticket's, and each ticket that people ought to see is told. */
  readonly balanced: boolean;
  /** What does not add up, for people; empty when balanced. */
  readonly faults: readonly string[];
  /** The latest messages that were given up: known, and announced in Slack, so nothing is out of balance. */
  readonly failedDeliveries: readonly FailedDelivery[];
}

/** Whether everything that came in is somewhere, and everything that people ought to see is on its way to them. */
export async function auditStore({ store }: Pick<InspectionDeps, 'store'>): Promise<AuditReport> {
  // While alerts are being added or moved, sums of two moments would be compared.
  return store.snapshot(async (tx) => {
    const sums = await tx.sums();
    const faults = [
      ...checkSum(sums),
      ...(await tx.disagreements()).map(describeDisagreement),
      ...(await tx.ticketsWithoutMessage()).map(
        (id) => `ticket ${id} ought to be seen, but no message is about it`,
      ),
    ];
    return {
      ...sums,
      balanced: faults.length === 0,
      faults,
      failedDeliveries: await tx.failedDeliveries(null),
    };
  });
}

function checkSum({ alerts, alertsInMails }: AuditSums): readonly string[] {
  const inStates = Object.values(alerts).reduce((total, n) => total + n, 0);
  if (inStates === alertsInMails) return [];
  return [`the accepted mails carry ${alertsInMails} alerts, but ${inStates} are in a state`];
}

function describeDisagreement({ alerts, ticket, n, example }: Disagreement): string {
  const many = `${n} ${n === 1 ? 'alert is' : 'alerts are'} ${alerts}`;
  return ticket === null
    ? `${many}, but in no ticket`
    : `${many}, but in a ticket that is ${ticket}, such as ticket ${example}`;
}
