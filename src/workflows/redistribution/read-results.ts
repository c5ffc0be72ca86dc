import { RestageError } from '../../domain/errors.ts';
import type { JobRecord } from '../../domain/redistribution.ts';
import type { ServerProfile } from '../../domain/server.ts';
import { applyVerification } from '../../redistribution/apply-verification.ts';
import { decideResults, findOwnRecord } from '../../redistribution/decide-results.ts';
import type { Deps } from '../deps.ts';
import { readRecords } from './read-records.ts';
import type { CommandEnding } from './settle-command.ts';

type Ran = Extract<CommandEnding, { readonly kind: 'ran' }>;

/**
 * What became of each recipient of the commands that have run: the recorder's own entry for this attempt tells. The log is
 * read once for all of them. Rejects with `server-unreachable` while it can't be asked.
 */
export async function readResults(
  deps: Deps,
  profile: ServerProfile,
  endings: readonly CommandEnding[],
): Promise<readonly CommandEnding[]> {
  const ran = endings.filter((one): one is Ran => one.kind === 'ran');
  const now = deps.clock.now();
  const startOf = ({ command }: Ran) => command.startedAt ?? now;
  const records =
    profile.recorder && ran.length > 0 ? await readLog(deps, profile, ran.map(startOf), now) : [];
  return endings.map((ending): CommandEnding => {
    if (ending.kind !== 'ran') return ending;
    const { command } = ending.command;
    const record = profile.recorder ? findOwnRecord(command, startOf(ending), records) : null;
    const testimony = profile.recorder
      ? ({ recorder: true, record } as const)
      : ({ recorder: false } as const);
    const results = decideResults(command, ending.outcome, testimony);
    return { ...ending, results: applyVerification(results, ending.verification) };
  });
}

async function readLog(
  deps: Deps,
  profile: ServerProfile,
  starts: readonly Date[],
  now: Date,
): Promise<readonly JobRecord[]> {
  const from = new Date(Math.min(...starts.map((start) => start.getTime())));
  try {
    const period = { from, until: new Date(now.getTime() + 60_000) };
    return (await readRecords(deps, profile, period)).records;
  } catch (error) {
    if (isPassing(error)) throw error;
    deps.log.warn({ server: profile.name, error: String(error) }, 'results not read from the log');
    return [];
  }
}

/** What waiting can mend. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof RestageError)) return false;
  return error.code === 'server-unreachable' || error.code === 'database-unavailable';
}
