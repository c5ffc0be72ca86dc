import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultIn } from '../fault-kinds.ts';
import type { PlannedFault } from '../plan.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { RunWorld } from './run-world.ts';

/** Brings a fault about; resolves when it is healed. */
type Breaker = (world: RunWorld, fault: PlannedFault, random: SeededRandom) => Promise<void>;

/** How each fault of the world of runs is brought about. */
export const runBreakers: Readonly<Record<FaultIn<'runs'>, Breaker>> = {
  'run-sessions-killed': async ({ site }, { times }, random) => {
    for (let n = 0; n < times; n += 1) {
      await site.sshd.killSessions();
      await sleep(random.between(0, 400));
    }
  },
  'run-bot-killed': async ({ site, bots }, { forMs }) => {
    await bots.pop()?.kill();
    await sleep(forMs);
    bots.push(await site.startBot(bots.length + 1));
  },
  'run-bot-paused': pause,
  'run-bot-frozen': pause,
  'run-cable-cut': async ({ machine, site }, { forMs }) => {
    await machine.cut();
    // The server has given the sessions up meanwhile, or notices nothing.
    if (forMs % 2 === 0) await site.sshd.killSessions();
    await sleep(forMs);
    await machine.mend();
  },
  'run-server-away': async ({ site }, { forMs }) => {
    await site.sshd.halt();
    await sleep(forMs);
    await site.sshd.resume();
  },
  // Two people click at the same moment, at the beginning.
  'run-race': () => Promise.resolve(),
  'run-backends-terminated': async ({ site }, { times, forMs }) => {
    for (let n = 0; n < times; n += 1) {
      await site.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() order by random() limit 1`;
      await sleep(forMs / times);
    }
  },
  'run-slack-reply-lost': ({ site }, { times }) => {
    for (const method of ['chat.postMessage', 'chat.update']) {
      site.workspace.misbehave({ kind: 'lose-reply', method, times });
    }
    return Promise.resolve();
  },
};

/** The bot that is struck is the last one, which a bot that was killed meanwhile is not. */
async function pause({ bots }: RunWorld, { forMs }: PlannedFault): Promise<void> {
  const bot = bots.at(-1);
  bot?.signal('SIGSTOP');
  await sleep(forMs);
  bot?.signal('SIGCONT');
}
