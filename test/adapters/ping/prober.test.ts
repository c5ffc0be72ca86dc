import { describe, expect, test } from 'vitest';
import type { Means } from '../../../src/adapters/ping/means.ts';
import { createProber, createProberOf } from '../../../src/adapters/ping/prober.ts';
import { createSystemMeans } from '../../../src/adapters/ping/system-means.ts';
import type { Prober } from '../../../src/domain/diagnosis.ts';
import { silentLog } from '../../support/silent-log.ts';

const options = { timeoutMs: 500, log: silentLog };
const never = new AbortController().signal;

/** Answers for the addresses given; records what it was asked. */
function createMeans(alive: readonly string[]): Means & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name: 'fake',
    asked,
    async ping(ip, count) {
      asked.push(ip);
      const received = alive.includes(ip) ? count : 0;
      return { address: ip, sent: count, received, rttMs: null, ownUplinkDown: false, unreachableFrom: null };
    },
    async traceroute(ip) {
      asked.push(ip);
      return { target: ip, hops: [], reached: false };
    },
    close() {},
  };
}

describe('what is probed', () => {
  test('each IP version by its own means', async () => {
    const [ipv4, ipv6] = [createMeans([]), createMeans([])];
    const prober = createProberOf(ipv4, ipv6, 500);
    await prober.ping('10.0.0.1', 1, never);
    await prober.traceroute('2001:db8::1', never);
    expect([ipv4.asked, ipv6.asked]).toEqual([['10.0.0.1'], ['2001:db8::1']]);
  });

  test.each([
    'no-such-host.invalid',
    '-f',
    'a b',
    '$(reboot)',
    '',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'ff02::1',
  ])('never %j, which is no single host: nothing was sent', async (device) => {
    const means = createMeans([]);
    const prober = createProberOf(means, means, 500);
    expect(await prober.ping(device, 3, never)).toMatchObject({ address: device, sent: 0, received: 0 });
    expect(await prober.traceroute(device, never)).toEqual({ target: device, hops: [], reached: false });
    expect(means.asked).toEqual([]);
  });
});

const proberMakers: readonly (readonly [string, () => Promise<Prober>])[] = [
  ['net-ping', () => createProber(options)],
  [
    'ping(8)',
    async () => {
      const means = createSystemMeans(options);
      return createProberOf(means, means, 500);
    },
  ],
];

describe.each(proberMakers)('with %s', (name, makeProber) => {
  test.each(['127.0.0.1', '::1', 'localhost'])('our own host answers at %s', async (device) => {
    const prober = await makeProber();
    expect(prober.means).toBe(name);
    expect(await prober.ping(device, 2, never)).toMatchObject({ sent: 2, received: 2, ownUplinkDown: false });
    expect(await prober.traceroute(device, never)).toMatchObject({ reached: true });
    await prober.close();
  });

  test('hundreds of hosts at a time', async () => {
    const prober = await makeProber();
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => prober.ping(`127.0.1.${index + 1}`, 1, never)),
    );
    expect(results.every(({ received }) => received === 1)).toBe(true);
    await prober.close();
  });

  test('an aborted probe rejects with the reason, and no probe outlives close()', async () => {
    const prober = await makeProber();
    const reason = new Error('enough');
    await expect(prober.ping('127.0.0.1', 1, AbortSignal.abort(reason))).rejects.toBe(reason);
    const underWay = Promise.allSettled([prober.ping('127.0.0.1', 100_000, never)]);
    await prober.ping('127.0.0.1', 1, never);
    await prober.close();
    expect(await underWay).toMatchObject([{ status: 'rejected', reason: { code: 'not-running' } }]);
    await expect(prober.ping('127.0.0.1', 1, never)).rejects.toMatchObject({ code: 'not-running' });
  });
});
