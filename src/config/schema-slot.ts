import type { SlotPlan } from '../domain/slot.ts';
import { field } from './fields.ts';

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** `08:00` → minutes after midnight. */
export function clockTime(example: string) {
  return field({ must: 'a time of the day', example }, (value) => {
    const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(String(value)) ?? [];
    return hour === undefined ? null : Number(hour) * 60 + Number(minute);
  });
}

/** The number of the weekday, from 1 for Monday, of what is done weekly; null otherwise. */
export function weekdayOf(every: string, on: (typeof weekdays)[number]): number | null {
  return every === 'week' ? weekdays.indexOf(on) + 1 : null;
}

interface WrittenSlot {
  readonly every: SlotPlan['every'];
  readonly on: (typeof weekdays)[number];
  readonly at: number;
  readonly timeZone: string | null;
}

/** Without a zone of its own it is in the site's. */
export function toSlotPlan({ every, on, at, timeZone }: WrittenSlot, siteZone: string): SlotPlan {
  return { every, weekday: weekdayOf(every, on), atMinutes: at, timeZone: timeZone ?? siteZone };
}
