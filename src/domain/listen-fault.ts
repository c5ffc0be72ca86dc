import { RestageError } from './errors.ts';

const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it, or choose another port',
  EACCES: 'ports below 1024 need a privilege (CAP_NET_BIND_SERVICE); choose a higher one, or give it',
  EADDRNOTAVAIL: 'this machine has no such address; choose one of its own as the host',
};

/** Why a listener can't start, and what to do; `section` is the one of the config that says where it listens. */
export function listenFault(section: string, host: string, port: number, error: unknown): RestageError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
  const hint = advice[code] ?? `the system says ${code}; check host and port`;
  const message = `Can't listen on ${host} port ${port} (${section} in the config): ${hint}.`;
  return new RestageError('listen-failed', message, { cause: error });
}
