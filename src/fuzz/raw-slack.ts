import { createServer, type Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

export interface RawSlack {
  readonly apiUrl: string;
  /** Sends a frame, text as it is and anything else as JSON, on the socket opened last. */
  send(frame: unknown): void;
  /** Resolves when the app has acknowledged the envelope. */
  acknowledged(envelopeId: string): Promise<unknown>;
  close(): Promise<void>;
}

const ackShape = z.object({ envelope_id: z.string(), payload: z.unknown() });

/** A Slack that lets anybody in and sends what it is told: for frames that a well-behaved one never sends. */
export async function startRawSlack(): Promise<RawSlack> {
  const sockets: WebSocket[] = [];
  const acks = new Map<string, (payload: unknown) => void>();
  const server = createServer((_, response) => {
    const body = {
      ok: true,
      url: `ws://${addressOf(server)}/`,
      user_id: 'U0BOT',
      bot_id: 'B0BOT',
      team_id: 'T1',
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  const hub = new WebSocketServer({ server });
  hub.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data: Buffer) => {
      const { envelope_id: id, payload } = ackShape.parse(JSON.parse(data.toString()));
      acks.get(id)?.(payload);
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    apiUrl: `http://${addressOf(server)}/api/`,
    send: (frame) => sockets.at(-1)?.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    acknowledged: (envelopeId) =>
      new Promise((resolve) => {
        acks.set(envelopeId, resolve);
      }),
    close: async () => {
      for (const socket of sockets) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function addressOf(server: Server): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '127.0.0.1';
}
