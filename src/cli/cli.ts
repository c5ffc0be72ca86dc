import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ChatError } from '../domain/chat.ts';
import { RestageError } from '../domain/errors.ts';
import { addAuditCommand } from './audit.ts';
import { addCheckCommand } from './check.ts';
import { addDemoCommand } from './demo.ts';
import { addExplainCommand } from './explain.ts';
import { addMailsCommand } from './mails.ts';
import { addReadmitCommand } from './readmit.ts';
import { addRedistributeCommand } from './redistribute.ts';
import { addStartCommand } from './start.ts';
import type { Terminal } from './terminal.ts';

const examples = `
Examples:
  restage demo                              a whole site on this machine: nothing to configure
  restage check --config restage.yaml       name every fault of a config
  restage start --config restage.yaml       run the bot
  restage explain alert.eml                 why is there (no) ticket for this mail?
  restage explain --id 123                  the same for a mail that came in
  restage mails --state rejected            what came in and was turned away
  restage readmit 123                       let it in after all
  restage redistribute int-38               propose to run again what failed there
  restage audit                             do the states of all mails and alerts add up?
`;

/** What the world outside did has its words; a fault of our own needs its stack. */
function isKnown(error: Error): boolean {
  return error instanceof RestageError || error instanceof ChatError || 'syscall' in error;
}

/** Of the package, whose root is two folders above both in src/ and in dist/. */
function readVersion(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { readonly version: string }).version;
}

/** Runs one command line; answers the exit code: 0 done, 1 failed, 2 used wrongly. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = new Command('restage')
    .description('One good ticket for each real problem; re-runs exactly what failed.')
    .version(readVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .addHelpText('after', examples);
  const context = {
    ...terminal,
    fail: (code: number) => {
      exitCode = code;
    },
  };
  const commands = [
    addStartCommand,
    addDemoCommand,
    addCheckCommand,
    addExplainCommand,
    addMailsCommand,
    addReadmitCommand,
    addRedistributeCommand,
    addAuditCommand,
  ];
  for (const add of commands) add(program, context);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Error) || !isKnown(error)) throw error;
    terminal.stderr.write(`restage: ${error.message}\n`);
    return 1;
  }
  return exitCode;
}
