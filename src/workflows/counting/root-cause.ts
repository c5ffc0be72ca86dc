import { groupBy } from '../../domain/group-by.ts';
import type { RootCausePolicy, ThresholdRule } from '../../domain/policy.ts';
import { rootCauseFailure, rootCounterOf } from '../../domain/root-cause.ts';
import type { TicketUnder } from '../../domain/store/counting.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { LiveTicket } from '../../domain/store/tickets.ts';
import { renderNotice } from '../../messages/notice.ts';
import { subjectOf } from '../../threshold/counter.ts';
import { decideThreshold, type Need } from '../../threshold/decide-threshold.ts';
import { countDirectlyBehind, needOf, rootNeedOf } from '../../threshold/need.ts';
import { verifyLocation } from '../../ticket/location.ts';
import { type CountedAlert, isShown, mayExtend } from './counted-alert.ts';
import type { Deps } from '../deps.ts';
import { addToThread } from '../ticket/ticket-message.ts';
import { touchTickets } from './touch-tickets.ts';

/** A server behind which alerts were added that may make a window, an earlier one than that where its ticket begins. */
interface Suspect {
  readonly server: string;
  readonly live: LiveTicket | null;
  readonly newest: CountedAlert;
  readonly from: Date;
  readonly until: Date;
  readonly need: Need;
}

/** Among so many alerts for each device that is needed, there are as many distinct ones, as a rule. */
const alertsPerDevice = 20;

/**
 * When enough devices directly behind one server fail within a window, the server gets a ticket, which takes over what
 * they say from the earliest such window on; tickets that have nothing left are joined into it. Answers whether
 * there was such a server.
 */
export async function findRootCauses(
  deps: Deps,
  tx: Tx,
  alerts: readonly CountedAlert[],
  live: ReadonlyMap<string, LiveTicket>,
  rules: readonly ThresholdRule[],
): Promise<boolean> {
  const policy = deps.policies.rootCause;
  if (!policy) return false;
  const suspects = findSuspects(deps, policy, alerts, live);
  let isFound = false;
  for (const suspect of await dropSmallCrowds(tx, suspects)) {
    const from = await findBeginning(tx, suspect);
    if (!from || (suspect.live?.countsFrom && from >= suspect.live.countsFrom)) continue;
    if (!(await tx.canTakeOver(suspect.server, from))) continue;
    await blame(deps, tx, suspect, from, rules);
    isFound = true;
  }
  return isFound;
}

