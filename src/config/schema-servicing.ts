import { z } from 'zod';
import type { SlotPlan } from '../domain/report.ts';
import { oneOf, timeZone } from './fields.ts';
import { wallTime, weekdays } from './schema-report.ts';

/** When a server is serviced by itself (B4); without a zone of its own it is in the site's. */
export const servicingSchema = z
  .strictObject({
    every: oneOf(['day', 'week'], 'day').default('day'),
    on: oneOf(weekdays, 'monday').default('monday'),
    at: wallTime.default(360),
    timeZone: timeZone().nullable().default(null),
  })
  .transform(
    ({ every, on, at, timeZone: zone }) =>
      (siteZone: string): SlotPlan => ({
        every,
        weekday: every === 'week' ? weekdays.indexOf(on) + 1 : null,
        atMinutes: at,
        timeZone: zone ?? siteZone,
      }),
  )
  .nullable()
  .default(null);
