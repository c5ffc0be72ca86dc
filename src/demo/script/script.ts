import type { AuditReport } from '../../workflows/audit.ts';
import { operations } from '../../workflows/operations.ts';
import type { Demo } from '../demo.ts';
import { playAutoTicket } from './auto-ticket.ts';
import { playMainJob } from './main-job.ts';
import type { Check, Step } from './step.ts';

export interface ScriptResult {
  readonly ok: boolean;
  readonly mailsSent: number;
  readonly alertsAccepted: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly ticketsPosted: number;
  readonly slackCalls: number;
  readonly jobsFound: number;
  readonly commandsRun: number;
  readonly jobsLeft: number;
}

/** Plays the whole story without a person; `tell` gets each step as soon as it has been seen. */
export async function playScript(demo: Demo, tell: (step: Step) => void): Promise<ScriptResult> {
  let ok = true;
  const check: Check = (step, holds, saw) => {
    ok &&= holds;
    tell({ step, ok: holds, saw });
  };
  await playMainJob(demo, check);
  const report = await operations.audit(demo.app.deps);
  check('the books balance', report.balanced, `${report.alertsInMails} alerts, each in one state`);
  const counts = await countEverything(demo, report);
  await playAutoTicket(demo, check);
  const after = await operations.audit(demo.app.deps);
  check('the books balance still', after.balanced, `${after.alertsInMails} alerts, each in one state`);
  return { ok, ...counts };
}

async function countEverything(
  { app, workspace }: Demo,
  report: AuditReport,
): Promise<Omit<ScriptResult, 'ok'>> {
  const { store } = app.deps;
  const { rejected, jobs, commands, left } = await store.transaction(async (tx) => {
    const done = await tx.redistributionsOf('int-38', ['done']);
    const lists = await Promise.all(done.map(({ id }) => tx.commandsOf(id)));
    const run = lists.flat().filter(({ startedAt }) => startedAt !== null);
    return {
      rejected: await tx.refusals(),
      jobs: new Set(lists.flat().map(({ command }) => command.job)).size,
      commands: run.length,
      left: (await tx.failedJobs('int-38', null)).length,
    };
  });
  return {
    mailsSent: Object.values(report.mails).reduce((sum, n) => sum + n, 0),
    alertsAccepted: report.alertsInMails,
    rejected,
    ticketsPosted: report.tickets.resolved ?? 0,
    slackCalls: workspace.calls().length,
    jobsFound: jobs,
    commandsRun: commands,
    jobsLeft: left,
  };
}
