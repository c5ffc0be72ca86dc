import { z } from 'zod';
import type { WatchPolicy } from '../domain/watch.ts';
import { duration, wholeNumber } from './fields.ts';

/** How what may come back is watched (B2); `off`: it is not. */
export const recoverySchema = z
  .union([
    z.literal('off').transform(() => null),
    z
      .strictObject({
        stable: duration('10m', { max: '1d' }).default(600_000),
        every: duration('1m', { min: '15s', max: '1d' }).default(60_000),
        longest: duration('10m', { min: '15s', max: '1d' }).default(600_000),
        ports: z.array(wholeNumber({ min: 1, max: 65_535 }, '22')).default([]),
      })
      .transform(
        ({ stable, every, longest, ports }): WatchPolicy => ({
          stableMs: stable,
          everyMs: every,
          longestMs: Math.max(every, longest),
          ports,
        }),
      ),
  ])
  .prefault({});
