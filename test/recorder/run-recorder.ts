import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = new URL('../../src/recorder/restage-record', import.meta.url).pathname;

export interface Recorded {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of the log, as JSON. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A folder of its own for logs and files; `run` calls the real program there. */
export interface RecorderSite {
  readonly folder: string;
  run(args: readonly (string | Buffer)[], options?: RunOptions): Promise<Recorded>;
  readLog(): Promise<readonly LogLine[]>;
  readLogBytes(): Promise<Buffer>;
  remove(): Promise<void>;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process's id as soon as it has printed something. */
  readonly onOutput?: (pid: number) => void;
}

export async function createRecorderSite(): Promise<RecorderSite> {
  const folder = await mkdtemp(join(tmpdir(), 'restage-recorder-'));
  const logs = join(folder, 'log');
  const readLogBytes = async () => {
    const names = (await readdir(logs)).filter((name) => name.endsWith('.jsonl')).toSorted();
    return Buffer.concat(await Promise.all(names.map((name) => readFile(join(logs, name)))));
  };
  return {
    folder,
    run: (args, options = {}) => runProgram(folder, ['--log-dir', logs, ...args], options),
    readLogBytes,
    readLog: async () => {
      const text = (await readLogBytes()).toString();
      return text.split('\n').filter(Boolean).map(parseLine);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function parseLine(line: string): LogLine {
  const value: unknown = JSON.parse(line);
  return Object.fromEntries(Object.entries(value ?? {}));
}

/** Node passes arguments as UTF-8 only; other bytes go through bash's own quoting. */
function runProgram(
  cwd: string,
  args: readonly (string | Buffer)[],
  { stdin = '', env = {}, onOutput }: RunOptions,
): Promise<Recorded> {
  const words = [program, ...args].map((word) =>
    typeof word === 'string'
      ? `'${word.replaceAll("'", String.raw`'\''`)}'`
      : `$'${[...word].map((byte) => String.raw`\x` + byte.toString(16).padStart(2, '0')).join('')}'`,
  );
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--norc', '-c', `exec ${words.join(' ')}`], {
      cwd,
      env: { PATH: process.env['PATH'], TMPDIR: cwd, RESTAGE_RECORD_CONF: '/dev/null', ...env },
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      if (stdout.length === 1) onOutput?.(child.pid ?? 0);
    });
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
    child.stdin.end(stdin);
  });
}
