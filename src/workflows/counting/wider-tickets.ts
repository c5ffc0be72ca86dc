import type { Level } from '../../domain/level.ts';
import type { ThresholdRule } from '../../domain/policy.ts';
import type { NewCandidate, ScopeSighting, ScopeSpan } from '../../domain/store/counting.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { LiveTicket } from '../../domain/store/tickets.ts';
import { groupBy } from '../../domain/group-by.ts';
import { partsOf, readTopology, type Topology } from '../../threshold/children.ts';
import { isStronger, levelOf, scopeOf, subjectOf } from '../../threshold/counter.ts';
import { decideScope, type ScopeDecision } from '../../threshold/decide-scope.ts';
import type { Need } from '../../threshold/decide-threshold.ts';
import { needOf } from '../../threshold/need.ts';
import type { Deps } from '../deps.ts';
import { type CountedAlert, findOwner, isShown } from './counted-alert.ts';
import { endTicket } from './end-ticket.ts';
import { claimReleased, noteTaken, readLive, type Recount, release, stateIn } from './recount.ts';
import { settleTaken } from './settle-taken.ts';
import { touchTickets } from './touch-tickets.ts';

/** A scope wider than a device in which something changed. */
interface Problem {
  readonly counter: string;
  readonly rule: ThresholdRule;
  readonly need: Need;
  readonly live: LiveTicket | null;
  readonly from: Date;
  /** null: without end. */
  readonly until: Date | null;
}

type Wider = Exclude<Level, 'root' | 'root-of-package' | 'device'>;

/**
 * Decides the rules over more than a device (A9), one level after the other. Where a window meets a rule its ticket takes
 * over what adds up there, also from tickets of weaker explanations; where none does any more, the ticket ends and its
 * alerts count for themselves. Nothing is read where no such rule fits an alert.
 */
export async function decideWiderTickets(
  deps: Deps,
  tx: Tx,
  recount: Recount,
  among: readonly Wider[],
): Promise<void> {
  for (const level of among) {
    await claimReleased(tx, recount, level);
    const problems = await dropSmall(tx, listProblems(deps, recount, level));
    if (problems.length === 0) continue;
    const sightings = await readSightings(tx, problems, level);
    const topology = readTopology(deps.inventory);
    for (const problem of problems) {
      const own = sightings.get(problem.counter) ?? [];
      await follow(deps, tx, recount, problem, own, decideProblem(problem, own, topology));
    }
    await readLive(tx, recount);
  }
}

function listProblems({ inventory }: Deps, recount: Recount, level: Wider): readonly Problem[] {
  const spans = [...spansOfAlerts(recount, level), ...spansOfChanges(recount, level)];
  return [...groupBy(spans, ({ counter }) => counter)].flatMap(([counter, group]) => {
    const rule = recount.rules.find(({ id }) => id === group[0]?.ruleId);
    if (!rule) return [];
    const need = needOf(rule, subjectOf(counter), inventory);
    const live = recount.live.get(counter) ?? null;
    const times = group.flatMap(({ from, until }) => [from.getTime(), until.getTime()]);
    const first = Math.min(...times, live?.countsFrom?.getTime() ?? Number.POSITIVE_INFINITY);
    const until = live ? null : new Date(Math.max(...times) + need.withinMs);
    return [{ counter, rule, need, live, from: new Date(first - need.withinMs), until }];
  });
}

/** Alerts that no stronger explanation holds, and that can change whether the window is met, or which is the first. */
function spansOfAlerts({ added, released, live }: Recount, level: Wider): readonly ScopeSpan[] {
  return [...added, ...released].flatMap((alert) => {
    const count = alert.wider.find((one) => one.level === level);
    if (!count || !isOpen(alert, live, level, count.rule.withinMs)) return [];
    return [{ counter: count.counter, ruleId: count.rule.id, from: alert.at, until: alert.at }];
  });
}

function isOpen(
  alert: CountedAlert,
  live: ReadonlyMap<string, LiveTicket>,
  level: Wider,
  withinMs: number,
): boolean {
  const owner = findOwner(alert, live);
  if (!owner) return true;
  const ownerLevel = levelOf(owner.counter);
  if (ownerLevel !== level) return isStronger(level, ownerLevel);
  const { countsFrom, metAt } = owner.ticket;
  return countsFrom !== null && alert.at.getTime() <= (metAt?.getTime() ?? countsFrom.getTime() + withinMs);
}

function spansOfChanges({ changed }: Recount, level: Wider): readonly ScopeSpan[] {
  return [...changed.values()].filter(({ counter }) => levelOf(counter) === level);
}

