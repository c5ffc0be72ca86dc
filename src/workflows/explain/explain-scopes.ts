import type { RuleCount } from '../../domain/rule-count.ts';
import { type Crowd, rootCounterOf } from '../../domain/root-cause.ts';
import type { Tx } from '../../domain/store/store.ts';
import { partsOf, readTopology } from '../../threshold/children.ts';
import { levelOf, scopeOf, subjectOf } from '../../threshold/counter.ts';
import { decideCause } from '../../threshold/decide-cause.ts';
import { decideScope } from '../../threshold/decide-scope.ts';
import { needOf, rootNeedOf } from '../../threshold/need.ts';
import { causeOfTicket } from '../ticket/scope-of-ticket.ts';
import { type CountedAlert, crowdsOf, type WiderCount } from '../counting/counted-alert.ts';
import { findRootBeginning, reachOf } from '../counting/root-need.ts';
import type { InspectionDeps } from '../deps.ts';

export interface CountExplained extends RuleCount {
  /** `package|package:geo-db 7 by thresholds[1]: 3 of 4, only-one-part (eu-1 makes 100 %)`. */
  readonly text: string;
}

export function describeCount({ counter, rule, counted, needed, reason }: RuleCount): string {
  return `${counter}${rule === null ? '' : ` by ${rule}`}: ${counted} of ${needed ?? 'unknown'}, ${reason}`;
}

/**
 * Every explanation wider than the alert's device, the strongest first, with its values and its reason (A9). An alert that is
 * new counts along with those that are stored.
 */
export async function explainScopes(
  deps: InspectionDeps,
  tx: Tx,
  alert: CountedAlert,
  own: 'new' | 'stored',
): Promise<readonly CountExplained[]> {
  const explained: CountExplained[] = [];
  for (const wider of alert.wider) explained.push(await explainWider(deps, tx, alert, wider, own));
  for (const level of ['root', 'root-of-package'] as const) {
    const crowd = crowdsOf(alert, level).find(({ server }) => server === alert.upstreamRoot);
    if (crowd) explained.push(await explainCrowd(deps, tx, alert, crowd, own));
  }
  return explained;
}

async function explainWider(
  { inventory }: InspectionDeps,
  tx: Tx,
  alert: CountedAlert,
  { counter, rule, level }: WiderCount,
  ownIs: 'new' | 'stored',
): Promise<CountExplained> {
  const from = new Date(alert.at.getTime() - rule.withinMs);
  const until = new Date(alert.at.getTime() + rule.withinMs);
  const region = alert.subject.region?.toLowerCase() ?? null;
  const own = { at: alert.at, device: alert.subject.device, region, occurrence: alert.occurrence ?? null };
  const seen = await tx.scopeSightings([counter], from, until, level);
  const partOf = partsOf(rule.over, subjectOf(counter), readTopology(inventory));
  const added = ownIs === 'new' ? [{ ...own, distributionServer: alert.distributionServer }] : [];
  const all = [...seen, ...added];
  const need = needOf(rule, subjectOf(counter), inventory);
  const decision = decideScope(
    all.map((one) => ({ ...one, part: partOf(one) })),
    need,
    rule,
  );
  const { counted, needed, reason, largest, met } = decision;
  const share = largest ? ` (${largest.part} makes ${Math.round(largest.share * 100)} %)` : '';
  const { of, withinMs } = need;
  const count = { counter, met, rule: rule.id, counted, needed, of, withinMs, reason };
  return { ...count, text: `${describeCount(count)}${share}` };
}

async function explainCrowd(
  deps: InspectionDeps,
  tx: Tx,
  alert: CountedAlert,
  crowd: Crowd,
  ownIs: 'new' | 'stored',
): Promise<CountExplained> {
  const reachMs = (deps.policies.rootCause?.withinMs ?? 0) * reachOf(crowd);
  const from = new Date(alert.at.getTime() - reachMs);
  const until = new Date(alert.at.getTime() + reachMs);
  const own = { at: alert.at, device: alert.subject.device, package: alert.package, job: alert.job };
  const added = ownIs === 'new' ? [own] : [];
  const met = (await findRootBeginning(deps, tx, crowd, from, until, added)) !== null;
  const counter = rootCounterOf(crowd);
  const devices = (await tx.crowdsBehind([crowd], from, until)).get(counter) ?? 0;
  const { rootCause } = deps.policies;
  const need = rootCause && rootNeedOf(rootCause, crowd.server, deps.inventory);
  const { kind, reason } = decideCause({
    level: levelOf(counter),
    failure: crowd.failure,
    doubtfulServers: [],
  });
  return {
    ...{ counter, met, rule: null, counted: devices, needed: need?.count ?? null, of: 'devices' },
    withinMs: need?.withinMs ?? 0,
    reason: met ? reason : 'does-not-explain-it',
    text: `${counter}: ${met ? `${kind}, ${reason}` : 'does not explain it'}`,
  };
}

/** `package: fails-at-several-servers`; `null` where the ticket is about one device's failure. */
export async function explainCause(tx: Tx, ticketId: number): Promise<string | null> {
  const ticket = await tx.ticket(ticketId);
  const cause = ticket && (await causeOfTicket(tx, ticket));
  if (!cause) return null;
  const servers = cause.servers.length > 0 ? ` (${cause.servers.join(', ')})` : '';
  return `${cause.kind}: ${cause.reason}${servers}`;
}

/** The device that the later gates look at: a server's ticket is about that one. */
export function targetOf(counter: string, device: string): string {
  return scopeOf(counter) === 'server' ? subjectOf(counter) : device;
}
