import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { askControl } from '../adapters/control/control.ts';
import type { AuditReport } from '../workflows/audit.ts';
import type { BenchSite } from './world.ts';

/** How far the bot is, seen from outside and at little cost to it. */
export interface Progress {
  /** Mails that are committed. */
  mails(): Promise<number>;
  /** No threshold that was met still waits for its decision. */
  isDecided(): Promise<boolean>;
  close(): Promise<void>;
}

/** Asks PostgreSQL beside the bot: the mailbox's messages have the UIDs from 1 on. */
export function watchPostgres(url: string): Progress {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return {
    async mails() {
      const [row] = await sql<{ lastUid: string }[]>`select max(last_uid) as "lastUid" from cursors`;
      return Number(row?.lastUid ?? 0);
    },
    async isDecided() {
      const [row] = await sql`select id from tickets where state = 'candidate' limit 1`;
      return row === undefined;
    },
    close: () => sql.end(),
  };
}

/** Asks the bot itself, which alone can open the embedded database. */
export function watchBot(site: BenchSite): Progress {
  return {
    async mails() {
      const { mails } = await audit(site);
      return Object.values(mails).reduce((sum, count) => sum + count, 0);
    },
    isDecided: async () => ((await audit(site)).tickets.candidate ?? 0) === 0,
    close: async () => {},
  };
}

export async function audit({ controlSocket }: BenchSite): Promise<AuditReport> {
  return (await askControl(controlSocket, { operation: 'audit', input: {} })) as AuditReport;
}

const shortestWaitMs = 20;
const longestWaitMs = 5_000;
const giveUpAfterMs = 600_000;

/** Resolves once so many mails are committed and all is decided. The closer the end the more often it looks. */
export async function waitUntilDone(progress: Progress, mails: number, since: Date): Promise<Date> {
  const deadline = since.getTime() + giveUpAfterMs;
  while (Date.now() < deadline) {
    const done = await progress.mails();
    if (done >= mails && (await progress.isDecided())) return new Date();
    const perMailMs = (Date.now() - since.getTime()) / Math.max(1, done);
    const guessMs = done === 0 ? 200 : ((mails - done) * perMailMs) / 2;
    await sleep(Math.min(longestWaitMs, Math.max(shortestWaitMs, guessMs)));
  }
  throw new Error(`the bot did not take in ${mails} mails in ${giveUpAfterMs / 1000} s`);
}
