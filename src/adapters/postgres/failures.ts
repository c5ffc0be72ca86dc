import { RestageError } from '../../domain/errors.ts';

/**
 * What a failed transaction calls for. `conflict`: PostgreSQL ended it in favor of another one; a further try will do.
 * `away`: no database, or one that takes nothing now. `own`: what was asked is at fault.
 */
export type FailureKind = 'conflict' | 'away' | 'own';

/** A serialization failure, a deadlock, a lock that was not free within `lock_timeout`. */
const conflictCodes = new Set(['40001', '40P01', '55P03']);

/** What the embedded database, postgres.js and the operating system say when the database is away. */
const awayCodes = new Set([
  'database-unavailable',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * PostgreSQL's own errors that pass: no connection, a rolled back transaction, no room, a server that is busy, starting,
 * stopping or (after a failover) read-only, a disk's error, a limit on time (a statement's, an idle transaction's).
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const passingCode = /^(?:08...|40...|53...|57014|57P..|58...|25006|25P0[34])$/;

/** Classifies an error of a driver; Drizzle wraps those. */
export function classifyFailure(error: unknown): FailureKind {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error) || !('code' in cause)) return 'own';
  const code = String(cause.code);
  if (conflictCodes.has(code)) return 'conflict';
  return awayCodes.has(code) || passingCode.test(code) ? 'away' : 'own';
}

/** Returns whether an error, of a driver or described already, only says that the database is away now. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof RestageError)) return classifyFailure(error) !== 'own';
  return error.code === 'database-unavailable' && classifyFailure(error.cause ?? error) !== 'own';
}

/** Replaces what says that the database is away by one error of ours; returns any other error unchanged. */
export function describeFailure(error: unknown): unknown {
  if (classifyFailure(error) === 'own') return error;
  return new RestageError(
    'database-unavailable',
    'The database can not be reached, or takes nothing now; the work is tried again.',
    { cause: error },
  );
}
