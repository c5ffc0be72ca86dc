import type { Command } from 'commander';
import type { AuditVerification } from '../workflows/audit-export.ts';
import type { AuditReport } from '../workflows/audit.ts';
import { inspect } from './inspect.ts';
import { escapeForTerminal } from './terminal-text.ts';
import type { CommandContext } from './terminal.ts';
import { configOption } from './terminal.ts';

interface ExportOptions {
  readonly config: string;
  readonly since?: string;
}

interface VerifyOptions {
  readonly config: string;
  readonly head: string;
}

/** `restage audit`: proves that nothing got lost; exit code 1, and what is wrong, when it did. */
export function addAuditCommand(program: Command, context: CommandContext): void {
  const audit = program.command('audit').description('check that nothing got lost, or export what was done');
  addExport(audit, context);
  addVerify(audit, context);
  audit
    .command('balance', { isDefault: true })
    .description('count mails, alerts and tickets by state, and check that they add up and agree')
    .option(...configOption)
    .option('--json', 'print one JSON object')
    .action(async ({ config, json }: { config: string; json?: boolean }) => {
      const report = await inspect<AuditReport>(config, context, 'audit', {});
      context.stdout.write(json ? `${JSON.stringify(report)}\n` : render(report));
      if (!report.balanced) context.fail(1);
    });
}

/** `restage audit export`: who asked, edited, approved, what ran where, and a digest of each day. */
function addExport(audit: Command, context: CommandContext): void {
  audit
    .command('export')
    .description('print who asked, edited, approved and what ran, as JSON lines, with a digest of each day')
    .option(...configOption)
    .option('--since <duration>', 'only days within, such as 30d')
    .action(async ({ config, since }: ExportOptions) => {
      const lines = await inspect<string[]>(config, context, 'audit-export', { since: since ?? null });
      for (const line of lines) context.stdout.write(`${line}\n`);
    });
}

/** `restage audit verify`: exit code 1 if no day has this head. */
function addVerify(audit: Command, context: CommandContext): void {
  audit
    .command('verify')
    .description('check that nothing was changed up to the day whose head was posted')
    .requiredOption('--head <digest>', 'as it was posted, sha256:…')
    .option(...configOption)
    .action(async ({ config, head }: VerifyOptions) => {
      const { day, days } = await inspect<AuditVerification>(config, context, 'audit-verify', { head });
      if (day === null) {
        context.stdout.write(
          `CHANGED: none of ${days} days has this head; something was changed since it was posted\n`,
        );
        context.fail(1);
        return;
      }
      context.stdout.write(`unchanged up to ${day}\n`);
    });
}

function render(report: AuditReport): string {
  const line = (what: string, counts: object) => {
    const entries = Object.entries(counts) as [string, number][];
    const total = entries.reduce((sum, [, n]) => sum + n, 0);
    return `${what.padEnd(8)} ${total} = ${entries.map(([state, n]) => `${n} ${state}`).join(' + ') || '0'}\n`;
  };
  return [
    line('mails', report.mails),
    line('alerts', report.alerts),
    line('tickets', report.tickets),
    ...report.failedDeliveries.map(
      ({ kind, subjectId, channel, lastError }) =>
        escapeForTerminal(
          `not delivered: ${kind} ${subjectId} for ${channel}: ${lastError ?? 'no reason known'}`,
        ) + '\n',
    ),
    ...report.faults.map((fault) => `NOT BALANCED: ${fault}\n`),
    report.balanced
      ? `balanced: the accepted mails carry ${report.alertsInMails} alerts, each is in one state that agrees with its ticket's, and each ticket has its message\n`
      : '',
  ].join('');
}
