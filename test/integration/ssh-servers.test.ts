import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createServerAccess } from '../../src/adapters/ssh/server-access.ts';
import type { RunOutcome, ServerAccess, ServerProfile } from '../../src/domain/server.ts';
import { readStamp } from '../../src/redistribution/adapter/record-log.ts';
import { type ProfileChange, serverProfile } from '../support/server-profile.ts';
import { silentLog } from '../support/silent-log.ts';
import { type Sshd, type SshdOptions, startSshd } from '../support/sshd.ts';

const external = '/usr/lib/openssh/sftp-server';
const disposals: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).toReversed()) await dispose();
});

interface Site {
  readonly sshd: Sshd;
  readonly access: ServerAccess;
  readonly profile: ServerProfile;
}

async function startSite(options: SshdOptions, change: ProfileChange = {}): Promise<Site> {
  const sshd = await startSshd(options);
  const access = createServerAccess({ log: silentLog });
  disposals.push(
    () => sshd.stop(),
    () => access.close(),
  );
  const { port, user, clientKeyFile: privateKeyFile, hostKeyFingerprint: hostKey } = sshd;
  return { sshd, access, profile: serverProfile({ port, user, privateKeyFile, hostKey, ...change }) };
}

const day = new Date('2026-11-20T00:00:00Z');
const stamped = (second: number) =>
  `{"at":"${new Date(day.getTime() + second * 1_000).toISOString()}","x":"${'y'.repeat(50)}"}\n`;
const lines = (count: number) => Array.from({ length: count }, (_, second) => stamped(second)).join('');

function writeLog(sshd: Sshd, name: string, text: string): void {
  const folder = join(sshd.home, 'log');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  const at = new Date(day.getTime() + 86_000_000);
  utimesSync(join(folder, name), at, at);
}

async function readLog(
  { sshd, access, profile }: Site,
  period = { from: day, until: new Date(day.getTime() + 86_400_000) },
) {
  const slices = await access.readLogs(profile, {
    path: `${sshd.home}/log/push*.log`,
    period,
    timeOf: readStamp,
  });
  return slices.map(({ bytes }) => Buffer.from(bytes).toString()).join('');
}

const run = ({ sshd, access, profile }: Site, id: string, argv: readonly string[]): Promise<RunOutcome> => {
  const watcher = { onSend: () => {}, onSeen: () => {}, onOutput: () => {} };
  const request = { id, argv, cwd: sshd.home, env: {}, mayStart: true };
  return access.run(profile, request, watcher, new AbortController().signal);
};
const exited = (exitCode: number) => ({ outcome: 'exited', exitCode });

/** The account of this test has this shell on the server. */
function accountWith(shell: string, home: string): Pick<SshdOptions, 'within'> {
  const file = `${home}.passwd`;
  writeFileSync(file, `root:x:0:0:root:${home}:${shell}\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n`);
  return {
    within: {
      address: '127.0.0.1',
      enter: ['unshare', '--mount'],
      mounts: [{ what: file, at: '/etc/passwd' }],
    },
  };
}

describe('a server without SFTP', () => {
  it('B7: has its logs read by commands, those of the period alone, whatever login files print', async () => {
    const site = await startSite({ sftp: null });
    writeFileSync(join(site.sshd.home, '.bashrc'), 'echo "Welcome to int-38"; echo "be careful" >&2\n');
    writeLog(site.sshd, "push it's 1.log", lines(30_000));
    const from = new Date(day.getTime() + 20_000_000);
    expect(await readLog(site, { from, until: new Date(from.getTime() + 100_000) })).toBe(
      lines(20_100).slice(lines(20_000).length),
    );
    writeLog(site.sshd, 'push.log.1', lines(10));
    execFileSync('gzip', [join(site.sshd.home, 'log/push.log.1')]);
    const until = new Date(day.getTime() + 5_000);
    expect(await readLog(site, { from: day, until })).toBe(lines(5) + lines(5));
    expect(await run(site, 'greeted', ['false'])).toEqual(exited(1));
  });

  it('says what is missing, and what may not be read', async () => {
    const site = await startSite({ sftp: null });
    await expect(readLog(site)).rejects.toMatchObject({ code: 'server-logs-missing', message: /has no / });
  });

  it('B9: has its packages measured as by SFTP', async () => {
    const [plain, without] = [await startSite({}), await startSite({ sftp: null })];
    const folder = join(plain.sshd.home, 'srv');
    mkdirSync(join(folder, 'below'), { recursive: true });
    writeFileSync(join(folder, 'a'), '12345');
    writeFileSync(join(folder, 'below', 'b'), '123');
    const paths = [folder, join(folder, 'a'), join(folder, 'gone')];
    const measured = await without.access.measure(without.profile, paths);
    expect(measured).toMatchObject([{ files: 2, bytes: 8 }, { files: 1, bytes: 5 }, 'missing']);
    expect(measured).toEqual(await plain.access.measure(plain.profile, paths));
  });
});

