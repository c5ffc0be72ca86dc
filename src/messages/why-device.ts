import type { RuleCount } from '../domain/rule-count.ts';
import type { GateResult } from '../domain/gate.ts';
import type { StoredMailLine, ToldAlert } from '../domain/store/stored-mails.ts';
import { clampText } from './clamp-text.ts';
import { describeCounter } from './counter-words.ts';
import { codeSpan, escapeText } from './escape.ts';
import { describeGate } from './gate-sentence.ts';
import { describeReason, stateWords } from './gate-words.ts';
import { failureName } from './ticket-fields.ts';
import { countOf, showDuration, showTime } from './wording.ts';
import type { WhyPart } from './why.ts';

/** `connection error of device int-58: 2 of 3 alerts within 30 min, by thresholds[0]: 1 more is needed`. */
export function describeCountNow({
  counter,
  rule,
  counted,
  needed,
  of,
  withinMs,
  reason,
  met,
}: RuleCount): string {
  const what = describeCounter(counter);
  const by = rule === null ? 'by the search for a root cause' : `by ${codeSpan(clampText(rule, 60))}`;
  if (needed === null) return `${what}: ${counted} ${of}, ${by}; how many are needed is not known.`;
  const count = `${what}: ${counted} of ${needed} ${of} within ${showDuration(withinMs)}, ${by}`;
  if (met) return `${count}: enough.`;
  const missing = needed - counted;
  if (missing > 0) return `${count}: ${missing} more ${missing === 1 ? 'is' : 'are'} needed.`;
  return `${count}: not met, as ${describeReason(reason)}.`;
}

/** `Mail 17, 12:00: int-58 connection error, package geo-db; validated, read by plain; counted`. */
export function describeTold(alert: ToldAlert, timeZone: string): string {
  const { mailId, device, failure, package: pack, job, format, at, ticketId, state } = alert;
  const what = [
    `${codeSpan(clampText(device, 60))} ${escapeText(clampText(failureName(failure), 60))}`,
    pack !== null && `package ${codeSpan(clampText(pack, 60))}`,
    job !== null && `job ${codeSpan(clampText(job, 60))}`,
  ].filter(Boolean);
  const fate = ticketId === null ? state : `${state}, ticket ${ticketId}`;
  const read = format === null ? 'validated' : `validated, read by ${codeSpan(clampText(format, 60))}`;
  return `Mail ${mailId}, ${showTime(at, timeZone)}: ${what.join(', ')}; ${read}; ${fate}`;
}

/** A mail that names the device and led to nothing. */
export function describeTurnedAway(mail: StoredMailLine, timeZone: string): string {
  const { id, receivedAt, state, reason, subject } = mail;
  const decided = `${stateWords[state]}: ${describeReason(reason)}`;
  return `Mail ${id}, ${showTime(receivedAt, timeZone)}: ${decided}; ${codeSpan(clampText(subject, 80))}`;
}

/** The gates of one alert. */
export function gatePart(title: string, gates: readonly GateResult[], timeZone: string): WhyPart {
  return { title, lines: gates.map((gate) => describeGate(gate, timeZone)) };
}

export function describeAlertsSeen(count: number, isMore: boolean, days: number): string {
  return `${isMore ? 'More than ' : ''}${countOf(count, 'alert')} in the last ${days} days`;
}
