import type { AlertFields } from '../domain/alert.ts';
import type { RoutingPolicy } from '../domain/policy.ts';

/**
 * The region of an alert that states none and whose device the inventory does not know: by the domain of the
 * device's full name, else of the mail's sender. The longest of the configured domains that fits wins.
 */
export function regionByDomain(
  alert: Pick<AlertFields, 'device' | 'domain'>,
  { regions }: Pick<RoutingPolicy, 'regions'>,
): string | null {
  const claims = regions.flatMap(({ name, domains }) => domains.map((domain) => ({ name, domain })));
  const longestFirst = claims.toSorted((a, b) => b.domain.length - a.domain.length);
  for (const host of [alert.device, alert.domain]) {
    const claim = longestFirst.find(({ domain }) => host !== null && isWithin(host, domain));
    if (claim) return claim.name;
  }
  return null;
}

function isWithin(host: string, domain: string): boolean {
  const wanted = domain.toLowerCase();
  const name = host.toLowerCase();
  return name === wanted || name.endsWith(`.${wanted}`);
}
