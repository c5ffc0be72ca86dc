import { readFile } from 'node:fs/promises';
import type { Client, ClientChannel, SFTPWrapper } from 'ssh2';
import ssh2 from 'ssh2';
import { encodeText } from '../../domain/byte-text.ts';
import { RestageError } from '../../domain/errors.ts';
import { createLimit } from '../../domain/limit.ts';
import type { ServerProfile } from '../../domain/server.ts';
import { collect, type ExecResult, openChannel, untilLost } from './channel.ts';
import { unreachable } from './failures.ts';
import { type HostKeyCheck, prepareHostKeyCheck } from './host-key.ts';

/** One authenticated connection. Its channels wait in line, since sshd refuses more than MaxSessions (10) of them. */
export interface Connection {
  readonly lost: boolean;
  /**
   * Has a POSIX shell do the script, which it reads from its input: an argument could not be as long. Nothing is sent before
   * `beforehand` has resolved.
   */
  runScript(script: string, beforehand?: () => Promise<void>): Promise<ExecResult>;
  withSftp<T>(task: (sftp: SFTPWrapper) => Promise<T>): Promise<T>;
  close(): void;
}

const channelsAtATime = 8;
const readyTimeoutMs = 15_000;
const keepaliveIntervalMs = 10_000;

/** @throws RestageError `server-unreachable`, `server-authentication` or `server-host-key`. */
export async function connect(server: ServerProfile): Promise<Connection> {
  const check = await prepareHostKeyCheck(server);
  const privateKey = await readPrivateKey(server);
  const client = new ssh2.Client();
  await openClient(client, server, check, privateKey);
  // Without this each exec costs 40 ms more.
  client.setNoDelay(true);
  return wrapClient(client, server);
}

async function readPrivateKey(server: ServerProfile): Promise<Buffer> {
  try {
    return await readFile(server.privateKeyFile);
  } catch (cause) {
    const message = `The key file ${server.privateKeyFile} for ${server.name} cannot be read. Check privateKeyFile and its permissions.`;
    throw new RestageError('server-authentication', message, { cause });
  }
}

function openClient(
  client: Client,
  server: ServerProfile,
  check: HostKeyCheck,
  privateKey: Buffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let refusal: RestageError | null = null;
    client.on('ready', resolve);
    // Stays for the connection's whole life: an error without a listener would end the process.
    client.on('error', (error) => reject(refusal ?? explainFailure(error, server, check)));
    client.on('close', () => reject(refusal ?? unreachable(server, 'it closed the connection')));
    try {
      client.connect({
        host: server.host,
        port: server.port,
        username: server.user,
        privateKey,
        readyTimeout: readyTimeoutMs,
        keepaliveInterval: keepaliveIntervalMs,
        keepaliveCountMax: 3,
        ...(check.algorithms ? { algorithms: { serverHostKey: check.algorithms } } : {}),
        hostVerifier: (key: Buffer) => {
          refusal = check.judge(key);
          return refusal === null;
        },
      });
    } catch (cause) {
      // ssh2 checks the key before it connects.
      const message = `The key file ${server.privateKeyFile} for ${server.name} is no usable private key without a passphrase.`;
      reject(new RestageError('server-authentication', message, { cause }));
    }
  });
}

function explainFailure(
  error: Error & { level?: string },
  server: ServerProfile,
  check: HostKeyCheck,
): RestageError {
  if (error.level === 'client-authentication') {
    const message = `${server.name} does not let ${server.user} in with the key ${server.privateKeyFile}. Check the user, and that the public key is in its authorized_keys.`;
    return new RestageError('server-authentication', message, { cause: error });
  }
  // ssh2 has no code for this one.
  if (error.level === 'handshake' && check.algorithms && error.message.includes('host key')) {
    const message = `${server.name} has no host key of the types known for it (${check.algorithms.join(', ')}). Correct ${server.knownHostsFile}.`;
    return new RestageError('server-host-key', message, { cause: error });
  }
  return unreachable(server, error.message, { cause: error });
}

interface OpenShell {
  readonly channel: ClientChannel;
  readonly result: Promise<ExecResult>;
}

function wrapClient(client: Client, server: ServerProfile): Connection {
  const takeSlot = createLimit(channelsAtATime);
  client.setMaxListeners(2 * channelsAtATime);
  let lost = false;
  client.on('close', () => {
    lost = true;
  });
  const refuseIfLost = () => {
    if (lost) throw unreachable(server, 'the connection broke');
  };
  return {
    get lost() {
      return lost;
    },
    runScript: (script, beforehand) =>
      takeSlot(async () => {
        refuseIfLost();
        // A fast server's exit code comes in one packet with the channel: listen before anything is awaited.
        const { channel, result } = await openChannel<OpenShell>(client, server, (done) =>
          client.exec('exec sh -s', (error, opened) =>
            error ? done(error) : done(undefined, { channel: opened, result: collect(opened, client) }),
          ),
        );
        try {
          await beforehand?.();
        } catch (error) {
          channel.close();
          throw error;
        }
        channel.end(Buffer.from(encodeText(script)));
        return result;
      }),
    withSftp: (task) =>
      takeSlot(async () => {
        refuseIfLost();
        const sftp = await openChannel<SFTPWrapper>(client, server, (done) => client.sftp(done));
        try {
          return await untilLost(client, server, task(sftp));
        } finally {
          sftp.end();
        }
      }),
    close: () => client.end(),
  };
}
