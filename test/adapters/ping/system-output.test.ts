import { describe, expect, test } from 'vitest';
import { readPingOutput, readTracerouteOutput } from '../../../src/adapters/ping/system-output.ts';

describe('what ping(8) prints', () => {
  test('replies', () => {
    const output = `PING 10.77.3.2 (10.77.3.2) 56(84) bytes of data.
64 bytes from 10.77.3.2: icmp_seq=1 ttl=62 time=0.223 ms
64 bytes from 10.77.3.2: icmp_seq=2 ttl=62 time=0.101 ms

--- 10.77.3.2 ping statistics ---
3 packets transmitted, 2 received, 33.3333% packet loss, time 412ms
rtt min/avg/max/mdev = 0.101/0.162/0.223/0.061 ms
`;
    expect(readPingOutput(output)).toEqual({ sent: 3, received: 2, rttMs: 0.101, unreachableFrom: null });
  });

  test.each([
    ['From 10.77.1.1 icmp_seq=1 Packet filtered', '10.77.1.1'],
    ['From 10.77.2.2 icmp_seq=2 Destination Host Unreachable', '10.77.2.2'],
    ['From 2001:db8::1 icmp_seq=1 Destination unreachable: No route', '2001:db8::1'],
    ['From 10.77.1.1 icmp_seq=1 Time to live exceeded', null],
    ['From 10.77.1.1 icmp_seq=1 Redirect Host(New nexthop: 10.77.1.9)', null],
  ])('%s', (line, unreachableFrom) => {
    const output = `${line}\n\n--- x ping statistics ---\n2 packets transmitted, 0 received, +1 errors, 100% packet loss, time 1ms\n`;
    expect(readPingOutput(output)).toEqual({ sent: 2, received: 0, rttMs: null, unreachableFrom });
  });

  test('nothing, when it failed', () => {
    expect(readPingOutput('')).toBeNull();
  });
});

test('what traceroute(8) prints', () => {
  const output = `traceroute to 10.77.3.2 (10.77.3.2), 30 hops max, 60 byte packets
 1  10.77.1.1  0.053 ms
 2  *
 3  10.77.2.2  3051.001 ms !H
`;
  expect(readTracerouteOutput(output)).toEqual([
    { ttl: 1, address: '10.77.1.1', rttMs: 0.053 },
    { ttl: 2, address: null, rttMs: null },
    { ttl: 3, address: '10.77.2.2', rttMs: 3051.001 },
  ]);
  expect(readTracerouteOutput('connect: Network is unreachable\n')).toEqual([]);
});
