import { z } from 'zod';
import type { ReportPlan } from '../domain/report.ts';
import { channel, oneOf, text, timeZone } from './fields.ts';
import { clockTime, toSlotPlan, weekdays } from './schema-slot.ts';

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
  at: clockTime('08:00').default(480),
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
          const { region, every, channel: to, period: about } = written;
          const slot = toSlotPlan(written, siteZone);
          return { ...slot, id: nameOf(written), region, channel: to, period: about ?? usualPeriods[every] };
        }),
  );
