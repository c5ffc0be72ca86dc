import type { Door, MailboxCursor } from '../../src/domain/intake.ts';
import type { RawMail } from '../../src/domain/mail.ts';

/** A door that keeps what it admits, knows a Message-ID when it comes again, and can be out of order for a while. */
export interface MemoryDoor extends Door {
  /** The subjects of what was admitted, each Message-ID once, in order. */
  readonly subjects: readonly string[];
  readonly mails: readonly RawMail[];
  /** How many mails each call brought, in order. */
  readonly batches: readonly number[];
  readonly cursors: ReadonlyMap<string, MailboxCursor>;
  /** The next calls of `admit` reject. */
  failNext(times: number): void;
  /** The next call of `admit` waits until the returned function is called. */
  holdNext(): () => void;
  /** Resolves when so many different mails were admitted. */
  untilAdmitted(count: number): Promise<void>;
  /** Resolves when `admit` has been called so often, whatever came of it. */
  untilCalled(times: number): Promise<void>;
}

export function createMemoryDoor(): MemoryDoor {
  const mails = new Map<string, RawMail>();
  const cursors = new Map<string, MailboxCursor>();
  const batches: number[] = [];
  let calls = 0;
  let failures = 0;
  let held: Promise<void> = Promise.resolve();
  let waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  function notify(): void {
    for (const { isMet, resolve } of waiting) if (isMet()) resolve();
    waiting = waiting.filter(({ isMet }) => !isMet());
  }

  function until(isMet: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      waiting.push({ isMet, resolve });
      notify();
    });
  }

  return {
    cursors,
    batches,
    get mails() {
      return [...mails.values()];
    },
    get subjects() {
      return [...mails.values()].map(({ source }) => headerOf(source, 'subject'));
    },
    async admit(batch, cursor, order) {
      await order?.after;
      calls += 1;
      notify();
      await held;
      if (failures > 0) {
        failures -= 1;
        throw new Error('the database is away');
      }
      batches.push(batch.length);
      for (const mail of batch) mails.set(headerOf(mail.source, 'message-id'), mail);
      if (cursor !== null) cursors.set(cursor.mailbox, cursor);
      notify();
    },
    cursorOf: (mailbox) => Promise.resolve(cursors.get(mailbox) ?? null),
    failNext(times) {
      failures = times;
    },
    holdNext() {
      let release = (): void => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    untilAdmitted: (count) => until(() => mails.size >= count),
    untilCalled: (times) => until(() => calls >= times),
  };
}

function headerOf(source: Uint8Array, name: string): string {
  const header = new RegExp(`^${name}: *(.*?)\\r?$`, 'im').exec(Buffer.from(source).toString('latin1'));
  return header?.[1] ?? '';
}
