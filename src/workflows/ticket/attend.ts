import type { RecoveryRecord } from '../../domain/store/recoveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { countOf, showDuration } from '../../messages/wording.ts';
import { renderNotice } from '../../messages/notice.ts';
import { decideRecovery } from '../../ticket/recovery.ts';
import { decideWell, quietUntil } from '../../ticket/decide-well.ts';
import { changeTicket } from './change-ticket.ts';
import { isTimeUp } from '../../domain/time-up.ts';
import type { Deps } from '../deps.ts';
import { longestWaits } from '../longest-waits.ts';
import { continueStory } from './tell-story.ts';
import { addToThread } from './ticket-message.ts';

const pingLimitMs = 30_000;

/**
 * Looks after a ticket that people have seen (A17): wakes it when its snooze is over, follows word of a recovery, and
 * resolves it when its device is well. Calling it again for a ticket that needs nothing does nothing.
 */
export async function attendTicket(deps: Deps, ticketId: number): Promise<void> {
  const { ticket, recoveries } = await deps.store.transaction(async (tx) => {
    const whole = await readWhole(tx, ticketId);
    const news = whole && (await tx.newRecoveries(namesOf(deps, whole), whole.lastAt));
    return { ticket: whole, recoveries: news ?? [] };
  });
  if (!ticket || !['open', 'acknowledged', 'repaired'].includes(ticket.state)) return;
  const { snoozedUntil } = ticket;
  if (snoozedUntil && isTimeUp(snoozedUntil, deps.clock.now(), longestWaits.snooze)) await wake(deps, ticket);
  const recovery = recoveries.findLast((one) => decideRecovery(one, ticket).applies);
  if (recovery) return followRecovery(deps, ticket, recovery);
  await resolveIfWell(deps, ticket);
}

type WholeTicket = TicketRecord & { readonly failures: readonly string[] };

/** The ticket whose message a ticket shares, or the ticket itself, with all that share it: they have one fate. */
async function readWhole(tx: Tx, ticketId: number): Promise<WholeTicket | null> {
  const named = await tx.ticket(ticketId);
  const owner = named?.combinedInto == null ? named : await tx.ticket(named.combinedInto);
  return owner && withParts(owner, await tx.ticketsCombinedInto([owner.id]));
}

/** An alert may come while the device is asked: what was found out then is about a time before it. */
async function isAsBefore(tx: Tx, { id, alertCount }: WholeTicket): Promise<boolean> {
  return (await readWhole(tx, id))?.alertCount === alertCount;
}

function withParts(ticket: TicketRecord, parts: readonly TicketRecord[]): WholeTicket {
  const all = [ticket, ...parts];
  return {
    ...ticket,
    alertCount: all.reduce((sum, one) => sum + one.alertCount, 0),
    failures: all.map(({ failure }) => failure),
    packages: all.flatMap(({ packages }) => packages),
    jobs: all.flatMap(({ jobs }) => jobs),
    lastAt: new Date(Math.max(...all.map(({ lastAt }) => lastAt.getTime()))),
  };
}

async function wake(deps: Deps, ticket: TicketRecord): Promise<void> {
  const since = ticket.alertCount - (ticket.told?.alertCount ?? ticket.alertCount);
  const note = since > 0 ? `${countOf(since, 'alert')} came meanwhile.` : 'No alert came meanwhile.';
  await deps.store.transaction((tx) =>
    changeTicket(deps, tx, ticket.id, { event: 'wake', by: null, detail: { note } }),
  );
  await continueStory(deps, ticket.id);
}

/** Word of a recovery counts once the device answers; else it is told in the thread, and people decide. */
async function followRecovery(deps: Deps, ticket: WholeTicket, recovery: RecoveryRecord): Promise<void> {
  const answers = await isAnswering(deps, ticket);
  await deps.store.countingTransaction(async (tx) => {
    if (!(await isAsBefore(tx, ticket))) return tx.enqueue({ queue: 'attend', ticketId: ticket.id });
    if (answers) {
      const note = 'Its device sent word that it works again, and answers.';
      const detail = { reason: 'recovery-mail', note };
      await changeTicket(deps, tx, ticket.id, { event: 'recovered', by: null, detail });
    } else {
      const text = 'Its device is said to work again, but it does not answer: the ticket stays open.';
      await addToThread(deps, tx, ticket, renderNotice(text));
    }
    const outcome = answers ? `resolved ticket ${ticket.id}` : `noted in ticket ${ticket.id}`;
    await tx.settleRecovery(recovery.id, outcome);
  });
}

async function resolveIfWell(deps: Deps, ticket: WholeTicket): Promise<void> {
  const quietMs = deps.policies.ticket.autoResolveAfterMs;
  const now = deps.clock.now();
  if (quietMs === null || !ticket.checkAt || !isTimeUp(ticket.checkAt, now, quietMs)) return;
  const answers = quietUntil(ticket, quietMs) <= now && (await isAnswering(deps, ticket));
  const decision = decideWell(ticket, answers, quietMs, now);
  await deps.store.countingTransaction(async (tx) => {
    if (!decision.well) return tx.changeTicket(ticket.id, { checkAt: decision.askAgainAt });
    if (!(await isAsBefore(tx, ticket))) return;
    const note = `No alert came for ${showDuration(quietMs)}, and the device answers.`;
    const detail = { reason: 'quiet-and-answering', note };
    await changeTicket(deps, tx, ticket.id, { event: 'recovered', by: null, detail });
  });
}

async function isAnswering(deps: Deps, { device: name }: TicketRecord): Promise<boolean> {
  const device = deps.inventory.find(name);
  const address = device?.ip ?? device?.fqdn ?? device?.name ?? name;
  const { pings } = deps.policies.diagnosis;
  const { received } = await deps.prober.ping(address, pings, AbortSignal.timeout(pingLimitMs));
  return received > 0;
}

/** A recovery may name the device in another way than its alerts did. */
function namesOf(deps: Deps, { device: name, subject }: TicketRecord): readonly string[] {
  const device = deps.inventory.find(name);
  const names = [name, subject, device?.name, device?.fqdn, device?.ip, device?.mac];
  return [...new Set(names.filter((one) => one != null))];
}
