import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);
/** As `npm run build` leaves it. */
const builtProgram = new URL('../../dist/main.js', import.meta.url).pathname;
const stopsWithinMs = 25_000;

export interface BotOptions {
  /** The config file. */
  readonly config: string;
  /** Tokens, passwords and the database's URL. */
  readonly env: Readonly<Record<string, string>>;
  /** The program's main file; left out: as `npm run build` leaves it. */
  readonly program?: string;
  /** What it is started by; left out: nothing. */
  readonly within?: readonly string[];
}

/** The bot as a process of its own, as people run it. */
export interface Bot {
  readonly process: ChildProcess;
  /** Resolves when it is up; rejects with its last words when it ends before that. */
  readonly ready: Promise<void>;
  /** Ends it by SIGKILL, at once; resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop; answers its exit code. Rejects with its last words when it does not end. */
  stop(): Promise<number | null>;
  /** What it logged so far, the last lines of it. */
  lastWords(): string;
}

export function startBot({ config, env, program = builtProgram, within = [] }: BotOptions): Bot {
  const words = [...within, process.execPath, program, 'start', '--config', config];
  const child = spawn(words[0] ?? '', words.slice(1), {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = once(child, 'exit');
  const said: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr })
      .on('line', (line) => {
        said.push(line);
        if (line.includes('"restage is running"')) resolve();
      })
      .once('close', () => reject(new Error(`the bot ended before it was up:\n${lastWords()}`)));
  });
  // Whoever kills it before it is up need not listen.
  ready.catch(() => {});
  const lastWords = () => said.slice(-30).join('\n');
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  return {
    process: child,
    ready,
    kill: () => end('SIGKILL'),
    async stop() {
      const late = new AbortController();
      const isLate = sleep(stopsWithinMs, true, { signal: late.signal }).catch(() => false);
      if (await Promise.race([end('SIGTERM').then(() => false), isLate])) {
        await end('SIGKILL');
        throw new Error(`the bot did not stop within ${stopsWithinMs / 1000} s:\n${lastWords()}`);
      }
      late.abort();
      return child.exitCode;
    },
    lastWords,
  };
}

/** Asks by the command line, beside the running bot; answers the JSON object that it prints. */
export async function askBot<Answer>({ config, env }: BotOptions, command: string): Promise<Answer> {
  const argv = [builtProgram, command, '--json', '--config', config];
  const { stdout } = await execute(process.execPath, argv, { env: { PATH: process.env['PATH'], ...env } });
  return JSON.parse(stdout) as Answer;
}
