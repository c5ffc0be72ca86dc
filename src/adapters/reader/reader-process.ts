import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type CarefulReader, ReaderEnded, ReaderUnavailable } from '../../domain/careful-reader.ts';

export interface ReaderOptions {
  /** A program that answers each message but the first, which is `setting`. It says `ready` to that one. */
  readonly program: URL;
  /** What it takes to read mail; asked at each start of the program. */
  setting(): unknown;
  /** How long one mail may take, in ms; default 20 s. */
  readonly withinMs?: number;
  /** A mail that needs more ends its reader before the machine has none left; default 512. */
  readonly memoryMegabytes?: number;
}

const startsWithinMs = 60_000;
/** Without work the process is ended: it holds memory. */
const idleMs = 30_000;

/**
 * Reads mail in a child process, one after the other. It is started when it is needed, and again after each mail that
 * ended it. It gets no environment: no secret is in reach of a mail.
 */
export function createReaderProcess<Read>(options: ReaderOptions): CarefulReader<Read> {
  const { withinMs = 20_000, memoryMegabytes = 512 } = options;
  let child: ChildProcess | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  async function start(): Promise<ChildProcess> {
    const started = fork(options.program, [], {
      execArgv: [`--max-old-space-size=${memoryMegabytes}`],
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    try {
      await ask(started, options.setting(), startsWithinMs);
    } catch (error) {
      started.kill('SIGKILL');
      throw new ReaderUnavailable(`the process that reads mail apart does not start: ${reasonOf(error)}`);
    }
    started.unref();
    started.channel?.unref();
    return started;
  }

  async function readNext(message: unknown): Promise<Read> {
    clearTimeout(idle);
    child ??= await start();
    try {
      return (await ask(child, message, withinMs)) as Read;
    } catch (error) {
      child.kill('SIGKILL');
      child = null;
      throw new ReaderEnded(reasonOf(error));
    } finally {
      idle = setTimeout(() => void end(), idleMs).unref();
    }
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const ending = child;
    child = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill('SIGKILL');
    await gone;
  }

  return {
    read(raw, kind) {
      const done = turn.then(() => readNext({ raw, kind }));
      turn = done.catch(() => {});
      return done;
    },
    close: end,
  };
}

/** Rejects when the process ends, or does not answer in time. */
function ask(child: ChildProcess, message: unknown, withinMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      finish();
    };
    const onMessage = (answer: unknown) => settle(() => resolve(answer));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = (code: number | null, signal: string | null) =>
      settle(() => reject(new Error(signal === null ? `exit code ${code}` : `ended by ${signal}`)));
    const onTime = () => onError(new Error(`no answer within ${withinMs / 1000} s`));
    // This process may have been stopped: an answer that has come in meanwhile is read first.
    const timer = setTimeout(() => setImmediate(onTime), withinMs);
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    if (child.exitCode !== null || child.signalCode !== null) return onExit(child.exitCode, child.signalCode);
    child.send(message as object, (error) => error && onError(error));
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
