import { z } from 'zod';
import { anyAlert, populations, type Scope, scopes } from '../domain/policy.ts';
import { duration, field, name, oneOf, text, wholeNumber, yesNo } from './fields.ts';

/** `0.5` or `50%`. */
const fraction = field(
  { must: 'a share above 0 and up to 1, such as 0.5 or 50%', example: '0.5' },
  (value) => {
    const [, percent] = /^(\d{1,3}(?:\.\d{1,3})?)\s*%$/.exec(String(value)) ?? [];
    const share = percent === undefined ? value : Number(percent) / 100;
    return typeof share === 'number' && share > 0 && share <= 1 ? share : null;
  },
);

const scopeOfPopulation: Readonly<Record<(typeof populations)[number], Scope>> = {
  'behind-server': 'server',
  building: 'building',
  region: 'region',
  network: 'network',
};

const thresholdRule = z
  .strictObject({
    device: name('int-38').nullable().default(null),
    group: text("a device group's name", 'kiosk', /^\S+$/).nullable().default(null),
    building: text("a building's name", 'B3').nullable().default(null),
    server: name('int-38').nullable().default(null),
    region: text("a region's name", 'eu').nullable().default(null),
    package: text("a package's name", 'geo-db', /^\S+$/).nullable().default(null),
    failure: name('connection').nullable().default(null),
    over: oneOf(scopes, 'device').optional(),
    count: wholeNumber({ min: 1 }, '4').nullable().default(null),
    fraction: fraction.nullable().default(null),
    of: oneOf(populations, 'behind-server').optional(),
    within: duration('30m', { min: '1s' }),
    instead: yesNo('true').optional(),
  })
  .transform(({ within, of: population, over, ...rule }) => ({
    ...rule,
    over: over ?? (population ? scopeOfPopulation[population] : 'device'),
    withinMs: within,
  }));

const fourInHalfAnHour = {
  ...anyAlert,
  count: 4,
  fraction: null,
  withinMs: 1_800_000,
  instead: false,
} as const;
const defaultRules = [
  { ...fourInHalfAnHour, over: 'device' },
  { ...fourInHalfAnHour, over: 'package' },
] as const;

/** Rules are known by their place in the file: `thresholds[2]`. */
export const thresholdsSchema = z
  .array(thresholdRule)
  .default([...defaultRules])
  .transform((rules) => rules.map((rule, index) => ({ id: `thresholds[${index}]`, ...rule })));

/** How late mail still counts at its own time. */
export const latenessSchema = duration('7d', { min: '1m', max: '31d' }).default(604_800_000);

/** When a server is taken for the cause of what fails behind it; `none`: never. */
export const rootCauseSchema = z
  .union([
    oneOf(['none'], 'none'),
    z.strictObject({
      devices: wholeNumber({ min: 2 }, '5').default(5),
      fraction: fraction.nullable().default(null),
      within: duration('15m', { min: '1s' }).default(900_000),
      settle: duration('2s', { max: '1m' }).default(2000),
    }),
  ])
  .prefault({})
  .transform((policy) => {
    if (policy === 'none') return null;
    const { within, settle, ...rest } = policy;
    return { ...rest, withinMs: within, settleMs: settle };
  });
