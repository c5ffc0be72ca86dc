import type { RawMail } from '../../domain/mail.ts';

interface Waiting {
  readonly mail: RawMail;
  readonly committed: () => void;
  readonly failed: (error: unknown) => void;
}

/** Commits mails together: those that arrive while a commit is under way go into the next one. */
export interface GroupCommit {
  /** Resolves when the mail is committed, rejects when its batch was not. */
  add(mail: RawMail): Promise<void>;
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>;
}

export function createGroupCommit(
  commit: (mails: readonly RawMail[]) => Promise<void>,
  maxMails: number,
): GroupCommit {
  const queue: Waiting[] = [];
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0, maxMails);
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
