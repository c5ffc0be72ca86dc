import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A real OpenSSH server with keys of its own. */
export interface Sshd {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** `SHA256:…` */
  readonly hostKeyFingerprint: string;
  /** A line of known_hosts without its host. */
  readonly hostPublicKey: string;
  readonly clientKeyFile: string;
  /** Where sessions have their home. */
  readonly home: string;
  /** Kills the processes that serve sessions, as a cut network would: commands that were started live on. */
  killSessions(): Promise<number>;
  /** How many connections it has seen so far, whatever became of them. */
  connections(): Promise<number>;
  /** Stops it, to be started again by `resume` with the same keys, on the same port. */
  halt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** A part of this machine that looks like one of its own. */
export interface Machine {
  readonly address: string;
  /** What starts its programs, with mounts of their own. */
  readonly enter: readonly string[];
  /** What stands in another's place there. */
  readonly mounts: readonly { readonly what: string; readonly at: string }[];
}

export interface SshdOptions {
  /** Keeps keys and the sessions' home; default: a new one that `stop` removes. */
  readonly dir?: string;
  /** What sessions have in their environment beside HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program that serves SFTP; `null` for no SFTP. Default: sshd itself. */
  readonly sftp?: string | null;
  /** Further lines of its config. */
  readonly settings?: readonly string[];
  /** The machine that it serves, as far as it is one of its own; default: 127.0.0.1 on this one. */
  readonly within?: Machine;
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const { dir, env = {}, within } = options;
  const address = within?.address ?? '127.0.0.1';
  const folder = dir ?? (await mkdtemp(join(tmpdir(), 'restage-sshd-')));
  const home = join(folder, 'home');
  const at = (name: string) => join(folder, name);
  await mkdir(home, { recursive: true });
  await mkdir('/run/sshd', { recursive: true });
  await makeKey(at('host'));
  await makeKey(at('client'));
  await writeFile(at('authorized_keys'), await readFile(at('client.pub')));
  const port = await findFreePort();
  await writeFile(at('sshd_config'), configure({ address, port, env: { HOME: home, ...env }, at }, options));
  const launch = async (): Promise<ChildProcess> => {
    const argv = ['/usr/sbin/sshd', '-D', '-f', at('sshd_config'), '-E', at('log')];
    const [program = '', ...args] = within ? [...enterMachine(within), ...argv] : argv;
    const child = spawn(program, args, { stdio: 'ignore' });
    await waitForPort(address, port);
    return child;
  };
  let server = await launch();
  const halt = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    killAll(await findChildren(server.pid ?? 0));
    server.kill();
    await exited;
  };

  const { stdout } = await execute('ssh-keygen', ['-lf', at('host.pub')]);
  return {
    address,
    port,
    user: userInfo().username,
    hostKeyFingerprint: stdout.split(' ')[1] ?? '',
    hostPublicKey: (await readFile(at('host.pub'), 'utf8')).split(' ').slice(0, 2).join(' '),
    clientKeyFile: at('client'),
    home,
    killSessions: async () => {
      const sessions = await findChildren(server.pid ?? 0);
      killAll(sessions);
      return sessions.length;
    },
    connections: async () => {
      const log = await readFile(at('log'), 'utf8');
      return log.split('\n').filter((line) => line.startsWith('Connection from ')).length;
    },
    halt,
    resume: async () => {
      server = await launch();
    },
    stop: async () => {
      await halt();
      if (dir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function enterMachine({ enter, mounts }: Machine): readonly string[] {
  const script = 'while [ "$1" != -- ]; do mount --bind "$1" "$2" && shift 2 || exit; done; shift; exec "$@"';
  return [...enter, 'sh', '-c', script, 'sh', ...mounts.flatMap(({ what, at }) => [what, at]), '--'];
}

/** A session may end by itself in the meantime. */
function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
}

interface Listening {
  readonly address: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly at: (name: string) => string;
}

function configure(
  { address, port, env, at }: Listening,
  { sftp = 'internal-sftp', settings = [] }: SshdOptions,
): string {
  const variables = Object.entries(env).map(([name, value]) => `"${name}=${value}"`);
  return `ListenAddress ${address}
Port ${port}
HostKey ${at('host')}
AuthorizedKeysFile ${at('authorized_keys')}
PidFile ${at('pid')}
StrictModes no
UsePAM no
PasswordAuthentication no
${sftp === null ? '' : `Subsystem sftp ${sftp}`}
LogLevel VERBOSE
SetEnv ${variables.join(' ')}
${settings.join('\n')}
`;
}

async function makeKey(file: string): Promise<void> {
  await rm(file, { force: true });
  await execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Knocks until somebody answers. */
async function waitForPort(address: string, port: number): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (Date.now() < deadline) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, address, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  throw new Error(`sshd did not listen on ${address}:${port}`);
}

async function findChildren(parent: number): Promise<number[]> {
  const { stdout } = await execute('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, ppid]) => ppid === parent)
    .map(([pid]) => pid ?? 0);
}
