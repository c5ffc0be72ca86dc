import type { FailedJob } from '../../domain/redistribution.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { spanOfClock } from '../../domain/server-clock.ts';
import { byServerClock } from '../../redistribution/clock-edges.ts';
import { changeTicket } from '../ticket/change-ticket.ts';
import type { Deps } from '../deps.ts';
import { needsOutputFile } from './output-file.ts';
import { isWanted, wantRedistributionMessage } from './redistribution-message.ts';
import { codeSpan } from '../../messages/escape.ts';
import { countOf } from '../../messages/wording.ts';
import { tellRequester } from './tell-requester.ts';
import { touchTicket } from '../ticket/ticket-message.ts';

/** Ends a redistribution and tells what is left; a repaired ticket whose jobs are all done is resolved (B13). */
export async function finishRedistribution(deps: Deps, record: RedistributionRecord): Promise<void> {
  await deps.store.transaction(async (tx) => {
    // Alerts that come in at this moment could open a ticket again: they wait, or were first.
    await tx.lockCounting();
    if (!(await tx.changeRedistribution(record.id, ['running'], { state: 'done', note: null }))) return;
    await tx.freeServerLock(record.id);
    await wantRedistributionMessage(deps, tx, record);
    if (needsOutputFile(await tx.commandsOf(record.id))) await wantOutputFile(deps, tx, record);
    await tellEnd(deps, tx, record);
    // A log that could not be read, or a record from the future, may know of more.
    if (record.unread.length === 0) await resolveRepairedTickets(deps, tx, record.server);
  });
}

async function tellEnd(deps: Deps, tx: Tx, record: RedistributionRecord): Promise<void> {
  const left = (await findLeft(deps, tx, record)).length;
  const what =
    left === 0 ? 'nothing is left' : `${countOf(left, 'failed delivery is', 'failed deliveries are')} left`;
  await tellRequester(deps, tx, record, 'done', `Done on ${codeSpan(record.server)}: ${what}.`);
}

/** Returns what is still listed as failed of what was asked for; also what failed again just now, after the period. */
export async function findLeft(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
): Promise<readonly FailedJob[]> {
  const { from } = record.period;
  const clock = spanOfClock(await tx.clockHistory(record.server, from), from);
  const { until } = byServerClock(record.period, clock);
  const now = new Date(deps.clock.now().getTime() + 1);
  const failed = await tx.failedJobs(record.server, byServerClock({ from, until: now }, clock));
  const tried = new Set(
    (await tx.commandsOf(record.id)).map(({ command }) => `${command.attempt} ${command.job}`),
  );
  return failed.filter(
    (failure) =>
      isWanted(record, failure) &&
      (failure.failedAt < until || tried.has(`${failure.attempt} ${failure.job}`)),
  );
}

/** Comes last in the thread. */
async function wantOutputFile(deps: Deps, tx: Tx, { id, channel }: RedistributionRecord): Promise<void> {
  const parent = await tx.deliveryOf('redistribution', id);
  if (!parent) return;
  const file = { kind: 'output', subjectId: id, channel: parent.channel, parentId: parent.id } as const;
  await tx.wantDelivery({ ...file, id: deps.newId(), body: null }, deps.clock.now());
  await tx.enqueue({ queue: 'deliver', channel });
}

/** Resolves the server's repaired tickets of whose jobs nothing is left. The caller holds the counting lock. */
export async function resolveRepairedTickets(deps: Deps, tx: Tx, server: string): Promise<void> {
  for (const ticket of await tx.repairedTicketsOf(server)) await resolveIfDone(deps, tx, ticket);
}

async function resolveIfDone(deps: Deps, tx: Tx, ticket: TicketRecord): Promise<void> {
  if (ticket.combinedInto !== null) return;
  // Locks it: somebody may be clicking.
  if ((await tx.ticket(ticket.id))?.state !== 'repaired') return;
  const all = [ticket, ...(await tx.ticketsCombinedInto([ticket.id]))];
  const jobs = new Set(all.flatMap((one) => one.jobs));
  for (const server of new Set([ticket.subject, ...all.flatMap((one) => one.servers)])) {
    const left = await tx.failedJobs(server, null);
    if (left.some((one) => jobs.has(one.job) || jobs.has(one.toldAs ?? one.job))) {
      await tx.changeTicket(ticket.id, { reason: 'redistributed-in-part' });
      return touchTicket(tx, ticket, deps.clock.now());
    }
  }
  await changeTicket(deps, tx, ticket.id, { event: 'redistributed', by: null });
}
