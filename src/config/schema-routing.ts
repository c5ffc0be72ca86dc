import { z } from 'zod';
import type { RoutingPolicy } from '../domain/policy.ts';
import type { HoldSchedule } from '../domain/ticket-policy.ts';
import { channel, field, mailDomain, nameMembers, oneOf, text, timeZone, yesNo } from './fields.ts';
import { clockTime, weekdayOf, weekdays } from './schema-slot.ts';

/** A schedule whose time zone may be the site's. */
type OpenSchedule = Omit<HoldSchedule, 'timeZone'> & { readonly timeZone: string | null };

/** Times that do not belong to a schedule's kind are faults of `checkRouting`. */
const schedule = z
  .strictObject({
    every: oneOf(['shift', 'day', 'week'], 'shift'),
    shifts: z.array(clockTime('06:00')).default([]),
    at: clockTime('08:00').default(480),
    on: oneOf(weekdays, 'monday').default('monday'),
    timeZone: timeZone().nullable().default(null),
  })
  .transform(
    ({ every, shifts, at, on, timeZone: zone }): OpenSchedule => ({
      every,
      atMinutes: every === 'shift' ? shifts : [at],
      weekday: weekdayOf(every, on),
      timeZone: zone,
    }),
  );

const region = z.strictObject({
  channel: channel('maint-eu'),
  domains: z.array(mailDomain('eu.example.net')).default([]),
  hold: schedule.nullable().default(null),
  timeZone: timeZone().optional(),
});

const pattern = (example: string) =>
  text('a name, with * for any part of it', example).nullable().default(null);

const rule = z.strictObject({
  match: z
    .strictObject({
      region: pattern('eu'),
      site: pattern('Kiel'),
      building: pattern('B3'),
      package: pattern('geo-*'),
      failure: pattern('access'),
      server: pattern('int-*'),
    })
    .prefault({}),
  channel: channel('maint-eu').nullable().default(null),
  hold: z
    .union([z.literal('none'), schedule])
    .nullable()
    .default(null),
  continue: yesNo('true').default(false),
});

const degrees = (max: number, example: string) =>
  field({ must: `degrees from -${max} to ${max}`, example }, (value) =>
    typeof value === 'number' && Math.abs(value) <= max ? value : null,
  )
    .nullable()
    .default(null);

const building = z
  .strictObject({
    channel: channel('maint-b3').nullable().default(null),
    staffed: yesNo('true').optional(),
    nearest: z.array(text("a building's name", 'B1')).default([]),
    lat: degrees(90, '54.32'),
    lon: degrees(180, '10.13'),
    hold: schedule.nullable().default(null),
  })
  .transform(({ lat, lon, staffed, ...rest }) => ({
    ...rest,
    // Where somebody reads the channel there is staff, unless the site says otherwise.
    staffed: staffed ?? rest.channel !== null,
    position: lat === null || lon === null ? null : { lat, lon },
  }));

/** Where tickets go; schedules without a zone of their own are in the site's. */
export const routingSchema = z
  .strictObject({
    regions: z.record(z.string(), region).default({}).transform(nameMembers),
    fallbackChannel: channel('maint-unknown').default('maint-unknown'),
    rules: z.array(rule).default([]),
    buildings: z.record(z.string(), building).default({}).transform(nameMembers),
    urgent: z.array(text('a failure type, with * for any part of it', 'access')).default([]),
  })
  .prefault({})
  .transform((parsed) => (siteZone: string): RoutingPolicy => {
    const inZone = (hold: OpenSchedule | null, zone = siteZone) =>
      hold && { ...hold, timeZone: hold.timeZone ?? zone };
    return {
      ...parsed,
      regions: parsed.regions.map((one) => ({ ...one, hold: inZone(one.hold, one.timeZone) })),
      buildings: parsed.buildings.map((one) => ({ ...one, hold: inZone(one.hold) })),
      rules: parsed.rules.map((one, index) => ({
        ...one,
        id: `routing.rules[${index}]`,
        hold: one.hold === 'none' ? one.hold : inZone(one.hold),
      })),
    };
  });
