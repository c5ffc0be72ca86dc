import { ReadingStopped } from '../../domain/mail.ts';
import { createReadingThread } from './reading-thread.ts';

/** How long the patterns may take over one mail: 10 s, of which those that are shipped need less than 1 s. */
const deadline = { tickMs: 250, ticks: 40 };

/** Searches mails in a thread: however many patterns a site declares, the event loop goes on. */
export interface PatternSearch<Mail, Findings> {
  /**
   * Searches one mail after the other; resolves to `null` if there is no such thread.
   * @throws UnreadableMail `took-too-long` or `ended-its-reader`.
   * @throws ReadingStopped after `close`, or a second after `stop`.
   */
  search(mail: Mail): Promise<Findings | null>;
  /** Searches for one more second at most. */
  stop(): void;
  /** Ends what is being searched. */
  close(): Promise<void>;
}

/** A thread that has searched a longer text is replaced: its heap would stay as large as that text needed it. */
const largeLength = 1_000_000;

/** `program` answers each message but the first, which is `setting`; to that one it says that it is ready. */
export function createPatternSearch<Mail extends { readonly text: string }, Findings>(
  program: URL,
  setting: unknown,
  within = deadline,
): PatternSearch<Mail, Findings> {
  const thread = createReadingThread<unknown, unknown>(program, within);
  let last: Promise<unknown> = Promise.resolve();

  async function isReady(): Promise<boolean> {
    if (thread.isRunning()) return true;
    try {
      await thread.ask(setting);
      return true;
    } catch (error) {
      if (error instanceof ReadingStopped) throw error;
      return false;
    }
  }

  async function searchNext(mail: Mail): Promise<Findings | null> {
    if (!(await isReady())) return null;
    const findings = (await thread.ask(mail)) as Findings;
    if (mail.text.length > largeLength) await thread.drop();
    return findings;
  }

  return {
    search(mail) {
      const done = last.then(() => searchNext(mail));
      last = done.catch(() => {});
      return done;
    },
    stop: () => thread.stop(),
    close: () => thread.close(),
  };
}
