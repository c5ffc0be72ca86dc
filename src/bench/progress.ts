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

const shortestWaitMs = 50;
const giveUpAfterMs = 600_000;

/**
 * Resolves once so many mails are committed and all is decided, with the time of it. Each look comes after half of the
 * time that is left, as far as one can tell from the time that has passed: some twenty of them find the end to the
 * moment, and cost the bot next to nothing.
 */
export async function waitUntilDone(progress: Progress, mails: number, since: Date): Promise<Date> {
  const deadline = since.getTime() + giveUpAfterMs;
  while (Date.now() < deadline) {
    const sight = await progress.look();
    if (sight.mails >= mails && sight.isDecided) return new Date();
    const passedMs = Date.now() - since.getTime();
    const leftMs = (passedMs * (mails - sight.mails)) / Math.max(1, sight.mails);
    await sleep(Math.max(shortestWaitMs, Math.min(leftMs, passedMs) / 2));
  }
  throw new Error(`the bot did not take in ${mails} mails in ${giveUpAfterMs / 1000} s`);
}
