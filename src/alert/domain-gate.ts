import { type GateResult, passed, stopped } from '../domain/gate.ts';
import type { MailAddress } from '../domain/mail.ts';
import type { ValidationPolicy } from '../domain/policy.ts';
import { findListedDomain } from './domain-list.ts';

/**
 * Is the sender's domain believed (A2)? Without a domain list the node list decides alone; without either of them
 * nobody is believed.
 */
export function checkDomain(
  from: MailAddress | null,
  policy: ValidationPolicy,
  hasNodeList: boolean,
): GateResult {
  if (from === null) return stopped('domain', 'no-sender');
  const { domain } = from;
  if (policy.domains.length === 0) {
    return hasNodeList
      ? passed('domain', 'no-domain-list', { domain })
      : stopped('domain', 'no-sender-lists', { domain });
  }
  const entry = findListedDomain(domain, policy.domains);
  return entry === null
    ? stopped('domain', 'domain-not-listed', { domain })
    : passed('domain', 'domain-listed', { domain, entry });
}
