import { pino } from 'pino';
import type { Log } from '../../domain/log.ts';

/** One JSON object a line on standard error, so that standard output stays free for answers. */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
