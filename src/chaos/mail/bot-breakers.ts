import { setTimeout as sleep } from 'node:timers/promises';
import { countingLock } from '../../adapters/postgres/alerts.ts';
import { openSession, type Session } from '../../adapters/postgres/server/session.ts';
import { survivorProblem } from './alerts.ts';
import { ownSessions } from './mail-site.ts';
import type { Breaker, Strike } from './strike.ts';

const caughtWithinMs = 30_000;
/** Shorter than a bot waits for a lock. */
const heldUpForMs = 4_000;
const loadAlerts = 60;
/** How soon a bot that is gone must be out of its partner's way: the 15 s that are promised, and the partner's own work. */
const survivorWithinMs = 15_000 + 2_000;

export const botBreakers = {
  'bot-killed': ({ bot, fault }) => bot.restart('kill', fault.forMs),
  'bot-restarted': ({ bot, fault }) => bot.restart('stop', fault.forMs),
  'bot-paused': pause,
  'bot-frozen': pause,
  'bot-frozen-counting': (strike) =>
    leavePartner(strike, {
      away: async () => strike.bot.signal('SIGSTOP'),
      back: async () => strike.bot.signal('SIGCONT'),
    }),
  'bot-vanished-counting': (strike) =>
    leavePartner(strike, { away: () => strike.bot.machine.cut(), back: () => strike.bot.machine.mend() }),
  'cable-cut': async ({ bot, fault }) => {
    await bot.machine.cut();
    await sleep(fault.forMs);
    await bot.machine.mend();
  },
} as const satisfies Readonly<Record<string, Breaker>>;

async function pause({ bot, fault }: Strike): Promise<void> {
  bot.signal('SIGSTOP');
  await sleep(fault.forMs);
  bot.signal('SIGCONT');
}

interface Grip {
  readonly away: () => Promise<void>;
  readonly back: () => Promise<void>;
}

/** Takes a bot away in a transaction that counts; its partner must go on; then it comes back. */
async function leavePartner(strike: Strike, grip: Grip): Promise<void> {
  const { bot, random, fault, doors, note } = strike;
  const load = startLoad(strike);
  if (await catchCounting(strike, grip.away)) {
    await watchSurvivor(strike);
    // It wakes up in the midst of what it did, or a new one takes its place.
    if (random.between(0, 2) === 0) await bot.restart('kill', 0);
    await grip.back();
  } else note('no transaction that counts was caught');
  // What the survivor was to store is stored in any case, as far as the round counts.
  await Promise.all([load.end(), doors.http(survivorAlerts, fault.bot)]);
}

/** Sends single alerts to the bot, one after the other; `end` resolves when all have been accepted. */
function startLoad({ doors, fault, signal }: Strike): { end(): Promise<unknown> } {
  const ended = new AbortController();
  const sending: Promise<void>[] = [];
  const at = new Date();
  const run = async () => {
    for (let n = 0; n < loadAlerts && !ended.signal.aborted && !signal.aborted; n += 1) {
      sending.push(doors.http([{ device: survivorProblem.device, index: 1_000 + n, at }], fault.bot));
      await sleep(150);
    }
  };
  const running = run();
  return {
    async end() {
      ended.abort();
      await running;
      await Promise.all(sending);
    },
  };
}

/**
 * Takes the bot away while one of its transactions counts; false when no such moment came. What ends the database's sessions
 * meanwhile ends this program's too: then it tries again.
 */
async function catchCounting(strike: Strike, away: Grip['away']): Promise<boolean> {
  const until = performance.now() + caughtWithinMs;
  while (performance.now() < until && !strike.signal.aborted) {
    const session = await openOwnSession(strike).catch(() => null);
    try {
      const isCaught = session !== null && (await isHeldUpBy(session, strike).catch(() => false));
      if (isCaught) await away();
      if (isCaught) return true;
    } finally {
      await session?.end();
    }
    await sleep(500);
  }
  return false;
}

/** Named as it connects: what ends a bot's sessions leaves it alone. */
function openOwnSession({ site }: Strike): Promise<Session> {
  const url = new URL(site.databaseUrl);
  url.searchParams.set('application_name', ownSessions);
  return openSession({ url: url.href, settings: {}, isPrepared: () => false });
}

/** Holds the transaction up by a lock on the table that it writes next, so that it can't be over before the bot is gone. */
async function isHeldUpBy(session: Session, strike: Strike): Promise<boolean> {
  await session.unsafe('begin; lock table alerts in share row exclusive mode');
  return isHeldUp(strike);
}

/** Resolves with true as soon as the bot's counting waits, with false when it does not for some seconds. */
async function isHeldUp({ site, bot, signal }: Strike): Promise<boolean> {
  const until = performance.now() + heldUpForMs;
  while (performance.now() < until && !signal.aborted) {
    const [held] = await site.sql`
      select from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.objid = ${countingLock} and a.wait_event_type = 'Lock'
        and a.datname = ${site.databaseName} and host(a.client_addr) = ${bot.machine.address}`;
    if (held) return true;
    await sleep(10);
  }
  return false;
}

/** While its partner is gone with the lock, the other bot must go on within the time that is promised. */
async function watchSurvivor({ fault, doors, report, note }: Strike): Promise<void> {
  const since = performance.now();
  const passedMs = () => performance.now() - since;
  const other = fault.bot === 0 ? 1 : 0;
  let isStored = false;
  while (!isStored && passedMs() < fault.forMs) {
    isStored = await doors.tryHttp(survivorAlerts, other, fault.forMs - passedMs());
    if (!isStored) await sleep(300);
  }
  const took = `${(passedMs() / 1000).toFixed(1)} s`;
  if (!isStored) report(`the surviving bot stored nothing for ${took}`);
  else if (passedMs() > survivorWithinMs)
    report(`the surviving bot stored nothing for ${took}, then it went on`);
  else note(`the surviving bot went on after ${took}`);
  await sleep(Math.max(0, fault.forMs - passedMs()));
}

const survivorAlerts = Array.from({ length: survivorProblem.alerts }, (_, index) => ({
  device: survivorProblem.device,
  index,
  at: new Date(),
}));
