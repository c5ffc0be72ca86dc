import type { PingResult, Prober } from '../../domain/diagnosis.ts';

/** Answers probes as the site's network would: what is silent answers nothing, everything else does. */
export function createSiteProber(isSilent: (address: string) => boolean): Prober {
  return {
    means: 'the demo site',
    async ping(address, count): Promise<PingResult> {
      const received = isSilent(address) ? 0 : count;
      const rttMs = received > 0 ? 3 : null;
      return { address, sent: count, received, rttMs, ownUplinkDown: false, unreachableFrom: null };
    },
    async traceroute(target) {
      const silent = isSilent(target);
      const way = [
        { ttl: 1, address: '10.20.0.254', rttMs: 1 },
        { ttl: 2, address: '10.20.0.1', rttMs: 2 },
        { ttl: 3, address: silent ? null : target, rttMs: silent ? null : 3 },
      ];
      return { target, hops: way, reached: !silent };
    },
    connect: async (address, port) =>
      isSilent(address) ? { port, result: 'silent', rttMs: null } : { port, result: 'open', rttMs: 3 },
    close: async () => {},
  };
}
