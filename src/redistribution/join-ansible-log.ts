import type { JobRecord, RecipientResult } from '../domain/redistribution.ts';
import { maybeTrial } from './adapter/played-run.ts';
import { findTool, isTrial } from './tool/tools.ts';

/** Clocks of one machine, and what a log rounds off. */
const slackMs = 2_000;

export interface JoinedRuns {
  readonly records: readonly JobRecord[];
  /** Plays of which nothing tells the command. */
  readonly unknown: readonly JobRecord[];
}

/**
 * Joins what Ansible's own log tells with the recorder's record of the same run (B14): the record has the command and its
 * surroundings, the log what became of each host. They are the same where one run of Ansible was recorded at that time, and
 * no other.
 */
export function joinAnsibleLog(records: readonly JobRecord[]): JoinedRuns {
  const played = records.filter(({ adapter }) => adapter === 'ansible-log');
  const recorded =
    played.length === 0 ? [] : records.filter((one) => one.adapter === 'record' && isAnsible(one));
  const runsOf = new Map<JobRecord, JobRecord[]>();
  const left = played.filter((run) => {
    const [owner, ...others] = recorded.filter((one) => isWithin(run, one));
    if (!owner || others.length > 0) return true;
    runsOf.set(owner, [...(runsOf.get(owner) ?? []), run]);
    return false;
  });
  const kept = records.flatMap((one) => {
    if (one.adapter === 'ansible-log') return left.includes(one) && one.argv.length > 0 ? [one] : [];
    // A trial has delivered nothing, whatever became of it.
    if (one.adapter === 'record' && isTrial(one.argv)) return [];
    const runs = runsOf.get(one);
    return [runs ? withResults(one, runs) : one];
  });
  return { records: kept, unknown: left.filter(({ argv }) => argv.length === 0) };
}

function isAnsible({ argv }: JobRecord): boolean {
  return findTool(argv)?.tool.programs.includes('ansible-playbook') ?? false;
}

function isWithin(run: JobRecord, { startedAt, endedAt }: JobRecord): boolean {
  const end = run.endedAt ?? run.startedAt;
  return (
    run.startedAt.getTime() >= startedAt.getTime() - slackMs &&
    (endedAt === null || end.getTime() <= endedAt.getTime() + slackMs)
  );
}

const worst: readonly RecipientResult['result'][] = ['failed', 'unknown', 'succeeded'];

/** Each playbook of a command is a run: a host has succeeded if it did in each that names it. */
function withResults(record: JobRecord, runs: readonly JobRecord[]): JobRecord {
  const results = new Map<string, RecipientResult>();
  for (const told of runs.flatMap(({ recipients }) => recipients)) {
    const { name } = told;
    // The record says that it was no trial.
    const one = told.cause === maybeTrial ? ({ name, result: 'succeeded', cause: null } as const) : told;
    const before = results.get(name);
    if (!before || worst.indexOf(one.result) < worst.indexOf(before.result)) results.set(name, one);
  }
  // Without a name the recorder takes its own server for the recipient.
  const others = record.recipients.filter(({ name }) => !results.has(name) && name !== record.server);
  return { ...record, recipients: [...results.values(), ...others] };
}
