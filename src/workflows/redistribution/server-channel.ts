import type { Deps } from '../deps.ts';

/**
 * Where a server's redistributions are talked about (B14): its own channel, else its region's; null: neither is known, and
 * it is talked about wherever somebody asks.
 */
export function channelOfServer({ policies, inventory }: Deps, server: string): string | null {
  const own = policies.servers.get(server)?.channel;
  if (own != null) return own;
  const region = inventory.find(server)?.region?.toLowerCase();
  return policies.routing.regions.find(({ name }) => name.toLowerCase() === region)?.channel ?? null;
}
