import type { RoutingPolicy } from '../domain/policy.ts';

export interface TicketRoute {
  readonly channel: string;
  readonly reason: 'region-channel' | 'region-not-known' | 'region-not-configured';
}

/** The channel of the region responsible (A14); a region that nobody knows goes to the fallback channel. */
export function routeTicket(region: string | null, policy: RoutingPolicy): TicketRoute {
  if (region === null) return { channel: policy.fallbackChannel, reason: 'region-not-known' };
  const wanted = region.toLowerCase();
  const known = policy.regions.find(({ name }) => name.toLowerCase() === wanted);
  if (known === undefined) return { channel: policy.fallbackChannel, reason: 'region-not-configured' };
  return { channel: known.channel, reason: 'region-channel' };
}
