import type { Client, ClientChannel } from 'ssh2';
import type { SshHost } from '../../domain/server.ts';
import { type ChannelTurns, openChannel, untilLost } from './channel.ts';

const outputKeptBytes = 1024 ** 2;

interface Target {
  readonly client: Client;
  readonly server: SshHost;
  readonly turns: ChannelTurns;
}

/** Runs a script by `sh`. Resolves with what it printed until it ended, or so long had passed. */
export async function runScript(
  { client, server, turns }: Target,
  script: string,
  withinMs: number,
): Promise<string> {
  const open = (done: Parameters<Client['exec']>[1]) => void client.exec('exec sh -s', done);
  const channel = await openChannel<ClientChannel>(client, server, open, turns);
  try {
    return await untilLost(client, server, readOutput(channel, script, withinMs));
  } finally {
    turns.leave();
  }
}

function readOutput(channel: ClientChannel, script: string, withinMs: number): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => channel.close(), withinMs);
    channel.on('data', (chunk: Buffer) => {
      if (size < outputKeptBytes) chunks.push(chunk);
      size += chunk.length;
    });
    channel.stderr.resume();
    channel.on('error', () => channel.close());
    channel.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    channel.end(script);
  });
}
