import { z } from 'zod';
import { oneOf, timeZone } from './fields.ts';
import { clockTime, toSlotPlan, weekdays } from './schema-slot.ts';

/** When a server is serviced by itself (B4); without a zone of its own it is in the site's. */
export const servicingSchema = z
  .strictObject({
    every: oneOf(['day', 'week'], 'day').default('day'),
    on: oneOf(weekdays, 'monday').default('monday'),
    at: clockTime('06:00').default(360),
    timeZone: timeZone().nullable().default(null),
  })
  .transform((written) => (siteZone: string) => toSlotPlan(written, siteZone))
  .nullable()
  .default(null);
