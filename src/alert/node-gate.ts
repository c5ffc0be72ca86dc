import type { AlertFields } from '../domain/alert.ts';
import type { Inventory } from '../domain/device.ts';
import { type GateResult, passed, stopped } from '../domain/gate.ts';
import type { MailAddress } from '../domain/mail.ts';
import type { ValidationPolicy } from '../domain/policy.ts';
import { findListedDomain } from './domain-list.ts';

/**
 * Is the sending node believed (A5)? Its name is the first part of the address, or the first label of the host. When
 * the sender is a relay, the node that reports stands in the mail: the device or the distribution server of every
 * alert must be listed.
 */
export function checkNode(
  from: MailAddress | null,
  alerts: readonly AlertFields[],
  policy: ValidationPolicy,
  inventory: Inventory,
): GateResult {
  if (!hasNodeList(policy, inventory)) return passed('node', 'no-node-list');
  if (from === null) return stopped('node', 'no-sender');
  const isListed = (...names: readonly string[]): boolean =>
    names.some((name) => inventory.find(name) !== null || matchesAny(name.toLowerCase(), policy.nodes));
  const relay = policy.relays.find((entry) => isRelay(from, entry));
  if (relay !== undefined) return checkReportingNodes(relay, alerts, isListed);
  if (isListed(from.domain, shortName(from.domain)))
    return passed('node', 'node-listed', { node: shortName(from.domain) });
  return isListed(from.local)
    ? passed('node', 'node-listed', { node: from.local })
    : stopped('node', 'node-not-listed', { node: shortName(from.domain), address: from.address });
}

/** The node list is the policy's and the inventory's names together; it may be absent (A2). */
export function hasNodeList(policy: ValidationPolicy, inventory: Inventory): boolean {
  return policy.nodes.length > 0 || inventory.all().length > 0;
}

/** The first label of a host name, in lower case; an address stays as it is. */
export function shortName(host: string): string {
  const name = host.toLowerCase();
  return isAddress(name) ? name : (name.split('.')[0] ?? name);
}

function checkReportingNodes(
  relay: string,
  alerts: readonly AlertFields[],
  isListed: (...names: readonly string[]) => boolean,
): GateResult {
  const unknown = alerts.find(({ device, distributionServer }) => {
    const reporting = [device, distributionServer].filter((name) => name !== null);
    return !isListed(...reporting, ...reporting.map(shortName));
  });
  return unknown === undefined
    ? passed('node', 'reporting-node-listed', { relay, alerts: alerts.length })
    : stopped('node', 'reporting-node-not-listed', {
        relay,
        device: unknown.device,
        distributionServer: unknown.distributionServer,
      });
}

function isRelay(from: MailAddress, entry: string): boolean {
  if (entry.includes('@')) return from.address.toLowerCase() === entry.toLowerCase();
  return entry.includes('.') || entry.includes(':')
    ? findListedDomain(from.domain, [entry]) !== null
    : shortName(from.domain) === entry.toLowerCase();
}

function matchesAny(name: string, nodes: readonly string[]): boolean {
  return nodes.some((entry) => matchesGlob(name, entry.toLowerCase()));
}

/** `*` stands for any part of a name. Without a regular expression, so that no entry can be slow. */
function matchesGlob(name: string, glob: string): boolean {
  const parts = glob.split('*');
  const first = parts.shift() ?? '';
  const last = parts.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let rest = name.slice(first.length, name.length - last.length);
  for (const part of parts) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return true;
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^[\d.]+$/.test(name);
}
