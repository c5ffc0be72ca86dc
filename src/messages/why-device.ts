import type { GateResult } from '../domain/gate.ts';
import type { StoredMailLine, ToldAlert } from '../domain/store/stored-mails.ts';
import { clampText } from './clamp-text.ts';
import { describeCounter } from './counter-words.ts';
import { codeSpan, escapeText } from './escape.ts';
import { describeGate } from './gate-sentence.ts';
import { failureName } from './ticket-fields.ts';
import { countOf, showDuration, showTime } from './wording.ts';
import type { WhyPart } from './why.ts';

/** What a threshold counts now. */
export interface CountView {
  readonly counter: string;
  /** `null`: no rule, but the search for a root cause. */
  readonly rule: string | null;
  readonly counted: number;
  /** `null`: nobody knows how many devices there are. */
  readonly needed: number | null;
  readonly of: 'alerts' | 'devices';
  readonly withinMs: number;
  readonly reason: string;
  readonly met: boolean;
}

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
}: CountView): string {
  const what = describeCounter(counter);
  const by = rule === null ? 'by the search for a root cause' : `by ${codeSpan(clampText(rule, 60))}`;
  if (needed === null) return `${what}: ${counted} ${of}, ${by}; how many are needed is not known.`;
  const count = `${what}: ${counted} of ${needed} ${of} within ${showDuration(withinMs)}, ${by}`;
  if (met) return `${count}: enough.`;
  const missing = needed - counted;
  if (missing > 0) return `${count}: ${missing} more ${missing === 1 ? 'is' : 'are'} needed.`;
  return `${count}: not met, as ${reasonWords[reason] ?? escapeText(reason).replaceAll('-', ' ')}.`;
}

const reasonWords: Readonly<Record<string, string>> = {
  'only-one-part': 'all of them come from one part',
  'mostly-one-part': 'more than 80 % of them come from one part',
  'does-not-explain-it': 'the server does not explain them',
};

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
  const { id, receivedAt, state, gate, reason, subject } = mail;
  const decided = `${state} by the ${gate} gate (${escapeText(reason).replaceAll('-', ' ')})`;
  return `Mail ${id}, ${showTime(receivedAt, timeZone)}: ${decided}; ${codeSpan(clampText(subject, 80))}`;
}

/** The gates of one alert. */
export function gatePart(title: string, gates: readonly GateResult[], timeZone: string): WhyPart {
  return { title, lines: gates.map((gate) => describeGate(gate, timeZone)) };
}

export function describeAlertsSeen(count: number, isMore: boolean, days: number): string {
  return `${isMore ? 'More than ' : ''}${countOf(count, 'alert')} in the last ${days} days`;
}
