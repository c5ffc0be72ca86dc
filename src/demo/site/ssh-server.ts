import { spawn } from 'node:child_process';
import type { ParsedKey, PublicKeyAuthContext, ServerChannel } from 'ssh2';
import ssh2 from 'ssh2';
import { serveFiles } from './sftp-server.ts';

export interface SshServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface SshServerOptions {
  readonly hostKey: string;
  /** The one key that may log in, in OpenSSH's public form. */
  readonly authorizedKey: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A small SSH server for this machine only: runs commands by `sh -c`, and lets files be read by SFTP. */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  const authorized = ssh2.utils.parseKey(options.authorizedKey);
  if (authorized instanceof Error) throw authorized;
  const server = new ssh2.Server({ hostKeys: [options.hostKey] }, (client) => {
    client.on('error', () => client.end());
    client.on('authentication', (context) => {
      const isOurs = context.method === 'publickey' && proves(context, authorized);
      if (isOurs) context.accept();
      else context.reject(['publickey']);
    });
    client.on('session', (accept) => {
      const session = accept();
      session.on('exec', (acceptExec, _reject, info) => execute(acceptExec(), info.command, options.env));
      session.on('sftp', (acceptSftp) => serveFiles(acceptSftp()));
    });
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** Asked without a signature, whether the key would do; asked with one, whether it was made with that key. */
function proves(context: PublicKeyAuthContext, authorized: ParsedKey): boolean {
  if (!context.key.data.equals(authorized.getPublicSSH())) return false;
  if (!context.signature || !context.blob) return true;
  // An Error, which is no `true` either, when the signature can't be read.
  const verified: unknown = authorized.verify(context.blob, context.signature, context.hashAlgo);
  return verified === true;
}

function execute(channel: ServerChannel, command: string, env: Readonly<Record<string, string>>): void {
  const child = spawn('/bin/sh', ['-c', command], { env });
  channel.on('error', () => {});
  child.stdin.on('error', () => {});
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on('close', (code) => {
    channel.exit(code ?? 255);
    channel.end();
  });
}
