import { createLog } from '../adapters/log/pino-log.ts';
import { askControl } from '../adapters/control/control.ts';
import { openForInspection } from '../app.ts';
import { RestageError } from '../domain/errors.ts';
import type { Operation } from '../workflows/operations.ts';
import { operate } from '../workflows/operations.ts';
import type { CommandContext } from './terminal.ts';
import { loadSiteConfig } from './terminal.ts';

/** Asks the running bot, or opens the database itself where none runs. */
export async function inspect<Output>(
  file: string,
  context: CommandContext,
  operation: Operation,
  input: unknown,
): Promise<Output> {
  const loaded = loadSiteConfig(file, context, { requireSecrets: false });
  try {
    return (await askControl(loaded.config.control.socket, { operation, input })) as Output;
  } catch (error) {
    if (!(error instanceof RestageError) || error.code !== 'not-running') throw error;
  }
  const inspection = await openForInspection(loaded, { log: createLog('warn') });
  try {
    return (await operate(inspection.deps, operation, input)) as Output;
  } finally {
    await inspection.close();
  }
}
