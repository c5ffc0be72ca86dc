import { describe, expect, test } from 'vitest';
import { channel, duration, mailDomain, network, pattern, size, timeZone } from '../../src/config/fields.ts';

const read = (schema: { safeParse(value: unknown): { data?: unknown } }, value: unknown) =>
  schema.safeParse(value).data;

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['0s', 0],
  ['5', undefined],
  [5, undefined],
  ['-5m', undefined],
  ['1.5h', undefined],
  ['1h30m', undefined],
  ['400d', undefined],
  ['999999999999d', undefined],
])('the duration %j', (written, ms) => {
  expect(read(duration('30s'), written)).toBe(ms);
});

test.each([
  ['5MB', 5_000_000],
  ['500 kb', 500_000],
  ['12B', 12],
  ['0MB', undefined],
  ['5', undefined],
  [5, undefined],
])('the size %j', (written, bytes) => {
  expect(read(size('5MB'), written)).toBe(bytes);
});

test.each([
  ['10.0.0.0/8', true],
  ['::1/128', true],
  ['127.0.0.1', true],
  ['fe80::1', true],
  ['10.0.0.0/33', false],
  ['10.1', false],
  ['example.net', false],
  [10, false],
])('the network %j', (written, valid) => {
  expect(read(network('127.0.0.0/8'), written) !== undefined).toBe(valid);
});

test.each([
  ['Example.NET', 'example.net'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['10.0.0.5', '10.0.0.5'],
  ['2001:db8::/32', '2001:db8::/32'],
  ['10.0.0', undefined],
  ['example.net/8', undefined],
  ['a b', undefined],
])('the mail domain %j', (written, domain) => {
  expect(read(mailDomain('example.net'), written)).toBe(domain);
});

describe('other fields', () => {
  test('a pattern must compile as RE2', () => {
    expect(read(pattern('x'), '(?<device>\\S+)$')).toBe('(?<device>\\S+)$');
    expect(read(pattern('x'), '(?=x)')).toBeUndefined();
    expect(read(pattern('x'), '(')).toBeUndefined();
  });

  test('a time zone must be known', () => {
    expect(read(timeZone(), 'Europe/Berlin')).toBe('Europe/Berlin');
    expect(read(timeZone(), 'Mars/Olympus')).toBeUndefined();
  });

  test('a channel may be written with its #', () => {
    expect(read(channel('maint-eu'), '#maint-eu')).toBe('maint-eu');
    expect(read(channel('maint-eu'), 'maint eu')).toBeUndefined();
  });
});
