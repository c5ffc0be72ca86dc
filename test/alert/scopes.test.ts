import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { readAlertMail } from '../../src/alert/read-alert-mail.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import type { ValidationPolicy } from '../../src/domain/policy.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { mailOf } from '../support/mail-of.ts';

const formats = compileFormats([plainFormat]);
const edge = 'Device: int-38\nPackage: edge-agent_4.12.3_amd64.deb\nFailure: x\n';
const geo = 'Device: int-38\nPackage: geo-db\nFailure: x\n';

function read(text: string, lists: Partial<ValidationPolicy>, from = 'root@int-38.eu.example.net') {
  const policy = { domains: ['example.net'], nodes: ['int-*'], relays: [], rejectSubjectWords: [], ...lists };
  const receivedAt = new Date('2026-11-23T13:00:00Z');
  const inventory = inventoryOf({ name: 'int-38' });
  const reading = readAlertMail(mailOf({ from, text }), receivedAt, policy, formats, inventory);
  const decisive = reading.gates.findLast(({ passed }) => !passed) ?? reading.gates.at(-1);
  return `${reading.state} ${decisive?.gate} ${decisive?.reason}`;
}

const edgeOnly = { packages: ['edge-*'], jobs: [] };
const nightlyOnly = { packages: [], jobs: ['nightly-*'] };
const nightlyEdge = { packages: ['EDGE-*'], jobs: ['nightly-*'] };
const listed = 'accepted node node-listed';

describe('lists that are divided by package or job (A3)', () => {
  test.each([
    ['its package', edge, edgeOnly, listed],
    ['another package', geo, edgeOnly, 'rejected domain domain-out-of-scope'],
    ['one alert of two', edge + geo, edgeOnly, 'rejected domain domain-out-of-scope'],
    ['no package at all', 'Device: int-38\nFailure: x', edgeOnly, 'rejected domain domain-out-of-scope'],
    ['its job', `Job: nightly-geo\n\n${geo}`, nightlyOnly, listed],
    ['another job', `Job: weekly\n\n${geo}`, nightlyOnly, 'rejected domain domain-out-of-scope'],
    ['package and job', `Job: nightly-1\n\n${edge}`, nightlyEdge, listed],
    ['only one of both', `Job: nightly-1\n\n${geo}`, nightlyEdge, 'rejected domain domain-out-of-scope'],
  ])('a domain is believed about %s: %#', (_what, text, scope, outcome) => {
    expect(read(text, { domains: [{ domain: 'eu.example.net', ...scope }] })).toBe(outcome);
  });

  test.each([
    ['its package', edge, edgeOnly, listed],
    ['another package', geo, edgeOnly, 'rejected node node-out-of-scope'],
    ['another job', `Job: weekly\n\n${geo}`, nightlyOnly, 'rejected node node-out-of-scope'],
  ])('a node is believed about %s, even if the inventory knows it: %#', (_what, text, scope, outcome) => {
    expect(read(text, { nodes: [{ node: 'int-*', ...scope }] })).toBe(outcome);
  });

  test('several entries each believe in their part', () => {
    const domains = [
      { domain: 'example.net', ...edgeOnly },
      { domain: 'eu.example.net', packages: ['geo-db'], jobs: [] },
    ];
    expect(read(edge + geo, { domains })).toBe(listed);
  });

  test('what a relay reports about a node must be in the scope of that node', () => {
    const lists = { nodes: [{ node: 'int-38', ...edgeOnly }], relays: ['dist-01'] };
    const relay = 'ansible@dist-01.core.example.net';
    expect(read(edge, lists, relay)).toBe('accepted node reporting-node-listed');
    expect(read(geo, lists, relay)).toBe('rejected node reporting-node-out-of-scope');
  });

  test('a sender outside of every entry is stopped before the mail is read', () => {
    const domains = [{ domain: 'us.example.net', ...edgeOnly }];
    expect(read(edge, { domains })).toBe('rejected domain domain-not-listed');
  });
});
