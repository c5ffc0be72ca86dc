import type { RotationSchedule } from '../../src/domain/paging.ts';
import type { WallTime } from '../../src/domain/zoned-time.ts';

export const hour = 3_600_000;
export const day = 24 * hour;

/** `2026-11-02T08:00` */
export function wall(text: string): WallTime {
  const [year = 0, month = 0, date = 0, hours = 0, minute = 0] = text.split(/\D/).map(Number);
  return { year, month, day: date, hour: hours, minute };
}

/** Ana and Ben take turns week by week, from Monday 8:00 in Berlin on. */
export function rotation(changes: Partial<RotationSchedule> = {}): RotationSchedule {
  return {
    kind: 'rotation',
    name: 'eu-primary',
    timeZone: 'Europe/Berlin',
    everyMs: 7 * day,
    start: wall('2026-10-05T08:00'),
    users: ['U0ANA', 'U0BEN'],
    overrides: [],
    restrict: null,
    ...changes,
  };
}

export const officeHours = {
  timeZone: 'Europe/Berlin',
  days: [1, 2, 3, 4, 5],
  fromMinute: 8 * 60,
  untilMinute: 18 * 60,
};
