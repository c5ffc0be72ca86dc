import type { Format } from './shape.ts';

/** Schemes that Slack opens from a button or a link. */
const linkSchemes = new Set(['http:', 'https:', 'mailto:', 'slack:']);

const formats: Readonly<Record<Format, (value: string) => boolean>> = {
  url: (value) => linkSchemes.has(schemeOf(value) ?? ''),
  https: (value) => schemeOf(value) === 'https:',
  date: isDate,
  time: (value) => /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
  'time-zone': isTimeZone,
  number: (value) => /^-?\d+(\.\d+)?$/.test(value),
  name: (value) => /^\w+$/.test(value),
};

export function hasFormat(format: Format, value: string): boolean {
  return formats[format](value);
}

/** `null` if the text is no absolute URL, or one with blanks in it. */
function schemeOf(value: string): string | null {
  return !/\s/.test(value) && URL.canParse(value) ? new URL(value).protocol : null;
}

/** A day of the calendar, `YYYY-MM-DD`: `2026-02-30` is none. */
function isDate(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** A name of the IANA time zone database. */
function isTimeZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).format(0) !== '';
  } catch {
    return false;
  }
}
