import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createByteBudget } from '../../domain/byte-budget.ts';
import type { Intake } from '../../domain/intake.ts';
import { type AnswerOptions, createAnswers } from './answers.ts';
import { listen, portOf } from './listen.ts';
import { limitPlaces } from './places.ts';
import { refusalOf, send, tryAgain } from './replies.ts';

export interface HttpIntakeOptions extends AnswerOptions {
  readonly host: string;
  /** 0 takes any free port; see `port` of the intake. */
  readonly port: number;
}

export interface HttpIntake extends Intake {
  /** The port listened on, once started. */
  readonly port: number;
}

const timeouts = {
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
};
const maxConnections = 500;
/** On one connection many requests may follow each other before the first one is answered. */
const maxRequests = 1_000;
/** Room for bodies in memory, and for some of the longest in any case. */
const budgetBytes = 24_000_000;
const longestBodies = 2;
/** How long a sender may take, after `stop`, to end a request that it has begun, in ms. */
const closeTimeoutMs = 2_000;

/**
 * JSON over HTTP (A1): `POST /alerts` with a bearer token, `GET /healthz`, `GET /metrics`. An alert is answered with 200 only
 * once it is committed, with 503 and Retry-After while it can't be; 400, 401, 413 and 415 say what is wrong. Nobody is turned
 * away for sending much over time: bounds are over what is held in memory at once, and over connections that bring nothing.
 */
export function createHttpIntake(options: HttpIntakeOptions): HttpIntake {
  const { log, maxBytes } = options;
  const answer = createAnswers(options, createByteBudget(Math.max(budgetBytes, longestBodies * maxBytes)));
  let lastError: string | null = null;
  let requests = 0;
  const server = createServer(timeouts, (request, response) => {
    handle(request, response).catch((error: unknown) =>
      log.warn({ error: String(error) }, 'http answer not sent'),
    );
  });
  const places = limitPlaces(server, maxConnections);
  server.on('error', (error) => {
    lastError = error.message;
    log.error({ error: error.message }, 'http listener failed');
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answered = places.noteRequest(request);
    requests += 1;
    try {
      const reply = await (requests > maxRequests ? Promise.reject(tooMany()) : answer(request)).catch(
        refusalOf,
      );
      await send(response, reply, request.complete && server.listening);
    } finally {
      requests -= 1;
      answered();
    }
  }

  return {
    name: 'http',
    health: () => ({ intake: 'http', kind: 'listener', connected: server.listening, detail: lastError }),
    get port() {
      return portOf(server) ?? options.port;
    },
    start: () => listen(server, 'intake.http', options.host, options.port),
    // What was sent in full is answered; a request that is still on its way has little time left.
    stop: () =>
      new Promise((resolve) => {
        const timer = setInterval(() => places.closeUnread(), closeTimeoutMs);
        server.close(() => {
          clearInterval(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function tooMany(): Error {
  return tryAgain(503, 'too many requests at once; send it again');
}