describe('a server whose account is restricted', () => {
  it('names what a login file prints into SFTP, and what to do', async () => {
    const site = await startSite({ sftp: external });
    writeFileSync(join(site.sshd.home, '.bashrc'), 'echo "Welcome to int-38, be careful"\n');
    writeLog(site.sshd, 'push.log', lines(3));
    await expect(readLog(site)).rejects.toMatchObject({
      code: 'server-refused',
      message: expect.stringMatching(/prints “Welcome to int-38, be careful”.*Subsystem sftp internal-sftp/),
    });
    expect(await run(site, 'noisy', ['true'])).toEqual(exited(0));
  });

  it('with nologin has its logs read, and says that it runs nothing', async () => {
    const home = join('/tmp', `restage-nologin-${process.pid}`);
    mkdirSync(home);
    disposals.push(async () => execFileSync('rm', ['-r', home, `${home}.passwd`]));
    const site = await startSite(accountWith('/usr/sbin/nologin', home));
    writeLog(site.sshd, 'push.log', lines(3));
    expect(await readLog(site)).toBe(lines(3));
    expect(await site.access.clockOf(site.profile)).toBeNull();
    await expect(run(site, 'nologin', ['true'])).rejects.toMatchObject({
      code: 'server-refused',
      message: expect.stringMatching(/This account is currently not available.*not nologin/),
    });
  });

  it('that allows only SFTP has its logs read, and says that it runs nothing', async () => {
    const site = await startSite({ settings: ['ForceCommand internal-sftp'] });
    writeLog(site.sshd, 'push.log', lines(3));
    expect(await readLog(site)).toBe(lines(3));
    await expect(run(site, 'only-sftp', ['true'])).rejects.toMatchObject({
      code: 'server-refused',
      message: expect.stringMatching(/This service allows sftp connections only.*ForceCommand/),
    });
  });

  it('and shows a folder of its own alone, has the logs in it read', async () => {
    // sshd wants each folder above it to be writable by root alone.
    const root = join('/run', `restage-chroot-${process.pid}`);
    mkdirSync(root);
    disposals.push(async () => execFileSync('rm', ['-r', root]));
    const site = await startSite({ settings: ['ForceCommand internal-sftp', `ChrootDirectory ${root}`] });
    writeFileSync(join(root, 'push.log'), lines(3));
    const at = new Date(day.getTime() + 86_000_000);
    utimesSync(join(root, 'push.log'), at, at);
    const period = { from: day, until: new Date(day.getTime() + 86_400_000) };
    const [slice] = await site.access.readLogs(site.profile, {
      path: '/push.log',
      period,
      timeOf: readStamp,
    });
    expect(Buffer.from(slice?.bytes ?? []).toString()).toBe(lines(3));
    await expect(run(site, 'chroot', ['true'])).rejects.toMatchObject({
      message: expect.stringMatching(/ForceCommand/),
    });
  });
});

describe('a server that allows one session at a time', () => {
  it.each([
    ['by SFTP', {}],
    ['by commands', { sftp: null }],
  ])('has its logs read %s while commands run, each in its turn', async (_way, options: SshdOptions) => {
    const site = await startSite({ ...options, settings: ['MaxSessions 1'] });
    writeLog(site.sshd, 'push.log', lines(3));
    const go = join(site.sshd.home, 'go');
    const running = run(site, 'long', ['sh', '-c', `until [ -e ${go} ]; do sleep 0.05; done`]);
    const read = await Promise.all([1, 2, 3, 4].map(() => readLog(site)));
    expect(new Set(read)).toEqual(new Set([lines(3)]));
    writeFileSync(go, '');
    expect(await running).toEqual(exited(0));
    expect(await run(site, 'short', ['true'])).toEqual(exited(0));
  });
});

