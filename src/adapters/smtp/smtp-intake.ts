import { BlockList, isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Clock } from '../../domain/clock.ts';
import { RestageError } from '../../domain/errors.ts';
import type { Door, Intake } from '../../domain/intake.ts';
import { listenFault } from '../../domain/listen-fault.ts';
import type { Log } from '../../domain/log.ts';
import type { RawMail } from '../../domain/mail.ts';
import { createGroupCommit } from './group-commit.ts';

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

const maxPerCommit = { mails: 500, bytes: 32_000_000 };
const maxClients = 200;
const clientRefused = 'smtp client refused: its network is not in allowFrom';
const socketTimeoutMs = 60_000;
/** What a client may still take, after `stop`, to end a message that it has begun. */
const closeTimeoutMs = 2_000;

/**
 * The bot's own SMTP listener (A1). A message is answered with 250 only once the door has committed it, with 451 when
 * the door could not: the sender keeps it and tries again. Senders outside `allowFrom` get 554, oversized messages 552.
 * @throws RestageError `config-invalid` for a network that is none.
 */
export function createSmtpIntake(options: SmtpIntakeOptions): SmtpIntake {
  const { door, log, clock, name = 'smtp' } = options;
  const networks = readNetworks(options.allowFrom);
  const commits = createGroupCommit((mails) => door.admit(mails, null), maxPerCommit);
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    size: options.maxBytes,
    maxClients,
    socketTimeout: socketTimeoutMs,
    closeTimeout: closeTimeoutMs,
    onConnect: (session, reply) => {
      if (isAllowed(networks, session.remoteAddress)) return reply();
      log.warn({ intake: name, from: session.remoteAddress }, clientRefused);
      reply(refusal(554, 'This network may not send mail here'));
    },
    onData: (stream, session, reply) => {
      receive(stream, session).then(
        () => reply(),
        (error: unknown) => reply(asRefusal(error)),
      );
    },
  });
  server.on('error', (error) => log.warn({ intake: name, err: error }, 'smtp connection failed'));

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const message = await readMessage(stream, options.maxBytes);
    const mail: RawMail = {
      source: Buffer.concat([returnPath(session), message]),
      via: 'smtp',
      receivedAt: clock.now(),
    };
    try {
      await commits.add(mail);
    } catch (error) {
      log.error({ intake: name, err: error }, 'mail not committed: the sender was told to try again');
      throw refusal(451, 'Not stored, try again later', error);
    }
  }

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

/** Reads a message to its end, which SMTP demands, but keeps no more of it than is allowed. */
async function readMessage(stream: SMTPServerDataStream, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  if (stream.sizeExceeded || size > maxBytes)
    throw refusal(552, `The message is larger than ${maxBytes} bytes`);
  return Buffer.concat(chunks);
}

/** The envelope's sender as final delivery records it (RFC 5321 section 4.4): an empty one marks a bounce. */
function returnPath(session: SMTPServerSession): Buffer {
  const sender = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
  return Buffer.from(`Return-Path: <${sender.replace(/[\r\n<>]/g, '')}>\r\n`);
}

/** smtp-server answers with the code that an error carries. */
interface Refusal extends Error {
  responseCode?: unknown;
}

function refusal(responseCode: number, message: string, cause?: unknown): Refusal {
  return Object.assign(new Error(message, { cause }), { responseCode });
}

function asRefusal(error: unknown): Refusal {
  return error instanceof Error && 'responseCode' in error
    ? error
    : refusal(451, 'Not received, try again later', error);
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
