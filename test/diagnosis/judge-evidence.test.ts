import { describe, expect, test } from 'vitest';
import { judgeEvidence } from '../../src/diagnosis/judge-evidence.ts';
import type { Evidence, PathDevice, PingResult, PortResult, Route } from '../../src/domain/diagnosis.ts';

const device = '10.0.3.2';
const server = '10.0.2.2';
const gateway = '10.0.1.1';

const ping = (address: string, received: number, more: Partial<PingResult> = {}): PingResult => ({
  address,
  sent: 3,
  received,
  rttMs: received > 0 ? 2 : null,
  ownUplinkDown: false,
  unreachableFrom: null,
  ...more,
});
const unsendable = (address: string) => ping(address, 0, { sent: 0, ownUplinkDown: true });
const unresolved = (address: string) => ping(address, 0, { sent: 0 });
const route = (...addresses: readonly (string | null)[]): Route => ({
  target: device,
  hops: addresses.map((address, index) => ({ ttl: index + 1, address, rttMs: address === null ? null : 1 })),
  reached: addresses.includes(device),
});
const evidence = (target: PingResult, upstream: PingResult | null, path: Route | null): Evidence => ({
  target,
  upstream,
  route: path,
  ports: [],
  path: [],
  probedAt: new Date(0),
});

const silent = ping(device, 0);

describe('the verdict', () => {
  test.each([
    [
      'the device answers',
      ping(device, 3),
      ping(server, 3),
      route(gateway, server, device),
      'reachable',
      null,
    ],
    ['one reply of three is enough', ping(device, 1), ping(server, 0), null, 'reachable', null],
    [
      'it answers the traceroute only',
      silent,
      ping(server, 3),
      route(gateway, server, device),
      'reachable',
      null,
    ],
    [
      'its own firewall refuses pings',
      ping(device, 0, { unreachableFrom: device }),
      null,
      null,
      'reachable',
      null,
    ],
    [
      'silent, and the server above answers',
      silent,
      ping(server, 3),
      route(gateway, server, null),
      'device-down',
      null,
    ],
    [
      'the router says unreachable, the server above answers',
      ping(device, 0, { unreachableFrom: server }),
      ping(server, 1),
      null,
      'device-down',
      null,
    ],
    [
      'the server above answers no ping, but stands in the route',
      silent,
      ping(server, 0),
      route(gateway, server, null),
      'device-down',
      null,
    ],
    [
      'the server above answers no ping, but says unreachable',
      ping(device, 0, { unreachableFrom: server }),
      ping(server, 0),
      null,
      'device-down',
      null,
    ],
    ['the server above is silent too', silent, ping(server, 0), route(gateway, null), 'network-down', 2],
    ['nothing answers at all', silent, ping(server, 0), route(null), 'network-down', 1],
    ['the server above is silent, no route was taken', silent, ping(server, 0), null, 'network-down', null],
    [
      'a router complains that the route does not show',
      ping(device, 0, { unreachableFrom: '10.9.9.9' }),
      ping(server, 0),
      route(gateway, null),
      'network-down',
      null,
    ],
    ['our own uplink is down', unsendable(device), unsendable(server), route(), 'network-down', 0],
    ['no device above is known', silent, null, route(gateway, null), 'inconclusive', null],
    [
      'the name of the device above does not resolve',
      silent,
      unresolved('int-38'),
      route(gateway),
      'inconclusive',
      null,
    ],
    [
      'the name of the device does not resolve',
      unresolved('int-58'),
      ping(server, 3),
      null,
      'inconclusive',
      null,
    ],
  ] as const)('%s', (_case, target, upstream, path, verdict, hop) => {
    const seen = evidence(target, upstream, path);
    expect(judgeEvidence(seen)).toEqual({
      verdict,
      hop,
      at: null,
      reason: expect.stringContaining(target.address),
      evidence: seen,
    });
  });
});

test('the reason tells where the route ends', () => {
  const { reason } = judgeEvidence(evidence(silent, ping(server, 0), route(gateway, null)));
  expect(reason).toBe(
    `${device} answered none of 3 pings, nor did ${server} above it; the route ends after hop 1 (${gateway})`,
  );
});

describe('A11: TCP ports, where no ping is answered', () => {
  const asked = (...results: readonly PortResult['result'][]) =>
    judgeEvidence({
      ...evidence(silent, ping(server, 3), route(gateway, null)),
      ports: results.map((result, index) => ({ port: 22 + index, result, rttMs: null })),
    });

  test.each([
    ['a port that is open shows that the device is alive', ['silent', 'open'], 'reachable'],
    ['so does one that refuses', ['refused'], 'reachable'],
    ['silence on all of them changes nothing', ['silent', 'silent'], 'device-down'],
  ] as const)('%s', (_case, results, verdict) => {
    expect(asked(...results).verdict).toBe(verdict);
  });

  test('the reason names the port', () => {
    expect(asked('silent', 'refused').reason).toContain('port 23 is refused');
  });
});

describe('A11: at which known device the network ends', () => {
  const way = (...answered: readonly boolean[]): PathDevice[] =>
    answered.map((answer, index) => ({ name: `hop-${index}`, address: `10.1.0.${index}`, answered: answer }));
  const judged = (path: readonly PathDevice[], hops: Route = route(gateway, null)) =>
    judgeEvidence({ ...evidence(silent, ping(server, 0), hops), path });

  test.each([
    ['the nearest one above, when the next answers', way(false, true, true), 'hop-0'],
    ['the one in the middle', way(false, false, true), 'hop-1'],
    ['the farthest, when none answers', way(false, false, false), 'hop-2'],
    ['nobody, when the way is not known', [], null],
  ] as const)('%s', (_case, path, at) => {
    expect(judged(path)).toMatchObject({ verdict: 'network-down', at });
  });

  test('a device that ignores pings but shows itself on the route has answered', () => {
    expect(judged(way(false, false, false), route('10.1.0.1', null)).at).toBe('hop-0');
  });
});
