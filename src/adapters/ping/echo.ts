import type * as NetPing from 'net-ping';
import type { Hop } from '../../domain/diagnosis.ts';

/** What became of one request. */
export type Echo =
  | { readonly kind: 'reply'; readonly rttMs: number }
  /** A router (or the device itself) sent an ICMP error. */
  | { readonly kind: 'error'; readonly from: string; readonly unreachable: boolean; readonly rttMs: number }
  | { readonly kind: 'silence' }
  | { readonly kind: 'not-sent' };

/** A route that stays silent for so many hops is not followed further. */
const maxSilentHops = 5;

export type EchoReader = (error: Error | null, sent: Date, received: Date) => Echo;

/**
 * Reads what net-ping hands to its callbacks. Errors that ICMP did not bring are failures to send; what our own
 * host says in the name of others (`own` is its address) is silence.
 */
export function createEchoReader(netPing: typeof NetPing, own: string | null): EchoReader {
  const toError = (from: string, unreachable: boolean, rttMs: number): Echo =>
    from === own ? { kind: 'silence' } : { kind: 'error', from, unreachable, rttMs };
  return (error, sent, received) => {
    const rttMs = received.getTime() - sent.getTime();
    if (error === null) return { kind: 'reply', rttMs };
    if (error instanceof netPing.RequestTimedOutError) return { kind: 'silence' };
    if (error instanceof netPing.DestinationUnreachableError) return toError(error.source, true, rttMs);
    if (error instanceof netPing.TimeExceededError) return toError(error.source, false, rttMs);
    return { kind: 'not-sent' };
  };
}

/** The echo of a request that was to live for `ttl` hops. */
export function toHop(ttl: number, target: string, echo: Echo): Hop {
  if (echo.kind === 'reply') return { ttl, address: target, rttMs: echo.rttMs };
  if (echo.kind === 'error') return { ttl, address: echo.from, rttMs: echo.rttMs };
  return { ttl, address: null, rttMs: null };
}

/** Nothing is to be learned from going on: somebody said "unreachable", or nobody says anything any more. */
export function endsRoute(echo: Echo, hops: readonly Hop[]): boolean {
  if (echo.kind === 'error') return echo.unreachable;
  const tail = hops.slice(-maxSilentHops);
  return (
    echo.kind !== 'silence' ||
    (tail.length === maxSilentHops && tail.every(({ address }) => address === null))
  );
}
