import { parseDuration } from '../../domain/duration.ts';
import { RestageError } from '../../domain/errors.ts';
import type { OutageNotice } from '../../domain/outage.ts';
import { momentsOfWall } from '../../domain/zoned-time.ts';
import type { OutageRow } from './read-rows.ts';
import { readCsvRows, readJsonRows } from './read-rows.ts';

const faultsShown = 10;

/**
 * Outages from CSV or JSON (A10). Columns, or keys: `target` (or `device`), `from`, and `until` or `for` (a duration); also
 * `reason`, and `id`, by which a changed outage is known again. Times are ISO 8601; without an offset they are meant in
 * `timeZone`. Throws `source-invalid` with every fault.
 */
export function readListed(type: 'csv' | 'json', text: string, timeZone: string): readonly OutageNotice[] {
  return readNotices(readRows(type, text), timeZone);
}

/** Outages from rows with those columns. Throws `source-invalid` with every fault. */
export function readNotices(rows: readonly OutageRow[], timeZone: string): readonly OutageNotice[] {
  const read = rows.map((row) => readNotice(row, timeZone));
  const faults = read.flatMap((one) => ('fault' in one ? [one.fault] : []));
  if (faults.length > 0) throw invalid(faults.slice(0, faultsShown).join('\n'));
  return read.flatMap((one) => ('fault' in one ? [] : [one]));
}

function readRows(type: 'csv' | 'json', text: string): readonly OutageRow[] {
  try {
    return type === 'csv' ? readCsvRows(text) : readJsonRows(text);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
}

function readNotice(
  { place, cells }: OutageRow,
  timeZone: string,
): OutageNotice | { readonly fault: string } {
  const cell = (name: string) => cells.get(name) ?? '';
  const fault = (message: string) => ({ fault: `outage ${place}: ${message}` });
  const target = cell('target') || cell('device');
  if (target === '') return fault('has no target');
  const from = readTime(cell('from'), timeZone, 'first');
  if (!from) return fault(`"${cell('from')}" is no time for from, such as 2026-11-20T22:00`);
  const lengthMs = parseDuration(cell('for'));
  const until =
    lengthMs === null ? readTime(cell('until'), timeZone, 'last') : new Date(from.getTime() + lengthMs);
  if (!until) return fault('has neither a time in until nor a duration in for');
  if (until <= from) return fault('ends before it begins');
  const uid = cell('id') || `${target} ${from.toISOString()} ${until.toISOString()}`;
  return { uid, from, until, reason: cell('reason') || 'maintenance', targets: [target], sentences: [] };
}

/** `2026-11-20T22:00Z`, `…+01:00`, `…+01`, or in the zone `2026-11-20 22:00`, `2026-11-20`; `which` of two that clocks show. */
function readTime(text: string, timeZone: string, which: 'first' | 'last'): Date | null {
  const [, year, month, day, hour, minute, second, offset] =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i.exec(
      text,
    ) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const iso = `${year}-${month}-${day}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}`;
  const written = new Date(`${iso}Z`);
  // Day 31 of a shorter month would quietly be another day.
  if (Number.isNaN(written.getTime()) || written.getUTCDate() !== Number(day)) return null;
  if (offset !== undefined) return new Date(`${iso}${spellOffset(offset)}`);
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
  };
  return new Date(momentsOfWall(wall, timeZone)[which].getTime() + Number(second ?? 0) * 1000);
}

/** PostgreSQL writes `+01` for `+01:00`. */
function spellOffset(offset: string): string {
  return offset
    .toUpperCase()
    .replace(/^([+-]\d\d):?(\d\d)?$/, (_all, hours, minutes) => `${hours}:${minutes ?? '00'}`);
}

function invalid(what: string, cause?: unknown): RestageError {
  return new RestageError('source-invalid', `The list of outages has faults:\n${what}`, { cause });
}
