import type {
  CommandTemplate,
  FailedJob,
  JobRecord,
  RebuiltCommand,
} from '../../src/domain/redistribution.ts';
import { rebuildCommands } from '../../src/redistribution/rebuild.ts';
import { serverProfile } from '../support/server-profile.ts';

type Result = 'succeeded' | 'failed' | 'unknown';

/** A record of job `nightly`; `results` names the recipients. */
export function makeRecord(
  results: Readonly<Record<string, Result>>,
  change: Partial<JobRecord> = {},
): JobRecord {
  const names = Object.keys(results);
  return {
    server: 'int-58',
    job: 'nightly',
    attempt: 1,
    argv: ['push', '--to', names.join(','), '/srv/geo-db'],
    cwd: '/srv',
    packages: ['geo-db'],
    recipients: Object.entries(results).map(([name, result]) => ({
      name,
      result,
      cause: result === 'failed' ? 'Connection refused' : null,
    })),
    startedAt: new Date('2026-11-20T10:00:00Z'),
    endedAt: new Date('2026-11-20T10:05:00Z'),
    exitCode: 1,
    adapter: 'record',
    confidence: 'exact',
    provenance: {
      file: '/var/log/restage/2026-11-20.jsonl',
      line: 2,
      offset: 0,
      lines: 2,
      digest: 'sha256:00',
    },
    ...change,
  };
}

/** What an alert told about `nightly`. */
export function makeAlert(recipient: string, change: Partial<FailedJob> = {}): FailedJob {
  return {
    server: 'int-58',
    job: 'nightly',
    recipient,
    package: 'geo-db',
    attempt: 1,
    failedAt: new Date('2026-11-20T10:05:00Z'),
    cause: 'mail says so',
    knownFrom: 'alert',
    ...change,
  };
}

/** Rebuilds a record's command for a server without a recorder. */
export function rebuildCommand(
  record: JobRecord,
  failed: readonly string[],
  allowed: readonly CommandTemplate[],
  attempt: number,
): RebuiltCommand {
  const [command] = rebuildCommands(record, failed, serverProfile({ allowed }), attempt);
  if (!command) throw new Error('no command');
  return command;
}
