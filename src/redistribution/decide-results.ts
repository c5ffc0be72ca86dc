import type { JobRecord, RebuiltCommand, RecipientResult } from '../domain/redistribution.ts';
import type { RunOutcome } from '../domain/server.ts';

type Ended = Extract<RunOutcome, { readonly outcome: 'exited' | 'unknown' }>;

/** What else says how a run went: the recorder's entry for it, if it was run through the recorder. */
export type Testimony =
  | { readonly recorder: false }
  /** null: there is none, or it can't be read. */
  | { readonly recorder: true; readonly record: Pick<JobRecord, 'recipients'> | null };

/** The server's clock and ours may differ by so much. */
const clockSkewMs = 120_000;

/**
 * What became of each recipient of a re-run: what the server's log says of this attempt, else what the exit
 * code says. A run whose end nobody knows leaves its recipients unknown, unless the log knows better. Without its
 * record, exit code 0 says nothing of several recipients, nor where patterns decide.
 */
export function decideResults(
  command: Pick<RebuiltCommand, 'recipients' | 'recorderFlags'>,
  outcome: Ended,
  testimony: Testimony,
): readonly RecipientResult[] {
  const record = testimony.recorder ? testimony.record : null;
  const byName = new Map(record?.recipients.map((one) => [one.name, one]));
  const isAmbiguous = command.recipients.length > 1 || command.recorderFlags !== undefined;
  const isUnread = testimony.recorder && isAmbiguous;
  return command.recipients.map((name) => byName.get(name) ?? fromOutcome(name, outcome, isUnread));
}

/** Of the records in the log that of this very run: same job and attempt, not from before it was started, the newest. */
export function findOwnRecord(
  command: Pick<RebuiltCommand, 'job' | 'attempt'>,
  startedAt: Date,
  records: readonly JobRecord[],
): JobRecord | null {
  const earliest = startedAt.getTime() - clockSkewMs;
  return records
    .filter((one) => one.job === command.job && one.attempt === command.attempt)
    .filter((one) => one.startedAt.getTime() >= earliest)
    .reduce<JobRecord | null>((best, one) => (best && best.startedAt > one.startedAt ? best : one), null);
}

/** What a command has come to, by what became of its recipients. */
export function decideCommandState(
  outcome: Ended,
  results: readonly RecipientResult[],
): 'succeeded' | 'failed' | 'unknown' {
  if (outcome.outcome === 'unknown') return 'unknown';
  if (results.some((one) => one.result === 'failed')) return 'failed';
  return results.every((one) => one.result === 'succeeded') ? 'succeeded' : 'unknown';
}

function fromOutcome(name: string, outcome: Ended, isUnread: boolean): RecipientResult {
  if (outcome.outcome === 'unknown') return { name, result: 'unknown', cause: outcome.reason };
  if (outcome.exitCode !== 0) return { name, result: 'failed', cause: `exit code ${outcome.exitCode}` };
  if (isUnread) return { name, result: 'unknown', cause: 'exit code 0, but the server’s log does not tell' };
  return { name, result: 'succeeded', cause: null };
}
