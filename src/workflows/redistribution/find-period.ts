import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { choosePeriod } from '../../redistribution/choose-period.ts';
import type { Deps } from '../deps.ts';
import type { NewRedistribution } from './begin-redistribution.ts';

/**
 * The period in which something failed on a server (B3), as typed or, where nothing is typed, as its tickets tell.
 * @throws RestageError `period-invalid`.
 */
export async function findPeriod(
  deps: Deps,
  tx: Tx,
  scope: Pick<NewRedistribution, 'server' | 'recipients' | 'job'>,
  typed: string,
  timeZone: string,
): Promise<NewRedistribution['period']> {
  const { server } = scope;
  const facts = {
    repaired: await findRepaired(tx, scope),
    servicedUntil: await tx.servicedUntil(server),
    oldestFailure: await tx.oldestFailure(server, null),
  };
  return choosePeriod(typed, facts, deps.clock.now(), timeZone);
}

/** The repaired tickets about what somebody asks for: the server, a device, a job. */
async function findRepaired(
  tx: Tx,
  { server, recipients, job }: Pick<NewRedistribution, 'server' | 'recipients' | 'job'>,
): Promise<readonly TicketRecord[]> {
  const ofServer = await tx.repairedTicketsOf(server);
  if (recipients !== null) {
    return ofServer.filter(({ subject, devices }) =>
      recipients.some((name) => name === subject || devices.includes(name)),
    );
  }
  return job === null ? ofServer : ofServer.filter(({ jobs }) => jobs.includes(job));
}
