import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultIn } from '../fault-kinds.ts';
import { botBreakers } from './bot-breakers.ts';
import { databaseBreakers } from './database-breakers.ts';
import { mailboxBreakers } from './mailbox-breakers.ts';
import { loseReplies, slackBreakers } from './slack-breakers.ts';
import type { Breaker } from './strike.ts';

const nothingToDo: Breaker = () => Promise.resolve();

/** How each fault of the world of mail is brought about. */
export const breakers: Readonly<Record<FaultIn<'mail'>, Breaker>> = {
  ...botBreakers,
  ...databaseBreakers,
  ...mailboxBreakers,
  ...slackBreakers,
  'clock-ahead': loseReplies,
  // The bots start with their clocks, and the alerts are sent so, for the whole round.
  'clocks-apart': nothingToDo,
  'two-orders': nothingToDo,
  'clock-jump': async ({ site, fault }) => {
    writeFileSync(site.clockFile, '+1h');
    await sleep(fault.forMs);
    writeFileSync(site.clockFile, '+0');
  },
};
