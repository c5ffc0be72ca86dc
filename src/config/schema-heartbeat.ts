import { z } from 'zod';
import type { HeartbeatPolicy } from '../domain/heartbeat.ts';
import { duration, host, text, wholeNumber } from './fields.ts';

const expected = z.strictObject({ expectWithin: duration('6h', { min: '1s' }) });
const address = (example: string) => text('a mail address', example, /^[^\s@<>]+@[^\s@<>]+$/);

const probe = z
  .strictObject({
    every: duration('15m', { min: '1s' }).default(900_000),
    within: duration('5m', { min: '1s' }).default(300_000),
    relay: z.strictObject({
      host: host('mail.example.net'),
      port: wholeNumber({ min: 1, max: 65_535 }, '25').default(25),
    }),
    from: address('restage@example.net'),
    to: address('dist-alerts@example.net'),
  })
  .transform(({ every, within, ...rest }) => ({ ...rest, everyMs: every, withinMs: within }));

/** When a silent mailbox, a lost listener or a lost probe mail is reported. */
export const heartbeatSchema = z
  .strictObject({
    disconnectedAfter: duration('10m', { min: '1s' }).default(600_000),
    mailboxes: z.record(z.string(), expected).default({}),
    listeners: z.partialRecord(z.enum(['smtp', 'http']), expected).default({}),
    probe: probe.nullable().default(null),
  })
  .prefault({})
  .transform(({ disconnectedAfter, mailboxes, listeners, probe: mail }): HeartbeatPolicy => {
    const boxes = Object.entries(mailboxes).map(
      ([key, { expectWithin }]) => [`imap:${key.toLowerCase()}`, expectWithin] as const,
    );
    const ports = Object.entries(listeners).map(([key, { expectWithin }]) => [key, expectWithin] as const);
    return {
      disconnectedAfterMs: disconnectedAfter,
      expectWithinMs: new Map([...boxes, ...ports]),
      probe: mail,
    };
  });
