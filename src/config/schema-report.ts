import { z } from 'zod';
import type { ReportPlan } from '../domain/report.ts';
import { channel, field, oneOf, text, timeZone } from './fields.ts';

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

export const wallTime = field({ must: 'a time of the day', example: '08:00' }, (value) => {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(String(value)) ?? [];
  return hour === undefined ? null : Number(hour) * 60 + Number(minute);
});

const period = text(
  'a period such as yesterday, last week, last month or last 30 days',
  'last week',
  /^(?:yesterday|last week|last month|last [1-9]\d{0,2} (?:hour|day|week)s?)$/i,
);

const usualPeriods = { day: 'yesterday', week: 'last week', month: 'last month' } as const;

const plan = z.strictObject({
  region: text("a region's name", 'eu').nullable().default(null),
  every: oneOf(['day', 'week', 'month'], 'week').default('week'),
  on: oneOf(weekdays, 'monday').default('monday'),
  at: wallTime.default(480),
  timeZone: timeZone().nullable().default(null),
  channel: channel('maint-eu'),
  period: period.nullable().default(null),
});

type WrittenPlan = z.output<typeof plan>;

/** What it is, when it comes and where it goes: the order in the file may change. */
function nameOf({ region, every, on, at, timeZone: zone, channel: to, period: about }: WrittenPlan): string {
  const when = every === 'week' ? on : every;
  return [region ?? '*', about ?? usualPeriods[every], when, at, zone ?? '', to].join('|').toLowerCase();
}

/** What names a plan as the file has it, whatever it leaves to the defaults; null for what is none. */
export function namePlan(raw: unknown): string | null {
  const { data } = plan.safeParse(raw);
  return data ? nameOf(data) : null;
}

/** Reports that are posted by themselves; those without a zone of their own are in the site's. */
export const reportsSchema = z
  .array(plan)
  .default([])
  .transform(
    (plans) =>
      (siteZone: string): readonly ReportPlan[] =>
        plans.map((written) => {
          const { region, every, on, at, timeZone: zone, channel: to, period: about } = written;
          return {
            id: nameOf(written),
            region,
            every,
            weekday: every === 'week' ? weekdays.indexOf(on) + 1 : null,
            atMinutes: at,
            timeZone: zone ?? siteZone,
            channel: to,
            period: about ?? usualPeriods[every],
          };
        }),
  );
