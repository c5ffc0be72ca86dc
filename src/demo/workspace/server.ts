import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { BodyTooLargeError, sendText } from './http.ts';
import type { Outage } from './outage.ts';
import type { Route } from './slack-routes.ts';
import type { SocketHub } from './sockets.ts';

/** By method and first part of the path, such as `POST /api`; the route gets the rest of the path. */
export type Routes = Readonly<Record<string, Route>>;

const loopback = '127.0.0.1';

/** Listens on this machine only; port 0 takes a free one. What it answers is told by `serveRoutes`. */
export async function listen(port: number): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, loopback, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { server, port: address.port };
}

/** Resolves once every connection is gone. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  server.closeAllConnections();
  await closed;
}

interface Serving {
  readonly routes: Routes;
  readonly sockets: SocketHub;
  readonly outage: Outage;
  /** For the `Date` of each response, in whole seconds as Slack's. */
  readonly now: () => Date;
}

export function serveRoutes(server: Server, { routes, sockets, outage, now }: Serving): void {
  server.on('request', (request, response) => {
    if (outage.meets(request, request.socket)) return;
    response.setHeader('Date', now().toUTCString());
    serve(routes, request, response).catch((error: unknown) => fail(response, error));
  });
  server.on('upgrade', (request, stream, head) => {
    if (!outage.meets(request, stream)) sockets.upgrade(request, stream, head);
  });
}

async function serve(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const [, first = '', ...rest] = path.split('/');
  const route = routes[`${request.method} /${first}`];
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (!isFromHere(request)) sendText(response, 403, 'this server answers to this machine only');
  else if (route) await route(request, response, rest.join('/'));
  else sendText(response, 404, 'not found');
}

/** False for a name that was rebound to this machine (Host), and for what another site's page sends (Origin). */
function isFromHere({ headers: { host = '', origin } }: IncomingMessage): boolean {
  const isLocalName = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
  return isLocalName && (origin === undefined || origin === `http://${host}`);
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else if (error instanceof BodyTooLargeError) sendText(response, 413, 'too large');
  else sendText(response, 500, 'internal error');
}
