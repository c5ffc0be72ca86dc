import type * as NetPing from 'net-ping';
import type { Log } from '../../domain/log.ts';
import type { Means, MeansOptions } from './means.ts';
import { createNetPingMeans } from './net-ping-means.ts';

/** The package, its compiled part, or one compiled for this Node.js is not there. */
const absentCodes = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED']);

/** Probing with net-ping; null, with a line in the log that says why, where it can't be had. */
export async function loadNetPingMeans(options: MeansOptions & { readonly log: Log }): Promise<Means | null> {
  const netPing = await importNetPing();
  if (netPing === null) {
    options.log.info({}, 'net-ping is not installed; ping(8) and traceroute(8) serve');
    return null;
  }
  try {
    return createNetPingMeans(netPing, options);
  } catch (error) {
    const hint = 'grant CAP_NET_RAW, for instance by AmbientCapabilities in the systemd unit';
    options.log.warn(
      { error: String(error), hint },
      'no raw socket for net-ping; ping(8) and traceroute(8) serve',
    );
    return null;
  }
}

async function importNetPing(): Promise<typeof NetPing | null> {
  try {
    return (await import('net-ping')).default;
  } catch (error) {
    if (error instanceof Error && 'code' in error && absentCodes.has(String(error.code))) return null;
    throw error;
  }
}
