import { matchesGlob } from '../domain/glob.ts';
import type { RoutingPolicy } from '../domain/policy.ts';
import type { HoldSchedule, RouteMatch, RouteRule } from '../domain/ticket-policy.ts';
import type { TicketQueue } from '../domain/ticket.ts';
import { chooseQueue } from './building-queue.ts';

/** What a route depends on. */
export interface RoutedTicket {
  readonly region: string | null;
  readonly site: string | null;
  readonly building: string | null;
  readonly packages: readonly string[];
  readonly failure: string;
  readonly servers: readonly string[];
}

export interface TicketRoute {
  readonly channel: string;
  readonly reason:
    | 'routing-rule'
    | 'building-queue'
    | 'next-staffed-in-list'
    | 'nearest-staffed-building'
    | 'region-channel'
    | 'region-not-known'
    | 'region-not-configured';
  /** The rule that named the channel, such as `routing.rules[2]`. */
  readonly rule: string | null;
  readonly queue: TicketQueue | null;
  /** null: at once. */
  readonly hold: HoldSchedule | null;
  readonly holdReason: 'at-once' | 'urgent-failure' | 'held-by-rule' | 'held-by-building' | 'held-by-region';
}

type Choice = Pick<TicketRoute, 'channel' | 'reason' | 'rule' | 'queue'> & {
  readonly hold: HoldSchedule | null;
  readonly heldBy: TicketRoute['holdReason'];
};

/**
 * Where a ticket goes (A14-A16), and whether it waits for a digest. The first rule that fits names the channel; with
 * `continue` the rules below say what it leaves open. Then the building's queue, then the region's channel,
 * then the fallback channel. A schedule is taken from the rule, else from whoever gives the channel; urgent failure
 * types never wait.
 */
export function routeTicket(ticket: RoutedTicket, policy: RoutingPolicy): TicketRoute {
  const said = collectRules(ticket, policy.rules);
  const place = said.channel
    ? { ...nobody, channel: said.channel.channel, reason: 'routing-rule' as const, rule: said.channel.rule }
    : (chooseBuilding(ticket, policy) ?? chooseRegion(ticket.region, policy));
  const { hold, heldBy, ...route } = place;
  if (policy.urgent.some((failure) => matchesGlob(ticket.failure, failure))) {
    return { ...route, hold: null, holdReason: 'urgent-failure' };
  }
  if (said.hold === 'none') return { ...route, hold: null, holdReason: 'at-once' };
  if (said.hold) return { ...route, hold: said.hold, holdReason: 'held-by-rule' };
  return { ...route, hold, holdReason: hold ? heldBy : 'at-once' };
}

const nobody = { rule: null, queue: null, hold: null, heldBy: 'at-once' } as const;

/** What the rules say, each thing by the first one that says it. */
function collectRules(ticket: RoutedTicket, rules: readonly RouteRule[]) {
  let channel: { readonly channel: string; readonly rule: string } | null = null;
  let hold: RouteRule['hold'] = null;
  for (const rule of rules) {
    if (!fits(rule.match, ticket)) continue;
    if (rule.channel !== null) channel ??= { channel: rule.channel, rule: rule.id };
    hold ??= rule.hold;
    if (!rule.continue) break;
  }
  return { channel, hold };
}

function fits(match: RouteMatch, ticket: RoutedTicket): boolean {
  const one = (pattern: string | null, value: string | null) =>
    pattern === null || (value !== null && matchesGlob(value, pattern));
  const any = (pattern: string | null, values: readonly string[]) =>
    pattern === null || values.some((value) => matchesGlob(value, pattern));
  return (
    one(match.region, ticket.region) &&
    one(match.site, ticket.site) &&
    one(match.building, ticket.building) &&
    one(match.failure, ticket.failure) &&
    any(match.package, ticket.packages) &&
    any(match.server, ticket.servers)
  );
}

function chooseBuilding(ticket: RoutedTicket, { buildings }: RoutingPolicy): Choice | null {
  const { queue, reason } = chooseQueue(ticket.building, buildings);
  if (queue === null || ticket.building === null) return null;
  return {
    channel: queue.channel,
    reason,
    rule: null,
    queue: { building: queue.name, forBuilding: ticket.building },
    hold: queue.hold,
    heldBy: 'held-by-building',
  };
}

function chooseRegion(region: string | null, policy: RoutingPolicy): Choice {
  const fallback = { ...nobody, channel: policy.fallbackChannel };
  if (region === null) return { ...fallback, reason: 'region-not-known' };
  const wanted = region.toLowerCase();
  const known = policy.regions.find(({ name }) => name.toLowerCase() === wanted);
  if (!known) return { ...fallback, reason: 'region-not-configured' };
  return {
    ...nobody,
    channel: known.channel,
    reason: 'region-channel',
    hold: known.hold,
    heldBy: 'held-by-region',
  };
}
