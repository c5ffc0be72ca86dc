import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

export interface PostgresServer {
  /** URL of a database of its own: empty, or a copy of the one at that URL, to which nobody is connected. */
  createDatabase(template?: string): Promise<string>;
  readonly dataDir: string;
  readonly port: number;
  /** Of the postmaster; its sessions are its children. */
  readonly pid: number;
  /** Ends the server as a crash does, to be started again by `resume`. */
  crash(): Promise<void>;
  /** Starts it again on the same data, unless it runs. */
  resume(): Promise<void>;
  /** Ends the server for good and removes its data. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Default false: data would not survive a loss of power, and tests are faster. */
  readonly fsync?: boolean;
  /** Where the data goes, an empty folder; default: a new one. */
  readonly dataDir?: string;
  /** Listens on all addresses and trusts this network (CIDR) too; default: loopback alone. */
  readonly network?: string;
  /** Further settings, each as `name=value`. */
  readonly settings?: readonly string[];
}

/** Starts a real PostgreSQL server in a folder of its own; as user `postgres` where we are root. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = findBinaries();
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'restage-pg-'));
  const user = process.getuid?.() === 0 ? ownerOf(dataDir) : {};
  // A folder that is named may be a small disk: segments of 1 MB keep the whole server below 60 MB.
  const segments = options.dataDir === undefined ? [] : ['--wal-segsize=1'];
  const layout = ['-A', 'trust', '--no-sync', '-E', 'UTF8', ...segments];
  await run(path.join(bin, 'initdb'), ['-D', dataDir, '-U', 'restage', ...layout], user);
  if (options.network !== undefined) {
    appendFileSync(path.join(dataDir, 'pg_hba.conf'), `host all all ${options.network} trust\n`);
  }
  const port = await freePort();
  const settings = describeSettings(dataDir, port, options).flatMap((one) => ['-c', one]);
  const admin = `postgres://restage@127.0.0.1:${port}/postgres`;
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(path.join(bin, 'postgres'), ['-D', dataDir, ...settings], {
      ...user,
      stdio: 'ignore',
    });
    await waitUntilUp(admin, child);
    return child;
  };
  let server = await launch();
  const hasEnded = () => server.exitCode !== null || server.signalCode !== null;
  const crash = async () => {
    if (hasEnded()) return;
    const ended = once(server, 'exit');
    server.kill('SIGQUIT');
    await ended;
  };
  let databases = 0;
  return {
    dataDir,
    port,
    get pid() {
      return server.pid ?? 0;
    },
    async createDatabase(template) {
      databases += 1;
      const name = `test_${databases}`;
      const source = template === undefined ? '' : ` template ${path.basename(new URL(template).pathname)}`;
      const sql = postgres(admin, { max: 1 });
      await sql.unsafe(`create database ${name}${source}`);
      await sql.end();
      return `postgres://restage@127.0.0.1:${port}/${name}`;
    },
    crash,
    async resume() {
      if (hasEnded()) server = await launch();
    },
    async stop() {
      await crash();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function describeSettings(dataDir: string, port: number, options: PostgresOptions): readonly string[] {
  return [
    `port=${port}`,
    `unix_socket_directories=${dataDir}`,
    `fsync=${options.fsync === true ? 'on' : 'off'}`,
    `listen_addresses=${options.network === undefined ? '127.0.0.1' : '*'}`,
    ...(options.settings ?? []),
  ];
}

/** Returns true where Debian's packages have put a PostgreSQL server that `startPostgres` can start. */
export function hasPostgres(): boolean {
  return listVersions().length > 0;
}

function findBinaries(): string {
  const newest = listVersions().at(-1);
  if (!newest) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  return path.join('/usr/lib/postgresql', newest, 'bin');
}

function listVersions(): readonly string[] {
  return existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').toSorted() : [];
}

/** PostgreSQL refuses to run as root. */
function ownerOf(folder: string): { uid: number; gid: number } {
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const owner = { uid: idOf('-u'), gid: idOf('-g') };
  chownSync(folder, owner.uid, owner.gid);
  return owner;
}

async function waitUntilUp(url: string, server: { exitCode: number | null }): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} });
    try {
      await sql`select 1`;
      return;
    } catch (error) {
      if (Date.now() > deadline || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}
