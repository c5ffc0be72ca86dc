import type { JobRecord, RebuiltCommand, RecipientResult } from '../domain/redistribution.ts';
import type { RunOutcome } from '../domain/server.ts';

/**
 * What became of each recipient of a re-run: what the server's log says of this attempt, else what the exit
 * code says. A run whose end nobody knows leaves its recipients unknown, unless the log knows better.
 */
export function decideResults(
  command: Pick<RebuiltCommand, 'recipients'>,
  outcome: RunOutcome,
  logged: Pick<JobRecord, 'recipients'> | null,
): readonly RecipientResult[] {
  const byName = new Map(logged?.recipients.map((one) => [one.name, one]));
  return command.recipients.map((name) => byName.get(name) ?? fromOutcome(name, outcome));
}

function fromOutcome(name: string, outcome: RunOutcome): RecipientResult {
  if (outcome.outcome === 'unknown') return { name, result: 'unknown', cause: outcome.reason };
  if (outcome.exitCode === 0) return { name, result: 'succeeded', cause: null };
  return { name, result: 'failed', cause: `exit code ${outcome.exitCode}` };
}
