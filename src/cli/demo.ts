import type { Command } from 'commander';
import { startDemo } from '../demo/demo.ts';
import { playScript } from '../demo/script/script.ts';
import type { Step } from '../demo/script/step.ts';
import type { CommandContext } from './terminal.ts';

interface Options {
  readonly script?: boolean;
  readonly json?: boolean;
  readonly port: string;
}

/** `restage demo`: the bot in a simulated workspace with a small site, to see and to try. */
export function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('run the bot in a simulated Slack workspace with a small site of servers')
    .option('--script', 'play the whole story without a person, and exit 0 only if every step held')
    .option('--json', 'with --script: print one JSON object a line; the last one is the result')
    .option('--port <port>', 'port of the page (0: any free one)', '3838')
    .action(async ({ script, json, port }: Options) => {
      if (script) await runScript(context, json === true);
      else await runForPerson(context, Number(port));
    });
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
  const demo = await startDemo({ port });
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
