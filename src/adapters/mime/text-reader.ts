import { Worker } from 'node:worker_threads';
import { ReadingStopped, UnreadableMail } from '../../domain/mail.ts';
import type { BodyText, ParsingAnswer, ParsingBounds, ParsingRequest } from './body-text.ts';

/**
 * How long one mail may take: 10 s. The library reads 8 MB within 1 s, on a busy machine within 5 s. Counted in ticks: while
 * the process stands still, the time of a good mail does not pass.
 */
const deadline = { tickMs: 250, ticks: 40 };
const libraryThread = new URL('./text-thread.js', import.meta.url);
/** What is being read at a stop may be finished within this; usual mail takes some ms. */
const graceMs = 1_000;
/** Of JavaScript objects; the source and its copies come on top. */
const heapMegabytes = 256;

/** Reads the texts of mails by the library, in a thread: whatever a mail makes it do, the event loop goes on. */
export interface TextReader {
  /**
   * Reads one mail after the other.
   * @throws UnreadableMail `took-too-long`, `ended-its-reader`, or the bound that it exceeds.
   * @throws ReadingStopped after `close`, or a second after `stop`.
   */
  read(source: Uint8Array, bounds: ParsingBounds): Promise<BodyText>;
  /** Reads for one more second at most. */
  stop(): void;
  /** Ends what is being read. */
  close(): Promise<void>;
}

/** Starts the thread when the first mail needs it, and anew after a mail that could not be read. */
export function createTextReader(program = libraryThread, within = deadline): TextReader {
  let thread: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const closing = new AbortController();
  let stopping: NodeJS.Timeout | undefined;

  const drop = async () => {
    const dropped = thread;
    thread = null;
    await dropped?.terminate();
  };

  async function readNext(source: Uint8Array, bounds: ParsingBounds): Promise<BodyText> {
    if (closing.signal.aborted) throw new ReadingStopped();
    thread ??= startThread(program, (ended) => {
      if (thread === ended) thread = null;
    });
    const answer = await ask(thread, { source, bounds }, within, closing.signal).catch(
      async (error: unknown) => {
        await drop();
        throw error;
      },
    );
    if (!('reason' in answer)) return answer;
    // What the library began for this mail may still be going on.
    await drop();
    throw new UnreadableMail(answer.reason, answer.message);
  }

  return {
    read(source, bounds) {
      const done = last.then(() => readNext(source, bounds));
      last = done.catch(() => {});
      return done;
    },
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

function ask(
  worker: Worker,
  { source, bounds }: ParsingRequest,
  { tickMs, ticks }: typeof deadline,
  closing: AbortSignal,
): Promise<ParsingAnswer> {
  return new Promise<ParsingAnswer>((resolve, reject) => {
    let ticksLeft = ticks;
    const settle = (finish: () => void) => {
      clearInterval(ticking);
      worker.off('message', onAnswer).off('error', onError).off('exit', onExit).unref();
      closing.removeEventListener('abort', onClose);
      finish();
    };
    const fail = (error: Error) => settle(() => reject(error));
    const onAnswer = (answer: ParsingAnswer) => settle(() => resolve(answer));
    const onError = (error: Error) => fail(new UnreadableMail('ended-its-reader', error.message));
    const onExit = () => fail(new UnreadableMail('ended-its-reader', 'reading it never ends'));
    const onClose = () => fail(new ReadingStopped());
    const ticking = setInterval(() => {
      ticksLeft -= 1;
      if (ticksLeft === 0) fail(new UnreadableMail('took-too-long', 'reading it took too long'));
    }, tickMs);
    worker.on('message', onAnswer).on('error', onError).on('exit', onExit).ref();
    closing.addEventListener('abort', onClose);
    // The mail is stored later: the thread gets a copy of its own.
    const copy = Uint8Array.from(source);
    worker.postMessage({ source: copy, bounds } satisfies ParsingRequest, [copy.buffer]);
  });
}

function startThread(program: URL, onExit: (ended: Worker) => void): Worker {
  const worker = new Worker(program, {
    // Of the options that this process was started with some fit no thread.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  worker.unref();
  // Whoever waits for an answer is told; without one, the next mail finds a new thread.
  worker.on('error', () => {});
  worker.on('exit', () => onExit(worker));
  return worker;
}
