import { allDone } from '../../domain/all-done.ts';
import type { Person } from '../../domain/chat.ts';
import type { Device } from '../../domain/device.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import { flapsThatTell, flapsWithinMs } from '../../domain/flapping.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketChange, TicketRecord } from '../../domain/store/tickets.ts';
import { describeOpenedByHand } from '../../messages/held.ts';
import { renderMarkup } from '../../messages/notice.ts';
import { decideCombine } from '../../ticket/decide-combine.ts';
import type { TicketRoute } from '../../ticket/route.ts';
import { nextSlot } from '../../ticket/schedule.ts';
import type { Deps } from '../deps.ts';
import { longestRecheckMs } from '../longest-waits.ts';
import { wantDigest } from './digest.ts';
import { findFlaps } from './find-flaps.ts';
import { enoughFlaps, noteFlapping } from './note-flapping.ts';
import { placeTicket } from './place-ticket.ts';
import { pageFor } from '../paging/paging.ts';
import { wantTicketMail } from './ticket-mail.ts';
import { addToThread, issueTickets, touchTicket } from './ticket-message.ts';
import { isUnderExamination } from './under-examination.ts';

/** A candidate that becomes a ticket, and what is known of it. */
export interface Opening {
  readonly ticket: TicketRecord;
  readonly device: Device | null;
  /** null: the ticket is about more than a device. */
  readonly diagnosis: Diagnosis | null;
  readonly reason: string;
  /** Who did not wait for the next look; left out: nobody. */
  readonly by?: Person;
}

/** A ticket as it is when it has opened, and where it goes. */
interface Opened {
  readonly ticket: TicketRecord & { readonly channel: string };
  readonly change: TicketChange;
  readonly route: TicketRoute;
}

/**
 * Opens tickets: location (A12), route (A14, A16), and their messages, at once or with a digest (A15), in one
 * transaction. Two evaluations of one ticket may run at once: only the first one's decision holds.
 */
export async function openTickets(deps: Deps, openings: readonly Opening[]): Promise<readonly void[]> {
  const opened = await deps.store.countingTransaction(async (tx) => {
    const [current, shown] = await allDone([
      tx.tickets(openings.map(({ ticket }) => ticket.id)),
      findShown(deps, tx, openings),
    ]);
    const due = openings.flatMap((opening) => {
      const ticket = current.get(opening.ticket.id);
      return ticket && isUnderExamination(ticket) ? [{ ...opening, ticket }] : [];
    });
    const decided = decideAll(deps, due, shown);
    await allDone([
      ...[...groupBy(decided, ({ ticket }) => ticket.reason)].map(([reason, group]) =>
        tx.moveAlerts(
          group.map(({ ticket }) => ticket.id),
          'ticketed',
          reason,
        ),
      ),
      tx.changeTickets(new Map(decided.map(({ ticket, change }) => [ticket.id, change]))),
      publish(
        deps,
        tx,
        decided.map(({ ticket }) => ticket),
      ),
    ]);
    for (const { ticket, by } of due) if (by) await tellWhoOpened(deps, tx, ticket, by);
    await noteOpenedFlapping(deps, tx, decided);
    return decided;
  });
  for (const { ticket, route } of opened)
    deps.log.info({ ticket: ticket.id, subject: ticket.subject, ...logged(route) }, 'ticket opened');
  return openings.map(() => undefined);
}

/** The tickets whose message one that opens may share. */
async function findShown(deps: Deps, tx: Tx, openings: readonly Opening[]): Promise<readonly TicketRecord[]> {
  if (deps.policies.ticket.combineWithinMs === null) return [];
  return tx.shownTicketsAbout([...new Set(openings.map(({ ticket }) => ticket.subject))]);
}