/** One statement for all: mostly there are too few, and then nothing more is to be read. */
async function dropSmall(tx: Tx, problems: readonly Problem[]): Promise<readonly Problem[]> {
  const known = problems.filter(({ live }) => live !== null);
  const possible = problems.filter(({ live, need }) => live === null && need.count !== null);
  if (possible.length === 0) return known;
  const counts = await tx.scopeCounts(
    possible.map(({ counter }) => counter),
    new Date(Math.min(...possible.map(({ from }) => from.getTime()))),
    new Date(Math.max(...possible.map(({ until }) => until?.getTime() ?? 0))),
  );
  const enough = ({ counter, need }: Problem) =>
    (counts.get(counter)?.[need.of] ?? 0) >= (need.count ?? Number.POSITIVE_INFINITY);
  return [...known, ...possible.filter(enough)];
}

async function readSightings(
  tx: Tx,
  problems: readonly Problem[],
  level: Wider,
): Promise<ReadonlyMap<string, readonly ScopeSighting[]>> {
  const untils = problems.map(({ until }) => until?.getTime() ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...untils);
  const rows = await tx.scopeSightings(
    problems.map(({ counter }) => counter),
    new Date(Math.min(...problems.map(({ from }) => from.getTime()))),
    Number.isFinite(last) ? new Date(last) : null,
    level,
  );
  return groupBy(rows, ({ counter }) => counter);
}

function decideProblem(
  { counter, need, rule }: Problem,
  sightings: readonly ScopeSighting[],
  topology: Topology,
): ScopeDecision {
  const scope = levelOf(counter) as Wider;
  const partOf = partsOf(scope, subjectOf(counter), topology);
  return decideScope(
    sightings.map((one) => ({ ...one, part: partOf(one) })),
    need,
    rule,
  );
}

async function follow(
  deps: Deps,
  tx: Tx,
  recount: Recount,
  problem: Problem,
  sightings: readonly ScopeSighting[],
  { from, metAt }: ScopeDecision,
): Promise<void> {
  const { live, counter } = problem;
  if (from === null || metAt === null) {
    if (live) await endTicket(deps, tx, recount, live);
    return;
  }
  if (live?.countsFrom && live.countsFrom < from) {
    await release(deps, tx, recount, live.id, from);
    await tx.recount(live.id);
  }
  const ticketId = live?.id ?? (await createTicket(deps, tx, recount, problem, sightings, from, metAt));
  if (live) await tx.changeTicket(live.id, { countsFrom: from, metAt });
  const state = live ? stateIn(live) : ({ state: 'held', reason: 'threshold-met' } as const);
  const taken = await tx.takeOverScope({ ticketId, counter, from, ...state }, levelOf(counter));
  await noteTaken(tx, recount, ticketId, from);
  const before = await tx.ticketsAsTheyAre(taken);
  const joined = await settleTaken(deps, tx, recount, taken, ticketId);
  const touched = [...before.values()].filter((one) => isShown(one));
  await touchTickets(deps, tx, [...touched, ...(live && isShown(live) ? [live] : [])]);
  deps.log.info({ ticket: ticketId, counter, joined: joined.size }, 'wider problem found');
}

async function createTicket(
  deps: Deps,
  tx: Tx,
  recount: Recount,
  { counter, rule }: Problem,
  sightings: readonly ScopeSighting[],
  from: Date,
  metAt: Date,
): Promise<number> {
  const within = sightings.filter(({ at }) => at >= from && at <= metAt);
  const scope = scopeOf(counter);
  const subject = subjectOf(counter);
  const candidate: NewCandidate = {
    counter,
    failure: counter.slice(0, counter.search(/[(|]/)),
    subject,
    device: subject,
    region: scope === 'region' ? regionNamed(deps, subject) : regionHitHardest(deps, within),
    announced: announcedLast(recount, counter),
    saidBuilding: scope === 'building' ? subject : null,
    saidRoom: null,
    at: metAt,
    countsFrom: from,
    metAt,
    upstream: null,
    lookAt: null,
  };
  const [ticketId = 0] = await tx.createCandidates([candidate]);
  await tx.enqueue({ queue: 'evaluate', ticketId });
  deps.log.debug({ ticket: ticketId, rule: rule.id }, 'candidate over more than a device');
  return ticketId;
}

function announcedLast({ added, released }: Recount, counter: string): string {
  const own = [...added, ...released].filter(({ wider }) => wider.some((one) => one.counter === counter));
  return own.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0]?.announced ?? '';
}

/** The region with most of the alerts; of equals the first by name. */
function regionHitHardest(deps: Deps, sightings: readonly ScopeSighting[]): string | null {
  const counts = [...groupBy(sightings, ({ region }) => region)].flatMap(([region, group]) =>
    region === null ? [] : [{ region, count: group.length }],
  );
  const [most] = counts.toSorted((a, b) => b.count - a.count || (a.region < b.region ? -1 : 1));
  return most ? regionNamed(deps, most.region) : null;
}

/** As the config spells it. */
function regionNamed({ policies }: Deps, name: string): string {
  const { regions } = policies.routing;
  return regions.find((region) => region.name.toLowerCase() === name.toLowerCase())?.name ?? name;
}
