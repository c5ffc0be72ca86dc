import { groupBy } from '../../domain/group-by.ts';
import type { RootCausePolicy } from '../../domain/policy.ts';
import { type Crowd, rootCauseFailure, rootCounterOf } from '../../domain/root-cause.ts';
import type { NamedSighting, TicketUnder } from '../../domain/store/counting.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { LiveTicket } from '../../domain/store/tickets.ts';
import { renderNotice } from '../../messages/notice.ts';
import type { Need } from '../../threshold/decide-threshold.ts';
import { countDirectlyBehind, rootNeedOf } from '../../threshold/need.ts';
import { verifyLocation } from '../../ticket/location.ts';
import { type CountedAlert, crowdsOf, isShown, mayExtend } from './counted-alert.ts';
import type { Deps } from '../deps.ts';
import { claimReleased, noteTaken, readLive, type Recount } from './recount.ts';
import { decideCrowd, fewOf, findRootBeginning, reachOf } from './root-need.ts';
import { settleTaken } from './settle-taken.ts';
import { noteAsTold } from '../ticket/tell-story.ts';
import { addToThread } from '../ticket/ticket-message.ts';
import { touchTickets } from './touch-tickets.ts';

/** A crowd behind a server that may make a window, an earlier one than that where its ticket begins. */
interface Suspect {
  readonly crowd: Crowd;
  readonly live: LiveTicket | null;
  readonly newest: CountedAlert;
  readonly from: Date;
  readonly until: Date;
  readonly need: Need;
}

/**
 * When enough devices directly behind one server fail within a window, in a way that it explains, the server gets a
 * ticket, which takes over what they say from the earliest such window on; tickets that have nothing left are joined
 * into it.
 */
export async function findRootCauses(
  deps: Deps,
  tx: Tx,
  recount: Recount,
  level: 'root' | 'root-of-package',
): Promise<void> {
  const policy = deps.policies.rootCause;
  if (!policy) return;
  await claimReleased(tx, recount, level);
  const suspects = findSuspects(deps, policy, recount, level);
  let isFound = false;
  const crowded = await dropKnownBeginnings(tx, await dropSmallCrowds(tx, suspects));
  const sightings = await readFew(tx, crowded);
  for (const suspect of crowded) {
    const { crowd, live } = suspect;
    const few = sightings.get(rootCounterOf(crowd)) ?? [];
    const from = await findBeginning(deps, tx, suspect, few);
    if (!from || (live?.countsFrom && from >= live.countsFrom)) continue;
    if (!(await tx.canTakeOver(crowd, from))) continue;
    await blame(deps, tx, recount, suspect, from);
    isFound = true;
  }
  if (isFound) await readLive(tx, recount);
}

function findSuspects(
  deps: Deps,
  policy: RootCausePolicy,
  { added, released, live }: Recount,
  level: 'root' | 'root-of-package',
): readonly Suspect[] {
  const behind = [...added, ...released].flatMap((alert) => {
    const crowd = crowdsOf(alert, level).at(-1);
    return crowd && crowd.server === alert.upstreamRoot ? [{ alert, crowd }] : [];
  });
  return [...groupBy(behind, ({ crowd }) => rootCounterOf(crowd))].flatMap(([counter, group]) => {
    const [one] = group;
    if (!one) return [];
    const { crowd } = one;
    const ticket = live.get(counter) ?? null;
    const reachMs = policy.withinMs * reachOf(crowd);
    const telling = group.flatMap(({ alert }) => (mayExtend(alert.at, ticket, reachMs) ? [alert] : []));
    const [first] = telling;
    if (!first) return [];
    const newest = telling.reduce((a, b) => (b.at > a.at ? b : a), first);
    const oldest = telling.reduce((a, b) => (b.at < a.at ? b : a), first);
    return [
      {
        crowd,
        live: ticket,
        newest,
        from: new Date(oldest.at.getTime() - reachMs),
        until: new Date(newest.at.getTime() + reachMs),
        need: rootNeedOf(policy, crowd.server, deps.inventory),
      },
    ];
  });
}

/** One statement for all: mostly there is no crowd, and then nothing more is to be read. A ticket has its crowd. */
async function dropSmallCrowds(tx: Tx, suspects: readonly Suspect[]): Promise<readonly Suspect[]> {
  const known = suspects.filter(({ live }) => live !== null);
  const possible = suspects.filter(({ live, need }) => live === null && need.count !== null);
  if (possible.length === 0) return known;
  const crowds = await tx.crowdsBehind(
    possible.map(({ crowd }) => crowd),
    new Date(Math.min(...possible.map(({ from }) => from.getTime()))),
    new Date(Math.max(...possible.map(({ until }) => until.getTime()))),
  );
  const isEnough = ({ crowd, need }: Suspect) => (crowds.get(rootCounterOf(crowd)) ?? 0) >= (need.count ?? 0);
  return [...known, ...possible.filter(isEnough)];
}

/** A window begins with an alert: where the ticket has the earliest one, none begins before the ticket does. */
async function dropKnownBeginnings(tx: Tx, suspects: readonly Suspect[]): Promise<readonly Suspect[]> {
  const earliest = await readSpan(
    tx,
    suspects.filter(({ live }) => live?.countsFrom),
    1,
  );
  return suspects.filter(({ crowd, live, from }) => {
    const first = earliest.get(rootCounterOf(crowd))?.[0];
    return !live?.countsFrom || (first !== undefined && first.at < live.countsFrom && live.countsFrom > from);
  });
}

