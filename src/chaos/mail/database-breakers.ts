import { execFile } from 'node:child_process';
import { readFileSync, rmSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ownSessions } from './mail-site.ts';
import type { Breaker, Strike } from './strike.ts';

const run = promisify(execFile);

export const databaseBreakers = {
  'backends-terminated': (strike) =>
    strikeSessions(strike, async (pid) => {
      await strike.site.sql`select pg_terminate_backend(${pid})`;
    }),
  'backends-killed': (strike) => strikeSessions(strike, async (pid) => kill(pid, 'SIGKILL')),
  'database-killed': async ({ site, fault }) => {
    await site.postgres.crash();
    await sleep(fault.forMs);
    await site.postgres.resume();
  },
  'database-paused': async ({ site, fault }) => {
    const server = site.postgres.pid;
    kill(server, 'SIGSTOP');
    const all = [...childrenOf(server), server];
    for (const pid of all) kill(pid, 'SIGSTOP');
    await sleep(fault.forMs);
    for (const pid of all) kill(pid, 'SIGCONT');
  },
  'database-full': fillDisk,
  'database-half-open': async ({ site }) => {
    for (const { links } of site.bots) links.database?.silenceExisting();
  },
  'database-silent': async ({ site, fault }) => {
    for (const { links } of site.bots) links.database?.turn('silent');
    await sleep(fault.forMs);
    for (const { links } of site.bots) links.database?.turn('open');
  },
} as const satisfies Readonly<Record<string, Breaker>>;

/** Strikes one session of a bot after the other, spread over the fault’s time. One that has no name yet may be our own. */
async function strikeSessions({ site, fault, random }: Strike, strike: (pid: number) => Promise<void>) {
  for (let n = 0; n < fault.times; n += 1) {
    try {
      const sessions = await site.sql<{ pid: number }[]>`
        select pid from pg_stat_activity
        where datname = ${site.databaseName} and application_name not in ('', ${ownSessions})`;
      const chosen = sessions[random.between(0, Math.max(1, sessions.length))];
      if (chosen) await strike(chosen.pid);
    } catch {
      // This program's own session ended with the others.
    }
    await sleep(fault.forMs / fault.times);
  }
}

async function fillDisk({ site, fault }: Strike): Promise<void> {
  const { dataDir } = site.postgres;
  const filler = path.join(dataDir, 'filler');
  const until = performance.now() + fault.forMs;
  for (let n = 0; performance.now() < until; n += 1) {
    const { bavail, bsize } = statfsSync(dataDir);
    // Whatever the server frees is taken too.
    if (bavail > 0) await run('fallocate', ['-l', String(bavail * bsize), `${filler}-${n}`]).catch(() => {});
    await sleep(500);
  }
  for (let n = 0; n < fault.forMs; n += 500) rmSync(`${filler}-${n / 500}`, { force: true });
  // Without room for its log the server may have ended.
  await site.postgres.resume();
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

/** It may end by itself in the meantime. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
