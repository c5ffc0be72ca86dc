import type { RawMail } from '../../domain/mail.ts';

interface Waiting {
  readonly mail: RawMail;
  readonly committed: () => void;
  readonly failed: (error: unknown) => void;
}

/** Commits mails together: those that arrive while a commit is under way go into the next one, as far as they fit. */
export interface GroupCommit {
  /** Resolves when the mail is committed, rejects when its batch was not. */
  add(mail: RawMail): Promise<void>;
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>;
}

/** At least one mail is committed at a time, however large. */
export function createGroupCommit(
  commit: (mails: readonly RawMail[]) => Promise<void>,
  most: { readonly mails: number; readonly bytes: number },
): GroupCommit {
  const queue: Waiting[] = [];
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0, countFitting(queue, most));
      try {
        await commit(batch.map(({ mail }) => mail));
        for (const { committed } of batch) committed();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    running = null;
  }

  return {
    add: (mail) =>
      new Promise((committed, failed) => {
        queue.push({ mail, committed, failed });
        running ??= run();
      }),
    drained: async () => {
      await running;
    },
  };
}

function countFitting(
  queue: readonly Waiting[],
  most: { readonly mails: number; readonly bytes: number },
): number {
  let bytes = 0;
  const tooMany = queue.findIndex(({ mail }, index) => {
    bytes += mail.source.length;
    return index >= most.mails || bytes > most.bytes;
  });
  return tooMany < 0 ? queue.length : Math.max(1, tooMany);
}
