import { type Command, InvalidArgumentError } from 'commander';
import { startDemo, startDemoWorkspace, tokens } from '../demo/demo.ts';
import { RestageError } from '../domain/errors.ts';
import { playScript } from '../demo/script/script.ts';
import type { Step } from '../demo/script/step.ts';
import type { CommandContext } from './terminal.ts';

interface Options {
  readonly script?: boolean;
  readonly json?: boolean;
  readonly slackOnly?: boolean;
  readonly port: number;
}

/** `restage demo`: the bot in a simulated workspace with a small site, to see and to try. */
export function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('run the bot in a simulated Slack workspace with a small site of servers')
    .option('--script', 'play the whole story without a person, and exit 0 only if every step held')
    .option('--json', 'with --script: print one JSON object a line; the last one is the result')
    .option('--slack-only', 'start the simulated workspace alone, for a bot with a config of its own')
    .option('--port <port>', 'port of the page (0: any free one)', parsePort, 3838)
    .action(async ({ script, json, slackOnly, port }: Options) => {
      if (script) await runScript(context, json === true);
      else if (slackOnly) await runSlackOnly(context, port);
      else await runForPerson(context, port);
    });
}

/** @throws InvalidArgumentError for what is no port */
function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

/** A port that cannot be listened on is told in a sentence. */
function toPortError(port: number) {
  return (error: unknown): never => {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error && error.syscall === 'listen')) {
      throw error;
    }
    const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${String(error.code)})`;
    throw new RestageError('listen-failed', `port ${port} ${why}: choose another one with --port, or 0`, {
      cause: error,
    });
  };
}

/** The workspace without the bot; until the process is asked to stop. */
async function runSlackOnly(context: CommandContext, port: number): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    context.onStopSignal(resolve);
  });
  const workspace = await startDemoWorkspace({ port, now: () => new Date() }).catch(toPortError(port));
  context.stdout.write(`
A simulated Slack workspace runs at:

    ${workspace.url}

Put into restage.yaml:

    slack:
      apiUrl: ${workspace.apiUrl}

and start the bot with:

    SLACK_BOT_TOKEN=${tokens.SLACK_BOT_TOKEN} SLACK_APP_TOKEN=${tokens.SLACK_APP_TOKEN} restage start

Press Ctrl-C to stop; nothing is kept.
`);
  await stopped;
  await workspace.close();
}

async function runScript(context: CommandContext, json: boolean): Promise<void> {
  const demo = await startDemo({ port: 0 });
  const tell = (step: Step) =>
    context.stdout.write(
      json ? `${JSON.stringify(step)}\n` : `${step.ok ? 'ok  ' : 'FAIL'}  ${step.step}\n      ${step.saw}\n`,
    );
  try {
    const result = await playScript(demo, tell);
    const { ok, ...numbers } = result;
    const lines = Object.entries(numbers).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}\n`);
    const text = `${ok ? 'Every step held.' : 'NOT every step held.'}\n${lines.join('')}`;
    context.stdout.write(json ? `${JSON.stringify(result)}\n` : text);
    if (!ok) context.fail(1);
  } finally {
    await demo.close();
  }
}

async function runForPerson(context: CommandContext, port: number): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    context.onStopSignal(resolve);
  });
  context.stdout.write('Starting a simulated Slack workspace, a small site, and the bot …\n');
  const demo = await startDemo({ port }).catch(toPortError(port));
  context.stdout.write(`
Restage runs in a simulated Slack workspace:

    ${demo.workspace.url}

1. Open it. int-38 is about to distribute a package to 210 clients, and its link will break:
   some 200 alert mails become one ticket in #maint-eu.
2. Press Repaired on the ticket (a technician mends the link at that moment).
3. Type:  /redistribute int-38 since yesterday
4. Press Approve, as the other person: the switch is at the top.

Press Ctrl-C to stop; nothing is kept.
`);
  try {
    const failed = demo.site.distribute(demo.smtpPort);
    await Promise.race([failed.then(() => stopped), stopped]);
  } finally {
    await demo.close();
  }
}
