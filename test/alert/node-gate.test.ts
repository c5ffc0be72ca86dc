import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { readAlertMail } from '../../src/alert/read-alert-mail.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import type { Inventory } from '../../src/domain/device.ts';
import type { ValidationPolicy } from '../../src/domain/policy.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { type MailParts, mailOf } from '../support/mail-of.ts';

const formats = compileFormats([plainFormat]);

function read(parts: MailParts, policy: Partial<ValidationPolicy>, inventory: Inventory = inventoryOf()) {
  const whole = {
    domains: ['example.net', '10.0.0.0/8'],
    nodes: ['int-38'],
    relays: [],
    rejectSubjectWords: [],
    ...policy,
  };
  return readAlertMail(mailOf(parts), new Date('2026-11-23T13:00:00Z'), whole, formats, inventory);
}

describe('the node gate', () => {
  test.each([
    ['root@int-71.eu.example.net', 'accepted'],
    ['root@INT-71.example.net', 'accepted'],
    ['root@dist.example.net', 'accepted'],
    ['root@int-72.example.net', 'rejected'],
  ])('the distribution servers of the config are on the list: %s is %s', (from, state) => {
    expect(read({ from }, { servers: ['int-71', 'dist.example.net'] })).toMatchObject({ state });
  });

  test('without a node list the servers make none', () => {
    const reading = read({ from: 'root@int-72.example.net' }, { nodes: [], servers: ['int-71'] });
    expect(reading).toMatchObject({ state: 'accepted' });
  });

  test.each([
    ['root@int-38.eu.example.net', ['int-38'], 'int-38'],
    ['int-38@example.net', ['int-38'], 'int-38'],
    ['root@INT-38.eu.example.net', ['int-*'], 'int-38'],
    ['root@int-38.eu.example.net', ['*.eu.example.net'], 'int-38'],
    ['root@int-38.eu.example.net', ['int-*8'], 'int-38'],
    ['root@int-38.eu.example.net', ['*t*3*'], 'int-38'],
  ])('%s is believed by the list %j', (from, nodes, node) => {
    const reading = read({ from }, { nodes });
    expect(reading).toMatchObject({ state: 'accepted' });
    expect(reading.gates.at(-1)).toEqual({
      gate: 'node',
      passed: true,
      reason: 'node-listed',
      values: { node },
    });
  });

  test.each([
    ['root@int-39.eu.example.net', ['int-38']],
    ['root@int-380.eu.example.net', ['int-38']],
    ['root@int-38.eu.example.net', ['int-9*', '*9', 'int-38-int-38*']],
    ['int-38.evil@example.net', ['int-38']],
  ])('%s is not believed by the list %j', (from, nodes) => {
    const reading = read({ from }, { nodes });
    expect(reading).toMatchObject({ state: 'rejected', format: 'plain', alerts: [] });
    expect(reading.gates.at(-1)).toMatchObject({
      gate: 'node',
      passed: false,
      reason: 'node-not-listed',
      values: { address: from },
    });
  });

  test("the inventory's devices are on the list, by name and by address", () => {
    const inventory = inventoryOf({ name: 'int-38', fqdn: 'int-38.eu.example.net', ip: '10.20.38.1' });
    expect(read({}, { nodes: [] }, inventory).state).toBe('accepted');
    expect(read({ from: 'root@10.20.38.1' }, { nodes: [] }, inventory).state).toBe('accepted');
    expect(read({ from: 'root@10.20.39.1' }, { nodes: [] }, inventory).state).toBe('rejected');
  });

  test.each(['ansible@dist-01.core.example.net', 'dist-01.core.example.net', 'core.example.net', 'dist-01'])(
    'mail of the relay %s is believed when the node that stands in it is listed',
    (relay) => {
      const from = 'ansible@dist-01.core.example.net';
      const relays = [relay];
      const accepted = read({ from, text: 'Device: int-38.eu.example.net\nFailure: x' }, { relays });
      expect(accepted.gates.at(-1)).toMatchObject({
        passed: true,
        reason: 'reporting-node-listed',
        values: { relay, alerts: 1 },
      });
      expect(read({ from, text: 'Device: int-77\nServer: int-38\nFailure: x' }, { relays }).state).toBe(
        'accepted',
      );
      const rejected = read({ from, text: 'Device: int-77\nServer: int-78\nFailure: x' }, { relays });
      expect(rejected.state).toBe('rejected');
      expect(rejected.gates.at(-1)).toMatchObject({
        reason: 'reporting-node-not-listed',
        values: { device: 'int-77', distributionServer: 'int-78' },
      });
    },
  );

  test('a relay is no free pass: every alert of its mail must name a listed node', () => {
    const text = 'Device: int-38\nFailure: x\n\nDevice: int-77\nFailure: x';
    expect(read({ from: 'm@dist-01.example.net', text }, { relays: ['dist-01'] }).state).toBe('rejected');
  });

  test('without a node list the domain list decides alone, without a domain list the node list, without both nobody', () => {
    expect(read({}, { nodes: [] }).gates.map(({ reason }) => reason)).toContain('no-node-list');
    expect(read({}, { domains: [] }).gates.map(({ reason }) => reason)).toContain('no-domain-list');
    expect(read({}, { domains: [], nodes: [] })).toMatchObject({
      state: 'rejected',
      gates: [{ reason: 'no-sender-lists' }],
    });
  });
});
