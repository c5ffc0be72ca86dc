import type { Log } from '../../domain/log.ts';
import type { ServerAccess } from '../../domain/server.ts';
import { ConnectionPool } from './connection-pool.ts';
import { followRun } from './follow-run.ts';
import { addDigests } from './digest-sources.ts';
import { acceptedKeys } from './host-key.ts';
import { readLogFiles } from './logs/read-logs.ts';
import { measureSource } from './measure-source.ts';
import { callPrune, callStop } from './remote-runner.ts';

/** Distribution servers over SSH (B7, B12). Every host key is verified; nothing runs twice under one id. */
export function createServerAccess({ log }: { readonly log: Log }): ServerAccess {
  const pool = new ConnectionPool(log);
  return {
    readLogs: (server, query) =>
      pool.use(server, 'read', (connection) =>
        connection.withSftp((sftp) => readLogFiles(sftp, server, query)),
      ),
    measure: (server, paths) =>
      pool.use(server, 'read', async (connection) => {
        const found = await connection.withSftp((sftp) =>
          Promise.all(paths.map((path) => measureSource(sftp, path))),
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
