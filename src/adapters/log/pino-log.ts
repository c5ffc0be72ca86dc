import { type DestinationStream, pino } from 'pino';
import type { Log } from '../../domain/log.ts';
import { describeError } from './describe-error.ts';
import { withoutSecrets } from './without-secrets.ts';

/**
 * One JSON object a line, on standard error where nothing else is said, so that standard output stays free for answers.
 * Errors are told with their causes. No line bears a token or a password that is known by its form.
 */
export function createLog(level: string, destination: DestinationStream = pino.destination(2)): Log {
  const serializers = { error: describeError, err: describeError, cause: describeError };
  const safe = { write: (line: string) => destination.write(withoutSecrets(line)) };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers }, safe);
}
