import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, inject, it, vi } from 'vitest';
import type { Workspace } from '../../src/demo/workspace/workspace.ts';
import { actions } from '../../src/messages/actions.ts';
import type { AuditReport } from '../../src/workflows/audit.ts';
import { askBot, type Bot, type BotOptions, startBot } from '../support/bot.ts';
import { describeWithEachDatabaseUrl } from '../support/databases.ts';
import type { Dovecot } from '../support/dovecot.ts';
import { hasButton, shows, topLevel, untilShows, untilThreadShows } from '../support/messages.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';
import { ana, ben, mailUser, siteEnv, writeSiteConfig } from '../support/site-config.ts';
import { type Owner, startPushServer, startSurroundings, startUp } from '../support/surroundings.ts';

const channel = 'maint-eu';
const int38 = { name: 'int-38', ip: '127.0.38.1', room: '201' };
/** A bot is killed within this time after its start, or after it was up. */
const longestLifeMs = 1500;

interface Storm {
  readonly mails: number;
  readonly kills: number;
}

describeWithEachDatabaseUrl('a bot that is killed', (createUrl, isEmbedded) => {
  const isLong = inject('isLongRun') && !isEmbedded;
  const storm: Storm = isLong ? { mails: 500, kills: 5 } : { mails: 200, kills: 3 };

  it.concurrent(`loses and doubles nothing, killed ${storm.kills} times while ${storm.mails} mails arrive`, {
    timeout: 240_000,
  }, async (test) => {
    const random = createSeededRandom(Number(process.env['SEED'] ?? Date.now() % 1_000_000));
    test.onTestFailed(() => void process.stderr.write(`the same kills again: SEED=${random.seed}\n`));
    const { folder, dovecot, workspace } = await startSurroundings(test);
    const plan = planStorm(storm, random);
    const thresholds = [{ over: 'server', count: plan.threshold, within: '30m' }];
    const slack = { slackApiUrl: workspace.apiUrl, sockets: 1 };
    const config = writeSiteConfig({ folder, ...slack, dovecot, devices: [int38], thresholds });
    const options = { config, env: siteEnv(dovecot, await createUrl()) };

    await liveThroughKills(test, options, plan, dovecot, workspace);
    const bot = await startUp(test, options);
    await dovecot.deliverMany(mailUser, plan.rest);
    const ticket = await workspace.waitFor(() => topLevel(workspace, channel)[0], 'the ticket');
    await untilShows(workspace, ticket, `(${storm.mails} alerts)`, 60_000);

    expect(topLevel(workspace, channel)).toHaveLength(1);
    const told = workspace.messages(channel).map(({ text }) => text);
    expect(new Set(told).size).toBe(told.length);
    const methods = workspace.calls().flatMap((call) => (call.ok ? [call.method] : []));
    // The message that nobody had recorded was looked for, and found.
    expect(methods).toContain('conversations.history');
    expect(await askBot<AuditReport>(options, 'audit')).toMatchObject({
      balanced: true,
      alertsInMails: storm.mails,
      mails: { accepted: storm.mails, rejected: 0, 'dead-letter': 0 },
      alerts: { ticketed: storm.mails, counted: 0, held: 0 },
      tickets: { open: 1 },
    });
    expect(await bot.stop()).toBe(0);
  });

  const ends = [
    ['before the bot is back', true],
    ['after the bot is back', false],
  ] as const;
  it.concurrent.for(isEmbedded ? ends.slice(0, 1) : ends)(
    'says how the command ended that it was killed beside, which ended %s, and ran once',
    { timeout: 180_000 },
    async ([, isAway], test) => {
      const { folder, dovecot, workspace } = await startSurroundings(test);
      const { server, push } = await startPushServer(test, folder, writePush);
      const slack = { slackApiUrl: workspace.apiUrl };
      const allow = [{ program: push.program, arguments: ['client-001'] }];
      const servers = { int38: { server, allow } };
      const config = writeSiteConfig({
        folder,
        ...slack,
        dovecot,
        devices: [int38],
        thresholds: [],
        ...servers,
      });
      const options = { config, env: siteEnv(dovecot, await createUrl()) };
      const job = '--job edge-agent-eu --package edge-agent --recipient client-001';
      await server.run(`${server.recorder} ${job} -- ${push.program} client-001`);
      push.closeGate();

      const first = await startUp(test, options);
      const proposal = await approve(workspace);
      await untilThreadShows(workspace, proposal, 'pushing to client-001');
      await first.kill();
      if (isAway) await push.openGate();
      const second = await startUp(test, options);
      if (!isAway) await push.openGate();

      await untilThreadShows(workspace, proposal, 'exit code 3', 60_000);
      const done = await untilShows(workspace, proposal, '*Done*');
      expect(shows(done, 'failed (exit code 3)')).toBe(true);
      expect(shows(done, 'unknown')).toBe(false);
      expect(push.timesEnded()).toBe(1);
      expect(await second.stop()).toBe(0);
    },
  );
});

