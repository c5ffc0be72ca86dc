import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/faults.ts';
import { parseConfig } from '../../src/config/load-config.ts';

const parse = (text: string) =>
  parseConfig(text, 'restage.yaml', {}, { shippedFormatNames: ['plain'] }).config;

function faultsOf(text: string): readonly string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ key, message }) => `${key} ${message}`);
  }
}

describe('A9: thresholds in the config', () => {
  test('a rule can be for anything, and counts over the device where it says nothing else', () => {
    const everything = 'device: A, group: G, building: B3, server: S, region: EU, package: P-1, failure: F';
    const { thresholds } = parse(`thresholds: [{ ${everything}, count: 2, within: 1h }]`);
    expect(thresholds).toEqual([
      {
        id: 'thresholds[0]',
        device: 'a',
        group: 'G',
        building: 'B3',
        server: 's',
        region: 'EU',
        package: 'P-1',
        failure: 'f',
        over: 'device',
        count: 2,
        fraction: null,
        withinMs: 3_600_000,
      },
    ]);
  });

  test.each([
    ['0.5, of: behind-server', 0.5, 'server'],
    ['50%, of: building', 0.5, 'building'],
    ['7.5 %, of: region', 0.075, 'region'],
    ['1, of: network, over: network', 1, 'network'],
  ])('a share: %s', (written, fraction, over) => {
    const [rule] = parse(`thresholds: [{ fraction: ${written}, within: 1h }]`).thresholds;
    expect(rule).toMatchObject({ fraction, over, count: null });
  });

  test.each([
    ['{ count: 2, fraction: 0.5, of: region, within: 1h }', ['thresholds[0].fraction stands beside count']],
    ['{ within: 1h }', ['thresholds[0] has no count']],
    ['{ count: 2, of: region, within: 1h }', ['thresholds[0].of stands without fraction']],
    ['{ fraction: 0.5, within: 1h }', ['thresholds[0].fraction is a share of nothing']],
    [
      '{ fraction: 0.5, of: region, over: server, within: 1h }',
      ['thresholds[0].over does not go with of: region'],
    ],
    [
      '{ fraction: 1.5, of: region, within: 1h }',
      ['thresholds[0].fraction must be a share above 0 and up to 1, such as 0.5 or 50% (got 1.5)'],
    ],
    [
      '{ count: 1, within: 1h, region: EU }, { count: 9, within: 1h, region: eu }',
      ['thresholds[1] is for the same alerts as thresholds[0], over the same'],
    ],
    ['{ count: 1, within: 1h, region: EU }, { count: 9, within: 1h, over: network, region: eu }', []],
    [
      '{ fraction: 0.5, of: network, over: package, within: 1h }',
      ['thresholds[0].over does not go with of: network'],
    ],
    ['{ count: 1, within: 1h, group: a }, { count: 9, within: 1h, group: b }', []],
  ])('%s', (rules, faults) => {
    expect(faultsOf(`thresholds: [${rules}]`)).toEqual(faults);
  });
});

describe('A9: check names the rules whose effect changes', () => {
  const changed = (rules: string) =>
    parseConfig(`thresholds: [${rules}]`, 'restage.yaml', {}, { shippedFormatNames: ['plain'] })
      .warnings.filter(({ key }) => key.startsWith('thresholds'))
      .map(({ key, message }) => `${key} ${message}`);
  const wide =
    'makes a ticket only if 2 or more regions (or servers) fail, none of which makes more than 80 % of it';

  test.each([
    [
      'a rule over the network that switched a rule over devices off',
      '{ count: 4, within: 1h }, { failure: access, over: network, count: 9, within: 1h }',
      [`thresholds[1] does not switch thresholds[0] off: each scope counts for itself; it ${wide}`],
    ],
    [
      'a rule over devices that switched a wider one off',
      '{ device: a, count: 4, within: 1h }, { over: server, count: 9, within: 1h, instead: false }',
      ['thresholds[0] does not switch thresholds[1] off: each scope counts for itself'],
    ],
    [
      'no rule that fits no alert of the other one',
      '{ region: eu, count: 4, within: 1h }, { region: us, failure: access, over: job, count: 9, within: 1h, instead: true }',
      [],
    ],
    ['no rule over devices alone', '{ count: 4, within: 1h }, { device: a, count: 1, within: 1h }', []],
  ])('%s', (_case, rules, expected) => {
    expect(changed(rules)).toEqual(expected);
  });
});

describe('root causes in the config', () => {
  test.each([
    ['', { devices: 5, fraction: null, withinMs: 900_000, settleMs: 2000 }],
    [
      'rootCause: { devices: 9, fraction: 30% }',
      { devices: 9, fraction: 0.3, withinMs: 900_000, settleMs: 2000 },
    ],
    ['rootCause: none', null],
  ])('%s', (text, policy) => {
    expect(parse(text).rootCause).toEqual(policy);
  });

  test('one device is no crowd', () => {
    expect(faultsOf('rootCause: { devices: 1 }')).toEqual([
      'rootCause.devices must be a whole number of at least 2 (got 1)',
    ]);
  });
});

test('A9: late mail counts at its own time for seven days where nothing else is said', () => {
  expect(parse('').latenessMs).toBe(7 * 86_400_000);
  expect(parse('lateness: 1d').latenessMs).toBe(86_400_000);
});
