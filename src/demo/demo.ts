import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog } from '../adapters/log/pino-log.ts';
import { shippedFormats } from '../alert/shipped-formats.ts';
import type { App } from '../app.ts';
import { createApp } from '../app.ts';
import { parseConfig } from '../config/load-config.ts';
import { actions } from '../messages/actions.ts';
import { createMovableClock } from './site/clock.ts';
import type { Site } from './site/site.ts';
import { startSite } from './site/site.ts';
import type { Workspace } from './workspace/workspace.ts';
import { startWorkspace } from './workspace/workspace.ts';

/** A bot with its whole world on this machine: a Slack workspace with two people, and a small site of servers. */
export interface Demo {
  readonly workspace: Workspace;
  readonly site: Site;
  readonly app: App;
  readonly smtpPort: number;
  now(): Date;
  /** Moves the bot's and the workspace's time on, and lets the bot take up what has fallen due. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

export const people = {
  ana: { id: 'U0ANA', name: 'ana', realName: 'Ana Costa', tz: 'Europe/Berlin' },
  ben: { id: 'U0BEN', name: 'ben', realName: 'Ben Okafor', tz: 'Europe/London' },
} as const;

export const tokens = { SLACK_BOT_TOKEN: 'xoxb-demo', SLACK_APP_TOKEN: 'xapp-demo' };

/** The workspace alone, with the demo's people and channels. @throws the system's error for a port that is taken */
export function startDemoWorkspace(options: {
  readonly port: number;
  readonly now: () => Date;
}): Promise<Workspace> {
  return startWorkspace({
    ...options,
    users: Object.values(people),
    channels: [
      { id: 'C0EU', name: 'maint-eu' },
      { id: 'C0APAC', name: 'maint-apac' },
    ],
    botToken: tokens.SLACK_BOT_TOKEN,
    appToken: tokens.SLACK_APP_TOKEN,
  });
}

/** Starts everything; the bot is the same as anywhere else, only its config and its probes are the site's. */
export async function startDemo({ port }: { readonly port: number }): Promise<Demo> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-demo-'));
  const clock = createMovableClock();
  const closers: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const workspace = await startDemoWorkspace({ port, now: () => clock.now() });
    closers.push(() => workspace.close());
    const site = await startSite(folder);
    closers.push(() => site.close());
    const smtpPort = await findFreePort();
    const file = site.writeConfig({ slackApiUrl: workspace.apiUrl, smtpPort });
    const shippedFormatNames = Object.keys(shippedFormats);
    const loaded = parseConfig(readFileSync(file, 'utf8'), file, tokens, { shippedFormatNames });
    const app = await createApp(loaded, {
      log: createLog(loaded.config.log.level),
      clock,
      prober: site.prober,
    });
    closers.push(() => app.stop());
    // A technician mends the link and then presses the button; here the button does both.
    workspace.on('interaction', ({ actionId }) => {
      if (actionId === actions.ticketRepaired) void site.repair();
    });
    await app.start();
    const pass = async (ms: number) => {
      clock.pass(ms);
      await app.takeUp();
    };
    return { workspace, site, app, smtpPort, now: () => clock.now(), pass, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address ? address.port : 2525;
}
