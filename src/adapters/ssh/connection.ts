import type { Client, ClientChannel, SFTPWrapper } from 'ssh2';
import { createLimit } from '../../domain/limit.ts';
import type { SshHost } from '../../domain/server.ts';
import { openChannel, untilLost } from './channel.ts';
import { unreachable } from './failures.ts';
import { openThrough } from './open-client.ts';
import { openRunnerShell, type RunnerShell } from './runner-shell.ts';

/** One authenticated connection. Its channels wait in line, since sshd refuses more than MaxSessions (10) of them. */
export interface Connection {
  readonly lost: boolean;
  /** The shell through which runs are started and followed: one for the whole connection. */
  runnerShell(): Promise<RunnerShell>;
  withSftp<T>(task: (sftp: SFTPWrapper) => Promise<T>): Promise<T>;
  /**
   * Runs a script by `sh`, and returns what it printed until it ended or so long had passed.
   * @throws RestageError `server-refused` where the server runs no commands.
   */
  runScript(script: string, withinMs: number): Promise<string>;
  close(): void;
}

const channelsAtATime = 8;

/**
 * Connects to a host, through others where it is behind them.
 * @throws RestageError `server-unreachable`, `server-authentication` or `server-host-key`, of the host at fault.
 */
export async function connect(server: SshHost, jump: readonly SshHost[]): Promise<Connection> {
  const client = await openThrough(server, jump);
  // Without this each answer takes 40 ms more.
  client.setNoDelay(true);
  return wrapClient(client, server);
}

function wrapClient(client: Client, server: SshHost): Connection {
  const takeSlot = createLimit(channelsAtATime);
  client.setMaxListeners(2 * channelsAtATime);
  let lost = false;
  let shell: Promise<RunnerShell> | null = null;
  client.on('close', () => {
    lost = true;
  });
  const refuseIfLost = () => {
    if (lost) throw unreachable(server, 'the connection broke');
  };
  const openShell = () => {
    refuseIfLost();
    const opened = untilLost(client, server, openRunnerShell(client, server));
    shell = opened;
    opened.catch(() => {
      if (shell === opened) shell = null;
    });
    return opened;
  };
  return {
    get lost() {
      return lost;
    },
    async runnerShell() {
      const open = await (shell ?? openShell());
      return open.lost ? openShell() : open;
    },
    withSftp: (task) =>
      takeSlot(async () => {
        refuseIfLost();
        const sftp = await openChannel<SFTPWrapper>(client, server, (done) => client.sftp(done));
        try {
          return await untilLost(client, server, task(sftp));
        } finally {
          sftp.end();
        }
      }),
    runScript: (script, withinMs) =>
      takeSlot(async () => {
        refuseIfLost();
        const channel = await openChannel<ClientChannel>(client, server, (done) =>
          client.exec('exec sh -s', done),
        );
        return untilLost(client, server, readOutput(channel, script, withinMs));
      }),
    close: () => client.end(),
  };
}

const outputKeptBytes = 1024 ** 2;

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
