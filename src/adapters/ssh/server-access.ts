import type { Clock } from '../../domain/clock.ts';
import type { ServerAccess } from '../../domain/server.ts';
import { ConnectionPool, type PoolOptions } from './connection-pool.ts';
import { followRun } from './follow-run.ts';
import { addDigests } from './digest-sources.ts';
import { acceptedKeys } from './host-key.ts';
import { readLogFiles } from './logs/read-logs.ts';
import { measureSource } from './measure-source.ts';
import { callPrune, callStop } from './remote-runner.ts';

const ownClock: Clock = { now: () => new Date() };

/** Distribution servers over SSH (B7, B12). Every host key is verified; nothing runs twice under one id. */
export function createServerAccess({
  log,
  clock = ownClock,
  onClock = () => {},
}: Pick<PoolOptions, 'log'> & Partial<PoolOptions>): ServerAccess {
  const pool = new ConnectionPool({ log, clock, onClock });
  return {
    clockOf: (server) =>
      pool.use(server, 'read', async (connection) => (await connection.measureClock()).clock),
    readLogs: (server, query) =>
      pool.use(server, 'read', (connection) =>
        connection.withFiles((files) => readLogFiles(files, server, query)),
      ),
    measure: (server, paths) =>
      pool.use(server, 'read', async (connection) => {
        const found = await connection.withFiles((files) =>
          Promise.all(paths.map((path) => measureSource(files, path))),
        );
        return addDigests(connection, found);
      }),
    hostKeys: async (server) =>
      (await Promise.all([server, ...server.jump].map(async (host) => acceptedKeys(host)))).flat(),
    reach: (server) => pool.useRunner(server, async () => {}),
    run: (server, request, watcher, signal) => followRun({ pool, log, server, request, watcher, signal }),
    stop: async (server, id) => {
      const { stopGraceMs, sudo } = server.running;
      const call = callStop(id, stopGraceMs, sudo !== null);
      const { detail } = await pool.useRunner(server, (shell) => shell.ask(call, stopGraceMs));
      return { isOver: detail === 'none' };
    },
    prune: (server, ids) =>
      pool.useRunner(server, (shell) => shell.ask(callPrune(ids))).then(() => undefined),
    close: async () => pool.close(),
  };
}
