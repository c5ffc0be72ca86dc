import { groupBy } from '../../domain/group-by.ts';
import type { NewCandidate } from '../../domain/store/counting.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { LiveTicket } from '../../domain/store/tickets.ts';
import { levelOf, subjectOf } from '../../threshold/counter.ts';
import { decideThreshold, type Need } from '../../threshold/decide-threshold.ts';
import { needOf } from '../../threshold/need.ts';
import { type CountedAlert, findTicket, isShown, mayExtend, type PlacedAlert } from './counted-alert.ts';
import type { Deps } from '../deps.ts';
import { claimReleased, type Recount, stateIn } from './recount.ts';
import { touchTickets } from './touch-tickets.ts';

/** A problem to which alerts were added that no ticket has. */
interface Problem {
  readonly counter: string;
  readonly newest: CountedAlert;
  readonly need: Need;
  readonly live: LiveTicket | null;
}

/** A problem whose threshold is met, from a time on that its ticket does not reach back to yet. */
interface MetProblem extends Problem {
  readonly from: Date;
}

/**
 * Where a window meets the rule, a candidate is opened, which the later gates examine. It takes the alerts from the
 * earliest such window on. A ticket that is there already takes in late mail in the same way: an earlier window that
 * meets the rule moves its beginning.
 */
export async function openCandidates(deps: Deps, tx: Tx, recount: Recount): Promise<void> {
  await claimReleased(tx, recount, 'device');
  const { added, released, live } = recount;
  const placed = [...added, ...released].map((alert) => ({ alert, ticket: findTicket(alert, live) }));
  const telling = placed.filter((one) => isTelling(one, live)).map(({ alert }) => alert);
  const problems = listProblems(deps, telling, live);
  if (problems.length === 0) return;
  const met = await decideProblems(tx, problems, telling);
  await extendTickets(deps, tx, met);
  await createCandidates(
    deps,
    tx,
    met.filter((problem) => problem.live === null),
  );
}

/** What a ticket has taken in can still be what an earlier window lacked. */
function isTelling({ alert, ticket }: PlacedAlert, live: ReadonlyMap<string, LiveTicket>): boolean {
  if (ticket === null) return true;
  const own = live.get(alert.counter);
  return own?.id === ticket.id && mayExtend(alert.at, own, alert.rule?.withinMs ?? 0);
}

/** All that adds up falls under one rule; what no rule fits is no problem. */
function listProblems(
  { inventory }: Deps,
  alerts: readonly CountedAlert[],
  live: ReadonlyMap<string, LiveTicket>,
): readonly Problem[] {
  return [...groupBy(alerts, (alert) => alert.counter)].flatMap(([counter, group]) => {
    const newest = group.reduce((a, b) => (b.at > a.at ? b : a));
    if (levelOf(counter) !== 'device') return [];
    const need = newest.rule && needOf(newest.rule, subjectOf(counter), inventory);
    return need ? [{ counter, newest, need, live: live.get(counter) ?? null }] : [];
  });
}

async function decideProblems(
  tx: Tx,
  problems: readonly Problem[],
  alerts: readonly CountedAlert[],
): Promise<readonly MetProblem[]> {
  const times = alerts.map((alert) => alert.at.getTime());
  const longestMs = Math.max(...problems.map(({ need }) => need.withinMs));
  const [from, until] = times.reduce(
    ([min, max], time) => [Math.min(min, time), Math.max(max, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const counted = await tx.countedSightings(
    problems.map(({ counter }) => counter),
    new Date(from - longestMs),
    new Date(until + longestMs),
  );
  const inTickets = await readTickets(tx, problems);
  return problems.flatMap((problem) => {
    const sightings = [
      ...(counted.get(problem.counter) ?? []),
      ...(inTickets.get(problem.live?.id ?? 0) ?? []),
    ];
    const { from: beginning } = decideThreshold(sightings, problem.need);
    const known = problem.live?.countsFrom;
    return beginning === null || (known && beginning >= known) ? [] : [{ ...problem, from: beginning }];
  });
}

/** Of what a ticket holds, only so many of the earliest can matter for a window that begins before them. */
async function readTickets(tx: Tx, problems: readonly Problem[]) {
  const known = problems.filter(({ live }) => live !== null);
  const most = known.map(({ need }) => (need.count ?? 0) * alertsOfEach[need.of]);
  return tx.earliestSightings(
    known.flatMap(({ live }) => live?.id ?? []),
    Math.max(1, ...most),
  );
}

/** Among so many alerts for each device, or occurrence, that is needed, there are as many distinct ones, if there ever are. */
const alertsOfEach = { devices: 200, alerts: 20 } as const;

async function extendTickets(deps: Deps, tx: Tx, met: readonly MetProblem[]): Promise<void> {
  const extended = met.flatMap((problem) => (problem.live ? [{ ...problem, live: problem.live }] : []));
  await tx.claimCounted(
    extended.map(({ live, counter, from }) => ({ ticketId: live.id, counter, from, ...stateIn(live) })),
  );
  await touchTickets(deps, tx, extended.map(({ live }) => live).filter(isShown));
}

async function createCandidates(deps: Deps, tx: Tx, met: readonly MetProblem[]): Promise<void> {
  if (met.length === 0) return;
  const candidates = await putOffAllButFirst(deps, tx, met);
  const ids = await tx.createCandidates(candidates);
  const claims = candidates.map(({ counter, countsFrom }, index) => ({
    ticketId: ids[index] ?? 0,
    counter,
    from: countsFrom,
    state: 'held' as const,
    reason: 'threshold-met',
  }));
  await tx.claimCounted(claims);
  for (const [index, { lookAt }] of candidates.entries()) {
    await tx.enqueue({ queue: 'evaluate', ticketId: ids[index] ?? 0, ...(lookAt && { at: lookAt }) });
  }
}

/**
 * The first ticket behind a server is examined at once. Further ones wait a moment: when a burst is rising, it may
 * turn out that the server is the cause, and then nobody need ever see them.
 */
async function putOffAllButFirst(
  deps: Deps,
  tx: Tx,
  met: readonly MetProblem[],
): Promise<readonly NewCandidate[]> {
  const settleMs = deps.policies.rootCause?.settleMs ?? 0;
  const settledAt = new Date(deps.clock.now().getTime() + settleMs);
  const servers = met.flatMap(({ newest }) => newest.upstreamRoot ?? []);
  const busy = new Set(await tx.serversWithTickets([...new Set(servers)]));
  return met.map((problem) => {
    const upstream = problem.newest.upstreamRoot;
    const waits = upstream !== null && busy.has(upstream);
    if (upstream !== null) busy.add(upstream);
    return toCandidate(problem, upstream, waits ? settledAt : null);
  });
}

function toCandidate({ counter, newest, from }: MetProblem, upstream: string | null, lookAt: Date | null) {
  return {
    counter,
    failure: newest.failure,
    subject: subjectOf(counter),
    device: newest.device,
    region: newest.region,
    announced: newest.announced,
    saidBuilding: newest.building,
    saidRoom: newest.room,
    saidAddress: newest.address ?? null,
    at: newest.at,
    countsFrom: from,
    upstream,
    lookAt,
  };
}
