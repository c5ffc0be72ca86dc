import type { Clock } from '../../domain/clock.ts';
import type { Door, Intake } from '../../domain/intake.ts';
import type { Log } from '../../domain/log.ts';
import { describeError } from './describe-error.ts';
import { createMailboxReader } from './mailbox-reader.ts';
import { type MailboxAddress, type MailboxSession, openMailboxSession } from './mailbox-session.ts';
import { type Backoff, backoffDelayMs, pause } from './pause.ts';

export interface ImapIntakeOptions extends MailboxAddress {
  readonly name: string;
  readonly door: Door;
  readonly log: Log;
  readonly clock: Clock;
  /** Waits before connecting or committing again; default 1 s, doubled up to 1 minute. */
  readonly backoffMs?: Backoff;
  /**
   * How long the server may be silent while a command runs; default 25 s. Doubled after each such silence, four times at
   * most, until mail comes in: a server may take long to search a large mailbox.
   */
  readonly silenceMs?: number;
  /** How long it may be silent otherwise before it is probed, and again before it is given up; default 12 s. */
  readonly probeMs?: number;
}

const defaultBackoff: Backoff = { firstMs: 1_000, maxMs: 60_000 };
const defaultSilenceMs = 25_000;
const mostDoublings = 4;
const defaultProbeMs = 12_000;
const stopGraceMs = 5_000;

/**
 * Brings mail in from an IMAP mailbox (A1), from the door's cursor on, and keeps at it: it connects again after every
 * loss, offers a batch to the door until it is committed, and starts at the first message when UIDVALIDITY changes.
 * The mailbox is only read. The cursor's mailbox is `NAME/FOLDER`. A login that is refused is tried again at the
 * longest interval.
 */
export function createImapIntake(options: ImapIntakeOptions): Intake {
  const { name, host, user, log, backoffMs = defaultBackoff } = options;
  const { silenceMs = defaultSilenceMs, probeMs = defaultProbeMs } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const reader = createMailboxReader({
    ...options,
    mailbox: `${name}/${options.folder}`,
    backoff: backoffMs,
    signal,
  });
  let running: Promise<void> = Promise.resolve();
  let session: MailboxSession | null = null;
  const trouble = createTrouble(silenceMs);
  let detail: string | null = null;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        session = await openMailboxSession(options, { silenceMs: trouble.silenceMs(), probeMs }, signal);
        detail = null;
        await reader.read(session, trouble.reset);
      } catch (error) {
        trouble.note(error);
        if (!signal.aborted) await recover(error);
      } finally {
        await session?.close();
        session = null;
      }
    }
  }

  async function recover(error: unknown): Promise<void> {
    const refused = isAuthenticationFailure(error);
    detail = refused ? 'login refused: check user and password' : reasonOf(error);
    const delayMs = refused ? backoffMs.maxMs : backoffDelayMs(backoffMs, trouble.failures());
    if (refused)
      log.error({ intake: name, host, user, delayMs }, 'imap login refused: check user and password');
    else
      log.warn(
        { intake: name, host, ...describeError(error), delayMs },
        'imap connection lost, connecting again',
      );
    await pause(delayMs, signal);
  }

  return {
    name,
    health: () => ({ intake: `imap:${name}`, kind: 'mailbox', connected: session !== null, detail }),
    start() {
      running = run();
      return Promise.resolve();
    },
    async stop() {
      stopping.abort();
      const grace = setTimeout(() => void session?.close(), stopGraceMs);
      await running;
      clearTimeout(grace);
    },
  };
}

/** As little as `describeError` gives away. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'connection lost';
}

/** What failed since mail came in last. A server that is slow gets more time; one whose connection is dead is soon left. */
function createTrouble(firstSilenceMs: number) {
  let failures = 0;
  let silences = 0;
  return {
    failures: () => failures,
    silenceMs: () => firstSilenceMs * 2 ** Math.min(silences, mostDoublings),
    note(error: unknown) {
      failures += 1;
      if (isSilence(error)) silences += 1;
    },
    reset: () => {
      failures = 0;
      silences = 0;
    },
  };
}

/** imapflow's word for a server that is silent for too long while a command runs. */
function isSilence(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ETIMEOUT';
}

function isAuthenticationFailure(error: unknown): boolean {
  return error instanceof Error && 'authenticationFailed' in error && error.authenticationFailed === true;
}
