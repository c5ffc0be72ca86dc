import { connect, createServer, type Socket } from 'node:net';

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** A way to one server that can fall silent, as a pooler does that hangs or a firewall that forgot its connections. */
export interface Link {
  readonly port: number;
  /** From now on existing connections carry nothing more; both of their ends stay open. New ones work. */
  silenceExisting(): void;
  /** `silent`: connections are accepted and carry nothing; `refuse`: they are reset, existing ones too. */
  turn(state: LinkState): void;
  /** Resolves when a connection is refused, with the time by `performance.now()`. */
  readonly refused: Promise<number>;
  close(): Promise<void>;
}

type LinkState = 'open' | 'silent' | 'refuse';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  isSilent: boolean;
}

/** Listens on `address` and forwards each connection to the target. */
export async function createLink(address: string, target: Target): Promise<Link> {
  const pairs = new Set<Pair>();
  let state: LinkState = 'open';
  let noteRefused: (atMs: number) => void = () => {};
  const refused = new Promise<number>((resolve) => {
    noteRefused = resolve;
  });
  const isSilent = () => state === 'silent';
  const server = createServer((near) => {
    near.on('error', () => {});
    if (state === 'refuse') {
      noteRefused(performance.now());
      near.resetAndDestroy();
    } else pairs.add(forward(near, target, isSilent, (pair) => pairs.delete(pair)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, address, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the link has no port');
  const silenceExisting = () => {
    for (const pair of pairs) silence(pair);
  };
  return {
    port: bound.port,
    refused,
    silenceExisting,
    turn(wanted) {
      state = wanted;
      if (state === 'silent') silenceExisting();
      if (state === 'refuse') for (const pair of pairs) destroy(pair);
    },
    async close() {
      for (const pair of pairs) destroy(pair);
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Connects two sockets in both directions; each ends the other. */
export function forward(
  near: Socket,
  target: Target,
  isSilent: () => boolean,
  onGone: (pair: Pair) => void,
): Pair {
  const far = connect(target);
  const pair = { near, far, isSilent: false };
  far.setNoDelay(true);
  near.setNoDelay(true);
  near.pipe(far);
  far.pipe(near);
  if (isSilent()) silence(pair);
  for (const socket of [near, far]) {
    socket.on('error', () => {});
    socket.once('close', () => {
      // Nor does the other end hear of it when one end of a silent connection is gone.
      if (!pair.isSilent) destroy(pair);
      if (near.destroyed && far.destroyed) onGone(pair);
    });
  }
  return pair;
}

/** What arrives is read and dropped, so that nobody notices by a full buffer either. */
function silence(pair: Pair): void {
  const { near, far } = pair;
  pair.isSilent = true;
  near.unpipe(far);
  far.unpipe(near);
  near.resume();
  far.resume();
}

function destroy({ near, far }: Pair): void {
  near.destroy();
  far.destroy();
}
