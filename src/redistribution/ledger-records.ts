import type { JobRecord } from '../domain/redistribution.ts';
import type { CommandRecord } from '../domain/store/redistributions.ts';

/** What of a command that has ended says how it went. */
type Ended = Pick<CommandRecord, 'command' | 'results' | 'exitCode' | 'startedAt' | 'endedAt'>;

/**
 * The bot's own ledger as job records, of those of its commands of which the server's logs say nothing: a server without a
 * recorder has no other record of a re-run (B12, B13). Without this what a re-run has mended would be proposed again.
 * Their times become those of the server's clock, which is ahead of ours by `offsetMs`.
 */
export function recordsOfLedger(
  commands: readonly Ended[],
  logged: readonly JobRecord[],
  offsetMs: number,
): readonly JobRecord[] {
  const known = new Set(logged.map(keyOf));
  return commands
    .filter(({ command }) => !known.has(keyOf(command)))
    .flatMap(({ command, results, exitCode, startedAt, endedAt }) => {
      if (startedAt === null || endedAt === null || results.length === 0) return [];
      const { server, job, attempt, argv, cwd, packages, adapter, confidence, provenance } = command;
      const { recorderFlags, sources, list, context } = command;
      return [
        {
          ...{ server, job, attempt, argv, cwd, packages, adapter, confidence, provenance },
          ...(recorderFlags ? { recorderFlags } : {}),
          ...(sources ? { sources } : {}),
          ...(list ? { list } : {}),
          ...(context ? { context } : {}),
          recipients: results,
          startedAt: new Date(startedAt.getTime() + offsetMs),
          endedAt: new Date(endedAt.getTime() + offsetMs),
          exitCode,
          fromLedger: true,
        },
      ];
    });
}

function keyOf({ server, job, attempt }: Pick<JobRecord, 'server' | 'job' | 'attempt'>): string {
  return JSON.stringify([server, job, attempt]);
}
