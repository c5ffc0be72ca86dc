import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { askControl } from '../adapters/control/control.ts';
import { RestageError } from '../domain/errors.ts';
import type { ReadmitInput } from '../workflows/intake/mail-operations.ts';
import type { Readmitted } from '../workflows/intake/readmit.ts';
import { readIds } from './mails.ts';
import type { CommandContext } from './terminal.ts';
import { configOption, loadSiteConfig } from './terminal.ts';
import { escapeForTerminal } from './terminal-text.ts';

/** `restage readmit ID…`: lets mail in that a gate has stopped. Needs the bot: what follows is its work. */
export function addReadmitCommand(program: Command, context: CommandContext): void {
  program
    .command('readmit')
    .description(
      'let stored mails in as if validation had passed, and count their alerts (asks the running bot)',
    )
    .argument('<ids...>', 'as `restage mails` lists them', readIds)
    .option(...configOption)
    .option('--json', 'print one JSON object a line for each mail')
    .action(async (ids: number[], { config, json }: { config: string; json?: boolean }) => {
      const results = await ask(config, context, { ids, by: `terminal/${userInfo().username}` });
      for (const result of results) {
        context.stdout.write(json ? `${JSON.stringify(result)}\n` : `${escapeForTerminal(result.message)}\n`);
      }
      if (results.some(({ readmitted }) => !readmitted)) context.fail(1);
    });
}

async function ask(file: string, context: CommandContext, input: ReadmitInput): Promise<Readmitted[]> {
  const { config } = loadSiteConfig(file, context, { requireSecrets: false });
  try {
    return (await askControl(config.control.socket, { operation: 'readmit', input })) as Readmitted[];
  } catch (error) {
    if (!(error instanceof RestageError) || error.code !== 'not-running') throw error;
    throw new RestageError('not-running', `${error.message} Start it (restage start): it does what follows.`);
  }
}
