import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { logWatchSchema } from '../../src/config/schema-log-watch.ts';
import { runningFields } from '../../src/config/schema-running.ts';

const read = (schema: z.ZodType, value: unknown) => schema.safeParse(value).data;

describe('how often logs are read for successes', () => {
  test.each([
    [undefined, { everyMs: 900_000, longestMs: 14_400_000 }],
    [{ every: '5m' }, { everyMs: 300_000, longestMs: 14_400_000 }],
    [{ every: '6h' }, { everyMs: 21_600_000, longestMs: 21_600_000 }],
    ['off', null],
    [{ every: '10s' }, undefined],
    [{ often: '5m' }, undefined],
  ])('%j', (written, policy) => {
    expect(read(logWatchSchema, written)).toEqual(policy);
  });
});

describe('where runs are kept on a server', () => {
  test.each([
    [undefined, null],
    ['home', null],
    ['/var/lib/restage/runs', '/var/lib/restage/runs'],
    ['/var/lib/restage/runs/', '/var/lib/restage/runs'],
    ['runs', undefined],
    ['/var/lib/../runs', undefined],
    ['/var/lib/./runs', undefined],
    ['/var/lib/my runs', undefined],
    ['~/runs', undefined],
    ['/', undefined],
  ])('%j', (written, folder) => {
    expect(read(z.object({ runFolder: runningFields.runFolder }), { runFolder: written })).toEqual(
      folder === undefined ? undefined : { runFolder: folder },
    );
  });
});
