import type { AlertFields, Reading } from '../domain/alert.ts';
import type { Inventory } from '../domain/device.ts';
import { type GateResult, passed, stopped } from '../domain/gate.ts';
import type { Mail } from '../domain/mail.ts';
import type { ValidationPolicy } from '../domain/policy.ts';
import { toAlert } from './alert-fields.ts';
import { checkDomain } from './domain-gate.ts';
import { type CompiledFormat, formatApplies, occursIn } from './formats.ts';
import { checkNode, hasNodeList } from './node-gate.ts';
import { readFields } from './read-fields.ts';
import { checkSubject } from './subject-gate.ts';

/** Text beyond this is not read, so that no mail can hold up the others; the format gate says how much was left out. */
const maxTextLength = 262_144;
/** A mail with more alerts than this goes to a person. */
const maxAlerts = 1_000;

/**
 * Reads one mail: is it believed, which format knows it, which alerts does it carry (A1-A6, A8)? Runs the gates
 * domain, subject, format and node in this order; after the first that stops the mail no other is asked.
 */
export function readAlertMail(
  mail: Mail,
  receivedAt: Date,
  policy: ValidationPolicy,
  formats: readonly CompiledFormat[],
  inventory: Inventory,
): Reading {
  const domain = checkDomain(mail.from, policy, hasNodeList(policy, inventory));
  if (!domain.passed) return endAs('rejected', null, [domain]);
  const subject = checkSubject(mail, policy);
  if (!subject.passed) return endAs('rejected', null, [domain, subject]);
  const read = readFormat(mail, receivedAt, formats, inventory);
  if (read.state !== 'read') return endAs(read.state, read.format, [domain, subject, read.gate]);
  const node = checkNode(mail.from, read.alerts, policy, inventory);
  const gates = [domain, subject, read.gate, node];
  if (!node.passed) return endAs('rejected', read.format, gates);
  return { state: 'accepted', format: read.format, alerts: read.alerts, gates };
}

type FormatReading =
  | {
      readonly state: 'read';
      readonly format: string;
      readonly alerts: readonly AlertFields[];
      readonly gate: GateResult;
    }
  | { readonly state: 'ignored' | 'dead-letter'; readonly format: string | null; readonly gate: GateResult };

/** The first format that knows the mail reads it. */
function readFormat(
  whole: Mail,
  receivedAt: Date,
  formats: readonly CompiledFormat[],
  inventory: Inventory,
): FormatReading {
  const mail = { ...whole, text: whole.text.slice(0, maxTextLength) };
  const format = formats.find((each) => formatApplies(each, mail));
  if (format === undefined)
    return { state: 'dead-letter', format: null, gate: stopped('format', 'no-format-matches') };
  const { name } = format;
  const ignored = format.ignore.find((place) => occursIn(mail, place));
  if (ignored !== undefined) {
    return { state: 'ignored', format: name, gate: stopped('format', ignored.reason, { format: name }) };
  }
  const found = readFields(format, mail);
  const deadLetter = (reason: string): FormatReading => ({
    state: 'dead-letter',
    format: name,
    gate: stopped('format', reason, { format: name, alerts: found.length }),
  });
  if (found.length > maxAlerts) return deadLetter('too-many-alerts');
  const context = { mail, receivedAt, inventory, failures: format.failures };
  const alerts = found.map((fields) => toAlert(fields, context)).filter((alert) => alert !== null);
  if (alerts.length === 0) return deadLetter('no-device');
  const values = {
    format: name,
    alerts: alerts.length,
    withoutDevice: found.length - alerts.length,
    unreadCharacters: whole.text.length - mail.text.length,
  };
  return { state: 'read', format: name, alerts, gate: passed('format', 'format-matches', values) };
}

function endAs(
  state: 'rejected' | 'ignored' | 'dead-letter',
  format: string | null,
  gates: readonly GateResult[],
): Reading {
  return { state, format, alerts: [], gates };
}
