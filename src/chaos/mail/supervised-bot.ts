import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bot, startBot } from '../../bench/bot.ts';
import type { Link } from '../link.ts';
import type { Machine } from '../machine.ts';

/** As `Restart=always` of the service unit does. */
const restartAfterMs = 1_000;
/** As `TimeoutStopSec` of the unit: a database that answers nothing is given up after 25 s, and takes 5 s more to be left. */
const stopsWithinMs = 45_000;
const relay = new URL('../relay.js', import.meta.url).pathname;

/** The ways from a bot's machine to its servers; each can be broken. */
export interface Links {
  readonly slack: Link;
  readonly mail: Link;
  /** null: the bot reaches the database directly. */
  readonly database: Link | null;
}

/** A bot on a machine of its own, which is started again when it ends. */
export interface SupervisedBot {
  readonly machine: Machine;
  readonly links: Links;
  /** Resolves when it is up. */
  readonly running: Promise<void>;
  /** Resolves when it has said that it waits for Slack, with the time by `performance.now()`. */
  readonly awaitsSlack: Promise<number>;
  /** SIGKILL or SIGTERM; it stays away for so long. */
  restart(how: 'kill' | 'stop', awayMs: number): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it for good by SIGTERM; it must end by itself. */
  stop(): Promise<void>;
  /** Ends it and its machine at once. */
  remove(): Promise<void>;
  /** Each time that it ended without being told to, or did not end when it was, with its last words. */
  deaths(): readonly string[];
}

export interface BotPlan {
  readonly machine: Machine;
  readonly links: Links;
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
}

export function superviseBot({ machine, links, config, env }: BotPlan): SupervisedBot {
  const deaths: string[] = [];
  const launch = (): Bot => {
    const bot = startBot({ config, env, nodeOptions: [], enter: machine.enter });
    const replace = async () => {
      await bot.ended;
      if (bot !== current) return;
      deaths.push(
        `it ended by itself (${bot.end()}): ${bot.complaints().filter(isTelling).slice(-4).join(' | ')}`,
      );
      await sleep(restartAfterMs);
      if (bot === current) current = launch();
    };
    void replace();
    return bot;
  };
  let current: Bot | null = null;
  current = launch();
  const end = async (bot: Bot, how: 'kill' | 'stop') => {
    current = null;
    if (how === 'kill') return bot.kill();
    const late = sleep(stopsWithinMs, true, { ref: false });
    if (await Promise.race([bot.stop().then(() => false), late])) {
      deaths.push(`it did not end within ${stopsWithinMs / 1000} s of SIGTERM`);
      await bot.kill();
    }
  };
  return {
    machine,
    links,
    running: current.running,
    awaitsSlack: current.awaitsSlack,
    async restart(how, awayMs) {
      if (current === null) return;
      await end(current, how);
      await sleep(awayMs);
      current = launch();
    },
    signal: (name) => current?.signal(name),
    async stop() {
      if (current !== null) await end(current, 'stop');
    },
    async remove() {
      const bot = current;
      current = null;
      await bot?.kill();
      for (const link of [links.slack, links.mail, links.database]) await link?.close();
      await machine.remove();
    },
    deaths: () => deaths,
  };
}

/** Not the frames of a stack. */
function isTelling(line: string): boolean {
  return line.trim() !== '' && !/^\s+at |^Node\.js v/.test(line);
}

/** Gives a machine servers on its own loopback: each route is `PORT=HOST:PORT`. Ends with this process. */
export async function startRelay(machine: Machine, routes: readonly string[]): Promise<() => void> {
  const [command = '', ...args] = [...machine.enter, process.execPath, relay, ...routes];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the relay did not start'))),
  ]);
  return () => void child.kill('SIGKILL');
}
