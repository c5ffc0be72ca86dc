import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { Client, ConnectConfig } from 'ssh2';
import ssh2 from 'ssh2';
import { RestageError } from '../../domain/errors.ts';
import type { SshHost } from '../../domain/server.ts';
import { openChannel } from './channel.ts';
import { unreachable } from './failures.ts';
import { type HostKeyCheck, prepareHostKeyCheck } from './host-key.ts';

const readyTimeoutMs = 15_000;
const keepaliveIntervalMs = 10_000;

/** Each host on the way is verified and logged in to by its own settings. Where one of them is lost, so is the last. */
export async function openThrough(server: SshHost, jump: readonly SshHost[]): Promise<Client> {
  let last: { readonly host: SshHost; readonly client: Client } | null = null;
  for (const host of jump) last = { host, client: await openBehind(last, host) };
  return openBehind(last, server);
}

async function openBehind(
  gateway: { readonly host: SshHost; readonly client: Client } | null,
  host: SshHost,
): Promise<Client> {
  if (!gateway) return open(host, null);
  try {
    const client = await open(host, await forward(gateway.client, gateway.host, host));
    client.once('close', () => gateway.client.end());
    return client;
  } catch (error) {
    gateway.client.end();
    throw error;
  }
}

async function forward(gateway: Client, through: SshHost, host: SshHost): Promise<Duplex> {
  try {
    return await openChannel<Duplex>(gateway, host, (done) => {
      gateway.forwardOut('127.0.0.1', 0, host.host, host.port, done);
    });
  } catch (cause) {
    throw unreachable(host, `${through.name} does not get through to it`, { cause });
  }
}

async function open(server: SshHost, sock: Duplex | null): Promise<Client> {
  const check = await prepareHostKeyCheck(server);
  const login = await readLogin(server);
  const client = new ssh2.Client();
  await new Promise<void>((resolve, reject) => {
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
        ...login,
        ...(sock ? { sock } : {}),
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
  return client;
}

/** A key in a file comes before those of the agent. */
async function readLogin(server: SshHost): Promise<Pick<ConnectConfig, 'privateKey' | 'agent'>> {
  const agent = server.agentSocket === null ? {} : { agent: server.agentSocket };
  if (server.privateKeyFile === null) return agent;
  try {
    return { ...agent, privateKey: await readFile(server.privateKeyFile) };
  } catch (cause) {
    const message = `The key file ${server.privateKeyFile} for ${server.name} cannot be read. Check privateKeyFile and its permissions.`;
    throw new RestageError('server-authentication', message, { cause });
  }
}

function explainFailure(
  error: Error & { level?: string },
  server: SshHost,
  check: HostKeyCheck,
): RestageError {
  if (error.level === 'client-authentication') return refusedLogin(server, error);
  if (error.level === 'agent') {
    const message = `The ssh-agent at ${server.agentSocket} gives no key for ${server.name}: ${error.message}. Check that it runs and has the key (ssh-add -l).`;
    return new RestageError('server-authentication', message, { cause: error });
  }
  // ssh2 has no code for this one.
  if (error.level === 'handshake' && check.algorithms && error.message.includes('host key')) {
    const message = `${server.name} has no host key of the types known for it (${check.algorithms.join(', ')}). Correct ${server.knownHostsFile}.`;
    return new RestageError('server-host-key', message, { cause: error });
  }
  return unreachable(server, error.message, { cause: error });
}

function refusedLogin(server: SshHost, cause: Error): RestageError {
  const key = server.privateKeyFile ?? `of the agent at ${server.agentSocket}`;
  const message = `${server.name} does not let ${server.user} in with the key ${key}. Check the user, and that the public key is in its authorized_keys.`;
  return new RestageError('server-authentication', message, { cause });
}
