import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/faults.ts';
import { parseConfig } from '../../src/config/load-config.ts';

const parse = (reports: string) =>
  parseConfig(
    `routing: { regions: { eu: { channel: ops } } }\nreports:\n${reports}`,
    'restage.yaml',
    {},
    {
      shippedFormatNames: ['plain'],
    },
  ).config.reports;

function faultsOf(reports: string): readonly string[] {
  try {
    parse(reports);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
  return [];
}

describe('A20: reports in the config', () => {
  test('are about the last day, week or month that is whole, as often as they come', () => {
    const plans = parse(`
  - { every: day, channel: ops }
  - { channel: ops }
  - { every: month, channel: ops }
  - { every: month, channel: ops, period: last 30 days }`);
    expect(plans.map(({ period }) => period)).toEqual([
      'yesterday',
      'last week',
      'last month',
      'last 30 days',
    ]);
  });

  test('that come at different times are different reports, and each is posted', () => {
    const plans = parse(`
  - { every: day, at: "08:00", channel: ops, period: last 12 hours }
  - { every: day, at: "20:00", channel: ops, period: last 12 hours }
  - { on: monday, channel: ops }
  - { on: friday, channel: ops }
  - { region: eu, channel: ops }`);
    expect(new Set(plans.map(({ id }) => id)).size).toBe(5);
  });

  test('that are the same are a fault, also where one of them leaves to the defaults what the other says', () => {
    expect(
      faultsOf(`
  - { channel: ops }
  - { channel: ops, every: week, at: 8:00, on: monday, period: Last week }
  - { region: EU, channel: ops }
  - { region: eu, channel: ops }`),
    ).toEqual([
      expect.stringMatching(/^5 reports\[1\]: is the same report as one above/),
      expect.stringMatching(/^7 reports\[3\]: is the same report as one above/),
    ]);
  });
});
