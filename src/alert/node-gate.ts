import type { Inventory } from '../domain/device.ts';
import { type GateResult, passed, stopped } from '../domain/gate.ts';
import type { MailAddress } from '../domain/mail.ts';
import type { ValidationPolicy } from '../domain/policy.ts';
import { type Claim, isInScope } from './claim.ts';
import { findListedDomain } from './domain-list.ts';
import { shortName } from '../domain/device-name.ts';
import { matchesGlob } from '../domain/glob.ts';

/** What the lists say about a node that makes a claim. */
type Standing = 'listed' | 'out-of-scope' | 'not-listed';
type Judge = (names: readonly string[], claim: Claim) => Standing;

/**
 * Is the sending node believed (A5)? Its name is the first part of the address, or the first label of the host. When
 * the sender is a relay, the node that reports stands in the mail: the device or the distribution server of every
 * claim must be listed. An entry with a scope counts for its packages and jobs alone (A3).
 */
export function checkNode(
  from: MailAddress | null,
  claims: readonly Claim[],
  policy: ValidationPolicy,
  inventory: Inventory,
): GateResult {
  if (!hasNodeList(policy, inventory)) return passed('node', 'no-node-list');
  if (from === null) return stopped('node', 'no-sender');
  const judge: Judge = (names, claim) => judgeNode(names, claim, policy, inventory);
  const relay = policy.relays.find((entry) => isRelay(from, entry));
  return relay === undefined ? checkSender(from, claims, judge) : checkReportingNodes(relay, claims, judge);
}

/** The node list is the policy's and the inventory's names together; it may be absent (A2). */
export function hasNodeList(policy: ValidationPolicy, inventory: Inventory): boolean {
  return policy.nodes.length > 0 || inventory.all().length > 0;
}

function checkSender(from: MailAddress, claims: readonly Claim[], judge: Judge): GateResult {
  const node = shortName(from.domain);
  const standing = judgeAll(claims, (claim) => judge([from.domain, node], claim));
  if (standing === 'listed') return passed('node', 'node-listed', { node });
  if (judgeAll(claims, (claim) => judge([from.local], claim)) === 'listed')
    return passed('node', 'node-listed', { node: from.local });
  return stopped('node', `node-${standing}`, { node, address: from.address });
}

function checkReportingNodes(relay: string, claims: readonly Claim[], judge: Judge): GateResult {
  const judgeReporting: (claim: Claim) => Standing = (claim) => {
    const reporting = [claim.device, claim.distributionServer].filter((name) => name !== null);
    return judge([...reporting, ...reporting.map(shortName)], claim);
  };
  const refused = claims.find((claim) => judgeReporting(claim) !== 'listed');
  if (refused === undefined) return passed('node', 'reporting-node-listed', { relay, alerts: claims.length });
  const { device, distributionServer } = refused;
  return stopped('node', `reporting-node-${judgeReporting(refused)}`, { relay, device, distributionServer });
}

function judgeAll(claims: readonly Claim[], judge: (claim: Claim) => Standing): Standing {
  return claims.map(judge).find((standing) => standing !== 'listed') ?? 'listed';
}

/** The config's own entries come before the inventory: they are what can be divided. */
function judgeNode(
  names: readonly string[],
  claim: Claim,
  policy: ValidationPolicy,
  inventory: Inventory,
): Standing {
  const entries = policy.nodes.filter((entry) => {
    const pattern = typeof entry === 'string' ? entry : entry.node;
    return names.some((name) => matchesGlob(name, pattern));
  });
  if (entries.some((entry) => isInScope(entry, claim))) return 'listed';
  if (entries.length > 0) return 'out-of-scope';
  const { servers = [] } = policy;
  const isKnown = (name: string) => inventory.find(name) !== null || servers.includes(name.toLowerCase());
  return names.some(isKnown) ? 'listed' : 'not-listed';
}

function isRelay(from: MailAddress, entry: string): boolean {
  if (entry.includes('@')) return from.address.toLowerCase() === entry.toLowerCase();
  return entry.includes('.') || entry.includes(':')
    ? findListedDomain(from.domain, [entry]) !== null
    : shortName(from.domain) === entry.toLowerCase();
}
