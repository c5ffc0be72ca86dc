import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Two network namespaces with a cable between them: the bots and all they need in one, a distribution server in the other. */
export interface Network {
  readonly prefix: string;
  /** The namespaces' names. */
  readonly bots: string;
  readonly server: string;
  /** The server's address, as the bots reach it. */
  readonly serverAddress: string;
  /** Takes the cable out, and puts it in again: what is sent meanwhile is lost, and nobody is told. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  remove(): Promise<void>;
}

const [botAddress, serverAddress] = ['10.79.0.1', '10.79.0.2'];

/** Builds it with a veth pair (needs root). */
export async function createNetwork(): Promise<Network> {
  const network = enterNetwork(`restage-${randomBytes(4).toString('hex')}`);
  const { bots, server } = network;
  try {
    for (const name of [bots, server]) {
      await run('ip', ['netns', 'add', name]);
      await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
    }
    const ends = [
      'link',
      'add',
      'cable',
      'netns',
      bots,
      'type',
      'veth',
      'peer',
      'name',
      'cable',
      'netns',
      server,
    ];
    await run('ip', ends);
    await run('ip', ['-n', bots, 'addr', 'add', `${botAddress}/24`, 'dev', 'cable']);
    await run('ip', ['-n', server, 'addr', 'add', `${serverAddress}/24`, 'dev', 'cable']);
    await run('ip', ['-n', server, 'link', 'set', 'cable', 'up']);
    await network.mend();
  } catch (error) {
    await network.remove();
    throw error;
  }
  return network;
}

/** The network of that name, which is there already. */
export function enterNetwork(prefix: string): Network {
  const [bots, server] = [`${prefix}-bots`, `${prefix}-server`];
  const turn = async (state: 'up' | 'down') =>
    void (await run('ip', ['-n', bots, 'link', 'set', 'cable', state]));
  return {
    prefix,
    bots,
    server,
    serverAddress,
    cut: () => turn('down'),
    mend: () => turn('up'),
    async remove() {
      for (const name of [bots, server]) await run('ip', ['netns', 'del', name]).catch(() => {});
    },
  };
}