function findSuspects(
  deps: Deps,
  policy: RootCausePolicy,
  alerts: readonly CountedAlert[],
  live: ReadonlyMap<string, LiveTicket>,
): readonly Suspect[] {
  return [...groupBy(alerts, (alert) => alert.upstreamRoot)].flatMap(([server, behind]) => {
    if (server === null) return [];
    const ticket = live.get(rootCounterOf(server)) ?? null;
    const telling = behind.filter(({ at }) => mayExtend(at, ticket, policy.withinMs));
    const [first] = telling;
    if (!first) return [];
    const newest = telling.reduce((a, b) => (b.at > a.at ? b : a), first);
    const oldest = telling.reduce((a, b) => (b.at < a.at ? b : a), first);
    return [
      {
        server,
        live: ticket,
        newest,
        from: new Date(oldest.at.getTime() - policy.withinMs),
        until: new Date(newest.at.getTime() + policy.withinMs),
        need: rootNeedOf(policy, server, deps.inventory),
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
    possible.map(({ server }) => server),
    new Date(Math.min(...possible.map(({ from }) => from.getTime()))),
    new Date(Math.max(...possible.map(({ until }) => until.getTime()))),
  );
  return [...known, ...possible.filter(({ server, need }) => (crowds.get(server) ?? 0) >= (need.count ?? 0))];
}

/** Where the earliest window begins in which enough devices fail; the first alerts mostly tell. */
async function findBeginning(tx: Tx, suspect: Suspect): Promise<Date | null> {
  const { server, from, until, need } = suspect;
  if (await isAtBeginning(tx, suspect)) return null;
  const few = (need.count ?? 0) * alertsPerDevice;
  const first = await tx.sightingsBehind(server, from, until, few);
  const decision = decideThreshold(first, need);
  if (decision.met || first.length < few) return decision.from;
  const all = await tx.sightingsBehind(server, from, until, Number.MAX_SAFE_INTEGER);
  return decideThreshold(all, need).from;
}

/** A window begins with an alert: where the ticket has the earliest one, none begins before the ticket does. */
async function isAtBeginning(tx: Tx, { server, live, from, until }: Suspect): Promise<boolean> {
  if (!live?.countsFrom) return false;
  const [earliest] = await tx.sightingsBehind(server, from, until, 1);
  return earliest === undefined || earliest.at >= live.countsFrom;
}

async function blame(
  deps: Deps,
  tx: Tx,
  suspect: Suspect,
  from: Date,
  rules: readonly ThresholdRule[],
): Promise<void> {
  const { server } = suspect;
  const under = await tx.ticketsUnder(server, from);
  const promoted = suspect.live ? null : choosePromoted(under, server, from);
  const ticket = suspect.live ?? promoted;
  if (promoted) await promote(deps, tx, promoted, server, from);
  const ticketId = ticket?.id ?? (await createRootTicket(deps, tx, suspect, from));
  const shown = ticket !== null && isShown(ticket);
  const reason = 'root-cause';
  const taken = await tx.takeOver(server, { ticketId, from, state: shown ? 'ticketed' : 'held', reason });
  const joined = await settleTaken(deps, tx, taken, ticketId, rules);
  const joinedTickets = under.filter(({ id }) => joined.has(id));
  if (ticket && shown) await touchTickets(deps, tx, [ticket]);
  await touchTickets(deps, tx, joinedTickets.filter(isShown));
  if (promoted) await tellPromotion(deps, tx, promoted, suspect, joinedTickets.length);
  deps.log.info({ ticket: ticketId, server, joined: joined.size }, 'root cause found');
}

/** The first ticket that people see already and that is about this burst alone; best one about the server. */
function choosePromoted(under: readonly TicketUnder[], server: string, from: Date): TicketUnder | null {
  const isFit = ({ state, postAt, combinedInto, firstAt }: TicketUnder) =>
    (state === 'open' || state === 'acknowledged') &&
    postAt === null &&
    combinedInto === null &&
    firstAt >= from;
  const fit = under.filter(isFit);
  return fit.find(({ subject }) => subject === server) ?? fit[0] ?? null;
}

/** It keeps its message and who acknowledged it; where and how the server is, is found out anew. */
async function promote(deps: Deps, tx: Tx, ticket: TicketUnder, server: string, from: Date): Promise<void> {
  const device = deps.inventory.find(server);
  await tx.promoteTicket(ticket.id, {
    counter: rootCounterOf(server),
    failure: rootCauseFailure,
    subject: server,
    region: device?.region ?? null,
    location: verifyLocation({ building: null, room: null }, device),
    countsFrom: from,
    reason: 'root-cause',
  });
  await tx.enqueue({ queue: 'evaluate', ticketId: ticket.id });
}

async function createRootTicket(
  deps: Deps,
  tx: Tx,
  { server, newest }: Suspect,
  from: Date,
): Promise<number> {
  const [ticketId = 0] = await tx.createCandidates([
    {
      counter: rootCounterOf(server),
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

/**
 * Tickets that alerts were taken from: those that do not meet their threshold any more become part of the server's.
 * A ticket takes its earliest window on, so what is left meets the threshold exactly if there is enough of it.
 */
async function settleTaken(
  deps: Deps,
  tx: Tx,
  taken: readonly number[],
  into: number,
  rules: readonly ThresholdRule[],
): Promise<ReadonlySet<number>> {
  const joined = new Set<number>();
  for (const { id, counter, ruleId, alerts, devices } of await tx.sharesOf(taken)) {
    const rule = rules.find((one) => one.id === ruleId);
    const need = rule && needOf(rule, subjectOf(counter), deps.inventory);
    const left = need?.of === 'devices' ? devices : alerts;
    if (alerts === 0 || (need && left < (need.count ?? Number.POSITIVE_INFINITY))) joined.add(id);
    else await tx.recount(id);
  }
  await tx.joinTickets([...joined], into);
  return joined;
}

async function tellPromotion(
  deps: Deps,
  tx: Tx,
  ticket: TicketUnder,
  { server, need }: Suspect,
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
}
