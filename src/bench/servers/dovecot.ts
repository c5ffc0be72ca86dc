import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { RestageError } from '../../domain/errors.ts';
import { freePort } from './free-port.ts';

const dovecot = '/usr/sbin/dovecot';
const lmtpTimeoutMs = 20_000;
/** Mail is owned by nobody when the tests run as root, else by whoever runs them. */
const isRoot = process.getuid?.() === 0;
const mailUser = {
  uid: isRoot ? 65534 : (process.getuid?.() ?? 0),
  gid: isRoot ? 65534 : (process.getgid?.() ?? 0),
};

/** A real Dovecot in a directory of its own, with IMAP (STARTTLS), IMAPS and LMTP on loopback. */
export interface Dovecot {
  readonly imapPort: number;
  readonly imapsPort: number;
  readonly lmtpPort: number;
  /** Every user that is named exists and has this password. */
  readonly password: string;
  /** The server's own certificate, which is its authority too; PEM. */
  readonly tlsCa: string;
  /** For `doveadm -c`. */
  readonly configFile: string;
  /** The Maildir of a user. */
  maildir(user: string): string;
  /** Delivers one message by LMTP; resolves once the server has accepted it. */
  deliver(user: string, rawMail: string | Uint8Array): Promise<void>;
  /** Delivers messages over one LMTP connection, in order. */
  deliverMany(user: string, rawMails: readonly (string | Uint8Array)[]): Promise<void>;
  /** Cuts every connection, as a crash does, and starts again. */
  restart(): Promise<void>;
  /** Stops and starts with everything forgotten but the messages: a new UIDVALIDITY. */
  restartWithNewUidValidity(user: string): Promise<void>;
  /** Stops the server for good; its directory goes too. */
  stop(): Promise<void>;
  /** Stops the server, to be started again by `restart`. */
  halt(): Promise<void>;
}

/**
 * @throws RestageError `input-invalid` where Dovecot is not installed.
 * @throws Error where it ends at once, twice.
 */
export function startDovecot(choosePort = freePort): Promise<Dovecot> {
  // Of its ports one may be taken before it listens there: then it gets others.
  if (existsSync(dovecot)) return startInstalled(choosePort).catch(() => startInstalled(choosePort));
  const message = `There is no ${dovecot}. Install Dovecot (Debian: dovecot-imapd, dovecot-lmtpd).`;
  return Promise.reject(new RestageError('input-invalid', message));
}

async function startInstalled(choosePort: typeof freePort): Promise<Dovecot> {
  const directory = mkdtempSync(join(tmpdir(), 'restage-dovecot-'));
  chmodSync(directory, 0o755);
  const mail = join(directory, 'mail');
  mkdirSync(mail);
  if (isRoot) chownSync(mail, mailUser.uid, mailUser.gid);
  const [imapPort, imapsPort, lmtpPort] = [await choosePort(), await choosePort(), await choosePort()];
  const password = 'correct-horse';
  createCertificate(directory);
  const config = join(directory, 'dovecot.conf');
  writeFileSync(config, configuration({ directory, imapPort, imapsPort, lmtpPort, password }));
  let server: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    server = await launch(config, [imapPort, lmtpPort]);
  };
  const halt = async (): Promise<void> => {
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    // The whole process group: sessions that idle would live on for ten seconds.
    process.kill(-server.pid, 'SIGKILL');
    await ended;
  };
  await start();
  const maildir = (user: string): string => join(mail, user, 'Maildir');
  return {
    imapPort,
    imapsPort,
    lmtpPort,
    password,
    tlsCa: readFileSync(join(directory, 'cert.pem'), 'utf8'),
    configFile: config,
    maildir,
    deliver: (user, rawMail) => deliverByLmtp(lmtpPort, user, [rawMail]),
    deliverMany: (user, rawMails) => deliverByLmtp(lmtpPort, user, rawMails),
    halt,
    restart: async () => {
      await halt();
      await start();
    },
    restartWithNewUidValidity: async (user) => {
      await halt();
      for (const file of [
        'dovecot-uidlist',
        'dovecot-uidvalidity',
        'dovecot.index',
        'dovecot.index.log',
        'dovecot.index.cache',
      ]) {
        rmSync(join(maildir(user), file), { force: true });
      }
      // The value is taken from the clock, in seconds.
      await sleep(1_100);
      await start();
    },
    stop: async () => {
      await halt();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface Site {
  readonly directory: string;
  readonly imapPort: number;
  readonly imapsPort: number;
  readonly lmtpPort: number;
  readonly password: string;
}

function configuration({ directory, imapPort, imapsPort, lmtpPort, password }: Site): string {
  const user = isRoot ? 'nobody' : execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
  return `
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = ${user}
default_internal_group = ${isRoot ? 'nogroup' : execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()}
default_login_user = ${user}
first_valid_uid = 0
auth_username_format = %Lu
mail_location = maildir:~/Maildir
mailbox_idle_check_interval = 1 s
mail_max_userip_connections = 50
auth_failure_delay = 0
ssl = yes
ssl_cert = <${directory}/cert.pem
ssl_key = <${directory}/key.pem
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${mailUser.uid} gid=${mailUser.gid} home=${directory}/mail/%u allow_all_users=yes
}
service anvil {
  chroot =
  # No waiting after a wrong password.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = ${imapsPort}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${lmtpPort}
  }
}
`;
}

function createCertificate(directory: string): void {
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...kind, '-subj', '/CN=localhost', '-addext', names, ...files], {
    stdio: 'ignore',
  });
}

/** RFC 2033: SMTP that answers for each recipient. */
async function deliverByLmtp(
  port: number,
  user: string,
  mails: readonly (string | Uint8Array)[],
): Promise<void> {
  const socket = createConnection(port, '127.0.0.1');
  socket.setNoDelay(true);
  const reader = createInterface({ input: socket });
  const lines = reader[Symbol.asyncIterator]();
  // A connection that breaks, or hangs, ends the lines, which is the error that is thrown.
  socket.on('error', () => {}).once('close', () => reader.close());
  socket.setTimeout(lmtpTimeoutMs, () => socket.destroy());
  async function expectCode(code: string): Promise<void> {
    for (;;) {
      const line = await lines.next();
      if (line.done === true) throw new Error('LMTP connection ended');
      if (!line.value.startsWith(code)) throw new Error(`LMTP: expected ${code}, got ${line.value}`);
      if (line.value[3] !== '-') return;
    }
  }
  const say = async (line: string, code: string): Promise<void> => {
    socket.write(`${line}\r\n`);
    await expectCode(code);
  };
  await expectCode('220');
  await say('LHLO localhost', '250');
  for (const mail of mails) {
    await say('MAIL FROM:<root@localhost>', '250');
    await say(`RCPT TO:<${user}>`, '250');
    await say('DATA', '354');
    const text = Buffer.from(mail).toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
    socket.write(Buffer.from(`${text}\r\n.\r\n`, 'latin1'));
    await expectCode('250');
  }
  await say('QUIT', '221');
  socket.destroy();
}

/**
 * Resolves once the server listens at its ports.
 * @throws Error if it ends before.
 */
async function launch(config: string, ports: readonly number[]): Promise<ChildProcess> {
  const server = spawn(dovecot, ['-F', '-c', config], { stdio: 'ignore', detached: true });
  for (const port of ports) await listening(server, port);
  return server;
}

async function listening(server: ChildProcess, port: number): Promise<void> {
  while (!(await accepts(port))) {
    if (server.exitCode !== null || server.signalCode !== null)
      throw new Error(`dovecot ended with exit code ${server.exitCode}, before it listened at port ${port}`);
    await sleep(20);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
