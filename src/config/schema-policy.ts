import { z } from 'zod';
import { scopes } from '../domain/policy.ts';
import {
  channel,
  duration,
  mailDomain,
  name,
  nameMembers,
  oneOf,
  text,
  wholeNumber,
  yesNo,
} from './fields.ts';

const thresholdRule = z
  .strictObject({
    failure: name('connection').nullable().default(null),
    device: name('int-38').nullable().default(null),
    region: text("a region's name", 'eu').nullable().default(null),
    over: oneOf(scopes, 'device').default('device'),
    count: wholeNumber({ min: 1 }, '4'),
    within: duration('30m', { min: '1s' }),
  })
  .transform(({ within, ...rule }) => ({ ...rule, withinMs: within }));

const generalRule = {
  failure: null,
  device: null,
  region: null,
  over: 'device',
  count: 4,
  withinMs: 1_800_000,
} as const;

/** Rules are known by their place in the file: `thresholds[2]`. */
export const thresholdsSchema = z
  .array(thresholdRule)
  .default([generalRule])
  .transform((rules) => rules.map((rule, index) => ({ id: `thresholds[${index}]`, ...rule })));

const action = oneOf(['ticket', 'hold', 'suppress'], 'ticket');

export const diagnosisSchema = z
  .strictObject({
    pings: wholeNumber({ min: 1, max: 20 }, '3').default(3),
    timeout: duration('1s', { min: '100ms', max: '1m' }).default(1000),
    onVerdict: z
      .strictObject({
        'device-down': action.default('ticket'),
        reachable: action.default('ticket'),
        'network-down': action.default('hold'),
        inconclusive: action.default('hold'),
      })
      .prefault({}),
    lookAgainAfter: z.array(duration('5m', { min: '1s' })).default([60_000, 120_000, 300_000, 600_000]),
  })
  .prefault({})
  .transform(({ timeout, lookAgainAfter, ...rest }) => ({
    ...rest,
    timeoutMs: timeout,
    lookAgainAfterMs: lookAgainAfter,
  }));

const region = z.strictObject({
  channel: channel('maint-eu'),
  domains: z.array(mailDomain('eu.example.net')).default([]),
});

export const routingSchema = z
  .strictObject({
    regions: z.record(z.string(), region).default({}).transform(nameMembers),
    fallbackChannel: channel('maint-unknown').default('maint-unknown'),
  })
  .prefault({});

export const deliverySchema = z
  .strictObject({
    schedule: z.array(duration('30s')).default([0, 30_000, 300_000, 3_600_000]),
    editEvery: duration('2s', { max: '1h' }).default(2000),
  })
  .prefault({})
  .transform(({ schedule, editEvery }) => ({ scheduleMs: schedule, editEveryMs: editEvery }));

export const approvalSchema = z
  .strictObject({
    requesterMayApprove: yesNo('false').default(false),
    approvers: z.array(text("a Slack user's id", 'U024BE7LH', /^[UW][A-Z0-9]+$/)).default([]),
    expiresAfter: duration('8h', { min: '1m' }).default(28_800_000),
  })
  .prefault({})
  .transform(({ expiresAfter, ...rest }) => ({ ...rest, expiresAfterMs: expiresAfter }));