/** One after the other: a ticket may share the message of one that opens with it. */
function decideAll(
  deps: Deps,
  openings: readonly Opening[],
  before: readonly TicketRecord[],
): readonly Opened[] {
  const { combineWithinMs } = deps.policies.ticket;
  const shown = [...before];
  return openings.map((opening) => {
    const { ticket, diagnosis, reason } = opening;
    const { route, ...placed } = placeTicket(deps, opening.ticket, opening.device);
    const { channel } = route;
    const { into } = decideCombine({ ...ticket, channel }, shown, combineWithinMs);
    const change = {
      ...{ state: 'open' as const, reason, ...(diagnosis && { diagnosis }), ...placed },
      ...(into === null ? careFrom(deps, route) : { ...shareOf(deps, route), combinedInto: into }),
    };
    const opened = { ...ticket, ...change, channel };
    shown.push(opened);
    return { ticket: opened, change, route };
  });
}

/** What the route and the clock say about a ticket that opens now. */
function careFrom(deps: Deps, { channel, queue, hold }: TicketRoute): TicketChange {
  const openedAt = deps.clock.now();
  const checkAfterMs = deps.policies.ticket.autoResolveAfterMs ?? longestRecheckMs;
  return {
    channel,
    openedAt,
    ...(queue && { queue }),
    ...(hold && { postAt: nextSlot(hold, openedAt) }),
    checkAt: new Date(openedAt.getTime() + checkAfterMs),
  };
}

/** A ticket that shares another one's message is looked after with that one. */
function shareOf(deps: Deps, { channel, queue }: TicketRoute): TicketChange {
  return { channel, openedAt: deps.clock.now(), ...(queue && { queue }) };
}

async function publish(deps: Deps, tx: Tx, opened: readonly Opened['ticket'][]): Promise<void> {
  const own = opened.filter(({ combinedInto }) => combinedInto === null);
  for (const ticket of own) {
    await wantTicketMail(deps, tx, ticket);
    if (ticket.postAt) await wantDigest(deps, tx, ticket.channel, ticket.postAt);
  }
  await issueTickets(
    deps,
    tx,
    own.filter(({ postAt }) => postAt === null),
  );
  for (const ticket of opened) {
    if (ticket.combinedInto !== null) await touchTicket(tx, ticket, deps.clock.now());
    await pageFor(deps, tx, ticket.id);
  }
}

/** Notes on opening tickets that their problem flaps. Reads nothing unless the same problem had a ticket within the last day. */
async function noteOpenedFlapping(deps: Deps, tx: Tx, opened: readonly Opened[]): Promise<void> {
  const since = new Date(deps.clock.now().getTime() - flapsWithinMs);
  const counters = opened.map(({ ticket }) => ticket.counter);
  const before = new Set((await tx.resolvedBefore(counters, [], since)).map(({ counter }) => counter));
  for (const { ticket } of opened) {
    const isFlapping = ticket.reason === 'flapping';
    if (!isFlapping && !before.has(ticket.counter)) continue;
    const symptoms = (await tx.symptomsOf([ticket.id])).get(ticket.id) ?? [];
    const found = enoughFlaps(ticket, symptoms, await findFlaps(deps, tx, [ticket], symptoms));
    const all = symptoms.map((symptom) => ({ symptom, flaps: flapsThatTell, longestGapMs: 0 }));
    await noteFlapping(deps, tx, ticket, symptoms, isFlapping && found.length === 0 ? all : found);
  }
}

async function tellWhoOpened(deps: Deps, tx: Tx, ticket: TicketRecord, by: Person): Promise<void> {
  const about = `ticket ${ticket.id}`;
  await tx.audit({ at: deps.clock.now(), who: `${by.teamId}/${by.userId}`, what: 'open now', about });
  await addToThread(deps, tx, ticket, renderMarkup(describeOpenedByHand(ticket.diagnosis, by.userId)));
}

function logged({ channel, reason, rule, holdReason }: TicketRoute): object {
  return { channel, route: reason, rule, hold: holdReason };
}
