import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a TCP server on this machine, and breaks in the ways that networks and poolers do. */
export interface Proxy {
  readonly port: number;
  /** How many connections were made through it. */
  connections(): number;
  /** Passes nothing on any more over the connections that there are, and does not end them. */
  silence(): void;
  /** Also takes further connections, and passes nothing on over them. */
  silenceAll(isSilent: boolean): void;
  /** Resets the connections that there are. */
  reset(): void;
  close(): Promise<void>;
}

export async function startProxy(target: number): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let connections = 0;
  let isSilent = false;
  const silencePair = ([from, to]: readonly [Socket, Socket]) => {
    for (const socket of [from, to]) socket.unpipe().removeAllListeners('data').pause();
  };
  const listener = createServer((from) => {
    connections += 1;
    const to = connect(target, '127.0.0.1');
    const pair = [from, to] as const;
    pairs.add(pair);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      one
        .on('error', () => {})
        .on('close', () => {
          pairs.delete(pair);
          other.destroy();
        });
      one.pipe(other);
    }
    if (isSilent) silencePair(pair);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    connections: () => connections,
    silence: () => pairs.forEach(silencePair),
    silenceAll(silent) {
      isSilent = silent;
      if (silent) pairs.forEach(silencePair);
    },
    reset: () => {
      for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    },
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await closed;
    },
  };
}
