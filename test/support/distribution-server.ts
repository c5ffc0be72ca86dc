import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Dovecot } from './dovecot.ts';
import { type Machine, type Sshd, startSshd } from './sshd.ts';

const recorderSource = new URL('../../src/recorder/restage-record', import.meta.url).pathname;
const lmtpSendmail = new URL('./lmtp-sendmail.mjs', import.meta.url).pathname;

/** A distribution server: a real sshd, with the recorder set up as an administrator does it. */
export interface DistributionServer {
  readonly sshd: Sshd;
  readonly recorder: string;
  readonly logDirectory: string;
  /** Where its own programs are; commands name them by their whole path. */
  readonly bin: string;
  /** Runs a command line on it, logged in by the ssh program as its operators do; answers the exit code. */
  run(commandLine: string): Promise<{ readonly exitCode: number; readonly output: string }>;
  stop(): Promise<void>;
}

export interface DistributionServerOptions {
  readonly name: string;
  /** Takes its files. */
  readonly folder: string;
  /** The devices that it reaches by ssh, by the name that its ssh config gives them. */
  readonly devices: Readonly<Record<string, Sshd>>;
  /** Where its alerts go: into this user's mailbox; without it nobody gets mail. */
  readonly alerts?: { readonly dovecot: Dovecot; readonly user: string };
  /** Its programs see its own host name, and their mail goes the way of its alerts (needs root, and a sendmail). */
  readonly ownHost?: boolean;
}

export async function startDistributionServer(
  options: DistributionServerOptions,
): Promise<DistributionServer> {
  const { name, folder, devices } = options;
  const at = (file: string) => path.join(folder, file);
  const [recorder, logDirectory, bin] = [at('bin/restage-record'), at('records'), at('bin')];
  mkdirSync(bin, { recursive: true });
  mkdirSync(logDirectory);
  copyFileSync(recorderSource, recorder);
  chmodSync(recorder, 0o755);
  writeFileSync(at('restage-record.conf'), recorderConfig(options, logDirectory, at('bin/sendmail')));
  const sshd = await startSshd({
    dir: folder,
    ...(options.ownHost && { within: ownMachine(`${name}.eu.example.net`, at) }),
    env: {
      RESTAGE_RECORD_CONF: at('restage-record.conf'),
      PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
    },
  });
  writeSshConfig(folder, { ...devices, [name]: sshd });
  // As /etc/ssh/ssh_config would: a free dry run keeps no RSYNC_RSH.
  writeFileSync(at('bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${at('ssh_config')} "$@"\n`, { mode: 0o755 });
  return {
    sshd,
    recorder,
    logDirectory,
    bin,
    run: (commandLine) =>
      new Promise((resolve) => {
        execFile('ssh', ['-F', at('ssh_config'), name, commandLine], (error, stdout, stderr) => {
          const exitCode = error ? Number(error.code) : 0;
          resolve({ exitCode, output: stdout + stderr });
        });
      }),
    stop: () => sshd.stop(),
  };
}

function ownMachine(hostName: string, at: (file: string) => string): Machine {
  const enter = ['unshare', '--mount', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', hostName];
  const short = hostName.split('.')[0] ?? '';
  writeFileSync(at('hosts'), `127.0.0.1 localhost\n127.0.1.1 ${hostName} ${short}\n`);
  const mounts = [
    { what: at('hosts'), at: '/etc/hosts' },
    { what: at('bin/sendmail'), at: '/usr/sbin/sendmail' },
  ];
  return { address: '127.0.0.1', enter, mounts };
}

/** Writes the settings that /etc/restage-record.conf would hold, and the program that takes the mail. */
function recorderConfig(
  { name, alerts }: DistributionServerOptions,
  logDirectory: string,
  sendmail: string,
): string {
  const lines = [`SERVER=${name}`, 'REGION=eu', `LOG_DIR=${logDirectory}`, 'ENVIRONMENT=SITE_*'];
  if (alerts) {
    const call = [process.execPath, lmtpSendmail, alerts.dovecot.lmtpPort, alerts.user];
    writeFileSync(sendmail, `#!/bin/sh\nexec ${call.map((word) => `'${word}'`).join(' ')}\n`, {
      mode: 0o755,
    });
    lines.push(
      `SENDMAIL=${sendmail}`,
      `MAIL_FROM=restage@${name}.eu.example.net`,
      'MAIL_TO=dist-alerts@example.net',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** So that `ssh -F` and rsync reach the servers by name, and know their keys. */
function writeSshConfig(folder: string, servers: Readonly<Record<string, Sshd>>): void {
  const knownHosts = path.join(folder, 'known_hosts');
  const entries = Object.entries(servers);
  const keys = entries.map(
    ([, { address, port, hostPublicKey }]) => `[${address}]:${port} ${hostPublicKey}\n`,
  );
  writeFileSync(knownHosts, keys.join(''));
  const hosts = entries.map(([name, { address, port, user, clientKeyFile }]) =>
    [
      `Host ${name}`,
      `  HostName ${address}`,
      `  Port ${port}`,
      `  User ${user}`,
      `  IdentityFile ${clientKeyFile}`,
      `  UserKnownHostsFile ${knownHosts}`,
      '  BatchMode yes',
      '  ConnectTimeout 2',
      '',
    ].join('\n'),
  );
  writeFileSync(path.join(folder, 'ssh_config'), hosts.join('\n'));
}
