import type { Reading, Recovery } from '../../domain/alert.ts';
import type { Inventory } from '../../domain/device.ts';
import { type GateResult, passed, stopped } from '../../domain/gate.ts';
import type { HttpSource } from '../../domain/http-source.ts';
import type { Mail, MailAddress } from '../../domain/mail.ts';
import type { ValidationPolicy } from '../../domain/policy.ts';
import { type AlertContext, toAlert, toRecovery } from '../alert-fields.ts';
import { explainTimes } from '../time/explain-times.ts';
import type { Claim } from '../claim.ts';
import { checkNode } from '../node-gate.ts';
import { readJsonAlert } from './json-fields.ts';
import { type JsonObject, isObject, textOf } from './json-object.ts';

export interface JsonContext extends Omit<AlertContext, 'mail'> {
  /** null: a person vouches for the alert, so no gate asks who sent it. */
  readonly policy: ValidationPolicy | null;
  readonly key: string;
}

/** A JSON alert as it is shown beside mails, and what reading it came to. */
export interface JsonReading {
  readonly mail: Mail;
  readonly reading: Reading;
}

/**
 * Reads one JSON alert of a source (A1). Its token stands for the source's domain (A2); as a source reports for others,
 * the device or the distribution server that it names must be a known node (A5).
 * @throws Error when the text is no JSON object: a dead letter.
 */
export function readJson(source: HttpSource, text: string, context: JsonContext): JsonReading {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error('the alert is no JSON object');
  const sender: MailAddress = { address: `${source.name}@http`, local: source.name, domain: 'http' };
  const mail = mailOf(value, text, context.key);
  const { policy, inventory } = context;
  const read = readClaims(source, value, { ...context, mail });
  const signed = { ...mail, from: sender };
  if (policy === null) return { mail: signed, reading: { ...read.reading, gates: read.gates } };
  const gates = [passed('domain', 'token-verified', { source: source.name }), ...read.gates];
  const claims = claimsOf(read.reading);
  if (claims.length === 0) return { mail: signed, reading: { ...read.reading, gates } };
  const node = checkReporting(sender, claims, policy, inventory);
  const all = [...gates, node];
  return { mail: signed, reading: node.passed ? { ...read.reading, gates: all } : refuse(source, all) };
}

function readClaims(
  source: HttpSource,
  value: JsonObject,
  context: AlertContext,
): { readonly reading: Reading; readonly gates: readonly GateResult[] } {
  const { format } = source;
  const { fields, isRecovery } = readJsonAlert(source, value);
  const withoutAlerts = (
    state: 'ignored' | 'dead-letter',
    reason: string,
    recoveries: readonly Recovery[],
  ) => ({
    reading: { state, format, alerts: [], recoveries, gates: [] } as const,
    gates: [stopped('format', reason, { format })],
  });
  if (isRecovery) {
    const failure = fields.failure ?? fields.announced;
    const recovery = toRecovery(failure === undefined ? fields : { ...fields, failure }, context);
    if (recovery !== null) {
      const { reading, gates } = withoutAlerts('ignored', 'recovery', [recovery.said]);
      return { reading, gates: [...explainTimes([recovery]), ...gates] };
    }
  }
  const alert = toAlert(fields, context);
  if (alert === null) return withoutAlerts('dead-letter', 'no-device', []);
  return {
    reading: { state: 'accepted', format, alerts: [alert.said], recoveries: [], gates: [] },
    gates: [...explainTimes([alert]), passed('format', 'format-matches', { format, alerts: 1 })],
  };
}

function claimsOf(reading: Reading): readonly Claim[] {
  return reading.state === 'accepted'
    ? reading.alerts
    : reading.recoveries.map((recovery) => ({ ...recovery, distributionServer: null }));
}

/** Every source is a relay: the node that reports stands in the alert. */
function checkReporting(
  sender: MailAddress,
  claims: readonly Claim[],
  policy: ValidationPolicy,
  inventory: Inventory,
): GateResult {
  return checkNode(sender, claims, { ...policy, relays: [sender.address] }, inventory);
}

function refuse({ format }: HttpSource, gates: readonly GateResult[]): Reading {
  return { state: 'rejected', format, alerts: [], recoveries: [], gates };
}

/** JSON has no subject: what it is about stands in for it. */
function mailOf(value: JsonObject, text: string, key: string): Mail {
  const labels = isObject(value['labels']) ? value['labels'] : {};
  const named = textOf(value, 'announced') ?? textOf(value, 'message') ?? textOf(value, 'failure');
  const about = textOf(value, 'device') ?? textOf(labels, 'device') ?? textOf(labels, 'instance');
  const subject = [named ?? textOf(labels, 'alertname'), about]
    .filter((part) => part !== undefined)
    .join(' on ');
  return { key, formerKey: null, from: null, subject, date: null, headers: new Map(), text, partial: null };
}