describe('a server whose date(1) knows no fractions of a second', () => {
  it.each([
    ['busybox', '.%N'],
    ['BSD', '.N'],
  ])('as that of %s, has its clock measured to the second', async (_which, rest) => {
    const bin = join('/tmp', `restage-date-${process.pid}`);
    mkdirSync(bin);
    disposals.push(async () => execFileSync('rm', ['-r', bin]));
    writeFileSync(join(bin, 'date'), `#!/bin/sh\necho "$(/bin/date +%s)${rest}"\n`, { mode: 0o755 });
    const { access, profile } = await startSite({ env: { PATH: `${bin}:/usr/bin:/bin` } });
    const reading = await access.clockOf(profile);
    expect(reading?.uncertaintyMs).toBeGreaterThan(500);
    expect(Math.abs(reading?.offsetMs ?? Infinity)).toBeLessThanOrEqual(reading?.uncertaintyMs ?? 0);
  });
});

describe('where runs are kept', () => {
  it('B12: is a folder that the config names', async () => {
    const home = join('/tmp', `restage-runs-${process.pid}`);
    disposals.push(async () => execFileSync('rm', ['-r', home]));
    const site = await startSite({}, { running: { runFolder: `${home}/it's here` } });
    expect(await run(site, 'kept', ['true'])).toEqual(exited(0));
    expect(readdirSync(`${home}/it's here`)).toEqual(['kept']);
    expect(existsSync(join(site.sshd.home, '.local'))).toBe(false);
    await site.access.prune(site.profile, ['kept']);
    expect(readdirSync(`${home}/it's here`)).toEqual([]);
  });

  it('is named where it can’t be written to', async () => {
    const site = await startSite({}, { running: { runFolder: '/proc/restage' } });
    await expect(run(site, 'never', ['true'])).rejects.toMatchObject({
      code: 'server-refused',
      message: expect.stringMatching(/cannot keep the runs of .*\/proc\/restage.*set runFolder/),
    });
  });
});

describe('a server whose sudo refuses', () => {
  /** The account restage, which sudo knows by these rules. */
  async function startWithSudo(sudoers: string): Promise<Site> {
    const home = join('/tmp', `restage-sudo-${process.pid}`);
    mkdirSync(join(home, 'home'), { recursive: true });
    chmodSync(home, 0o755);
    chownSync(join(home, 'home'), 4242, 4242);
    disposals.push(async () => execFileSync('rm', ['-r', home]));
    const passwd = `root:x:0:0:root:/root:/bin/bash\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\nrestage:*:4242:4242::${home}/home:/bin/sh\n`;
    const files = {
      passwd,
      group: 'root:x:0:\nrestage:x:4242:\nnogroup:x:65534:\n',
      sudoers: `${sudoers}\n`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
    chmodSync(join(home, 'sudoers'), 0o440);
    const mounts = Object.keys(files).map((name) => ({ what: join(home, name), at: `/etc/${name}` }));
    const within = { address: '127.0.0.1', enter: ['unshare', '--mount'], mounts };
    return startSite({ dir: home, within }, { user: 'restage' });
  }

  it.each([
    ['for want of a password', 'restage ALL=(root) /bin/echo', 'a password is required'],
    ['for want of an entry', 'root ALL=(ALL) ALL', 'a password is required|not in the sudoers'],
    [
      'since another command is allowed',
      'restage ALL=(root) NOPASSWD: /bin/true',
      'a password is required|not allowed to execute',
    ],
    ['for want of a terminal', 'Defaults requiretty\nrestage ALL=(root) NOPASSWD: ALL', 'must have a tty'],
  ])('%s: it was not started, and why', async (_why, sudoers, words) => {
    const site = await startWithSudo(sudoers);
    const outcome = await run(site, 'refused', ['sudo', '-n', '-u', 'root', '--', '/bin/echo', 'ran']);
    expect(outcome).toMatchObject({
      outcome: 'not-started',
      reason: expect.stringMatching(new RegExp(`sudo on int-38 refused it: .*(?:${words}).*NOPASSWD`)),
    });
  });

  it('B12: a command that it lets run ends as itself, whatever it prints', async () => {
    const site = await startWithSudo('restage ALL=(root) NOPASSWD: ALL');
    const command = [
      'sudo',
      '-n',
      '-u',
      'root',
      '--',
      'sh',
      '-c',
      'echo begun; echo sudo: a password is required; exit 1',
    ];
    expect(await run(site, 'ran', command)).toEqual(exited(1));
  });
});
