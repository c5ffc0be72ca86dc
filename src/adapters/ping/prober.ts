import { isIP } from 'node:net';
import type { PingResult, PortResult, Prober, Route } from '../../domain/diagnosis.ts';
import { RestageError } from '../../domain/errors.ts';
import { createLimit } from '../../domain/limit.ts';
import type { Log } from '../../domain/log.ts';
import { loadNetPingMeans } from './load-net-ping.ts';
import type { Means, MeansOptions } from './means.ts';
import { resolveAddresses } from './resolve.ts';
import { createSystemMeans } from './system-means.ts';
import { askPort } from './tcp.ts';

export interface ProberOptions extends MeansOptions {
  readonly log: Log;
}

/**
 * Probes with net-ping where that is installed and may open a raw socket, else (and for IPv6, which net-ping
 * can't trace) with the system's ping(8) and traceroute(8). The log says which.
 */
export async function createProber(options: ProberOptions): Promise<Prober> {
  const system = createSystemMeans(options);
  const netPing = await loadNetPingMeans(options);
  const prober = createProberOf(netPing ?? system, system, options.timeoutMs);
  options.log.info({ means: prober.means, timeoutMs: options.timeoutMs }, 'diagnostics are ready');
  return prober;
}

/** Half-open connections that wait together: a big site must not run out of ports. */
const connectionsAtOnce = 100;

/** A prober with these means, for each IP version its own. */
export function createProberOf(ipv4: Means, ipv6: Means, timeoutMs: number): Prober {
  const closing = new AbortController();
  const takePlace = createLimit(connectionsAtOnce);
  const meansFor = (ip: string) => (isIP(ip) === 6 ? ipv6 : ipv4);
  const untilClosed = (signal: AbortSignal) => AbortSignal.any([signal, closing.signal]);

  return {
    means: ipv4.name,
    ping(device, count, signal) {
      const probe = (ip: string) => meansFor(ip).ping(ip, count, untilClosed(signal));
      return firstGood(device, probe, ({ received }) => received > 0, notPinged(device));
    },
    traceroute(device, signal) {
      const probe = (ip: string) => meansFor(ip).traceroute(ip, untilClosed(signal));
      return firstGood(
        device,
        probe,
        ({ hops }) => hops.some(({ address }) => address !== null),
        notTraced(device),
      );
    },
    connect(device, port, signal) {
      const probe = (ip: string) => takePlace(() => askPort(ip, port, timeoutMs, untilClosed(signal)));
      return firstGood(device, probe, ({ result }) => result !== 'silent', notAsked(port));
    },
    async close() {
      closing.abort(new RestageError('not-running', 'Probing has been stopped.'));
      ipv4.close();
      if (ipv6 !== ipv4) ipv6.close();
    },
  };
}

/** Tries a device's addresses in turn until a result is good; without one the first result stands. */
async function firstGood<T>(
  device: string,
  probe: (ip: string) => Promise<T>,
  isGood: (result: T) => boolean,
  unresolved: T,
): Promise<T> {
  let first: T | null = null;
  for (const ip of await resolveAddresses(device)) {
    const result = await probe(ip);
    if (isGood(result)) return result;
    first ??= result;
  }
  return first ?? unresolved;
}

function notPinged(address: string): PingResult {
  return { address, sent: 0, received: 0, rttMs: null, ownUplinkDown: false, unreachableFrom: null };
}

function notAsked(port: number): PortResult {
  return { port, result: 'silent', rttMs: null };
}

function notTraced(target: string): Route {
  return { target, hops: [], reached: false };
}
