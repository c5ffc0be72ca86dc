import { setTimeout as sleep } from 'node:timers/promises';
import { type FetchMessageObject, ImapFlow, type SearchObject } from 'imapflow';

/** Where a mailbox is and how to get in. */
export interface MailboxAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else STARTTLS where the server offers it. */
  readonly secure: boolean;
  /** PEM of the authority that signed the server's certificate; the system's authorities when absent. */
  readonly tlsCa?: string;
  readonly user: string;
  /** Asked at every login, so that a changed secret is taken up. */
  readonly password: () => string;
  readonly folder: string;
}

export interface ListedMessage {
  readonly uid: number;
  /** It is no longer than that. */
  readonly bytes: number;
}

export interface FetchedMessage {
  readonly uid: number;
  readonly source: Uint8Array;
  readonly receivedAt: Date | null;
  /** The message may be longer than what was fetched of it. */
  readonly isCut: boolean;
}

/**
 * One connection with its mailbox opened for reading. Every method rejects when the connection is lost; the session is
 * over then.
 */
export interface MailboxSession {
  readonly uidValidity: bigint;
  /** Messages from this UID on, in ascending order. */
  list(fromUid: number): Promise<ListedMessage[]>;
  /** Returns the messages of these UIDs that still exist, in ascending order. Rejects if one exists and has no content. */
  fetch(uids: readonly number[]): Promise<FetchedMessage[]>;
  /** Resolves when new messages may be there, or when the signal is aborted. */
  waitForMail(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Longer messages are cut: what an alert says stands at its beginning. */
const maxMessageBytes = 8 * 1024 * 1024;
/** Servers find the messages that are longer in no time; to tell each one's size takes them, and us, much longer. */
const sizeClasses = [0, 16 * 1024, 128 * 1024, 1024 * 1024];
const connectTimeoutMs = 20_000;
const logoutTimeoutMs = 2_000;

/** How long a server may be silent, in ms. */
export interface Silence {
  /** While a command runs: a large mailbox takes time to search. */
  readonly silenceMs: number;
  /** While nothing is asked, before it is probed; and again before it is given up. */
  readonly probeMs: number;
}

/**
 * Connects, logs in and opens the folder read-only. A server that is silent for too long ends the session. Aborting
 * the signal ends the attempt to connect.
 */
export async function openMailboxSession(
  address: MailboxAddress,
  { silenceMs, probeMs }: Silence,
  signal: AbortSignal,
): Promise<MailboxSession> {
  const client = createClient(address, silenceMs);
  let lastError: unknown;
  client.on('error', (error) => {
    lastError = error;
  });
  const orLost = watchLoss(client, () => lastError);
  const giveUp = (): void => client.close();
  signal.addEventListener('abort', giveUp);
  try {
    await orLost(client.connect());
    const mailbox = await orLost(client.mailboxOpen(address.folder, { readOnly: true }));
    return sessionOf(client, mailbox.uidValidity, { orLost, probeMs });
  } catch (error) {
    client.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function createClient(address: MailboxAddress, silenceMs: number): ImapFlow {
  const { host, port, secure, tlsCa, user } = address;
  return new ImapFlow({
    host,
    port,
    secure,
    // Without TLS from the first byte it is demanded before the password, except on this very machine.
    ...(secure || isLoopback(host) ? {} : { doSTARTTLS: true }),
    ...(tlsCa === undefined ? {} : { tls: { ca: tlsCa } }),
    auth: { user, pass: address.password() },
    socketTimeout: silenceMs,
    connectionTimeout: connectTimeoutMs,
    disableAutoIdle: true,
    logger: false,
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** Rejects when the connection is lost, if not before; a command may never hear of it. */
type OrLost = <T>(command: Promise<T>) => Promise<T>;

function watchLoss(client: ImapFlow, cause: () => unknown): OrLost {
  const describeLoss = () => new Error('the connection to the mail server was lost', { cause: cause() });
  // One promise for all commands would keep what each of them ever answered.
  const waiting = new Set<() => void>();
  client.once('close', () => {
    for (const giveUp of waiting) giveUp();
  });
  return async (command) => {
    let giveUp = () => {};
    const lost = new Promise<never>((_, reject) => {
      giveUp = () => reject(describeLoss());
    });
    waiting.add(giveUp);
    try {
      const result = await Promise.race([command, lost]);
      // A command can resolve as if all were well although its connection is gone.
      if (!client.usable) throw describeLoss();
      return result;
    } finally {
      waiting.delete(giveUp);
    }
  };
}

interface SessionOptions {
  readonly orLost: OrLost;
  readonly probeMs: number;
}

function sessionOf(client: ImapFlow, uidValidity: bigint, options: SessionOptions): MailboxSession {
  const { orLost } = options;
  let announced = false;
  let wake: (() => void) | null = null;
  client.on('exists', () => {
    announced = true;
    wake?.();
  });

  async function list(fromUid: number): Promise<ListedMessage[]> {
    announced = false;
    const bounds = new Map<number, number>();
    for (const [index, larger] of sizeClasses.entries()) {
      const uids = await search(fromUid, larger);
      // What came in between the searches is for the next list: it would hide others that came with it.
      const known = index === 0 ? uids : uids.filter((uid) => bounds.has(uid));
      for (const uid of known) bounds.set(uid, sizeClasses[index + 1] ?? maxMessageBytes);
      if (known.length === 0) break;
    }
    return [...bounds].map(([uid, bytes]) => ({ uid, bytes }));
  }

  async function search(fromUid: number, larger: number): Promise<number[]> {
    const uids = await find({ uid: `${fromUid}:*`, ...(larger > 0 && { larger }) });
    // RFC 9051 section 6.4.9: `N:*` always includes the last message, even below N.
    return uids.filter((uid) => uid >= fromUid).toSorted((one, other) => one - other);
  }

  async function find(query: SearchObject): Promise<number[]> {
    const uids = await orLost(client.search(query, { uid: true }));
    if (!uids) throw new Error('the mail server refuses to search the mailbox');
    return uids;
  }

  async function fetch(uids: readonly number[]): Promise<FetchedMessage[]> {
    const query = { uid: true, source: { start: 0, maxLength: maxMessageBytes }, internalDate: true };
    const messages = await orLost(client.fetchAll(foldRanges(uids), query, { uid: true }));
    const fetched = messages.toSorted((one, other) => one.uid - other.uid).flatMap(readMessage);
    const found = new Set(fetched.map(({ uid }) => uid));
    await confirmGone(uids.filter((uid) => !found.has(uid)));
    return fetched;
  }

  /** A message without content is left out only if it is gone: a server may have failed to read it. */
  async function confirmGone(uids: readonly number[]): Promise<void> {
    if (uids.length === 0) return;
    // The server announces expunged messages now; it can't while it serves FETCH (RFC 9051 section 7.5.1).
    await orLost(client.noop());
    const [left] = await find({ uid: foldRanges(uids) });
    if (left !== undefined)
      throw new Error(`the mail server sends no content of the message with UID ${left}`);
  }

  async function waitForMail(signal: AbortSignal): Promise<void> {
    if (announced || signal.aborted) return;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const onAbort = (): void => wake?.();
    signal.addEventListener('abort', onAbort);
    try {
      // An announcement may have been missed: whoever waits looks again after each probe.
      if (await isSilent(client, woken, options)) await probe(client, options);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  return { uidValidity, list, fetch, waitForMail, close: () => closeClient(client) };
}

/** The next command ends the IDLE that is left behind when the wait ends first. */
async function isSilent(
  client: ImapFlow,
  woken: Promise<void>,
  { orLost, probeMs }: SessionOptions,
): Promise<boolean> {
  const over = new AbortController();
  const silence = sleep(probeMs, true, { signal: over.signal }).catch(() => false);
  const ended = Promise.race([client.idle(), woken]).then(() => false);
  return orLost(Promise.race([ended, silence])).finally(() => over.abort());
}

/** A connection that carries nothing looks like one on which nothing happens. */
async function probe(client: ImapFlow, { orLost, probeMs }: SessionOptions): Promise<void> {
  const late = setTimeout(() => client.close(), probeMs);
  await orLost(client.noop()).finally(() => clearTimeout(late));
}

async function closeClient(client: ImapFlow): Promise<void> {
  const late = new AbortController();
  // A server that does not answer to LOGOUT is left all the same.
  const logout = client.usable ? client.logout().catch(() => {}) : null;
  const timeout = sleep(logoutTimeoutMs, undefined, { signal: late.signal }).catch(() => {});
  await Promise.race([logout, timeout]);
  late.abort();
  client.close();
}

/** A server sends NIL as the content of a message that another session has expunged (RFC 2180 section 4.1.3): `false` here. */
function readMessage({ uid, source, internalDate }: FetchMessageObject): FetchedMessage[] {
  if (!(source instanceof Uint8Array)) return [];
  return [{ uid, source, receivedAt: readDate(internalDate), isCut: source.length >= maxMessageBytes }];
}

function readDate(date: Date | string | undefined): Date | null {
  const time = date === undefined ? null : new Date(date);
  return time === null || Number.isNaN(time.getTime()) ? null : time;
}

/** RFC 9051 section 9, sequence-set: `4:7,9`, of ascending numbers. Mailboxes have few gaps, and each number would cost time. */
function foldRanges(numbers: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range && number === range.last + 1) range.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}:${last}`)).join(',');
}
