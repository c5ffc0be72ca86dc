import { execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
  /** Stops the server as `kill -9` does, and starts it again on the same data. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL server in a folder of its own; as user `postgres` where we are root. Without `fsync` its
 * data would not survive a loss of power, and tests are faster.
 */
export async function startPostgres({ fsync = false } = {}): Promise<PostgresServer> {
  const bin = findBinaries();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'restage-pg-'));
  const user = process.getuid?.() === 0 ? ownerOf(dataDir) : {};
  await run(
    path.join(bin, 'initdb'),
    ['-D', dataDir, '-U', 'restage', '-A', 'trust', '--no-sync', '-E', 'UTF8'],
    user,
  );
  const port = await freePort();
  const settings = [
    '-c',
    `port=${port}`,
    '-c',
    `unix_socket_directories=${dataDir}`,
    '-c',
    `fsync=${fsync ? 'on' : 'off'}`,
    '-c',
    'listen_addresses=127.0.0.1',
  ];
  const server = spawn(path.join(bin, 'postgres'), ['-D', dataDir, ...settings], {
    ...user,
    stdio: 'ignore',
  });
  const admin = `postgres://restage@127.0.0.1:${port}/postgres`;
  await waitUntilUp(admin, server);
  let databases = 0;
  return {
    dataDir,
    async createDatabase(template) {
      databases += 1;
      const name = `test_${databases}`;
      const source = template === undefined ? '' : ` template ${path.basename(new URL(template).pathname)}`;
      const sql = postgres(admin, { max: 1 });
      await sql.unsafe(`create database ${name}${source}`);
      await sql.end();
      return `postgres://restage@127.0.0.1:${port}/${name}`;
    },
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGQUIT');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function findBinaries(): string {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').toSorted() : [];
  const newest = versions.at(-1);
  if (!newest) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  return path.join('/usr/lib/postgresql', newest, 'bin');
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
