import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type PostgresServer, startPostgres } from '../../bench/servers/postgres.ts';
import { network } from '../machine.ts';

const run = promisify(execFile);
const smallDisk = '140M';

/** A PostgreSQL server that bots on machines of their own can reach; on a disk of 140 MB when it is to fill up. */
export async function startDatabaseServer(onSmallDisk: boolean): Promise<PostgresServer> {
  const settings = ['max_connections=400', 'max_wal_size=16MB', 'min_wal_size=2MB'];
  if (!onSmallDisk) return startPostgres({ network, settings: settings.slice(0, 1) });
  const disk = mkdtempSync(path.join(tmpdir(), 'restage-disk-'));
  const unmount = async () => {
    await run('umount', ['-l', disk]).catch(() => {});
    rmSync(disk, { recursive: true, force: true });
  };
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${smallDisk}`, 'restage-chaos', disk]);
    const server = await startPostgres({ network, settings, dataDir: disk });
    return {
      ...server,
      get pid() {
        return server.pid;
      },
      async stop() {
        await server.crash();
        await unmount();
      },
    };
  } catch (error) {
    await unmount();
    throw error;
  }
}
