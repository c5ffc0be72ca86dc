import { RestageError } from '../../domain/errors.ts';
import type { SshHost } from '../../domain/server.ts';

/** The connection could not be made, or broke. */
export function unreachable(server: SshHost, why: string, options?: ErrorOptions): RestageError {
  const message = `${server.name} (${server.host} port ${server.port}) cannot be reached: ${why}. Check the network and the server’s sshd, then try again.`;
  return new RestageError('server-unreachable', message, options);
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof RestageError && error.code === 'server-unreachable';
}
