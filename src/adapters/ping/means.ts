import type { PingResult, Route } from '../../domain/diagnosis.ts';

/** One way to probe IP addresses. Aborting rejects with the signal's reason; everything else is a result. */
export interface Means {
  readonly name: string;
  ping(ip: string, count: number, signal: AbortSignal): Promise<PingResult>;
  traceroute(ip: string, signal: AbortSignal): Promise<Route>;
  close(): void;
}

export interface MeansOptions {
  /** How long to wait for each reply. */
  readonly timeoutMs: number;
}

/** As far as a route is followed. */
export const maxHops = 30;
