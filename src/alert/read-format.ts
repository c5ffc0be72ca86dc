import type { AlertFields, Recovery } from '../domain/alert.ts';
import type { Inventory } from '../domain/device.ts';
import { type GateResult, passed, stopped } from '../domain/gate.ts';
import type { Mail } from '../domain/mail.ts';
import { utcEverywhere } from '../domain/zone-policy.ts';
import { type AlertContext, toAlert, toRecovery } from './alert-fields.ts';
import type { CompiledFormat } from './formats.ts';
import { type Findings, maxAlerts, searchFormats } from './search-formats.ts';
import { explainTimes } from './time/explain-times.ts';
import type { TimeContext } from './time/read-time.ts';

/** What a mail says, whoever sent it. */
export type FormatReading =
  | {
      readonly state: 'accepted';
      readonly format: string;
      readonly alerts: readonly AlertFields[];
      readonly gate: GateResult;
      /** How times without a zone were read. */
      readonly times: readonly GateResult[];
    }
  | {
      readonly state: 'ignored' | 'dead-letter';
      readonly format: string | null;
      readonly recoveries: readonly Recovery[];
      readonly gate: GateResult;
      readonly times: readonly GateResult[];
    };

type FoundFields = Extract<Findings, { readonly kind: 'alerts' | 'recoveries' }>;

/** Which zones times without one may be in. */
export type TimeRules = Pick<TimeContext, 'zones' | 'regionOf'>;

const inUtc: TimeRules = { zones: utcEverywhere, regionOf: () => null };

/** The first format that knows the mail reads it (A6). `findings`: what that format found, if it is known already. */
export function readFormat(
  mail: Mail,
  receivedAt: Date,
  formats: readonly CompiledFormat[],
  inventory: Inventory,
  findings = searchFormats(mail, formats),
  times = inUtc,
): FormatReading {
  if (findings.kind === 'unknown-format') return withoutAlerts('dead-letter', null, 'no-format-matches', {});
  const { format: name } = findings;
  if (findings.kind === 'ignored') return withoutAlerts('ignored', name, findings.reason, {});
  const failures = formats.find((format) => format.name === name)?.failures ?? [];
  const context = { mail, receivedAt, inventory, failures, ...times };
  return findings.kind === 'recoveries' ? readRecoveries(findings, context) : readAlerts(findings, context);
}

function readAlerts({ format, found, unreadCharacters }: FoundFields, context: AlertContext): FormatReading {
  const counted = { alerts: found.length };
  if (found.length > maxAlerts) return withoutAlerts('dead-letter', format, 'too-many-alerts', counted);
  const read = found.map((fields) => toAlert(fields, context)).filter((alert) => alert !== null);
  const alerts = read.map(({ said }) => said);
  if (alerts.length === 0) return withoutAlerts('dead-letter', format, 'no-device', counted);
  const values = {
    format,
    alerts: alerts.length,
    withoutDevice: found.length - alerts.length,
    unreadCharacters,
  };
  const gate = passed('format', 'format-matches', values);
  return { state: 'accepted', format, alerts, gate, times: explainTimes(read) };
}

function readRecoveries({ format, found }: FoundFields, context: AlertContext): FormatReading {
  const read = found.map((fields) => toRecovery(fields, context)).filter((each) => each !== null);
  const recoveries = read.map(({ said }) => said);
  const stoppedHere = withoutAlerts('ignored', format, 'recovery', { recoveries: recoveries.length });
  return { ...stoppedHere, recoveries, times: explainTimes(read) };
}

function withoutAlerts(
  state: 'ignored' | 'dead-letter',
  format: string | null,
  reason: string,
  counted: GateResult['values'],
) {
  const values = format === null ? counted : { format, ...counted };
  return { state, format, recoveries: [], gate: stopped('format', reason, values), times: [] };
}
