import { z } from 'zod';
import { duration, host, wholeNumber } from './fields.ts';

/** Where probes ask how the bot is, and when work counts as stuck. */
export const healthSchema = z
  .strictObject({
    host: host('127.0.0.1').default('127.0.0.1'),
    port: wholeNumber({ min: 0, max: 65_535 }, '9464').default(9464),
    stuckAfter: duration('2m', { min: '1s', max: '1d' }).default(120_000),
  })
  .prefault({})
  .transform(({ stuckAfter, ...listen }) => ({ ...listen, stuckAfterMs: stuckAfter }));
