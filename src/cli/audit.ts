import type { Command } from 'commander';
import type { AuditReport } from '../workflows/audit.ts';
import { inspect } from './inspect.ts';
import { escapeForTerminal } from './terminal-text.ts';
import type { CommandContext } from './terminal.ts';
import { configOption } from './terminal.ts';

/** `restage audit`: proves that nothing got lost; exit code 1, and what is wrong, when it did. */
export function addAuditCommand(program: Command, context: CommandContext): void {
  program
    .command('audit')
    .description('count mails, alerts and tickets by state, and check that they add up and agree')
    .option(...configOption)
    .option('--json', 'print one JSON object')
    .action(async ({ config, json }: { config: string; json?: boolean }) => {
      const report = await inspect<AuditReport>(config, context, 'audit', {});
      context.stdout.write(json ? `${JSON.stringify(report)}\n` : render(report));
      if (!report.balanced) context.fail(1);
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
