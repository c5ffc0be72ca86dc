import { BlockList, isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Clock } from '../../domain/clock.ts';
import { RestageError } from '../../domain/errors.ts';
import type { Door, Intake } from '../../domain/intake.ts';
import { listenFault } from '../../domain/listen-fault.ts';
import type { Log } from '../../domain/log.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { createLargeMail } from './large-mail.ts';
import { limitPlaces, type Places } from './places.ts';
import { readMessage } from './read-message.ts';
import { asRefusal, refusal } from './refusal.ts';

export interface SmtpIntakeOptions {
  readonly host: string;
  /** 0 takes any free port; see `port` of the intake. */
  readonly port: number;
  /** Networks that may send, as CIDR ranges or single addresses. */
  readonly allowFrom: readonly string[];
  /** Size of the largest message taken, in bytes (RFC 1870). */
  readonly maxBytes: number;
  readonly door: Door;
  readonly log: Log;
  readonly clock: Clock;
  readonly name?: string;
}

export interface SmtpIntake extends Intake {
  /** The port listened on, once started. */
  readonly port: number;
}

const maxPerCommit = { mails: 500, bytes: 8_000_000 };
const maxClients = 200;
const maxRecipients = 100;
/** Longest command line, in bytes; RFC 5321 section 4.5.3.1.4 and the extensions need less. */
const maxCommandLength = 4_096;
/** Memory for large mails that are on their way in, and for some of the largest in any case. */
const largeMailBytes = 24_000_000;
const largestAtOnce = 2;
const clientRefused = 'smtp client refused: its network is not in allowFrom';
const socketTimeoutMs = 60_000;
/** What a client may still take, after `stop`, to end a message that it has begun. */
const closeTimeoutMs = 2_000;

/**
 * The bot's own SMTP listener (A1). A message is answered with 250 only once the door has committed it, with 451 when
 * the door could not: the sender keeps it and tries again. Senders outside `allowFrom` get 554, oversized messages 552.
 * Large mails are received a few at a time, whatever number of connections bring them, and a connection that hardly moves
 * makes room for others with 421.
 * @throws RestageError `config-invalid` for a network that is none.
 */
export function createSmtpIntake(options: SmtpIntakeOptions): SmtpIntake {
  const { log, name = 'smtp' } = options;
  const commits = createGroupCommit((mails) => options.door.admit(mails, null), maxPerCommit);
  const server = createServer(options, name, (...message) => receive(...message));
  const places = limitPlaces(server, maxClients);
  const receive = createReceiver(options, name, commits, places);
  server.on('error', (error) => log.warn({ intake: name, err: error }, 'smtp connection failed'));

  return {
    name,
    health: () => ({
      intake: 'smtp',
      kind: 'listener',
      connected: server.server.listening,
      detail: null,
    }),
    get port() {
      const address = server.server.address();
      return isAddressInfo(address) ? address.port : options.port;
    },
    start: () => listen(server, options.host, options.port),
    stop: async () => {
      await new Promise<void>((resolve) => server.close(resolve));
      await commits.drained();
    },
  };
}

/** Resolves once the message is committed; rejects with the refusal that its sender is told. */
type Receive = (stream: SMTPServerDataStream, session: SMTPServerSession) => Promise<void>;

function createServer(options: SmtpIntakeOptions, name: string, receive: Receive): SMTPServer {
  const networks = readNetworks(options.allowFrom);
  return new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS', 'XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL'],
    authOptional: true,
    disableReverseLookup: true,
    size: options.maxBytes,
    maxClients,
    maxRecipients,
    maxCommandLength,
    socketTimeout: socketTimeoutMs,
    closeTimeout: closeTimeoutMs,
    onConnect: (session, reply) => {
      if (isAllowed(networks, session.remoteAddress)) return reply();
      options.log.warn({ intake: name, from: session.remoteAddress }, clientRefused);
      reply(refusal(554, 'This network may not send mail here'));
    },
    onData: (stream, session, reply) => {
      receive(stream, session).then(
        () => reply(),
        (error: unknown) => reply(asRefusal(error)),
      );
    },
  });
}

function createReceiver(
  { maxBytes, log, clock }: SmtpIntakeOptions,
  name: string,
  commits: GroupCommit,
  places: Places,
): Receive {
  const largeMail = createLargeMail(Math.max(largestAtOnce, Math.floor(largeMailBytes / maxBytes)));

  async function commit(session: SMTPServerSession, message: Uint8Array): Promise<void> {
    const source = Buffer.concat([returnPath(session), message]);
    await commits.add({ source, via: 'smtp', receivedAt: clock.now() }).catch((error: unknown) => {
      log.error({ intake: name, err: error }, 'mail not committed: the sender was told to try again');
      throw refusal(451, 'Not stored, try again later', error);
    });
  }

  return async (stream, session) => {
    const place = places.of(session.id);
    try {
      const message = await readMessage(stream, { maxBytes, largeMail, place });
      place.awaitUs(true);
      await commit(session, message.bytes).finally(() => message.release());
    } finally {
      place.noteAnswer();
    }
  };
}

function readNetworks(allowFrom: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const entry of allowFrom) {
    const [address = '', prefixLength] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    try {
      if (prefixLength === undefined) networks.addAddress(address, family);
      else networks.addSubnet(address, Number(prefixLength), family);
    } catch (error) {
      throw new RestageError(
        'config-invalid',
        `allowFrom: "${entry}" is no network; write one like 10.20.0.0/16`,
        { cause: error },
      );
    }
  }
  return networks;
}

function isAllowed(networks: BlockList, address: string): boolean {
  return networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function listen(server: SMTPServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(listenFault('intake.smtp', host, port, error));
    server.server.once('error', fail);
    server.listen(port, host, () => {
      server.server.off('error', fail);
      resolve();
    });
  });
}

/** The envelope's sender as final delivery records it (RFC 5321 section 4.4): an empty one marks a bounce. */
function returnPath(session: SMTPServerSession): Buffer {
  const sender = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
  return Buffer.from(`Return-Path: <${sender.replace(/[\p{Cc}<>]/gu, '')}>\r\n`);
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
