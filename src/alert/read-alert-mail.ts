import type { Reading, Recovery } from '../domain/alert.ts';
import type { Inventory } from '../domain/device.ts';
import type { GateResult } from '../domain/gate.ts';
import type { Mail, MailHead } from '../domain/mail.ts';
import type { ValidationPolicy } from '../domain/policy.ts';
import type { Claim } from './claim.ts';
import { checkDomain } from './domain-gate.ts';
import type { CompiledFormat } from './formats.ts';
import { checkNode, hasNodeList } from './node-gate.ts';
import { type FormatReading, readFormat, type TimeRules } from './read-format.ts';
import type { Findings } from './search-formats.ts';
import { checkSubject } from './subject-gate.ts';

/** What the headers alone decide. */
export interface HeadReading {
  /** The gates domain and subject, up to the first that stops the mail. */
  readonly gates: readonly GateResult[];
  /** `null` if they let it pass: the body is to be read. */
  readonly rejected: Reading | null;
}

/** Asks the gates that need the headers alone: a stranger's mail costs no reading of its body. */
export function readAlertHead(head: MailHead, policy: ValidationPolicy, inventory: Inventory): HeadReading {
  const domain = checkDomain(head.from, policy, hasNodeList(policy, inventory), null);
  const gates = domain.passed ? [domain, checkSubject(head, policy)] : [domain];
  return { gates, rejected: gates.at(-1)?.passed === true ? null : endAs('rejected', null, gates) };
}

/** What is known of a mail before it is read as a whole. */
interface Known {
  /** What `readAlertHead` returned for it. */
  readonly head?: HeadReading;
  /** What the formats found. */
  readonly findings?: Findings | undefined;
  /** Default: all times without a zone are UTC. */
  readonly times?: TimeRules;
}

/**
 * Reads one mail: is it believed, which format knows it, which alerts or recoveries does it carry (A1-A6, A8)? Runs the
 * gates domain, subject, format and node in this order; after the first that stops the mail no other is asked, but
 * for a recovery, whose sender must be believed as well.
 */
export function readAlertMail(
  mail: Mail,
  receivedAt: Date,
  policy: ValidationPolicy,
  formats: readonly CompiledFormat[],
  inventory: Inventory,
  known: Known = {},
): Reading {
  const { gates: head, rejected } = known.head ?? readAlertHead(mail, policy, inventory);
  if (rejected) return rejected;
  const read = readFormat(mail, receivedAt, formats, inventory, known.findings, known.times);
  const said = [...read.times, read.gate];
  const claims = claimsOf(read);
  if (read.state !== 'accepted' && claims.length === 0)
    return endAs(read.state, read.format, [...head, ...said]);
  const inScope = checkDomain(mail.from, policy, hasNodeList(policy, inventory), claims);
  if (!inScope.passed) return endAs('rejected', read.format, [inScope, ...head.slice(1), ...said]);
  const node = checkNode(mail.from, claims, policy, inventory);
  const gates = [...head, ...said, node];
  if (!node.passed) return endAs('rejected', read.format, gates);
  if (read.state !== 'accepted') return endAs(read.state, read.format, gates, read.recoveries);
  return { state: read.state, format: read.format, alerts: read.alerts, recoveries: [], gates };
}

function claimsOf(read: FormatReading): readonly Claim[] {
  return read.state === 'accepted'
    ? read.alerts
    : read.recoveries.map((recovery) => ({ ...recovery, distributionServer: null }));
}

function endAs(
  state: 'rejected' | 'ignored' | 'dead-letter',
  format: string | null,
  gates: readonly GateResult[],
  recoveries: readonly Recovery[] = [],
): Reading {
  return { state, format, alerts: [], recoveries, gates };
}
