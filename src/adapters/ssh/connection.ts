import type { Client, SFTPWrapper } from 'ssh2';
import type { Clock } from '../../domain/clock.ts';
import { createLimit } from '../../domain/limit.ts';
import type { SshHost } from '../../domain/server.ts';
import { ChannelTurns, isFull, openChannel, untilLost } from './channel.ts';
import { describeNoise, isUnreachable, unreachable } from './failures.ts';
import { createExecFiles } from './files/exec-files.ts';
import type { RemoteFiles } from './logs/remote-files.ts';
import { createSftpFiles } from './files/sftp-files.ts';
import { type FirstWords, measureClock } from './measure-clock.ts';
import { openThrough } from './open-client.ts';
import { runScript } from './run-script.ts';
import { openRunnerShell, type RunnerShell } from './runner-shell.ts';

/** One authenticated connection. Its channels wait in line, since sshd refuses more than MaxSessions (10) of them. */
export interface Connection {
  readonly lost: boolean;
  /** The server's first reading and words, replaced when it is measured again. */
  readonly firstWords: FirstWords;
  /** Measures the server's clock, unless that was done within the last minutes. */
  measureClock(): Promise<FirstWords>;
  /** The shell through which runs are started and followed: one for the whole connection, always with the same folder. */
  runnerShell(runFolder: string | null): Promise<RunnerShell>;
  /**
   * Does the task with the server's files: by SFTP, or by commands if the connection was made for a server that has none.
   * @throws NoRoom if the server lets nothing in beside the shell.
   * @throws NoSftp if it turns out to have none.
   */
  withFiles<T>(task: (files: RemoteFiles) => Promise<T>): Promise<T>;
  /**
   * Runs a script by `sh`, and returns what it printed until it ended or so long had passed.
   * @throws RestageError `server-refused` where the server runs no commands.
   */
  runScript(script: string, withinMs: number): Promise<string>;
  close(): void;
}

/** A shell is open, and the server allows no second session (MaxSessions 1): only another connection helps. */
export class NoRoom extends Error {}

/** The server has no SFTP. Asking for it left a channel that is never closed: only another connection helps. */
export class NoSftp extends Error {}

const channelsAtATime = 8;
/** Clocks drift by seconds a day. */
const clockKnownMs = 5 * 60_000;

export interface ConnectOptions {
  readonly jump: readonly SshHost[];
  readonly clock: Clock;
  /** false: the server is known to have none. */
  readonly hasSftp: boolean;
}

/**
 * Connects to a host, through others where it is behind them.
 * @throws RestageError `server-unreachable`, `server-authentication` or `server-host-key`, of the host at fault.
 */
export async function connect(
  server: SshHost,
  { jump, clock, hasSftp }: ConnectOptions,
): Promise<Connection> {
  const client = await openThrough(server, jump);
  // Without this each answer takes 40 ms more.
  client.setNoDelay(true);
  try {
    const turns = new ChannelTurns();
    const first = await measureClock(client, server, clock, turns);
    return wrapClient({ client, server, clock, turns, hasSftp }, first);
  } catch (error) {
    client.end();
    throw error;
  }
}

interface Wrapped {
  readonly client: Client;
  readonly server: SshHost;
  readonly clock: Clock;
  readonly turns: ChannelTurns;
  readonly hasSftp: boolean;
}

function wrapClient(wrapped: Wrapped, first: FirstWords): Connection {
  const { client, server, clock, turns } = wrapped;
  const takeSlot = createLimit(channelsAtATime);
  // Each channel listens for the connection's end.
  client.setMaxListeners(0);
  let lost = false;
  let shell: Promise<RunnerShell> | null = null;
  client.on('close', () => {
    lost = true;
  });
  const refuseIfLost = () => {
    if (lost) throw unreachable(server, 'the connection broke');
  };
  const openShell = (runFolder: string | null) => {
    refuseIfLost();
    const opened = untilLost(client, server, openRunnerShell(client, server, turns, runFolder));
    shell = opened;
    opened.catch(() => {
      if (shell === opened) shell = null;
    });
    return opened;
  };
  let words = first;
  const useFiles = createFileAccess(wrapped, () => words.printed);
  let measuredMs = performance.now();
  return {
    get lost() {
      return lost;
    },
    get firstWords() {
      return words;
    },
    measureClock: () =>
      takeSlot(async () => {
        refuseIfLost();
        if (performance.now() - measuredMs > clockKnownMs) {
          words = await measureClock(client, server, clock, turns);
          measuredMs = performance.now();
        }
        return words;
      }),
    async runnerShell(runFolder) {
      const open = await (shell ?? openShell(runFolder));
      return open.lost ? openShell(runFolder) : open;
    },
    withFiles: (task) =>
      takeSlot(async () => {
        refuseIfLost();
        return useFiles(task).catch((error: unknown) => {
          throw isFull(error) && shell !== null ? new NoRoom() : error;
        });
      }),
    runScript: (script, withinMs) =>
      takeSlot(async () => {
        refuseIfLost();
        return runScript(wrapped, script, withinMs);
      }),
    close: () => client.end(),
  };
}

type UseFiles = Connection['withFiles'];

/** The first who asks finds out whether there is SFTP; the others wait for that. `printed`: what login files print. */
function createFileAccess(wrapped: Wrapped, printed: () => string): UseFiles {
  const { client, server, turns, hasSftp } = wrapped;
  let found: Promise<boolean> | null = null;
  const open = async (): Promise<SFTPWrapper | null> => {
    if (found) return (await found) ? openSftp(wrapped, printed()) : null;
    const opening = openSftp(wrapped, printed());
    found = opening.then(
      (sftp) => sftp !== null,
      () => true,
    );
    return opening;
  };
  return async (task) => {
    if (!hasSftp) return untilLost(client, server, task(createExecFiles(client, server, turns)));
    const sftp = await open();
    if (!sftp) throw new NoSftp();
    return useSftp(wrapped, sftp, task);
  };
}

/** Returns null where the server has no SFTP. */
async function openSftp({ client, server, turns }: Wrapped, printed: string): Promise<SFTPWrapper | null> {
  try {
    return await openChannel<SFTPWrapper>(client, server, (done) => client.sftp(done), turns);
  } catch (error) {
    if (isFull(error) || isUnreachable(error) || !(error instanceof Error)) throw error;
    const { cause } = error;
    if (cause instanceof Error && 'level' in cause && cause.level === 'sftp-protocol') {
      throw describeNoise(server, printed, cause);
    }
    return null;
  }
}

async function useSftp<T>(
  { client, server, turns }: Wrapped,
  sftp: SFTPWrapper,
  task: (files: RemoteFiles) => Promise<T>,
): Promise<T> {
  try {
    return await untilLost(client, server, task(createSftpFiles(sftp)));
  } finally {
    sftp.end();
    turns.leave();
  }
}
