import { expect, it } from 'vitest';
import type { Diagnosis } from '../../src/domain/diagnosis.ts';
import { renderDiagnosis } from '../../src/messages/diagnosis.ts';

const silent = {
  address: '10.58.0.1',
  sent: 3,
  received: 0,
  rttMs: null,
  ownUplinkDown: false,
  unreachableFrom: '10.20.0.1',
};
const diagnosis: Diagnosis = {
  verdict: 'network-down',
  reason: '10.58.0.1 answered none of 3 pings <!channel>',
  hop: 2,
  at: 'int-38',
  evidence: {
    target: silent,
    upstream: null,
    route: {
      target: '10.58.0.1',
      reached: false,
      hops: [
        { ttl: 1, address: '10.20.0.1', rttMs: 2 },
        { ttl: 2, address: null, rttMs: null },
      ],
    },
    ports: [{ port: 22, result: 'silent', rttMs: null }],
    path: [{ name: 'int-38', address: '10.38.0.1', answered: false }],
    probedAt: new Date('2026-11-23T12:00:00Z'),
  },
};

it('A11: shows every probe and the route hop by hop', () => {
  const shown = JSON.stringify(renderDiagnosis(diagnosis, 'UTC').blocks);
  for (const line of [
    'ping 10.58.0.1: 0 of 3 answered, 10.20.0.1 says unreachable',
    'port 22: silent',
    'above: int-38 (10.38.0.1) is silent',
    'route to 10.58.0.1, not reached:',
    '  1  10.20.0.1  2 ms',
    '  2  *',
  ]) {
    expect(shown).toContain(line);
  }
});

it('rings nobody, whatever a host is called', () => {
  expect(JSON.stringify(renderDiagnosis(diagnosis, 'UTC'))).not.toContain('<!channel>');
});
