import type { Log } from '../../domain/log.ts';
import type { ServerAccess } from '../../domain/server.ts';
import { ConnectionPool } from './connection-pool.ts';
import { followRun } from './follow-run.ts';
import { readLogFiles } from './read-logs.ts';

/** Distribution servers over SSH (B7, B12). Every host key is verified; nothing runs twice under one id. */
export function createServerAccess({ log }: { readonly log: Log }): ServerAccess {
  const pool = new ConnectionPool(log);
  return {
    readLogs: (server, query) =>
      pool.use(server, (connection) => connection.withSftp((sftp) => readLogFiles(sftp, server, query))),
    run: (server, request, watcher, signal) => followRun(pool, log, server, request, watcher, signal),
    close: async () => pool.close(),
  };
}
