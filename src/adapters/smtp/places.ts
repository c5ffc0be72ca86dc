import type { Socket } from 'node:net';
import type { SMTPServer } from 'smtp-server';
import { chooseEvicted, type Guest } from '../../domain/choose-evicted.ts';

type Connection = SMTPServer['connections'] extends Set<infer One> ? One : never;

interface Notes {
  sinceMs: number;
  /** `socket.bytesRead` at `sinceMs`. */
  readBefore: number;
  awaitsUs: boolean;
}

/** A session's place among the open connections. Does nothing once the connection is closed. */
export interface Place {
  /** Notes whether the sender waits for us. */
  awaitUs(isAwaited: boolean): void;
  /** Notes that a message is answered: the connection has proved useful. */
  noteAnswer(): void;
  /** Ends the session with 421: its sender keeps the mail and comes again. */
  evict(): void;
}

export interface Places {
  of(sessionId: string): Place;
}

/** How long a connection that is ended may take to read why, in ms. */
const goodbyeMs = 1_000;

/** When `most` connections are open, the slowest one makes room for a new one; see `chooseEvicted`. */
export function limitPlaces(server: SMTPServer, most: number, nowMs = () => performance.now()): Places {
  const notes = new WeakMap<Socket, Notes>();
  const notesOf = ({ _socket: socket }: Connection): Notes => {
    const known = notes.get(socket);
    const own = known ?? { sinceMs: nowMs(), readBefore: 0, awaitsUs: false };
    if (!known) notes.set(socket, own);
    return own;
  };
  server.server.on('connection', (socket: Socket) => {
    notes.set(socket, { sinceMs: nowMs(), readBefore: 0, awaitsUs: false });
    if (server.connections.size < most) return;
    const guests = [...server.connections].map((connection) => guestOf(connection, notesOf(connection)));
    const chosen = chooseEvicted(guests, socket.remoteAddress ?? '', nowMs());
    if (chosen) end(chosen.connection);
  });

  return {
    of(sessionId) {
      const connection = [...server.connections].find(({ id }) => id === sessionId);
      return {
        awaitUs(isAwaited) {
          if (connection) notesOf(connection).awaitsUs = isAwaited;
        },
        noteAnswer() {
          if (!connection) return;
          const readBefore = connection._socket.bytesRead;
          Object.assign(notesOf(connection), { sinceMs: nowMs(), readBefore, awaitsUs: false });
        },
        evict() {
          if (connection) end(connection);
        },
      };
    },
  };
}

function guestOf(
  connection: Connection,
  { sinceMs, readBefore, awaitsUs }: Notes,
): Guest & { readonly connection: Connection } {
  const bytes = connection._socket.bytesRead - readBefore;
  return { connection, address: connection.remoteAddress, bytes, sinceMs, awaitsUs };
}

function end(connection: Connection): void {
  const { _socket: socket } = connection;
  connection.send(421, 'Too slow while others wait, try again later');
  setTimeout(() => socket.destroy(), goodbyeMs).unref();
}
