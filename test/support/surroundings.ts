import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import { type Bot, type BotOptions, startBot } from './bot.ts';
import { type DistributionServer, startDistributionServer } from './distribution-server.ts';
import { type Dovecot, startDovecot } from './dovecot.ts';
import { people, tokens } from './site-config.ts';

/** At whose end everything is stopped: a test, or a file of tests. */
export interface Owner {
  onTestFinished(end: () => unknown): void;
}

export interface Surroundings {
  /** For all files of the test. */
  readonly folder: string;
  readonly dovecot: Dovecot;
  /** With two people, and the channels of the site's config. */
  readonly workspace: Workspace;
}

/** What a bot needs around it: a mail server, and a Slack workspace. */
export async function startSurroundings(test: Owner): Promise<Surroundings> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-site-'));
  test.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const dovecot = await startDovecot();
  test.onTestFinished(() => dovecot.stop());
  const workspace = await startWorkspace({
    users: people,
    channels: [
      { id: 'C0EU', name: 'maint-eu' },
      { id: 'C0UNKNOWN', name: 'maint-unknown' },
    ],
    botToken: tokens.SLACK_BOT_TOKEN,
    appToken: tokens.SLACK_APP_TOKEN,
  });
  test.onTestFinished(() => workspace.close());
  return { folder, dovecot, workspace };
}

/** Starts a server whose command `push` somebody else writes into its folder of programs; both end with the test. */
export async function startPushServer<Push extends { readonly abandon: () => unknown }>(
  test: Owner,
  folder: string,
  writePush: (bin: string) => Push,
): Promise<{ readonly server: DistributionServer; readonly push: Push }> {
  const server = await startDistributionServer({
    name: 'int-38',
    folder: path.join(folder, 'int-38'),
    devices: {},
  });
  test.onTestFinished(() => server.stop());
  const push = writePush(server.bin);
  test.onTestFinished(() => push.abandon());
  return { server, push };
}

/** Starts a bot and waits until it is up; at the test's end it is killed where it still runs. */
export async function startUp(test: Owner, options: BotOptions): Promise<Bot> {
  const bot = startBot(options);
  test.onTestFinished(() => bot.kill());
  await bot.ready;
  return bot;
}
