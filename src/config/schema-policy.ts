import { z } from 'zod';
import { duration, oneOf, wholeNumber } from './fields.ts';

const action = oneOf(['ticket', 'hold', 'suppress'], 'ticket');

const defaultVerdicts = {
  'device-down': 'ticket',
  reachable: 'ticket',
  'network-down': 'hold',
  inconclusive: 'hold',
} as const;
const defaultWaits = [60_000, 120_000, 300_000, 600_000];

const verdicts = z.strictObject({
  'device-down': action.optional(),
  reachable: action.optional(),
  'network-down': action.optional(),
  inconclusive: action.optional(),
});
const waits = z.array(duration('5m', { min: '1s' })).max(20);

/** What a failure type does not say for itself is as for all others. */
export const diagnosisSchema = z
  .strictObject({
    pings: wholeNumber({ min: 1, max: 20 }, '3').default(3),
    timeout: duration('1s', { min: '100ms', max: '1m' }).default(1000),
    ports: z.array(wholeNumber({ min: 1, max: 65_535 }, '22')).default([]),
    atOnce: wholeNumber({ min: 1, max: 500 }, '32').default(32),
    onVerdict: verdicts.default({}),
    lookAgainAfter: waits.default(defaultWaits),
    failures: z
      .record(
        z.string(),
        z.strictObject({ onVerdict: verdicts.default({}), lookAgainAfter: waits.optional() }),
      )
      .default({}),
  })
  .prefault({})
  .transform(({ timeout, lookAgainAfter, onVerdict, failures, ...rest }) => {
    const general = { ...defaultVerdicts, ...withoutGaps(onVerdict) };
    return {
      ...rest,
      timeoutMs: timeout,
      onVerdict: general,
      lookAgainAfterMs: lookAgainAfter,
      failures: Object.entries(failures).map(([failure, own]) => ({
        failure,
        onVerdict: { ...general, ...withoutGaps(own.onVerdict) },
        lookAgainAfterMs: own.lookAgainAfter ?? lookAgainAfter,
      })),
    };
  });

function withoutGaps<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}

/** Slack tells its time in whole seconds, and its hosts differ by one. */
const slackClockMarginMs = 3000;

export const deliverySchema = z
  .strictObject({
    schedule: z.array(duration('30s')).default([0, 30_000, 300_000, 3_600_000]),
    editEvery: duration('2s', { max: '1h' }).default(2000),
    lateEffect: duration('25s', { max: '10m' }).default(25_000),
  })
  .prefault({})
  .superRefine(({ schedule, lateEffect }, context) => {
    const leastMs = lateEffect + slackClockMarginMs;
    for (const [index, waitMs] of schedule.entries()) {
      if (index === 0 || waitMs >= leastMs) continue;
      const message = `a call that was given up may still take effect for lateEffect (${lateEffect / 1000}s), and would be posted twice. Write at least ${leastMs / 1000}s, or lower lateEffect`;
      context.addIssue({ code: 'custom', path: ['schedule', index], message });
    }
  })
  .transform(({ schedule, editEvery, lateEffect }) => ({
    scheduleMs: schedule,
    editEveryMs: editEvery,
    lateEffectMs: lateEffect,
  }));
