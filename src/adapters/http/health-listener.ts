import { createServer, type IncomingMessage } from 'node:http';
import { type HealthCheck, fails, passes } from '../../domain/health.ts';
import type { Log } from '../../domain/log.ts';
import { type EventLoop, watchEventLoop } from './event-loop.ts';
import { showChecks, showMetrics, type MetricsText } from './health-answers.ts';
import { listen, portOf } from './listen.ts';
import { HttpRefusal, type Reply, refusalOf, send } from './replies.ts';

export interface HealthListenerOptions {
  readonly host: string;
  /** 0 takes any free port; see `port` of the listener. */
  readonly port: number;
  /** How long the database's thread has owed an answer, in ms; `null` if it owes none, or there is no such thread. */
  threadSilentMs(): number | null;
  /** Never rejects. */
  readiness(): Promise<readonly HealthCheck[]>;
  metrics(): Promise<MetricsText>;
  readonly log: Log;
}

export interface HealthListener {
  /** The port listened on, once started. */
  readonly port: number;
  /** @throws RestageError `listen-failed` if the port is taken. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const timeouts = { requestTimeout: 5_000, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 };
const maxConnections = 100;
/** Past these the process itself is at fault, and a restart is the cure. */
const longestLagMs = 10_000;
const longestThreadSilenceMs = 300_000;

/**
 * Tells a probe how the bot is: `GET /livez` whether the process works at all (its event loop, its database's thread),
 * `GET /readyz` whether it does its work, and `GET /metrics`. A check that fails makes the answer 503.
 */
export function createHealthListener(options: HealthListenerOptions): HealthListener {
  const { host, port, log } = options;
  let loop: EventLoop | null = null;
  const server = createServer(timeouts, (request, response) => {
    answer(request)
      .catch(refusalOf)
      .then((reply) => send(response, reply, request.complete && server.listening))
      .catch((error: unknown) => log.warn({ error: String(error) }, 'health answer not sent'));
  });
  server.maxConnections = maxConnections;
  server.on('error', (error) => log.error({ error: error.message }, 'health listener failed'));

  async function answer(request: IncomingMessage): Promise<Reply> {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new HttpRefusal(405, 'use GET', { Allow: 'GET' });
    if (path === '/livez')
      return showChecks([checkLoop(loop?.lagMs() ?? 0), checkThread(options.threadSilentMs())]);
    if (path === '/readyz') return showChecks(await options.readiness());
    if (path === '/metrics') return showMetrics(() => options.metrics(), log);
    throw new HttpRefusal(404, 'here are /livez, /readyz and /metrics');
  }

  return {
    get port() {
      return portOf(server) ?? port;
    },
    start() {
      loop = watchEventLoop();
      return listen(server, 'health', host, port);
    },
    stop: () =>
      new Promise((resolve) => {
        loop?.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function checkLoop(lagMs: number): HealthCheck {
  const detail = `late by up to ${lagMs} ms`;
  return lagMs > longestLagMs ? fails('event-loop', 'event-loop-late', detail) : passes('event-loop', detail);
}

function checkThread(silentMs: number | null): HealthCheck {
  const check = 'database-thread';
  if (silentMs === null || silentMs <= longestThreadSilenceMs) return passes(check);
  return fails(check, 'thread-silent', `no answer for ${Math.round(silentMs / 1000)} s`);
}
