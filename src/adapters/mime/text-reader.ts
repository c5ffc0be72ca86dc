import { UnreadableMail } from '../../domain/mail.ts';
import type { BodyText, ParsingAnswer, ParsingBounds, ParsingRequest } from './body-text.ts';
import { createReadingThread } from './reading-thread.ts';

/** How long one mail may take: 10 s. The library reads 8 MB within 1 s, on a busy machine within 5 s. */
const deadline = { tickMs: 250, ticks: 40 };
/** A thread that has read so much is replaced, which takes a tenth of the time that the mail took. */
const largeBytes = 1_000_000;
const libraryThread = new URL('./text-thread.js', import.meta.url);

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
  const thread = createReadingThread<ParsingRequest, ParsingAnswer>(program, within);
  let last: Promise<unknown> = Promise.resolve();

  async function readNext(source: Uint8Array, bounds: ParsingBounds): Promise<BodyText> {
    // The mail is stored later: the thread gets a copy of its own.
    const copy = Uint8Array.from(source);
    const answer = await thread.ask({ source: copy, bounds }, [copy.buffer]);
    if (!('reason' in answer)) {
      // Its heap would stay as large as this mail needed it.
      if (source.length > largeBytes) await thread.drop();
      return answer;
    }
    // What the library began for this mail may still be going on.
    await thread.drop();
    throw new UnreadableMail(answer.reason, answer.message);
  }

  return {
    read(source, bounds) {
      const done = last.then(() => readNext(source, bounds));
      last = done.catch(() => {});
      return done;
    },
    stop: () => thread.stop(),
    close: () => thread.close(),
  };
}
