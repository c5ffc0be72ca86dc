import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { stringify } from 'yaml';
import { type PostedMessage, startWorkspace, type Workspace } from '../demo/workspace/workspace.ts';
import { actions } from '../messages/actions.ts';
import { type Bot, startBot } from './bot.ts';
import { type PostgresServer, startPostgres } from './servers/postgres.ts';
import { type Machine, type Sshd, startSshd } from './servers/sshd.ts';

const ana = 'U0ANA';
export const [ben, cai] = ['U0BEN', 'U0CAI'] as const;
const channel = 'maint-eu';
const tokens = { SLACK_BOT_TOKEN: 'xoxb-bench', SLACK_APP_TOKEN: 'xapp-bench' } as const;
const proposedWithinMs = 120_000;

export interface CommandSiteOptions {
  /** The machine that the distribution server is; default: this one. */
  readonly machine?: Machine;
  /** The program that it distributes by. */
  readonly program: (folder: string) => string;
  /** How many commands run at the same time. */
  readonly atOnce: number;
  /** Where the bots' database is created; default: a server of the site's own. */
  readonly postgres?: PostgresServer;
}

/** A distribution server on which commands have failed, and bots that run them again. */
export interface CommandSite {
  readonly folder: string;
  readonly workspace: Workspace;
  readonly sshd: Sshd;
  /** The bots' database. */
  readonly sql: postgres.Sql;
  /** Starts a bot; all of them look after the same server and share one database. Resolves when it is up. */
  startBot(number: number): Promise<Bot>;
  /** Notes in the server's log that jobs failed, each with the program's arguments. */
  failJobs(jobs: readonly { readonly name: string; readonly args: readonly string[] }[]): void;
  /** Asks for their redistribution; resolves with the proposal. */
  propose(): Promise<PostedMessage>;
  /** All of them click at the same moment; resolves once that is acknowledged, or never will be. */
  approve(proposal: PostedMessage, people: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function startCommandSite({
  machine,
  program,
  atOnce,
  postgres: lent,
}: CommandSiteOptions): Promise<CommandSite> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-commands-'));
  const logs = path.join(folder, 'logs');
  mkdirSync(logs);
  const runs = program(folder);
  const sshd = await startSshd(machine ? { within: machine } : {});
  const database = lent ?? (await startPostgres());
  const url = await database.createDatabase();
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const workspace = await startWorkspace({
    users: [ana, ben, cai].map((id) => ({ id, name: id, realName: id, tz: 'UTC' })),
    channels: [
      { id: 'C0EU', name: channel },
      { id: 'C0UNKNOWN', name: 'maint-unknown' },
    ],
    botToken: tokens.SLACK_BOT_TOKEN,
    appToken: tokens.SLACK_APP_TOKEN,
    limits: 'off',
  });
  return {
    folder,
    workspace,
    sshd,
    sql,
    async startBot(number) {
      const config = path.join(folder, `restage-${number}.yaml`);
      const site = describeSite({ sshd, logs, program: runs, atOnce, slackApiUrl: workspace.apiUrl });
      writeFileSync(config, stringify({ ...site, database: { dataDir: `./data-${number}` } }));
      const bot = startBot({ config, env: { ...tokens, DATABASE_URL: url }, nodeOptions: [] });
      await bot.running;
      return bot;
    },
    failJobs(jobs) {
      const now = new Date();
      const lines = jobs.map(({ name, args }) => failure(now, name, [runs, ...args]));
      const file = path.join(logs, `${now.toISOString().slice(0, 10)}.jsonl`);
      writeFileSync(file, `${lines.join('\n')}\n`, { flag: 'a' });
    },
    propose: () => propose(workspace),
    async approve({ ts }, people) {
      const clicks = people.map((one) => workspace.click(one, channel, ts, actions.redistributionApprove));
      // A bot that dies in this moment acknowledges nothing.
      await Promise.allSettled(clicks);
    },
    async close() {
      await workspace.close();
      await sql.end();
      if (database !== lent) await database.stop();
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Site {
  readonly sshd: Sshd;
  readonly logs: string;
  readonly program: string;
  readonly atOnce: number;
  readonly slackApiUrl: string;
}

function describeSite({ sshd, logs, program, atOnce, slackApiUrl }: Site) {
  return {
    timeZone: 'UTC',
    slack: { apiUrl: slackApiUrl, sockets: 1 },
    intake: { smtp: { port: 0 } },
    health: { port: 0 },
    validation: { domains: ['example.net'] },
    routing: { regions: { eu: { channel } }, fallbackChannel: 'maint-unknown' },
    recovery: 'off',
    servers: {
      'int-38': {
        host: sshd.address,
        port: sshd.port,
        user: sshd.user,
        privateKeyFile: sshd.clientKeyFile,
        hostKey: sshd.hostKeyFingerprint,
        logDirectory: logs,
        recorder: 'none',
        atOnce,
        allow: [{ program, arguments: ['[a-z0-9.-]+'] }],
      },
    },
  };
}

/** A line of the recorder's log. The command names its recipient last, which no program here reads. */
function failure(at: Date, name: string, argv: readonly string[]): string {
  const recipient = `client-${name}`;
  return JSON.stringify({
    v: 1,
    event: 'end',
    id: name,
    at: at.toISOString(),
    server: 'int-38',
    job: name,
    attempt: 1,
    argv: [...argv, recipient],
    cwd: '/',
    packages: ['geo-db'],
    recipients: [recipient],
    exitCode: 1,
    durationS: 1,
    results: [{ recipient, result: 'failed', cause: 'refused' }],
  });
}

async function propose(workspace: Workspace): Promise<PostedMessage> {
  const before = new Set(workspace.messages(channel).map(({ ts }) => ts));
  // A busy machine acknowledges late, and Slack says so; the command is carried out all the same.
  await workspace.command(ana, channel, '/redistribute int-38 since yesterday').catch(() => {});
  const find = () =>
    workspace
      .messages(channel)
      .find(
        ({ ts, blocks }) =>
          !before.has(ts) &&
          JSON.stringify(blocks).includes(`"action_id":"${actions.redistributionApprove}"`),
      );
  return workspace.waitFor(find, 'a proposal', proposedWithinMs);
}
