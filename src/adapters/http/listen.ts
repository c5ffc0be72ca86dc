import type { Server } from 'node:http';
import { listenFault } from '../../domain/listen-fault.ts';

/**
 * Listens; `section` is the one of the config that says where.
 * @throws RestageError `listen-failed` that says what to do.
 */
export function listen(server: Server, section: string, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(listenFault(section, host, port, error));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

/** The port listened on; `null` while the server does not listen. */
export function portOf(server: Server): number | null {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : null;
}
