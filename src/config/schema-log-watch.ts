import { z } from 'zod';
import type { LogWatchPolicy } from '../domain/log-watch.ts';
import { duration } from './fields.ts';

/** How often the logs of servers with failed jobs are read for successes; `off`: only when somebody asks. */
export const logWatchSchema = z
  .union([
    z.literal('off').transform(() => null),
    z
      .strictObject({
        every: duration('15m', { min: '1m', max: '1d' }).default(900_000),
        longest: duration('4h', { min: '1m', max: '7d' }).default(14_400_000),
      })
      .transform(
        ({ every, longest }): LogWatchPolicy => ({ everyMs: every, longestMs: Math.max(every, longest) }),
      ),
  ])
  .prefault({});
