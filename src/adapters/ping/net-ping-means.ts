import { randomInt } from 'node:crypto';
import type * as NetPing from 'net-ping';
import type { Hop, PingResult, Route } from '../../domain/diagnosis.ts';
import type { Log } from '../../domain/log.ts';
import { createEchoReader, endsRoute, toHop, type Echo, type EchoReader } from './echo.ts';
import { createGuardedSession } from './guarded-session.ts';
import { createLimit } from '../../domain/limit.ts';
import { maxHops, type Means, type MeansOptions } from './means.ts';
import { findOwnAddress } from './own-address.ts';
import { toRoute } from './route.ts';
import { settle } from './settle.ts';

/** More than 65,535 requests at once would hang the library; far fewer are enough. */
const maxAtOnce = 256;
/** Beyond the library's own time limit; it guards against callbacks that never come. */
const graceMs = 1000;

const silence: Echo = { kind: 'silence' };

/**
 * Probes IPv4 addresses with net-ping, through one raw socket for the process. Throws what the library throws
 * when there is no privilege for that.
 */
export function createNetPingMeans(
  netPing: typeof NetPing,
  { timeoutMs, log }: MeansOptions & { readonly log: Log },
): Means {
  const limit = createLimit(maxAtOnce);
  const sessions = createSessions(netPing, timeoutMs, log);

  return {
    name: 'net-ping',
    ping: (ip, count, signal) =>
      limit(async () => {
        const read = createEchoReader(netPing, await findOwnAddress(ip));
        return pingRepeatedly(ip, count, () => pingOnce(sessions.current, ip, { timeoutMs, read, signal }));
      }),
    traceroute: (ip, signal) =>
      limit(async () => {
        const read = createEchoReader(netPing, await findOwnAddress(ip));
        return followRoute(sessions.current, ip, { timeoutMs, read, signal });
      }),
    close: sessions.close,
  };
}

interface Request {
  readonly timeoutMs: number;
  readonly read: EchoReader;
  readonly signal: AbortSignal;
}

/**
 * Keeps one session with a random id, and opens another when a broken socket has closed it. Ask for the current
 * one only when it is about to be used: a request that is aborted must not open a socket.
 */
function createSessions(netPing: typeof NetPing, timeoutMs: number, log: Log) {
  let session: NetPing.Session | null = null;
  const current = (): NetPing.Session => {
    if (session !== null) return session;
    const opened = createGuardedSession(netPing.Session, {
      sessionId: randomInt(1, 65_535),
      retries: 0,
      timeout: timeoutMs,
    });
    opened.on('error', (error) => log.warn({ error: error.message }, 'ping socket failed'));
    opened.on('close', () => {
      if (session === opened) session = null;
    });
    session = opened;
    return opened;
  };
  current();
  return {
    current,
    close: () => {
      const closing = session;
      session = null;
      closing?.close();
    },
  };
}

function pingOnce(
  session: () => NetPing.Session,
  ip: string,
  { timeoutMs, read, signal }: Request,
): Promise<Echo> {
  return settle(
    signal,
    timeoutMs + graceMs,
    () => silence,
    (resolve) => {
      session().pingHost(ip, (error, _ip, sent, received) => resolve(read(error, sent, received)));
    },
  );
}

async function pingRepeatedly(ip: string, count: number, ping: () => Promise<Echo>): Promise<PingResult> {
  const echoes: Echo[] = [];
  while (echoes.length < count && echoes.at(-1)?.kind !== 'not-sent') echoes.push(await ping());
  const sent = echoes.filter(({ kind }) => kind !== 'not-sent').length;
  const replies = echoes.filter((echo) => echo.kind === 'reply');
  const unreachable = echoes.filter((echo) => echo.kind === 'error').find((error) => error.unreachable);
  return {
    address: ip,
    sent,
    received: replies.length,
    rttMs: replies.length === 0 ? null : Math.min(...replies.map(({ rttMs }) => rttMs)),
    ownUplinkDown: sent === 0,
    unreachableFrom: unreachable?.from ?? null,
  };
}

function followRoute(
  session: () => NetPing.Session,
  ip: string,
  { timeoutMs, read, signal }: Request,
): Promise<Route> {
  const hops: Hop[] = [];
  const seen = () => toRoute(ip, hops);
  return settle(signal, maxHops * timeoutMs + graceMs, seen, (resolve) => {
    const feed: NetPing.Feed = (error, _ip, ttl, sent, received) => {
      const echo = read(error, sent, received);
      if (echo.kind !== 'not-sent') hops.push(toHop(ttl, ip, echo));
      return signal.aborted || endsRoute(echo, hops);
    };
    session().traceRoute(ip, { ttl: maxHops, maxHopTimeouts: maxHops }, feed, () => resolve(seen()));
  });
}
