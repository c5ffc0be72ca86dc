import type { Hop } from '../../domain/diagnosis.ts';

export interface PingOutput {
  readonly sent: number;
  readonly received: number;
  readonly rttMs: number | null;
  readonly unreachableFrom: string | null;
}

/** Reads what ping(8) of iputils prints in the C locale; null when it never came to its statistics. */
export function readPingOutput(output: string): PingOutput | null {
  const [, sent, received] = /^(\d+) packets transmitted, (\d+) received/m.exec(output) ?? [];
  if (sent === undefined || received === undefined) return null;
  const [, fastest] = /^rtt min\S* = ([\d.]+)\//m.exec(output) ?? [];
  const [, router] =
    /^From (\S+) icmp_seq=\d+ (?:Destination .*|Packet filtered|.*unreachable.*|.*prohibited.*)$/im.exec(
      output,
    ) ?? [];
  return {
    sent: Number(sent),
    received: Number(received),
    rttMs: fastest === undefined ? null : Number(fastest),
    unreachableFrom: router ?? null,
  };
}

/** Reads what traceroute(8) prints with `-n -q 1`: ` 2  10.0.2.1  0.053 ms`, ` 3  *`, ` 4  10.0.3.1  3050 ms !H`. */
export function readTracerouteOutput(output: string): readonly Hop[] {
  return [...output.matchAll(/^\s*(\d+)\s+(?:\*|(\S+)\s+([\d.]+) ms.*)\s*$/gm)].map(
    ([, ttl, address, rtt]) => ({
      ttl: Number(ttl),
      address: address ?? null,
      rttMs: rtt === undefined ? null : Number(rtt),
    }),
  );
}
