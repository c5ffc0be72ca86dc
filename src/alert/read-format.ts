import type { AlertFields, Recovery } from '../domain/alert.ts';
import type { Inventory } from '../domain/device.ts';
import { type GateResult, passed, stopped } from '../domain/gate.ts';
import type { Mail } from '../domain/mail.ts';
import { type AlertContext, toAlert, toRecovery } from './alert-fields.ts';
import { type CompiledFormat, formatApplies, type MailTexts, occursIn, readTexts } from './formats.ts';
import { countBeyondLines } from './long-lines.ts';
import { readFields } from './read-fields.ts';

/** Text beyond this is not read, so that no mail can hold up the others; the format gate says how much was left out. */
const maxTextLength = 262_144;
/** A mail with more alerts than this goes to a person. */
const maxAlerts = 1_000;

/** What a mail says, whoever sent it. */
export type FormatReading =
  | {
      readonly state: 'accepted';
      readonly format: string;
      readonly alerts: readonly AlertFields[];
      readonly gate: GateResult;
    }
  | {
      readonly state: 'ignored' | 'dead-letter';
      readonly format: string | null;
      readonly recoveries: readonly Recovery[];
      readonly gate: GateResult;
    };

interface ReadContext extends AlertContext {
  readonly texts: MailTexts;
}

/** The first format that knows the mail reads it (A6). */
export function readFormat(
  whole: Mail,
  receivedAt: Date,
  formats: readonly CompiledFormat[],
  inventory: Inventory,
): FormatReading {
  const mail = { ...whole, text: whole.text.slice(0, maxTextLength) };
  const texts = readTexts(mail);
  const format = formats.find((each) => formatApplies(each, texts));
  if (format === undefined) return withoutAlerts('dead-letter', null, 'no-format-matches', {});
  const context = { mail, texts, receivedAt, inventory, failures: format.failures };
  if (format.recovers.some((place) => occursIn(texts, place))) return readRecoveries(format, context);
  const ignored = format.ignore.find((place) => occursIn(texts, place));
  if (ignored !== undefined) return withoutAlerts('ignored', format.name, ignored.reason, {});
  const unread = whole.text.length - mail.text.length + countBeyondLines(mail.text);
  return readAlerts(format, context, unread);
}

function readAlerts(format: CompiledFormat, context: ReadContext, unreadCharacters: number): FormatReading {
  const found = readFields(format, context.texts, maxAlerts + 1);
  const counted = { alerts: found.length };
  if (found.length > maxAlerts) return withoutAlerts('dead-letter', format.name, 'too-many-alerts', counted);
  const alerts = found.map((fields) => toAlert(fields, context)).filter((alert) => alert !== null);
  if (alerts.length === 0) return withoutAlerts('dead-letter', format.name, 'no-device', counted);
  const values = {
    format: format.name,
    alerts: alerts.length,
    withoutDevice: found.length - alerts.length,
    unreadCharacters,
  };
  return { state: 'accepted', format: format.name, alerts, gate: passed('format', 'format-matches', values) };
}

function readRecoveries(format: CompiledFormat, context: ReadContext): FormatReading {
  const found = readFields(format, context.texts, maxAlerts);
  const recoveries = found.map((fields) => toRecovery(fields, context)).filter((each) => each !== null);
  const counted = { recoveries: recoveries.length };
  return { ...withoutAlerts('ignored', format.name, 'recovery', counted), recoveries };
}

function withoutAlerts(
  state: 'ignored' | 'dead-letter',
  format: string | null,
  reason: string,
  counted: GateResult['values'],
) {
  const values = format === null ? counted : { format, ...counted };
  return { state, format, recoveries: [], gate: stopped('format', reason, values) };
}
