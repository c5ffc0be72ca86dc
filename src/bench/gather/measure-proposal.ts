import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { createServerAccess } from '../../adapters/ssh/server-access.ts';
import type { ServerProfile } from '../../domain/server.ts';
import { readStamp } from '../../redistribution/adapter/record-log.ts';
import { atMostTimes, exactly, type Measurement, median } from '../measurement.ts';
import type { Sshd } from '../servers/sshd.ts';
import { channels, type World } from '../world.ts';
import { timeOf } from './measure-reading.ts';
import { endLine } from './write-log.ts';

export interface ProposalOptions {
  readonly jobs: number;
  readonly say: (text: string) => void;
}

const giveUpAfterMs = 600_000;
const silentLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * From `/redistribute` to the proposal in the workspace, with so many failed jobs on one server, each with a command of its
 * own; beside one page of SQL and one reading of the same log (its bytes alone, nothing understood), measured in the same run.
 */
export async function measureProposal(
  world: World,
  sshd: Sshd,
  profile: ServerProfile,
  { jobs, say }: ProposalOptions,
): Promise<readonly Measurement[]> {
  const logs = join(sshd.home, 'records');
  mkdirSync(logs);
  const now = Date.now();
  const lines = Array.from({ length: jobs }, (_, index) =>
    endLine(`job-${index}`, new Date(now - 60_000 + index), `client-${index}`),
  );
  const file = join(logs, `${new Date(now).toISOString().slice(0, 10)}.jsonl`);
  appendFileSync(file, lines.join(''));
  const databaseUrl = await world.postgres.createDatabase();
  const servers = { 'int-38': serverConfig(sshd, logs) };
  const site = world.writeSite({ user: 'bench-gather', devices: [], thresholds: [], databaseUrl, servers });
  const bot = world.startBot(site);
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await bot.opened;
    const since = performance.now();
    const usedBefore = bot.processorMs();
    await world.workspace.command('U0ANA', channels.tickets, '/redistribute int-38 last 2 hours');
    await until(async () => {
      const [row] = await sql<
        { state: string; note: string | null }[]
      >`select state, note from redistributions`;
      if (row?.state === 'failed') throw new Error([row.note, ...bot.complaints()].join('\n'));
      return row?.state === 'proposed';
    });
    const proposedMs = performance.now() - since;
    await until(async () =>
      world.workspace
        .messages(channels.tickets)
        .some((message) => JSON.stringify(message).includes('redistribution:approve')),
    );
    const shownMs = performance.now() - since;
    const usedMs = bot.processorMs() - usedBefore;
    const [count] = await sql<{ count: number }[]>`select count(*)::int as count from commands`;
    const pageMs = median(
      await times(
        5,
        () => sql`select * from failed_jobs where server = 'int-38' order by failed_at limit 50`,
      ),
    );
    const readMs = await measureLogRead(profile, `${logs}/*.jsonl`, new Date(now));
    const parts = `page of SQL ${pageMs} ms, log read ${readMs} ms`;
    say(`proposal in the database after ${proposedMs} ms, the bot’s processor time ${usedMs} ms; ${parts}`);
    return [
      exactly(`${jobs} failed jobs, commands proposed`, count?.count ?? 0, jobs),
      atMostTimes(`${jobs} failed jobs, ms to the proposal shown`, shownMs, pageMs + readMs, 5),
    ];
  } finally {
    await sql.end();
    await bot.stop();
  }
}

function serverConfig(sshd: Sshd, logs: string): object {
  return {
    host: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    privateKeyFile: sshd.clientKeyFile,
    hostKey: sshd.hostKeyFingerprint,
    logDirectory: logs,
    recorder: 'none',
    allow: [
      {
        program: 'rsync',
        flags: ['-a', { name: '--timeout', value: String.raw`\d+` }],
        arguments: ['/srv/packages/[a-z-]+', 'client-[0-9]+:/srv/incoming/'],
      },
    ],
  };
}

/** Each over a connection of its own, as the proposal's was: nobody had asked this server before. */
async function measureLogRead(profile: ServerProfile, path: string, now: Date): Promise<number> {
  const period = { from: new Date(now.getTime() - 7_200_000), until: new Date(now.getTime() + 7_200_000) };
  const read = async () => {
    const access = createServerAccess({ log: silentLog });
    try {
      await access.readLogs(profile, { path, period, timeOf: readStamp });
    } finally {
      await access.close();
    }
  };
  return median(await times(5, read));
}

async function times(count: number, work: () => PromiseLike<unknown>): Promise<readonly number[]> {
  const values: number[] = [];
  for (let left = count; left > 0; left--) values.push(await timeOf(async () => work()));
  return values;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + giveUpAfterMs;
  while (!(await isDone())) {
    if (performance.now() > deadline) throw new Error('no proposal was shown');
    await sleep(20);
  }
}
