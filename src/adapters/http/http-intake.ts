import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Intake } from '../../domain/intake.ts';
import { listenFault } from '../../domain/listen-fault.ts';
import { type AnswerOptions, createAnswers } from './answers.ts';
import { type Reply, HttpRefusal, send } from './replies.ts';

export interface HttpIntakeOptions extends AnswerOptions {
  readonly host: string;
  /** 0 takes any free port; see `port` of the intake. */
  readonly port: number;
}

export interface HttpIntake extends Intake {
  /** The port listened on, once started. */
  readonly port: number;
}

const timeouts = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 30_000 };

/**
 * JSON over HTTP (A1): `POST /alerts` with a bearer token, `GET /healthz`, `GET /metrics`. An alert is answered with
 * 200 only once it is committed, with 503 and Retry-After while it can't be; 400, 401 and 413 say what is wrong.
 * Nobody is ever turned away for sending too much.
 */
export function createHttpIntake(options: HttpIntakeOptions): HttpIntake {
  const { log } = options;
  const answer = createAnswers(options);
  let lastError: string | null = null;
  const server = createServer(timeouts, (request, response) => {
    answer(request)
      .catch((error: unknown) => refusalOf(error))
      .then((reply) => send(response, reply, request.complete && server.listening))
      .catch((error: unknown) => log.warn({ error: String(error) }, 'http answer not sent'));
  });
  server.on('error', (error) => {
    lastError = error.message;
    log.error({ error: error.message }, 'http listener failed');
  });

  return {
    name: 'http',
    health: () => ({ intake: 'http', kind: 'listener', connected: server.listening, detail: lastError }),
    get port() {
      const address = server.address();
      return isAddressInfo(address) ? address.port : options.port;
    },
    start: () =>
      new Promise((resolve, reject) => {
        const { host, port } = options;
        const fail = (error: Error) => reject(listenFault('intake.http', host, port, error));
        server.once('error', fail);
        server.listen(port, host, () => {
          server.off('error', fail);
          resolve();
        });
      }),
    // What is being answered is answered; connections that only wait are closed.
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function refusalOf(error: unknown): Reply {
  if (error instanceof HttpRefusal) return error.reply;
  return new HttpRefusal(400, 'the request could not be read').reply;
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
