import { describe, expect, test } from 'vitest';
import { compileJsonFailures } from '../../../src/alert/json/json-failures.ts';
import { readJson } from '../../../src/alert/json/read-json.ts';
import { splitJson } from '../../../src/alert/json/split-json.ts';
import { utcEverywhere } from '../../../src/domain/zone-policy.ts';
import { defaultLabels, type HttpSource } from '../../../src/domain/http-source.ts';
import { inventoryOf } from '../../support/inventory-of.ts';

const receivedAt = new Date('2026-11-23T14:00:00Z');
const policy = { domains: ['example.net'], nodes: ['int-*'], relays: [], rejectSubjectWords: [] };
const plain: HttpSource = { name: 'ops', format: 'plain-json', labels: defaultLabels };
const alertmanager: HttpSource = { name: 'prometheus', format: 'alertmanager', labels: defaultLabels };

function read(source: HttpSource, value: unknown, vouched = false) {
  const inventory = inventoryOf({ name: 'client-7', region: 'eu', fqdn: 'client-7.eu.example.net' });
  const failures = compileJsonFailures([{ type: 'checksum', pattern: 'checksum mismatch' }]);
  const times = { zones: utcEverywhere, regionOf: () => null };
  const context = { receivedAt, inventory, failures, policy: vouched ? null : policy, key: 'k', ...times };
  return readJson(source, JSON.stringify(value), context).reading;
}

const firing = {
  status: 'firing',
  labels: {
    alertname: 'PackageSyncFailed',
    severity: 'critical',
    instance: 'int-38.example.net:9100',
    package: 'geo-db',
    region: 'eu',
    job: 'node_exporter',
  },
  annotations: { summary: 'connection timed out to dist-01' },
  startsAt: '2026-11-23T13:58:01.123Z',
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: 'c0ffee',
};

describe('A1: a plain JSON alert', () => {
  test('fills the fields of the same names, and two that have a shorter one', () => {
    const reading = read(plain, {
      id: 'A-17',
      device: 'INT-58',
      package: 'geo-db',
      message: 'checksum mismatch on geo-db.tar',
      server: 'int-38.example.net',
      job: 'J9',
      attempt: 2,
      at: '2026-11-23T13:30:00Z',
      nested: { ignored: true },
    });
    expect(reading).toMatchObject({
      state: 'accepted',
      format: 'plain-json',
      alerts: [
        {
          alertId: 'A-17',
          device: 'int-58',
          package: 'geo-db',
          failure: 'checksum',
          announced: 'checksum mismatch on geo-db.tar',
          distributionServer: 'int-38',
          job: 'J9',
          attempt: 2,
          at: new Date('2026-11-23T13:30:00Z'),
        },
      ],
    });
    expect(reading.gates.map(({ gate, reason }) => `${gate}: ${reason}`)).toEqual([
      'domain: token-verified',
      'format: format-matches',
      'node: reporting-node-listed',
    ]);
  });

  test.each([
    ['names no device', { failure: 'timeout' }, 'dead-letter', 'no-device'],
    ['names a device that could be a command', { device: '$(reboot)' }, 'dead-letter', 'no-device'],
    ['names a node that is not known', { device: 'evil-1' }, 'rejected', 'reporting-node-not-listed'],
    ['is about a device of the inventory', { device: 'client-7' }, 'accepted', 'reporting-node-listed'],
    [
      'says that a device works again',
      { device: 'int-58', status: 'OK' },
      'ignored',
      'reporting-node-listed',
    ],
  ])('that %s', (_what, value, state, reason) => {
    const reading = read(plain, value);
    expect(reading.state).toBe(state);
    expect(reading.gates.at(-1)?.reason).toBe(reason);
  });

  test('that a person vouches for is asked only what it says', () => {
    expect(read(plain, { device: 'evil-1' }, true)).toMatchObject({
      state: 'accepted',
      gates: [{ gate: 'format' }],
    });
  });
});

