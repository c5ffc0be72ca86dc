/** A day on the calendar; month and day count from 1. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** How months begin in English, German, French, Spanish, Italian, Portuguese and Dutch, without accents. */
const monthStarts: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen'],
  ['feb', 'fev'],
  ['mar', 'mrz', 'maa'],
  ['apr', 'avr', 'abr'],
  ['may', 'mai', 'mag', 'mei'],
  ['jun', 'juin', 'giu'],
  ['jul', 'juil', 'lug'],
  ['aug', 'aou', 'ago'],
  ['sep', 'set'],
  ['oct', 'okt', 'ott', 'out'],
  ['nov'],
  ['dec', 'dez', 'dic'],
];

const yearFirst = /(?<!\d)(\d{4})[-/.年] ?(\d{1,2})[-/.月] ?(\d{1,2})(?!\d)/;
const yearLast = /(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)/;
const dayFirst =
  /(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)?[ -](?:de |of )?([a-z]{3,10})\.?(?:(?: de|,)?[ -](\d{4}))?/;
const monthFirst = /([a-z]{3,10})\.? +(\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:[, ] *(\d{4}))?/;

/**
 * Reads the day of a written time. A year that is missing, and which of `03/04` is the month, are decided by what is
 * nearest to `near`; `null` if it names no day.
 */
export function readDay(written: string, near: Date): Day | null {
  const text = written.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return readNumbers(text, near) ?? readNamedMonth(text, near);
}

function readNumbers(text: string, near: Date): Day | null {
  const [iso, year, month, day] = yearFirst.exec(text) ?? [];
  if (iso !== undefined) return nearest([[year, month, day]], near);
  const [last, first, separator, second, itsYear] = yearLast.exec(text) ?? [];
  if (last === undefined) return null;
  const european = [itsYear, second, first] as const;
  return nearest(separator === '.' ? [european] : [european, [itsYear, first, second]], near);
}

function readNamedMonth(text: string, near: Date): Day | null {
  const [, day, name, year] = dayFirst.exec(text) ?? [];
  const [, otherName, otherDay, otherYear] = monthFirst.exec(text) ?? [];
  const before = withMonth(name, day, year ?? trailingYear(text), near);
  return before ?? withMonth(otherName, otherDay, otherYear ?? trailingYear(text), near);
}

/** date(1) prints the year after the time of day. */
function trailingYear(text: string): string | undefined {
  return /(?<!\d)(\d{4})$/.exec(text.trim())?.[1];
}

function withMonth(
  name: string | undefined,
  day: string | undefined,
  year: string | undefined,
  near: Date,
): Day | null {
  const index = monthStarts.findIndex((starts) => starts.some((start) => name?.startsWith(start)));
  if (index < 0) return null;
  const around = near.getUTCFullYear();
  const years = year === undefined ? [around - 1, around, around + 1] : [year];
  return nearest(
    years.map((each) => [each, index + 1, day]),
    near,
  );
}

type Numbers = readonly [year: unknown, month: unknown, day: unknown];

/** The one on the calendar that is nearest; `null` if none is on it. */
function nearest(days: readonly Numbers[], near: Date): Day | null {
  const distance = ({ year, month, day }: Day) => Math.abs(Date.UTC(year, month - 1, day) - near.getTime());
  const [first] = days
    .map(([year, month, day]) => ({ year: Number(year), month: Number(month), day: Number(day) }))
    .filter(isOnTheCalendar)
    .toSorted((one, other) => distance(one) - distance(other));
  return first ?? null;
}

/** Whether a calendar has that day; of years before 1970 it has none. */
export function isOnTheCalendar({ year, month, day }: Day): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1970 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
