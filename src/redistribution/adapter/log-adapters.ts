import type { LogSource } from '../../domain/log-source.ts';
import type { LogAdapter } from './log-adapter.ts';
import { createRecordAdapter } from './record-log.ts';

/** What understands this log of the server. */
export function createLogAdapter(source: LogSource, server: string): LogAdapter {
  switch (source.adapter) {
    case 'record':
    default:
      return createRecordAdapter(server);
  }
}