describe("A1: Alertmanager's webhook", () => {
  test('fills the fields from labels: the scrape job is no distribution', () => {
    expect(read(alertmanager, firing)).toMatchObject({
      state: 'accepted',
      alerts: [
        {
          alertId: 'c0ffee',
          device: 'int-38.example.net',
          package: 'geo-db',
          region: 'eu',
          failure: 'connection',
          announced: 'critical: PackageSyncFailed: connection timed out to dist-01',
          job: null,
          at: new Date('2026-11-23T13:58:01.123Z'),
        },
      ],
    });
  });

  test('a resolved alert is a recovery of the same failure, at its end', () => {
    const over = { ...firing, status: 'resolved', endsAt: '2026-11-23T13:59:00Z' };
    expect(read(alertmanager, over)).toMatchObject({
      state: 'ignored',
      alerts: [],
      recoveries: [
        { device: 'int-38.example.net', failure: 'connection', package: 'geo-db', at: new Date(over.endsAt) },
      ],
    });
  });

  test.each([
    ['int-38:9100', 'int-38'],
    ['[2001:db8::1]:9100', '2001:db8::1'],
    ['https://int-38.example.net/health', 'int-38.example.net'],
    ['10.0.0.7', '10.0.0.7'],
  ])('the instance %s is the device %s', (instance, device) => {
    const value = { ...firing, labels: { ...firing.labels, instance } };
    expect(read(alertmanager, value, true)).toMatchObject({ alerts: [{ device }] });
  });

  test('the site can map other labels', () => {
    const labels = { ...defaultLabels, device: ['host'], announced: ['annotation:description'] };
    const value = { labels: { host: 'int-1' }, annotations: { description: 'no route to host' } };
    expect(read({ ...alertmanager, labels }, value)).toMatchObject({
      alerts: [{ device: 'int-1', announced: 'no route to host', failure: 'connection' }],
    });
  });
});

describe('A1: a request is taken apart into single alerts', () => {
  const identities = (format: HttpSource['format'], body: unknown) => {
    const split = splitJson(format, body);
    return 'items' in split ? split.items.map(({ identity }) => identity) : split.fault;
  };

  test.each([
    ['an object', { device: 'a' }, 1],
    ['an array', [{ device: 'a' }, { device: 'b' }], 2],
    ['an object with alerts', { alerts: [{ device: 'a' }, { device: 'b' }, { device: 'c' }] }, 3],
    ['nothing', [], 0],
  ])('%s', (_what, body, count) => {
    const split = splitJson('plain-json', body);
    expect('items' in split && split.items).toHaveLength(count);
  });

  test.each([
    ['plain-json', 'text', /an alert is an object/],
    ['plain-json', [{ device: 'a' }, null], /an alert is an object/],
    ['alertmanager', { device: 'a' }, /no array "alerts"/],
    ['alertmanager', { alerts: [7] }, /must be an object/],
    ['plain-json', Array.from({ length: 1001 }, () => ({ device: 'a' })), /at most 1000/],
  ] as const)('%s refuses %j', (format, body, fault) => {
    expect(identities(format, body)).toMatch(fault);
  });

  test('one firing of an alert is the same one in every notification, whatever else changes in it', () => {
    const again = { ...firing, annotations: { summary: 'another text' }, generatorURL: 'x' };
    const [first, second] = identities('alertmanager', { alerts: [firing, again] });
    expect(first).toBe(second);
  });

  test.each([
    ['starts anew', { ...firing, startsAt: '2026-11-23T14:10:00Z' }],
    ['is over', { ...firing, status: 'resolved' }],
    ['is another one', { ...firing, fingerprint: 'beef' }],
  ])('it is another one when it %s', (_what, other) => {
    const [first, second] = identities('alertmanager', { alerts: [firing, other] });
    expect(first).not.toBe(second);
  });

  test('two equal plain alerts without a time or an id are two', () => {
    expect(identities('plain-json', [{ device: 'a' }, { device: 'a', at: '2026-11-23T14:00:00Z' }])).toEqual([
      null,
      expect.any(String),
    ]);
  });
});
