import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';

/** The clients behind one server: each keeps what it gets in a folder, and notes who connected. */
export interface Clients {
  readonly port: number;
  /** Takes the link down: connections are refused from now on. */
  cut(): Promise<void>;
  /** Brings the link back, on the same port. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Listens for packages: a line `PUT CLIENT PACKAGE SIZE`, then the bytes; answers `OK`. The link breaks by itself
 * after `breaksAfter` packages, in the middle of a distribution, as links do.
 */
export async function startClients(folder: string, breaksAfter: number): Promise<Clients> {
  let isBroken = false;
  let taken = 0;
  const onPackage = () => {
    taken += 1;
    if (taken === breaksAfter) void cut();
  };
  const server = createServer((socket) => {
    if (isBroken) socket.resetAndDestroy();
    else receive(socket, folder, onPackage);
  });
  const port = await listen(server, 0);
  const cut = async () => {
    isBroken = true;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  };
  return {
    port,
    cut,
    async mend() {
      if (!isBroken) return;
      isBroken = false;
      await listen(server, port);
    },
    close: async () => {
      if (server.listening) await cut();
    },
  };
}

/** Where a client keeps a package. */
export function packagePath(folder: string, client: string, name: string): string {
  return path.join(folder, client, name);
}

/** Where a client notes its connections, one line each. */
export function connectionLog(folder: string, client: string): string {
  return path.join(folder, client, 'connections.log');
}

function receive(socket: Socket, folder: string, onPackage: () => void): void {
  const chunks: Buffer[] = [];
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    const received = Buffer.concat(chunks);
    const headEnd = received.indexOf('\n');
    if (headEnd < 0) return;
    const head = /^PUT ([a-z0-9-]+) ([\w.+-]+) (\d+)$/.exec(received.subarray(0, headEnd).toString());
    if (!head) {
      socket.end('ERROR what is that\n');
      return;
    }
    const [, client = '', name = '', size = '0'] = head;
    const content = received.subarray(headEnd + 1);
    if (content.length < Number(size)) return;
    mkdirSync(path.join(folder, client), { recursive: true });
    appendFileSync(connectionLog(folder, client), `${name}\n`);
    writeFileSync(packagePath(folder, client, name), content);
    onPackage();
    socket.end('OK\n');
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
