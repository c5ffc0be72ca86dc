import type { WallTime } from '../../domain/zoned-time.ts';
import { type WrittenZone, readZone } from './zone-name.ts';
import { isOnTheCalendar, readDay } from './written-day.ts';

/** A time as a sender wrote it. */
export interface WrittenTime {
  readonly wall: WallTime;
  /** Seconds and their fraction, in ms. */
  readonly secondsMs: number;
  /** `null` if it states none, or one that nobody knows. */
  readonly zone: WrittenZone | null;
}

const zone =
  '[A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?|(?:UTC|GMT)?[+-]\\d\\d?(?::?\\d\\d)?(?!\\d)|[A-Z]{2,4}\\b|[Zz]\\b';
const timeOfDay = new RegExp(
  `(?<![\\d:.])(\\d{1,2})[:h](\\d\\d)(?::(\\d\\d)(?:[.,](\\d{1,9}))?)?(?![\\d:])(?: ?([AaPp])\\.?[Mm]\\b\\.?)?(?: ?\\[?(${zone})\\]?)?`,
);
const iso8601 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/;
const compact = /^(\d{4})(\d\d)(\d\d)[T ]?(\d\d)(\d\d)(\d\d)?(?=$|[Z+-])/;
const seconds = /^(\d{10})(?:\.\d+)?$|^(\d{13})$/;

/**
 * Reads ISO 8601, RFC 5322, what date(1) prints in several languages, and days as people write them. A day without a time
 * of day is its midnight. `near`: when it was sent, by which a missing year is known. `null` if it is no time.
 */
export function readWrittenTime(text: string, near: Date): WrittenTime | null {
  const iso = readIso(text);
  if (iso !== null) return iso;
  const trimmed = text.trim().replace(/\s+/g, ' ');
  const [, unix, unixMs] = seconds.exec(trimmed) ?? [];
  if (unix !== undefined) return inUtc(new Date(Number(trimmed) * 1000));
  if (unixMs !== undefined) return inUtc(new Date(Number(unixMs)));
  return readClock(
    trimmed.replace(compact, (_all, ...parts: string[]) => spell(parts)),
    near,
  );
}

/** Most times are written so; others, and wrong ones, take ten times as long. */
function readIso(text: string): WrittenTime | null {
  const [all, year, month, day, hour, minute, second = '', fraction, zoneText = ''] =
    iso8601.exec(text) ?? [];
  if (all === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
  };
  if (!isOnTheCalendar(wall)) return null;
  return {
    wall,
    secondsMs: readSeconds(second, fraction),
    zone: readZone(zoneText),
  };
}

function spell([year, month, day, hour, minute, second]: readonly (string | undefined)[]): string {
  return `${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}`;
}

function inUtc(at: Date): WrittenTime {
  const wall = {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
  };
  return { wall, secondsMs: at.getTime() % 60_000, zone: { offsetsMs: [0] } };
}

function readClock(text: string, near: Date): WrittenTime | null {
  const found = timeOfDay.exec(text.replace(/(\d)[Tt](\d)/, '$1 $2'));
  const rest =
    found === null
      ? text
      : `${found.input.slice(0, found.index)} ${found.input.slice(found.index + found[0].length)}`;
  const day = readDay(rest, near);
  if (day === null) return null;
  const [, hours = '0', minute = '0', second = '0', fraction, half, zoneText] = found ?? [];
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0);
  // RFC 5322 and ISO 8601 allow a leap second.
  if (hour > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  return {
    wall: { ...day, hour, minute: Number(minute) },
    secondsMs: readSeconds(second, fraction),
    zone: zoneText === undefined ? null : readZone(zoneText),
  };
}

function readSeconds(second: string, fraction = '0'): number {
  return Math.floor((Number(second) + Number(`0.${fraction}`)) * 1000);
}
