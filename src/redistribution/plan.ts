import type { Plan, RebuiltCommand } from '../domain/redistribution.ts';
import { isInDoubt } from '../domain/redistribution.ts';
import { mayReachOthers, sumHosts } from './count-hosts.ts';
import { countDryRuns } from './dry-run.ts';

/** A command, and whether it is to run. */
export interface Planned {
  readonly command: RebuiltCommand;
  readonly selected: boolean;
  /** As it was before people edited it; `null` or left out if nobody did. */
  readonly rebuilt?: RebuiltCommand | null;
}

/** More are only counted. */
const doubtfulJobsNamed = 20;

/** Whether an approval of the proposal is about it: nobody left it out, and nothing speaks against it. */
export function isRunnable({ command, selected }: Planned): boolean {
  return selected && command.refusal === null;
}

/** What there is to approve, counted once for all messages that show it. */
export function planOf(planned: readonly Planned[]): Plan {
  const runnable = planned.filter(isRunnable);
  const refused = planned.filter(({ command }) => command.refusal !== null).length;
  const dryRuns = countDryRuns(runnable);
  const canary = runnable.reduce(
    (sum, { command }) => sum + (command.canary ? command.recipients.length : 0),
    0,
  );
  const doubtful = runnable.filter((one) => isInDoubt(one.command) || mayReachOthers(one));
  return {
    commands: planned.length,
    runnable: runnable.length,
    leftOut: planned.length - refused - runnable.length,
    refused,
    recipients: runnable.reduce((sum, { command }) => sum + command.recipients.length, 0),
    hosts: sumHosts(runnable),
    ...(canary === 0 ? {} : { canary }),
    inDoubt: doubtful.length,
    doubtfulJobs: [...new Set(doubtful.map(({ command }) => command.job))].slice(0, doubtfulJobsNamed),
    ...(dryRuns === null ? {} : { dryRuns }),
  };
}

/** Returns how many hosts a plan's commands reach, as approvals count them; `null` if they cannot be counted. */
export function hostsOf(plan: Pick<Plan, 'hosts' | 'recipients'> | null | undefined): number | null {
  return plan?.hosts === undefined ? (plan?.recipients ?? 0) : plan.hosts;
}
