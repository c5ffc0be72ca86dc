import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'ssh2';
import ssh2 from 'ssh2';
import { createLimit } from '../domain/limit.ts';
import { ben, type CommandSite, startCommandSite } from './command-site.ts';
import { atMostTimes, type Measurement, median } from './measurement.ts';

export interface RunOptions {
  readonly commands: number;
  readonly rounds: number;
  readonly say: (text: string) => void;
}

/** As many channels at a time as a connection may well have. */
const atOnce = 8;
const noOp = '/bin/true';
const giveUpAfterMs = 120_000;
const lookEveryMs = 2;

/**
 * Commands that do nothing, approved in one batch: from the click to the last committed result, beside as many plain execs on
 * one connection, so many at a time, each exit code read. Both over a connection that is there already.
 */
export async function measureRun({ commands, rounds, say }: RunOptions): Promise<Measurement> {
  const site = await startCommandSite({ program: () => noOp, atOnce });
  const bot = await site.startBot(1);
  const plain = await connect(site);
  const times: Record<'bot' | 'plain', number[]> = { bot: [], plain: [] };
  try {
    // The first round warms both up.
    for (let round = 0; round <= rounds; round += 1) {
      const plainMs = await execPlainly(plain, commands);
      const botMs = await runByBot(site, commands, round);
      say(`round ${round}: ${Math.round(botMs)} ms by the bot, ${Math.round(plainMs)} ms plainly`);
      if (round > 0) {
        times.plain.push(plainMs);
        times.bot.push(botMs);
      }
    }
  } finally {
    plain.end();
    await bot.stop();
    await site.close();
  }
  const name = `${commands} commands, from the click to the last committed result, ms`;
  return atMostTimes(name, median(times.bot), median(times.plain), 3);
}

async function runByBot(site: CommandSite, commands: number, round: number): Promise<number> {
  const names = Array.from({ length: commands }, (_, n) => `job-${round}-${n + 1}`);
  site.failJobs(names.map((name) => ({ name, args: [name] })));
  const proposal = await site.propose();
  const since = performance.now();
  const acknowledged = site.approve(proposal, [ben]);
  await untilCommitted(site, commands, round, since);
  const tookMs = performance.now() - since;
  await acknowledged;
  return tookMs;
}

async function untilCommitted(
  { sql }: CommandSite,
  commands: number,
  round: number,
  since: number,
): Promise<void> {
  while (performance.now() - since < giveUpAfterMs) {
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int as count from commands
      where state = 'succeeded' and exit_code = 0 and command->>'job' like ${`job-${round}-%`}`;
    if (row?.count === commands) return;
    await sleep(lookEveryMs);
  }
  throw new Error(`not all commands succeeded within ${giveUpAfterMs / 1000} s`);
}

async function connect({ sshd }: CommandSite): Promise<Client> {
  const client = new ssh2.Client();
  await new Promise<void>((resolve, reject) => {
    client.on('ready', resolve).on('error', reject);
    client.connect({
      host: sshd.address,
      port: sshd.port,
      username: sshd.user,
      privateKey: readFileSync(sshd.clientKeyFile),
    });
  });
  client.setNoDelay(true);
  return client;
}

async function execPlainly(client: Client, commands: number): Promise<number> {
  const take = createLimit(atOnce);
  const since = performance.now();
  const codes = await Promise.all(
    Array.from({ length: commands }, (_, n) => take(() => exec(client, `${noOp} job-${n + 1}`))),
  );
  const tookMs = performance.now() - since;
  if (codes.some((code) => code !== 0)) throw new Error('a plain exec failed');
  return tookMs;
}

/** sshd counts a session for a moment after its channel is closed, and refuses one more then. */
async function exec(client: Client, command: string): Promise<number> {
  for (;;) {
    const exitCode = await execOnce(client, command);
    if (exitCode !== null) return exitCode;
    await sleep(1);
  }
}

function execOnce(client: Client, command: string): Promise<number | null> {
  return new Promise((resolve) => {
    client.exec(command, (error, channel) => {
      if (error) {
        resolve(null);
        return;
      }
      let exitCode = -1;
      channel.on('exit', (code: number) => {
        exitCode = code;
      });
      channel.on('close', () => resolve(exitCode));
      channel.resume();
      channel.stderr.resume();
    });
  });
}
