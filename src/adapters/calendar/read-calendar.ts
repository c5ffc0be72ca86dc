import ICAL from 'ical.js';
import { RestageError } from '../../domain/errors.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { OutageNotice } from '../../domain/outage.ts';
import { runBounded } from './bounded.ts';
import { registerZones, toDate } from './zones.ts';

export interface CalendarOptions {
  /** For times without a zone and for whole days. */
  readonly timeZone: string;
  /** Occurrences that touch from ≤ t < until are wanted. */
  readonly from: Date;
  readonly until: Date;
}

/** Upper bound of the time to expand one event’s rules, in ms. A busy machine needs over 500 ms for a plain weekly event. */
const expansionMs = 2_000;
/** Upper bound of one event’s occurrences. */
const occurrencesOfEvent = 1000;

/**
 * The events of an iCalendar file (RFC 5545) as outage notices, one for each occurrence: RRULE, RDATE, EXDATE, moved and
 * cancelled occurrences, time zones as the file or the system describes them. CATEGORIES, and the parts of LOCATION
 * between commas, are targets; SUMMARY and LOCATION are sentences. Throws `source-invalid`.
 */
export function readCalendar(text: string, options: CalendarOptions): readonly OutageNotice[] {
  const events = parseCalendar(text).flatMap((calendar) => calendar.getAllSubcomponents('vevent'));
  return [...groupBy(events, uidOf).values()].flatMap((sameUid) => readEvent(sameUid, options));
}

function parseCalendar(text: string): readonly ICAL.Component[] {
  try {
    const parsed: unknown = ICAL.parse(text.replace(/^\uFEFF/, ''));
    const calendars = Array.isArray(parsed) && Array.isArray(parsed[0]) ? parsed : [parsed];
    registerZones(new Set([...text.matchAll(/;TZID="?([^":;\r\n]+)/gi)].map(([, name = '']) => name)));
    const components = calendars.map((calendar: unknown[]) => new ICAL.Component(calendar));
    if (components.every(({ name }) => name === 'vcalendar') && components.length > 0) return components;
  } catch (error) {
    throw invalid(`it is no iCalendar: ${describe(error)}`, error);
  }
  throw invalid('it is no iCalendar: it has no VCALENDAR');
}

/** Every event ought to have one; without it, it is known by when it begins and what it is about. */
function uidOf(event: ICAL.Component): string {
  const texts = ['dtstart', 'summary'].map((name) => String(event.getFirstPropertyValue(name) ?? ''));
  return String(event.getFirstPropertyValue('uid') ?? texts.join(' '));
}

/** An event with those that stand for single occurrences of it (RECURRENCE-ID). */
function readEvent(sameUid: readonly ICAL.Component[], options: CalendarOptions): readonly OutageNotice[] {
  const isException = (event: ICAL.Component) => event.hasProperty('recurrence-id');
  const exceptions = sameUid.filter(isException);
  const main = sameUid.find((event) => !isException(event));
  const name = String(sameUid[0]?.getFirstPropertyValue('summary') ?? 'without a summary').slice(0, 80);
  try {
    if (!main) return exceptions.flatMap((event) => readOnce(new ICAL.Event(event), options));
    const event = new ICAL.Event(main, { exceptions: [...exceptions], strictExceptions: false });
    if (!event.isRecurring()) return readOnce(event, options);
    const notices = runBounded(() => expand(event, options), expansionMs);
    if (notices) return notices;
  } catch (error) {
    throw invalid(`the event "${name}" can't be read: ${describe(error)}`, error);
  }
  throw invalid(`the event "${name}" recurs in a way that can't be worked out; check its RRULE`);
}

function readOnce(event: ICAL.Event, options: CalendarOptions): readonly OutageNotice[] {
  if (event.component.getFirstPropertyValue('dtstart') === null) throw new Error('it has no DTSTART');
  return toNotice(event, uidOf(event.component), event.startDate, event.endDate, options);
}

function expand(event: ICAL.Event, options: CalendarOptions): readonly OutageNotice[] {
  const notices: OutageNotice[] = [];
  const occurrences = event.iterator();
  for (let at = occurrences.next(); at; at = occurrences.next()) {
    if (toDate(at, options.timeZone) >= options.until) break;
    const { item, startDate, endDate, recurrenceId } = event.getOccurrenceDetails(at);
    notices.push(
      ...toNotice(item, `${uidOf(event.component)} ${recurrenceId.toString()}`, startDate, endDate, options),
    );
    if (notices.length > occurrencesOfEvent)
      throw new Error(`it occurs more than ${occurrencesOfEvent} times`);
  }
  return notices;
}

function toNotice(
  event: ICAL.Event,
  uid: string,
  start: ICAL.Time,
  end: ICAL.Time,
  { timeZone, from: wantedFrom, until: wantedUntil }: CalendarOptions,
): readonly OutageNotice[] {
  const [from, until] = [toDate(start, timeZone), toDate(end, timeZone)];
  const isCancelled = String(event.component.getFirstPropertyValue('status')).toUpperCase() === 'CANCELLED';
  if (isCancelled || !(from < until) || until <= wantedFrom || from >= wantedUntil) return [];
  const summary = textOf(event, 'summary');
  const location = textOf(event, 'location');
  const targets = [...categoriesOf(event), ...location.split(/[,;]/)].map((part) => part.trim());
  return [
    {
      uid,
      from,
      until,
      reason: summary.trim() || 'maintenance',
      // A bare word in CATEGORIES is a category like any other.
      targets: targets.filter((part) => /^[a-z]+\s*:/i.test(part)),
      sentences: [location, summary].filter((sentence) => sentence.trim() !== ''),
    },
  ];
}

function categoriesOf(event: ICAL.Event): readonly string[] {
  return event.component
    .getAllProperties('categories')
    .flatMap((property): unknown[] => property.getValues())
    .map(String);
}

function textOf(event: ICAL.Event, property: string): string {
  const value = event.component.getFirstPropertyValue(property);
  return typeof value === 'string' ? value : '';
}

function invalid(what: string, cause?: unknown): RestageError {
  return new RestageError('source-invalid', `The calendar can't be used: ${what}.`, { cause });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error);
}
