import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';

/** How times, people and lists read in every message. */

/**
 * A time as each reader's own Slack shows it; where Slack can't, in `timeZone`, such as `2026-11-20 03:12 CET`.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function showTime(date: Date, timeZone: string, format = '{date_short_pretty} {time}'): string {
  const seconds = Math.floor(date.getTime() / 1000);
  return `<!date^${seconds}^${format}|${escapeText(timeIn(date, timeZone))}>`;
}

/** Two times, or one where both are in the same minute; the second without its date on the same day. */
export function showSpan(from: Date, until: Date, timeZone: string): string {
  const [first, last] = [timeIn(from, timeZone), timeIn(until, timeZone)];
  if (first === last) return showTime(from, timeZone);
  const sameDay = first.slice(0, 10) === last.slice(0, 10);
  return `${showTime(from, timeZone)} – ${showTime(until, timeZone, sameDay ? '{time}' : undefined)}`;
}

/** `2026-11-20 03:12 CET`; UTC when the zone is none that we know. */
export function timeIn(date: Date, timeZone: string): string {
  const parts = new Map(
    formatter(timeZone)
      .formatToParts(date)
      .map((part) => [part.type, part.value]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return `${get('year')}-${get('month')}-${get('day')} ${get('hour')}:${get('minute')} ${get('timeZoneName')}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
const mostFormatters = 500;

/** Kept by zone: to make one takes longer than to use it a hundred times. */
function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = createFormatter(timeZone);
  if (formatters.size >= mostFormatters) formatters.clear();
  formatters.set(timeZone, made);
  return made;
}

function createFormatter(timeZone: string): Intl.DateTimeFormat {
  const options = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}

/** `40 s`, `12 min`, `3 h`, `2 days`. */
export function showDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** A mention of a Slack user id; any other string is shown as it is. */
export function mention(userId: string): string {
  return /^[UW][A-Z0-9]{1,20}$/.test(userId) ? `<@${userId}>` : codeSpan(clampText(userId, 80));
}

/** The first few names in code type, then `and N more`; `–` for none. */
export function listNames(names: readonly string[], show: number, total: number = names.length): string {
  if (names.length === 0) return total === 0 ? '–' : `${total}`;
  const shown = names.slice(0, show);
  const list = shown.map((name) => codeSpan(clampText(name, 80))).join(', ');
  return total > shown.length ? `${list} and ${total - shown.length} more` : list;
}

export function countOf(count: number, singular: string, plural: string = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
