import { type TransferListItem, Worker } from 'node:worker_threads';
import { ReadingStopped, UnreadableMail } from '../../domain/mail.ts';

/** How long one answer may take: `ticks` of `tickMs`. While the process stands still, the time of a good mail does not pass. */
export interface Deadline {
  readonly tickMs: number;
  readonly ticks: number;
}

/** What is being read at a stop may be finished within this; usual mail takes some ms. */
const graceMs = 1_000;
/** Of JavaScript objects; the source and its copies come on top. */
const heapLimits = { maxOldGenerationSizeMb: 112, maxYoungGenerationSizeMb: 8 };

/** A thread that does for one mail what could hold up the event loop; started when it is needed, and anew after a failure. */
export interface ReadingThread<Request, Answer> {
  /**
   * Asks once; a second request must wait for the first answer.
   * @throws UnreadableMail `took-too-long` or `ended-its-reader`.
   * @throws ReadingStopped after `close`, or a second after `stop`.
   */
  ask(request: Request, transferred?: readonly TransferListItem[]): Promise<Answer>;
  /** Whether the thread runs: the next request finds what the ones before left there. */
  isRunning(): boolean;
  /** Ends the thread; the next request starts another. */
  drop(): Promise<void>;
  /** Reads for one more second at most. */
  stop(): void;
  /** Ends what is being read. */
  close(): Promise<void>;
}

export function createReadingThread<Request, Answer>(
  program: URL,
  within: Deadline,
): ReadingThread<Request, Answer> {
  let thread: Worker | null = null;
  const closing = new AbortController();
  let stopping: NodeJS.Timeout | undefined;

  const drop = async () => {
    const dropped = thread;
    thread = null;
    await dropped?.terminate();
  };

  return {
    async ask(request, transferred = []) {
      if (closing.signal.aborted) throw new ReadingStopped();
      thread ??= startThread(program, (ended) => {
        if (thread === ended) thread = null;
      });
      try {
        return (await ask(thread, { request, transferred }, within, closing.signal)) as Answer;
      } catch (error) {
        await drop();
        throw error;
      }
    },
    isRunning: () => thread !== null,
    drop,
    stop() {
      stopping ??= setTimeout(() => closing.abort(), graceMs).unref();
    },
    async close() {
      clearTimeout(stopping);
      closing.abort();
      await drop();
    },
  };
}

interface Message {
  readonly request: unknown;
  readonly transferred: readonly TransferListItem[];
}

function ask(
  worker: Worker,
  { request, transferred }: Message,
  { tickMs, ticks }: Deadline,
  closing: AbortSignal,
): Promise<unknown> {
  return new Promise<unknown>((resolve, reject) => {
    let ticksLeft = ticks;
    const settle = (finish: () => void) => {
      clearInterval(ticking);
      worker.off('message', onAnswer).off('error', onError).off('exit', onExit).unref();
      closing.removeEventListener('abort', onClose);
      finish();
    };
    const fail = (error: Error) => settle(() => reject(error));
    const onAnswer = (answer: unknown) => settle(() => resolve(answer));
    const onError = (error: Error) => fail(new UnreadableMail('ended-its-reader', error.message));
    const onExit = () => fail(new UnreadableMail('ended-its-reader', 'reading it never ends'));
    const onClose = () => fail(new ReadingStopped());
    const ticking = setInterval(() => {
      ticksLeft -= 1;
      if (ticksLeft === 0) fail(new UnreadableMail('took-too-long', 'reading it took too long'));
    }, tickMs);
    worker.on('message', onAnswer).on('error', onError).on('exit', onExit).ref();
    closing.addEventListener('abort', onClose);
    worker.postMessage(request, [...transferred]);
  });
}

function startThread(program: URL, onExit: (ended: Worker) => void): Worker {
  const worker = new Worker(program, {
    // Of the options that this process was started with some fit no thread.
    execArgv: [],
    env: {},
    resourceLimits: heapLimits,
  });
  worker.unref();
  // The request under way sees the exit itself; without one, the next mail starts a new thread.
  worker.on('error', () => {});
  worker.on('exit', () => onExit(worker));
  return worker;
}
