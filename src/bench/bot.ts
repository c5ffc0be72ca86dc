import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const program = new URL('../main.js', import.meta.url).pathname;
const openTimeoutMs = 180_000;
/** Of pino's levels the first that tells of trouble. */
const warning = 40;

export interface BotOptions {
  /** The config file. */
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  /** Options for node, such as `--cpu-prof`. */
  readonly nodeOptions: readonly string[];
  /** What starts it, such as `ip netns exec NAME`; it must become the bot by exec(2). Default: nothing. */
  readonly enter?: readonly string[];
}

/** The bot as a process of its own, as people run it. */
export interface Bot {
  /** When it had opened its mailbox, by its own log; rejects when it ends before. */
  readonly opened: Promise<Date>;
  /** Resolves when it is up; rejects when it ends before. */
  readonly running: Promise<void>;
  /** Resolves when it has said that it waits for Slack, with the time by `performance.now()`; rejects when it ends before. */
  readonly awaitsSlack: Promise<number>;
  readonly pid: number;
  /** Whether the process has not ended yet. */
  isAlive(): boolean;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<void>;
  /** Its exit code, or the signal that ended it; null while it runs. */
  end(): number | string | null;
  /** Stops it in its tracks by SIGSTOP, until SIGCONT. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** The most memory it ever held (VmHWM), in bytes. */
  peakBytes(): number;
  /** The processor time that it has used so far, in ms. */
  processorMs(): number;
  /** Asks it to stop, and waits. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL, at once; resolves when it is gone. */
  kill(): Promise<void>;
  /** The last warnings and errors that it logged. */
  complaints(): readonly string[];
}

export function startBot({ config, env, nodeOptions, enter = [] }: BotOptions): Bot {
  const argv = [...enter, ...readOwnStart(), ...nodeOptions, program, 'start', '--config', config];
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = once(child, 'exit');
  const complaints: string[] = [];
  const lines = createInterface({ input: child.stderr }).on('line', (line) => {
    if (readLine(line).level >= warning) complaints.push(line);
  });
  const said = (wanted: string) =>
    new Promise<Date>((resolve, reject) => {
      lines
        .on('line', (line) => {
          const { time, msg } = readLine(line);
          if (msg === wanted && time !== undefined) resolve(new Date(time));
        })
        .once('close', () => fail('the bot ended too early'));
      setTimeout(() => fail(`the bot did not say: ${wanted}`), openTimeoutMs).unref();
      const fail = (what: string) => reject(new Error([what, ...complaints.slice(-10)].join('\n')));
    });
  const opened = said('imap mailbox opened');
  const running = said('restage is running').then(() => undefined);
  const awaitsSlack = said('waiting for slack; mail is taken in meanwhile').then(() => performance.now());
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals) => {
    if (isAlive()) child.kill(signal);
    await gone;
  };
  // Whoever stops it early need not listen.
  opened.catch(() => {});
  running.catch(() => {});
  awaitsSlack.catch(() => {});
  return {
    opened,
    running,
    awaitsSlack,
    pid: child.pid ?? 0,
    isAlive,
    ended: gone.then(() => undefined),
    end: () => child.exitCode ?? child.signalCode,
    signal: (name) => void child.kill(name),
    peakBytes: () => readPeak(child),
    processorMs: () => readProcessorTime(child),
    complaints: () => complaints.slice(-10),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** Returns how the program's first line starts it, with the node that runs this. */
function readOwnStart(): string[] {
  const [first = ''] = readFileSync(program, 'utf8').split('\n', 1);
  const words = first.split(' ').slice(2);
  return ['/usr/bin/env', ...words.map((word) => (word === 'node' ? process.execPath : word))];
}

interface LogLine {
  readonly level: number;
  readonly time?: string;
  readonly msg: string;
}

/** What is not JSON is what node itself says: worth a warning. */
function readLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { level: warning, msg: line };
  }
}

/** proc_pid_status(5): VmHWM, the peak resident set size, in kB. */
function readPeak({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

/** proc_pid_stat(5): user and system time stand as the fields 14 and 15, in ticks of 10 ms. */
function readProcessorTime({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
