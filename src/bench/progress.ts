import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { askControl } from '../adapters/control/control.ts';
import type { AuditReport } from '../workflows/audit.ts';
import type { BenchSite } from './world.ts';

/** How far the bot is, seen from outside. */
export interface Progress {
  look(): Promise<Sight>;
  close(): Promise<void>;
}

interface Sight {
  /** Mails that are committed. */
  readonly mails: number;
  /** No threshold that was met still waits for its decision. */
  readonly isDecided: boolean;
}

/** Asks PostgreSQL beside the bot: the mailbox's messages have the UIDs from 1 on. */
export function watchPostgres(url: string): Progress {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return {
    async look() {
      const [row] = await sql<{ lastUid: string | null; isDecided: boolean }[]>`
        select max(last_uid) as "lastUid",
          not exists (select from tickets where state = 'candidate') as "isDecided"
        from cursors`;
      return { mails: Number(row?.lastUid ?? 0), isDecided: row?.isDecided === true };
    },
    close: () => sql.end(),
  };
}

/** Asks the bot itself, which alone can open the embedded database. */
export function watchBot(site: BenchSite): Progress {
  return {
    async look() {
      const { mails, tickets } = await audit(site);
      const sum = Object.values(mails).reduce((total, count) => total + count, 0);
      return { mails: sum, isDecided: (tickets.candidate ?? 0) === 0 };
    },
    close: async () => {},
  };
}

export async function audit({ controlSocket }: BenchSite): Promise<AuditReport> {
  return (await askControl(controlSocket, { operation: 'audit', input: {} })) as AuditReport;
}

const shortestWaitMs = 20;
const longestWaitMs = 5_000;
const giveUpAfterMs = 600_000;
/** A look costs the bot time: at most this part of its time goes into looks. */
const shareOfLooks = 0.02;

/**
 * Resolves once so many mails are committed and all is decided, with the time of it. The closer the end the more often
 * it looks.
 */
export async function waitUntilDone(progress: Progress, mails: number, since: Date): Promise<Date> {
  const deadline = since.getTime() + giveUpAfterMs;
  while (Date.now() < deadline) {
    const lookedAt = Date.now();
    const sight = await progress.look();
    if (sight.mails >= mails && sight.isDecided) return new Date();
    const perMailMs = (Date.now() - since.getTime()) / Math.max(1, sight.mails);
    const guessMs = sight.mails === 0 ? 200 : ((mails - sight.mails) * perMailMs) / 2;
    const dearMs = (Date.now() - lookedAt) / shareOfLooks;
    await sleep(Math.min(longestWaitMs, Math.max(shortestWaitMs, guessMs, dearMs)));
  }
  throw new Error(`the bot did not take in ${mails} mails in ${giveUpAfterMs / 1000} s`);
}
