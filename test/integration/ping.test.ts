import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeEvidence } from '../../src/diagnosis/judge-evidence.ts';
import type { Evidence, Verdict } from '../../src/domain/diagnosis.ts';
import {
  addresses,
  compileScript,
  createNetwork,
  type CompiledScript,
  type Network,
} from '../support/netns.ts';

interface Fault {
  readonly name: string;
  readonly strike: (network: Network) => Promise<void>;
  readonly verdict: Verdict;
  readonly hop: number | null;
}

const faults: readonly Fault[] = [
  { name: 'nothing is wrong', strike: async () => {}, verdict: 'reachable', hop: null },
  {
    name: "the device's link is down",
    strike: ({ ip }) => ip('device', 'link', 'set', 'router', 'down'),
    verdict: 'device-down',
    hop: null,
  },
  {
    name: 'the device is gone from its network',
    strike: ({ ip }) => ip('device', 'addr', 'flush', 'dev', 'router'),
    verdict: 'device-down',
    hop: null,
  },
  {
    name: 'the router above the device is down',
    strike: ({ ip }) => ip('router', 'link', 'set', 'gateway', 'down'),
    verdict: 'network-down',
    hop: 2,
  },
  {
    name: 'our gateway is down',
    strike: ({ ip }) => ip('gateway', 'link', 'set', 'host', 'down'),
    verdict: 'network-down',
    hop: 1,
  },
  {
    name: 'the router drops everything for the device',
    strike: ({ ip }) => ip('router', 'route', 'add', 'blackhole', `${addresses.device}/32`),
    verdict: 'device-down',
    hop: null,
  },
  {
    name: 'the gateway prohibits everything behind it',
    strike: ({ ip }) => ip('gateway', 'rule', 'add', 'iif', 'host', 'prohibit'),
    verdict: 'network-down',
    hop: 2,
  },
  {
    name: 'our own uplink is down',
    strike: ({ ip }) => ip('host', 'link', 'set', 'gateway', 'down'),
    verdict: 'network-down',
    hop: 0,
  },
];

let script: CompiledScript;
beforeAll(async () => {
  script = await compileScript('test/support/probe-once.ts');
});
afterAll(() => script.remove());

describe.concurrent.each(['net-ping', 'ping(8)'])('probing with %s through a real network', (means) => {
  async function probe(strike: Fault['strike'], upstream: string): Promise<Evidence> {
    const network = await createNetwork();
    try {
      await strike(network);
      const args = [script.path, means, addresses.device, upstream];
      const evidence: Evidence = JSON.parse(await network.exec('host', process.execPath, ...args));
      return evidence;
    } finally {
      await network.remove();
    }
  }

  test.each(faults)(
    'when $name, the verdict is $verdict',
    { timeout: 60_000 },
    async ({ strike, verdict, hop }) => {
      const evidence = await probe(strike, addresses.router);
      expect(judgeEvidence(evidence)).toMatchObject({ verdict, hop, evidence });
    },
  );

  test('the route names every hop on the way', { timeout: 60_000 }, async () => {
    const { route } = await probe(async () => {}, addresses.router);
    expect(route?.reached).toBe(true);
    expect(route?.hops.map(({ address }) => address)).toEqual([
      addresses.gateway,
      addresses.router,
      addresses.device,
    ]);
  });

  test('without a device above to compare with, silence stays inconclusive', {
    timeout: 60_000,
  }, async () => {
    const evidence = await probe(({ ip }) => ip('device', 'link', 'set', 'router', 'down'), '');
    expect(judgeEvidence(evidence)).toMatchObject({ verdict: 'inconclusive' });
  });
});
