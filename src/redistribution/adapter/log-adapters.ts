import { RestageError } from '../../domain/errors.ts';
import type { LogSource } from '../../domain/log-source.ts';
import { createAnsibleAdapter } from './ansible-log.ts';
import { createStockAnsibleAdapter, nothingTold } from './ansible-stock-log.ts';
import { createFtpsyncAdapter } from './ftpsync-log.ts';
import type { LogAdapter } from './log-adapter.ts';
import { createPatternAdapter } from './pattern-log.ts';
import { createRecordAdapter } from './record-log.ts';
import { shippedFormats } from './shipped-formats.ts';

/** What understands this log of the server (B14). */
export function createLogAdapter(source: LogSource, server: string): LogAdapter {
  const { adapter, timeZone, format } = source;
  switch (adapter) {
    case 'ansible':
      return createAnsibleAdapter(server);
    case 'ansible-log':
      return createStockAnsibleAdapter(server, timeZone, source.ansible ?? nothingTold);
    case 'ftpsync':
      return createFtpsyncAdapter(server, timeZone);
    case 'pattern':
      if (format === null)
        throw new RestageError('config-invalid', `The log ${source.path} of ${server} has no format.`);
      return createPatternAdapter(
        server,
        timeZone,
        typeof format === 'string' ? shippedFormats[format] : format,
      );
    case 'record':
    default:
      return createRecordAdapter(server);
  }
}
