import { type GateResult, passed, stopped } from '../domain/gate.ts';
import type { MailAddress } from '../domain/mail.ts';
import type { ValidationPolicy } from '../domain/policy.ts';
import { type Claim, isInScope } from './claim.ts';
import { findListedDomain } from './domain-list.ts';

/**
 * Is the sender's domain believed (A2)? Without a domain list the node list decides alone; without either of them
 * nobody is believed. Before the mail has been read, `claims` is null and every entry counts; afterwards one with a
 * scope counts for its packages and jobs alone (A3).
 */
export function checkDomain(
  from: MailAddress | null,
  policy: ValidationPolicy,
  hasNodeList: boolean,
  claims: readonly Claim[] | null,
): GateResult {
  if (from === null) return stopped('domain', 'no-sender');
  const { domain } = from;
  if (policy.domains.length === 0) {
    return hasNodeList
      ? passed('domain', 'no-domain-list', { domain })
      : stopped('domain', 'no-sender-lists', { domain });
  }
  const covering = policy.domains.filter((entry) => findListedDomain(domain, [nameOf(entry)]) !== null);
  const [first] = covering;
  if (first === undefined) return stopped('domain', 'domain-not-listed', { domain });
  const outside = claims?.find((claim) => !covering.some((entry) => isInScope(entry, claim)));
  if (outside === undefined) return passed('domain', 'domain-listed', { domain, entry: nameOf(first) });
  const { package: packageName, job } = outside;
  return stopped('domain', 'domain-out-of-scope', {
    domain,
    entry: nameOf(first),
    package: packageName,
    job,
  });
}

function nameOf(entry: ValidationPolicy['domains'][number]): string {
  return typeof entry === 'string' ? entry : entry.domain;
}
