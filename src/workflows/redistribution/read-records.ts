import { RestageError } from '../../domain/errors.ts';
import type { LogSource } from '../../domain/log-source.ts';
import type { JobRecord, Period } from '../../domain/redistribution.ts';
import type { ServerProfile } from '../../domain/server.ts';
import { createLogAdapter } from '../../redistribution/adapter/log-adapters.ts';
import { joinAnsibleLog } from '../../redistribution/join-ansible-log.ts';
import type { Deps } from '../deps.ts';

/** Of faults of one log so many are written down one by one. */
const faultsTold = 20;

export interface ReadRecords {
  readonly records: readonly JobRecord[];
  /** Logs that are not there or may not be read, and what to do about it, a text each. */
  readonly unread: readonly string[];
}

/**
 * All job records in the server's logs that can belong to the period (B7, B8). A log that is missing does not hide what the
 * others tell; rejects where none can be read.
 */
export async function readRecords(deps: Deps, profile: ServerProfile, period: Period): Promise<ReadRecords> {
  const found: (readonly JobRecord[])[] = [];
  const missing: RestageError[] = [];
  for (const source of profile.logs) {
    try {
      found.push(await readLog(deps, profile, source, period));
    } catch (error) {
      if (!(error instanceof RestageError) || error.code !== 'server-logs-missing') throw error;
      missing.push(error);
    }
  }
  const [first] = missing;
  if (first && found.length === 0) throw first;
  for (const { message } of missing) deps.log.warn({ server: profile.name, error: message }, 'log not read');
  const { records, unknown } = joinAnsibleLog(found.flat());
  for (const { job, provenance } of unknown) {
    const { file, line } = provenance;
    deps.log.warn({ server: profile.name, play: job, file, line }, 'no command is known for a play');
  }
  return { records, unread: missing.map(({ message }) => message) };
}

async function readLog(
  deps: Deps,
  profile: ServerProfile,
  source: LogSource,
  { from, until }: Period,
): Promise<readonly JobRecord[]> {
  const { disorderMs, timeOf, parse } = createLogAdapter(source, profile.name);
  const period = {
    from: new Date(from.getTime() - source.longestRunMs - disorderMs),
    until: new Date(until.getTime() + disorderMs),
  };
  const slices = await deps.servers.readLogs(profile, { path: source.path, period, timeOf });
  const { records, faults } = parse(slices);
  for (const fault of faults.slice(0, faultsTold)) {
    deps.log.warn({ server: profile.name, ...fault }, 'log line not understood');
  }
  if (faults.length > faultsTold) {
    deps.log.warn({ server: profile.name, faults: faults.length }, 'more log lines not understood');
  }
  return records;
}
