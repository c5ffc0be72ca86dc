import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { askControl } from '../adapters/control/control.ts';
import { createLog } from '../adapters/log/pino-log.ts';
import { createApp } from '../app.ts';
import { RestageError } from '../domain/errors.ts';
import { operateBot } from '../workflows/operations.ts';
import type {
  RedistributeInput,
  RedistributeOutput,
} from '../workflows/redistribution/redistribute-operation.ts';
import type { CommandContext } from './terminal.ts';
import { configOption, loadSiteConfig } from './terminal.ts';
import { escapeForTerminal, escapeLinesForTerminal } from './terminal-text.ts';

interface Options {
  readonly config: string;
  readonly job?: string;
  readonly only?: string;
  readonly yes?: boolean;
  readonly confirmDoubtful?: boolean;
  readonly json?: boolean;
}

const examples = `
Examples:
  restage redistribute int-38                              what failed there, since its ticket or yesterday
  restage redistribute int-38 since 14:30 --job nightly-*  only these jobs
  restage redistribute client-017 last week                for one device, on every server that failed to reach it
  restage redistribute job edge-agent-eu                   one job, on every server
  restage redistribute int-38 --only 1-3,7                 only these of the commands
  restage redistribute int-38 --yes                        approve it, too, if you may

It proposes in the server's channel in Slack, under the rules of \`approval\` in the config. Who you are there says
approval.terminalUsers; without an entry you can only propose.
`;

/** `restage redistribute TARGET [PERIOD…]`: what \`/redistribute\` does, in a terminal (B5). */
export function addRedistributeCommand(program: Command, context: CommandContext): void {
  program
    .command('redistribute')
    .description('find what failed and propose to run it again, as /redistribute in Slack')
    .argument('<words...>', 'a server or a device, or: job J; then a period, such as: since yesterday')
    .option(...configOption)
    .option('--job <jobs>', 'only commands of these jobs, * for any part of a name')
    .option('--only <numbers>', 'only these commands, such as 1-3,7')
    .option('-y, --yes', 'approve it, if you may')
    .option('--confirm-doubtful', 'with --yes: you have looked twice at the commands in doubt')
    .option('--json', 'print one JSON object a line for each server')
    .addHelpText('after', examples)
    .action(async (words: string[], options: Options) => {
      const outputs = await ask(options.config, context, {
        text: words.join(' '),
        only: [options.job, options.only].filter(Boolean).join(',') || null,
        approve: options.yes === true,
        confirmed: options.confirmDoubtful === true,
        user: userInfo().username,
      });
      for (const output of outputs) {
        context.stdout.write(options.json ? `${JSON.stringify(output)}\n` : render(output));
      }
      if (outputs.some(isDisappointing)) context.fail(1);
    });
}

/** The running bot; without one, what it would do is done here, and Slack is told when it runs again. */
async function ask(
  file: string,
  context: CommandContext,
  input: Omit<RedistributeInput, 'alone'>,
): Promise<RedistributeOutput[]> {
  const { config } = loadSiteConfig(file, context, { requireSecrets: false });
  const operation = 'redistribute';
  try {
    const request = { operation, input: { ...input, alone: false } };
    return (await askControl(config.control.socket, request)) as RedistributeOutput[];
  } catch (error) {
    if (!(error instanceof RestageError) || error.code !== 'not-running') throw error;
  }
  const app = await createApp(loadSiteConfig(file, context, { requireSecrets: true }), {
    log: createLog('warn'),
  });
  try {
    return (await operateBot(app.deps, operation, { ...input, alone: true })) as RedistributeOutput[];
  } finally {
    await app.stop();
  }
}

function isDisappointing({ state, notApproved }: RedistributeOutput): boolean {
  return state === 'failed' || notApproved !== null;
}

function render(output: RedistributeOutput): string {
  const { server, state, note, listing, commands, withoutCommand } = output;
  const refused = commands.filter(({ refusal }) => refusal !== null);
  const lines = [
    `${server}: ${state}${note === null ? '' : `. ${note}`}`,
    ...(listing === '' ? [] : ['', listing.trimEnd(), '']),
    ...refused.map(({ number, job, refusal }) => `${number}. job ${job} can't be approved: ${refusal}`),
    ...(withoutCommand > 0 ? [`${countWords(withoutCommand)} without a command: no log has the run.`] : []),
    ...nextLines(output),
  ];
  return `${escapeLinesForTerminal(lines.join('\n'))}\n`;
}

function nextLines(output: RedistributeOutput): string[] {
  const { state, channel, approvals, approvalsNeeded, approvers, notApproved } = output;
  const not = notApproved === null ? [] : [`Not approved: ${notApproved}`];
  if (state !== 'proposed') return not;
  const missing = approvalsNeeded - approvals.length;
  const who = missing === 1 ? '1 person' : `${missing} people`;
  return [...not, `${who} must approve it in #${escapeForTerminal(channel)}: ${approvers}.`];
}

function countWords(failures: number): string {
  return failures === 1 ? '1 failure is' : `${failures} failures are`;
}
