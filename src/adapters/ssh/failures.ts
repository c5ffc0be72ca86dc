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

/** There is no shell, or it is none: nologin(8), a ForceCommand. `said` is what came instead. */
export function describeNoShell(server: SshHost, said: string): RestageError {
  const words = oneLine(said);
  const message = `${server.name} has no shell for ${server.user} that commands can be run by: ${words || 'no words'}. Check that ${server.user} has a POSIX shell (not nologin), and that its sshd_config sets no ForceCommand.`;
  return new RestageError('server-refused', message);
}

/** Runs can't be kept there. */
export function describeNoFolder(server: SshHost, said: string): RestageError {
  const message = `${server.name} cannot keep the runs of ${server.user}: ${oneLine(said)}. Let it write to its home directory, or set runFolder to where it may.`;
  return new RestageError('server-refused', message);
}

/** A login file printed into what should be SFTP's own words. */
export function describeNoise(server: SshHost, printed: string, cause: Error): RestageError {
  const words = oneLine(printed);
  const what = words === '' ? 'something' : `“${words}”`;
  const message = `${server.name} prints ${what} when ${server.user} logs in, which breaks its SFTP. Take that out of the login files of ${server.user} (such as ~/.bashrc), or set “Subsystem sftp internal-sftp” in its sshd_config.`;
  return new RestageError('server-refused', message, { cause });
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
}