function readFew(tx: Tx, suspects: readonly Suspect[]) {
  return readSpan(
    tx,
    suspects,
    Math.max(0, ...suspects.map(({ crowd, need }) => fewOf(crowd, need.count ?? 0))),
  );
}

/** Alerts of all these crowds, from the earliest begin to the latest end; one statement. */
async function readSpan(tx: Tx, suspects: readonly Suspect[], limit: number) {
  return tx.sightingsBehind(
    suspects.map(({ crowd }) => crowd),
    new Date(Math.min(...suspects.map(({ from }) => from.getTime()))),
    new Date(Math.max(...suspects.map(({ until }) => until.getTime()))),
    limit,
  );
}

/** The first alerts mostly tell. */
async function findBeginning(
  deps: Deps,
  tx: Tx,
  { crowd, need, from, until }: Suspect,
  few: readonly NamedSighting[],
): Promise<Date | null> {
  if (need.count === null) return null;
  const found = decideCrowd(crowd, few, need);
  if (found !== null || few.length < fewOf(crowd, need.count)) return found;
  return findRootBeginning(deps, tx, crowd, from, until);
}

async function blame(deps: Deps, tx: Tx, recount: Recount, suspect: Suspect, from: Date): Promise<void> {
  const { crowd } = suspect;
  const { server } = crowd;
  const under = await tx.ticketsUnder(crowd, from);
  const promoted = suspect.live ? null : choosePromoted(under, server, from);
  const ticket = suspect.live ?? promoted;
  if (promoted) await promote(deps, tx, promoted, crowd, from);
  const ticketId = ticket?.id ?? (await createRootTicket(deps, tx, suspect, from));
  const shown = ticket !== null && isShown(ticket);
  const reason = 'root-cause';
  const taken = await tx.takeOver(crowd, { ticketId, from, state: shown ? 'ticketed' : 'held', reason });
  await noteTaken(tx, recount, ticketId, from);
  const joined = await settleTaken(deps, tx, recount, taken, ticketId);
  const joinedTickets = under.filter(({ id }) => joined.has(id));
  if (ticket && shown) await touchTickets(deps, tx, [ticket]);
  await touchTickets(deps, tx, joinedTickets.filter(isShown));
  if (promoted) await tellPromotion(deps, tx, promoted, suspect, joinedTickets.length);
  deps.log.info({ ticket: ticketId, server, joined: joined.size }, 'root cause found');
}

/** The first ticket that people see already and that is about this burst alone; best one about the server. */
function choosePromoted(under: readonly TicketUnder[], server: string, from: Date): TicketUnder | null {
  const isFit = ({ state, postAt, combinedInto, firstAt, alertCount, explained }: TicketUnder) =>
    explained === alertCount &&
    (state === 'open' || state === 'acknowledged') &&
    postAt === null &&
    combinedInto === null &&
    firstAt >= from;
  const fit = under.filter(isFit);
  return fit.find(({ subject }) => subject === server) ?? fit[0] ?? null;
}

/** It keeps its message and who acknowledged it; where and how the server is, is found out anew. */
async function promote(deps: Deps, tx: Tx, ticket: TicketUnder, crowd: Crowd, from: Date): Promise<void> {
  const { server } = crowd;
  const device = deps.inventory.find(server);
  await tx.promoteTicket(ticket.id, {
    counter: rootCounterOf(crowd),
    failure: rootCauseFailure,
    subject: server,
    region: device?.region ?? null,
    location: verifyLocation({ building: null, room: null }, device),
    countsFrom: from,
    reason: 'root-cause',
  });
  await tx.enqueue({ queue: 'evaluate', ticketId: ticket.id });
}

async function createRootTicket(deps: Deps, tx: Tx, { crowd, newest }: Suspect, from: Date): Promise<number> {
  const { server } = crowd;
  const [ticketId = 0] = await tx.createCandidates([
    {
      counter: rootCounterOf(crowd),
      failure: rootCauseFailure,
      subject: server,
      device: server,
      region: deps.inventory.find(server)?.region ?? newest.region,
      announced: newest.announced,
      saidBuilding: null,
      saidRoom: null,
      at: newest.at,
      countsFrom: from,
      upstream: null,
      lookAt: null,
    },
  ]);
  await tx.enqueue({ queue: 'evaluate', ticketId });
  return ticketId;
}

async function tellPromotion(
  deps: Deps,
  tx: Tx,
  ticket: TicketUnder,
  { crowd: { server }, need }: Suspect,
  joined: number,
): Promise<void> {
  const behind = countDirectlyBehind(server, deps.inventory);
  const others =
    joined === 0 ? '' : ` ${joined} other ${joined === 1 ? 'ticket is' : 'tickets are'} part of it now.`;
  const minutes = Math.round(need.withinMs / 60_000);
  const text =
    `At least ${need.count} of the ${behind} devices directly behind ${server} failed within ${minutes} min: ` +
    `this ticket is about ${server} from now on.${others}`;
  await addToThread(deps, tx, ticket, renderNotice(text));
  await noteAsTold(deps, tx, ticket.id);
}