/** When a bot is killed: so long after it was started, or after it was up. */
interface Moment {
  readonly after: 'start' | 'ready';
  readonly ms: number;
}

interface Plan {
  /** The mails that arrive in each bot's life, and when it is killed; in `postLife` its post kills it. */
  readonly lives: readonly { readonly mails: readonly string[]; readonly moment: Moment }[];
  readonly postLife: number;
  /** Arrives when no bot is killed any more. */
  readonly rest: readonly string[];
  /** Is met by the mails that came until the end of `postLife`, and not before it. */
  readonly threshold: number;
}

function planStorm({ mails, kills }: Storm, random: SeededRandom): Plan {
  const all = Array.from({ length: mails }, (_, n) => alertMail(n + 1));
  const portion = Math.floor(mails / (kills + 1));
  const lives = Array.from({ length: kills }, (_, life) => ({
    mails: all.slice(life * portion, (life + 1) * portion),
    moment: {
      after: random.between(0, 3) === 0 ? ('start' as const) : ('ready' as const),
      ms: random.between(0, longestLifeMs),
    },
  }));
  const postLife = random.between(1, kills);
  const threshold = postLife * portion + random.between(1, portion + 1);
  return { lives, postLife, rest: all.slice(kills * portion), threshold };
}

async function liveThroughKills(
  test: Owner,
  options: BotOptions,
  { lives, postLife }: Plan,
  dovecot: Dovecot,
  workspace: Workspace,
): Promise<void> {
  const arriving: Promise<void>[] = [];
  for (const [life, { mails, moment }] of lives.entries()) {
    const bot = startBot(options);
    test.onTestFinished(() => bot.kill());
    if (life === postLife || moment.after === 'ready') await bot.ready;
    arriving.push(dovecot.deliverMany(mailUser, mails));
    if (life === postLife) await killByPost(bot, workspace);
    else await delay(moment.ms);
    await bot.kill();
  }
  await Promise.all(arriving);
}

/** Kills the bot when Slack has taken its message, before the answer is on its way. */
async function killByPost(bot: Bot, workspace: Workspace): Promise<void> {
  const stop = workspace.on('change', ({ kind }) => {
    if (kind === 'message') bot.process.kill('SIGKILL');
  });
  await workspace.waitFor(() => topLevel(workspace, channel)[0], 'the ticket', 30_000);
  stop();
}

function alertMail(n: number): string {
  const client = `client-${String(n).padStart(4, '0')}`;
  const now = new Date();
  return [
    'From: restage@int-38.eu.example.net',
    'To: dist-alerts@example.net',
    `Subject: [restage] FAILED edge-agent on ${client} (job edge-agent-eu)`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <restage.edge-agent-eu.${n}@int-38.eu.example.net>`,
    '',
    `Device: ${client}`,
    'Package: edge-agent',
    'Failure: connection refused',
    'Server: int-38',
    'Job: edge-agent-eu',
    `At: ${now.toISOString()}`,
    '',
  ].join('\r\n');
}

/** A command that always fails, and that from `closeGate` on waits for `openGate` before it ends. */
function writePush(bin: string) {
  const program = path.join(bin, 'push');
  const gate = path.join(bin, 'gate');
  const log = path.join(bin, 'ended');
  const lines = [
    '#!/bin/sh',
    'echo "pushing to $1"',
    `[ ! -p ${gate} ] || cat ${gate}`,
    `echo "$1" >>${log}`,
    'exit 3',
  ];
  writeFileSync(program, `${lines.join('\n')}\n`, { mode: 0o755 });
  const timesEnded = () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').length : 0);
  return {
    program,
    /** How often it ran to its end since the gate was closed. */
    timesEnded,
    closeGate() {
      rmSync(log);
      execFileSync('mkfifo', [gate]);
    },
    /** Resolves when it has ended. */
    async openGate() {
      await writeFile(gate, 'go on\n');
      await vi.waitUntil(() => timesEnded() > 0, { timeout: 10_000, interval: 20 });
    },
    /** Lets a command go that still waits, if there is one. */
    abandon() {
      if (existsSync(gate)) writeFileSync(gate, 'go on\n', { flag: 'r+' });
    },
  };
}

/** Ana asks for a redistribution, Ben approves it; answers its message. */
async function approve(workspace: Workspace) {
  await workspace.command(ana, channel, '/redistribute int-38 since yesterday');
  const find = () =>
    topLevel(workspace, channel).find((one) => hasButton(one, actions.redistributionApprove));
  const proposal = await workspace.waitFor(find, 'the proposal', 20_000);
  await workspace.click(ben, channel, proposal.ts, actions.redistributionApprove);
  return proposal;
}
