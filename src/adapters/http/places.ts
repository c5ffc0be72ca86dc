import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { chooseEvicted, type Guest } from '../../domain/choose-evicted.ts';
import { retryAfterSeconds } from './replies.ts';

/** What is known of an open connection. */
interface Place extends Guest {
  readonly socket: Socket;
  /** Requests that were read to their end, and are not answered yet. */
  awaited: number;
  sinceMs: number;
  /** `socket.bytesRead` at `sinceMs`. */
  readBefore: number;
}

export interface Places {
  /** Notes a request, which waits for us once it was read to its end; returns what to call when it is answered. */
  noteRequest(request: IncomingMessage): () => void;
  /** Closes the connections that owe us something. */
  closeUnread(): void;
}

const full = `HTTP/1.1 503 Service Unavailable\r\nRetry-After: ${retryAfterSeconds}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
/** How long a connection that is turned away may take to read why, in ms. */
const goodbyeMs = 1_000;

/** Holds at most `most` connections open; past that the slowest one makes room, or the new one is turned away with 503. */
export function limitPlaces(server: Server, most: number, nowMs = () => performance.now()): Places {
  const places = new Map<Socket, Place>();
  server.on('connection', (socket: Socket) => {
    if (places.size >= most && !makeRoom(socket)) return turnAway(socket);
    places.set(socket, placeOf(socket, nowMs()));
    socket.once('close', () => places.delete(socket));
  });

  function makeRoom({ remoteAddress }: Socket): boolean {
    const chosen = chooseEvicted([...places.values()], remoteAddress ?? '', nowMs());
    if (chosen === null) return false;
    places.delete(chosen.socket);
    chosen.socket.destroy();
    return true;
  }

  return {
    noteRequest(request) {
      const place = places.get(request.socket);
      const awaits = () => {
        if (place) place.awaited += 1;
      };
      request.once('end', awaits);
      return () => {
        request.off('end', awaits);
        if (!place) return;
        if (request.readableEnded) place.awaited -= 1;
        place.sinceMs = nowMs();
        place.readBefore = place.socket.bytesRead;
      };
    },
    closeUnread() {
      for (const { socket, awaitsUs } of places.values()) if (!awaitsUs) socket.destroy();
    },
  };
}

function placeOf(socket: Socket, nowMs: number): Place {
  return {
    socket,
    address: socket.remoteAddress ?? '',
    awaited: 0,
    sinceMs: nowMs,
    readBefore: 0,
    get awaitsUs() {
      return this.awaited > 0;
    },
    get bytes() {
      return socket.bytesRead - this.readBefore;
    },
  };
}

function turnAway(socket: Socket): void {
  socket.on('error', () => {});
  socket.end(full);
  setTimeout(() => socket.destroy(), goodbyeMs).unref();
}
