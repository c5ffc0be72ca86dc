import { limits } from './limits.ts';
import type { Session } from './session.ts';

/**
 * Ends sessions of ours whose client was stopped in the middle of a statement. The driver sends a new statement in two
 * steps; a session that waits for the second one is `active` to the server, and no limit of the server ends it.
 */
const endStopped = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
    and state = 'active' and wait_event = 'ClientRead'
    and state_change < clock_timestamp() - interval '${limits.stoppedMs} milliseconds'`;

/** If work failed because a lock was not free in time, ends whoever may hold it and was stopped; the work may run again. */
export async function endWhoeverStopped(session: Session, error: unknown): Promise<void> {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const isLocked = cause instanceof Error && 'code' in cause && cause.code === '55P03';
  if (isLocked && !session.isLost()) await session.unsafe(endStopped).catch(() => {});
}
