import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServerAccess } from '../../src/adapters/ssh/server-access.ts';
import { RestageError } from '../../src/domain/errors.ts';
import type { RunRequest, RunWatcher, ServerAccess, ServerProfile } from '../../src/domain/server.ts';
import { parseRecordLog, readStamp } from '../../src/redistribution/adapter/record-log.ts';
import { wrapInRecorder } from '../../src/redistribution/recorder.ts';
import { type Sshd, startSshd } from '../support/sshd.ts';
import { type ProfileChange, serverProfile } from '../support/server-profile.ts';
import { silentLog } from '../support/silent-log.ts';
import { wholeLog } from '../support/whole-log.ts';

const recorder = new URL('../../src/recorder/restage-record', import.meta.url).pathname;
const ever = new AbortController().signal;
const ignore = () => {};

let sshd: Sshd;
let access: ServerAccess;

beforeAll(async () => {
  sshd = await startSshd();
  access = createServerAccess({ log: silentLog });
});
afterAll(async () => {
  await access.close();
  await sshd.stop();
});

function profile(change: ProfileChange = {}): ServerProfile {
  return serverProfile({
    name: 'int-58',
    port: sshd.port,
    user: sshd.user,
    privateKeyFile: sshd.clientKeyFile,
    hostKey: sshd.hostKeyFingerprint,
    ...change,
  });
}

let runs = 0;
function request(argv: readonly string[], change: Partial<RunRequest> = {}): RunRequest {
  return { id: `run-${process.pid}-${++runs}`, argv, cwd: sshd.home, env: {}, mayStart: true, ...change };
}

function watch(onOutput: RunWatcher['onOutput']): RunWatcher {
  return { onSend: ignore, onSeen: ignore, onOutput };
}

async function runToEnd(wanted: RunRequest, by: ServerAccess = access, server: ServerProfile = profile()) {
  const output: Uint8Array[] = [];
  const outcome = await by.run(
    server,
    wanted,
    watch((chunk) => output.push(chunk)),
    ever,
  );
  return { outcome, output: Buffer.concat(output).toString() };
}

/** Resolves once the run has printed the words; `ended` is its end. */
function runUntil(words: string, wanted: RunRequest, by: ServerAccess = access) {
  let output = '';
  let seen: () => void = ignore;
  const printed = new Promise<void>((resolve) => {
    seen = resolve;
  });
  const ended = by.run(
    profile(),
    wanted,
    watch((chunk) => {
      output += Buffer.from(chunk).toString();
      if (output.includes(words)) seen();
    }),
    ever,
  );
  return { printed, ended: ended.then((outcome) => ({ outcome, output })) };
}

describe('whom the bot talks to', () => {
  it('refuses another host key than the pinned one and names both', async () => {
    const pinned = `SHA256:${'A'.repeat(43)}`;
    const attempt = access.readLogs(profile({ hostKey: pinned }), logOf('2026-11-20'));
    await expect(attempt).rejects.toMatchObject({
      code: 'server-host-key',
      message: expect.stringContaining(pinned),
    });
    await expect(attempt).rejects.toThrow(sshd.hostKeyFingerprint);
  });

  it('refuses to connect when nothing is known about the key', async () => {
    const attempt = access.readLogs(profile({ hostKey: null }), logOf('2026-11-20'));
    await expect(attempt).rejects.toMatchObject({ code: 'server-host-key' });
  });

  it.each<[string, (host: string, key: string) => string, boolean]>([
    ['[host]:port', (host, key) => `${host} ${key}`, true],
    ['a list with a pattern', (_host, key) => `other,[127.0.0.*]:* ${key}`, true],
    ['a hashed name', (host, key) => `${hashed(host)} ${key}`, true],
    ['the key of another port', (_host, key) => `127.0.0.1 ${key}`, false],
    ['a name that is excepted', (host, key) => `[127.0.0.*]:*,!${host} ${key}`, false],
    ['a revoked key', (host, key) => `${host} ${key}\n@revoked ${host} ${key}`, false],
    [
      'another key of that type',
      (host) => `${host} ssh-ed25519 ${Buffer.from('\0\0\0\x0bssh-ed25519').toString('base64')}`,
      false,
    ],
    ['a type the server does not have', (host) => `${host} ssh-rsa AAAAB3NzaC1yc2E=`, false],
    ['an empty file', () => '', false],
  ])('reads known_hosts: %s', async (_name, line, isAccepted) => {
    const knownHostsFile = join(sshd.home, 'known_hosts');
    await writeFile(knownHostsFile, `# hosts\n${line(`[127.0.0.1]:${sshd.port}`, sshd.hostPublicKey)}\n`);
    const fresh = createServerAccess({ log: silentLog });
    const answer = await runToEnd(request(['true']), fresh, profile({ hostKey: null, knownHostsFile })).then(
      ({ outcome }) => outcome.outcome,
      (error: unknown) => (error instanceof RestageError ? error.code : error),
    );
    expect(answer).toBe(isAccepted ? 'exited' : 'server-host-key');
    await fresh.close();
  });

  it('says which key was not let in', async () => {
    const strange = await startSshd();
    const attempt = access.readLogs(profile({ privateKeyFile: strange.clientKeyFile }), logOf('2026-11-20'));
    await expect(attempt).rejects.toMatchObject({ code: 'server-authentication' });
    await strange.stop();
  });

  it('says that nobody listens', async () => {
    const gone = await startSshd();
    await gone.stop();
    const attempt = access.readLogs(profile({ port: gone.port }), logOf('2026-11-20'));
    await expect(attempt).rejects.toMatchObject({ code: 'server-unreachable' });
  });
});

describe('the way to a server', () => {
  it('B12: leads through jump hosts, each verified and logged in to by itself', async () => {
    const gateway = await startSshd();
    const jump = {
      name: 'bastion',
      host: '127.0.0.1',
      port: gateway.port,
      user: gateway.user,
      privateKeyFile: gateway.clientKeyFile,
      agentSocket: null,
      hostKey: gateway.hostKeyFingerprint,
      knownHostsFile: null,
    };
    const fresh = createServerAccess({ log: silentLog });
    const { output } = await runToEnd(request(['echo', 'through']), fresh, profile({ jump: [jump] }));
    expect(output).toBe('through\n');
    expect(await gateway.connections()).toBeGreaterThan(0);
    const forged = profile({ jump: [{ ...jump, hostKey: `SHA256:${'A'.repeat(43)}` }] });
    await expect(fresh.reach(forged)).rejects.toMatchObject({
      code: 'server-host-key',
      message: expect.stringContaining('bastion'),
    });
    const gone = profile({ jump: [jump], port: 1 });
    await expect(fresh.reach(gone)).rejects.toMatchObject({ code: 'server-unreachable' });
    await fresh.close();
    await gateway.stop();
  });

  it('B12: is opened by a key that only the agent has', async () => {
    const socket = join(sshd.home, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    await expect.poll(() => existsSync(socket)).toBe(true);
    const fresh = createServerAccess({ log: silentLog });
    const byAgent = profile({ privateKeyFile: null, agentSocket: socket });
    await expect(fresh.reach(byAgent)).rejects.toMatchObject({ code: 'server-authentication' });
    execFileSync('ssh-add', ['-q', sshd.clientKeyFile], { env: { SSH_AUTH_SOCK: socket } });
    expect((await runToEnd(request(['true']), fresh, byAgent)).outcome).toEqual({
      outcome: 'exited',
      exitCode: 0,
    });
    await fresh.close();
    agent.kill();
  });

  it('B12: is another one for running, where that has a key of its own', async () => {
    const strange = await startSshd();
    const apart = profile({ runKeyFile: strange.clientKeyFile });
    const query = { ...logOf('2026-11-20'), path: `${sshd.home}/*.jsonl` };
    expect(await access.readLogs(apart, query)).toEqual([]);
    await expect(runToEnd(request(['true']), access, apart)).rejects.toMatchObject({
      code: 'server-authentication',
      message: expect.stringContaining(strange.clientKeyFile),
    });
    await strange.stop();
  });
});

describe('reading logs', () => {
  it('takes only files of the dates concerned, whole', async () => {
    const folder = join(sshd.home, 'log');
    await mkdir(folder, { recursive: true });
    const large = Buffer.alloc(300_000, 'x');
    for (const date of ['2026-11-17', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-23']) {
      await writeFile(join(folder, `${date}.jsonl`), date === '2026-11-20' ? large : date);
    }
    await writeFile(join(folder, '2026-11-20.jsonl.old'), 'no');
    const files = await access.readLogs(profile(), logOf('2026-11-20'));
    expect(files.map(({ path }) => path.slice(-16))).toEqual([
      '2026-11-19.jsonl',
      '2026-11-20.jsonl',
      '2026-11-21.jsonl',
    ]);
    expect(Buffer.from(files[1]?.bytes ?? []).equals(large)).toBe(true);
  });

  it('says that the directory is missing', async () => {
    const attempt = access.readLogs(profile(), logOf('2026-11-20', '/nonexistent/log'));
    await expect(attempt).rejects.toMatchObject({ code: 'server-logs-missing' });
  });
});

describe('running a command', () => {
  it('gives its output from the first byte, and its exit code', async () => {
    const { outcome, output } = await runToEnd(request(['sh', '-c', 'echo one; echo two >&2; exit 7']));
    expect(outcome).toEqual({ outcome: 'exited', exitCode: 7 });
    expect(output).toBe('one\ntwo\n');
  });

  it('B9: bytes that are no UTF-8 come from the recorder’s log to a further run as they were', async () => {
    const logs = join(sshd.home, 'byte-records');
    const env = { RESTAGE_RECORD_CONF: join(sshd.home, 'bytes.conf') };
    await writeFile(env.RESTAGE_RECORD_CONF, `SERVER=int-58\nLOG_DIR=${logs}\n`);
    const hex = (output: string) => output.replaceAll(/[^0-9a-f]/g, '');
    const script = 'printf %s "$1" | od -An -tx1';
    const first = String.raw`$'K\xf6ln\xe2\x82'`;
    const record = `${recorder} --job J --package P -- sh -c '${script}' x ${first}`;
    const ran = await runToEnd(request(['bash', '-c', record], { env }));
    const now = new Date();
    const query = { path: `${logs}/*.jsonl`, period: hourBefore(now), timeOf: readStamp };
    const [read] = parseRecordLog(await access.readLogs(profile(), query)).records;
    const again = await runToEnd(request(read?.argv ?? []));
    expect([hex(ran.output), hex(again.output)]).toEqual(['4bf66c6ee282', '4bf66c6ee282']);
  });

  it('carries every argument literally', async () => {
    const nasty = [
      '$(touch /tmp/restage-pwned)',
      '`id`',
      "a'b",
      'a"b',
      'x;y|z&',
      '*',
      '~',
      '',
      ' ',
      'ä\nb',
      '\\n',
      '--',
      '-n',
      '$HOME',
      '%s',
    ];
    const { output } = await runToEnd(request(['printf', '[%s]', ...nasty]));
    expect(output).toBe(nasty.map((word) => `[${word}]`).join(''));
  });

  it('sets directory, environment and umask', async () => {
    const env = { RESTAGE_A: "it's $HOME", B: '' };
    const { output } = await runToEnd(
      request(['sh', '-c', 'pwd; echo "$RESTAGE_A|${B-unset}"; umask'], { cwd: '/usr', env }),
    );
    expect(output).toBe("/usr\nit's $HOME|\n0022\n");
  });

  it('brings large output whole', async () => {
    const { output } = await runToEnd(request(['sh', '-c', 'seq 1 400000']));
    expect(output.length).toBe(2_688_895);
    expect(output.endsWith('\n400000\n')).toBe(true);
  });

  it.each([
    ['a program that does not exist', ['no-such-program-here'], 127],
    ['a word that is only known to shells', ['eval', 'echo pwned'], 127],
  ])('ends with 127 for %s', async (_name, argv, exitCode) => {
    const { outcome, output } = await runToEnd(request(argv));
    expect(outcome).toEqual({ outcome: 'exited', exitCode });
    expect(output).not.toMatch(/^pwned/m);
  });

  it('does not start in a directory that is missing, and says so', async () => {
    const { outcome, output } = await runToEnd(request(['echo', 'started'], { cwd: '/nonexistent' }));
    expect(outcome).toEqual({ outcome: 'exited', exitCode: 125 });
    expect(output).toContain('the directory /nonexistent does not exist');
    expect(output).not.toMatch(/^started/m);
  });

  it.each([
    ['an id with a slash', { id: '../x' }],
    ['a relative directory', { cwd: 'srv' }],
    ['a name that is no variable', { env: { 'A;B': '1' } }],
    ['a NUL', { argv: ['echo', 'a\0b'] }],
    ['no program', { argv: [] }],
    [
      'far too many arguments',
      { argv: ['echo', ...Array.from({ length: 50_000 }, () => 'client-000001.example.net')] },
    ],
    ['an argument that no system takes', { argv: ['echo', 'x'.repeat(140_000)] }],
  ])('refuses %s', async (_name, change) => {
    await expect(runToEnd(request(['true'], change))).rejects.toMatchObject({ code: 'server-refused' });
  });

  it('takes as many arguments as the first distribution had', async () => {
    const names = Array.from({ length: 20_000 }, (_, n) => `client-${n}.example.net`);
    const { outcome, output } = await runToEnd(request(['sh', '-c', 'echo $#', 'sh', ...names]));
    expect(outcome).toEqual({ outcome: 'exited', exitCode: 0 });
    expect(output).toBe('20000\n');
  });

  it('starts nothing where it may only look', async () => {
    const wanted = request(['touch', join(sshd.home, 'never')]);
    expect((await runToEnd({ ...wanted, mayStart: false })).outcome).toEqual({ outcome: 'missing' });
    expect(existsSync(join(sshd.home, 'never'))).toBe(false);
    await runToEnd(wanted);
    expect((await runToEnd({ ...wanted, mayStart: false })).outcome).toEqual({
      outcome: 'exited',
      exitCode: 0,
    });
  });

  it('says beforehand that it starts, and afterwards that the server has it', async () => {
    const said: string[] = [];
    const watcher = {
      onSend: () => void said.push('start'),
      onSeen: () => void said.push('seen'),
      onOutput: () => {},
    };
    await access.run(profile(), request(['true']), watcher, ever);
    const refused = access.run(profile(), request([]), watcher, ever);
    await expect(refused).rejects.toMatchObject({ code: 'server-refused' });
    expect(said).toEqual(['start', 'seen']);
  });

  it('runs once although it is asked for twice at the same time', async () => {
    const marks = join(sshd.home, 'marks');
    await rm(marks, { force: true });
    const wanted = request(['sh', '-c', `echo ran >>${marks}; sleep 0.3; echo done`]);
    const other = createServerAccess({ log: silentLog });
    const both = await Promise.all([runToEnd(wanted), runToEnd(wanted, other), runToEnd(wanted)]);
    for (const { outcome, output } of both) {
      expect(outcome).toEqual({ outcome: 'exited', exitCode: 0 });
      expect(output).toBe('done\n');
    }
    expect(await readFile(marks, 'utf8')).toBe('ran\n');
    await other.close();
  });

  it('has more commands at a time than the server allows sessions', async () => {
    const all = await Promise.all(
      Array.from({ length: 25 }, (_, index) => runToEnd(request(['echo', String(index)]))),
    );
    expect(all.map(({ output }) => output)).toEqual(all.map((_, index) => `${index}\n`));
  });
});

describe('when something breaks', () => {
  it('attaches again after the connection was cut, and knows the true end', async () => {
    const go = join(sshd.home, 'go');
    await rm(go, { force: true });
    const run = runUntil(
      'before',
      request(['sh', '-c', `echo before; until [ -e ${go} ]; do sleep 0.05; done; echo after; exit 3`]),
    );
    await run.printed;
    expect(await sshd.killSessions()).toBeGreaterThan(0);
    await writeFile(go, '');
    expect(await run.ended).toEqual({
      outcome: { outcome: 'exited', exitCode: 3 },
      output: 'before\nafter\n',
    });
  });

  it('attaches after the bot was restarted', async () => {
    const wanted = request(['sh', '-c', 'echo first; sleep 0.5; echo second; exit 4']);
    const stopping = new AbortController();
    const before = createServerAccess({ log: silentLog });
    await expect(
      before.run(
        profile(),
        wanted,
        watch(() => stopping.abort()),
        stopping.signal,
      ),
    ).rejects.toThrow('abort');
    await before.close();
    const after = createServerAccess({ log: silentLog });
    expect(await runToEnd(wanted, after)).toEqual({
      outcome: { outcome: 'exited', exitCode: 4 },
      output: 'first\nsecond\n',
    });
    await after.close();
  });

  it('does not know the end of a command that was killed with its runner', async () => {
    const wanted = request(['sh', '-c', 'echo up; sleep 60']);
    const run = runUntil('up', wanted);
    await run.printed;
    const folder = join(sshd.home, '.local/state/restage/runs', wanted.id);
    const [runner, , , , command] = (await readFile(join(folder, 'process'), 'utf8')).split(/\s+/);
    process.kill(Number(runner), 'SIGKILL');
    process.kill(-Number(command), 'SIGKILL');
    expect((await run.ended).outcome).toEqual({
      outcome: 'unknown',
      reason: expect.stringContaining('left no exit code'),
    });
  });

  it('does not know the end of a command when the server was restarted', async () => {
    const wanted = request(['true']);
    await runToEnd(wanted);
    const folder = join(sshd.home, '.local/state/restage/runs', wanted.id);
    const [pid, born, , since] = (await readFile(join(folder, 'process'), 'utf8')).split(' ');
    await writeFile(join(folder, 'process'), `${pid} ${born} another-boot ${since} -\n`);
    await rm(join(folder, 'exit'));
    const { outcome } = await runToEnd(wanted);
    expect(outcome).toEqual({ outcome: 'unknown', reason: expect.stringContaining('server was restarted') });
  });

  it('B12: starts nothing while the disk is full, says so, and keeps the end of what runs when it fills up', async () => {
    const full = await startSshd();
    const small = join(full.home, '.local');
    await mkdir(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'none', small]);
    const there = profile({
      port: full.port,
      privateKeyFile: full.clientKeyFile,
      hostKey: full.hostKeyFingerprint,
    });
    const filler = join(small, 'filler');
    const fresh = createServerAccess({ log: silentLog });
    try {
      const fill = `cat /dev/zero >${filler} 2>/dev/null; exit 5`;
      const filling = await runToEnd(request(['sh', '-c', fill]), fresh, there);
      expect(filling.outcome).toEqual({ outcome: 'exited', exitCode: 5 });
      const mark = join(full.home, 'ran');
      const { outcome } = await runToEnd(request(['touch', mark]), fresh, there);
      expect(outcome).toEqual({ outcome: 'not-started', reason: expect.stringContaining('disk full?') });
      expect(existsSync(mark)).toBe(false);
      await rm(filler);
      const again = await runToEnd(
        { ...request(['touch', mark]), id: `run-${process.pid}-${runs}` },
        fresh,
        there,
      );
      expect(again.outcome).toEqual({ outcome: 'exited', exitCode: 0 });
    } finally {
      await fresh.close();
      execFileSync('umount', ['-l', small]);
      await full.stop();
    }
  });

  it('B12: ends a command that somebody stops, and sees that nothing of it lives', async () => {
    const wanted = request(['sh', '-c', 'trap "" TERM; echo up; while :; do sleep 1; done']);
    const quick = profile({ running: { stopGraceMs: 300 } });
    const run = runUntil('up', wanted);
    await run.printed;
    expect(await access.stop(quick, wanted.id)).toEqual({ isOver: true });
    expect((await run.ended).outcome).toEqual({ outcome: 'exited', exitCode: 124 });
  });

  it('stops a command that runs too long, with everything it started', async () => {
    const pidFile = join(sshd.home, 'grandchild');
    const wanted = request(['sh', '-c', `sh -c 'sleep 60' & echo $! >${pidFile}; echo up; wait`]);
    const { outcome, output } = await runToEnd(wanted, access, profile({ running: { timeoutMs: 1_000 } }));
    expect(outcome).toEqual({ outcome: 'exited', exitCode: 124 });
    expect(output).toContain('up');
    const grandchild = Number(await readFile(pidFile, 'utf8'));
    expect(isAlive(grandchild)).toBe(false);
  });
});

describe('a distribution by rsync through the recorder', () => {
  it('is recorded as failed while the recipient is down, and as succeeded once it is back', async () => {
    const recipientFolder = join(sshd.home, 'recipient');
    await mkdir(recipientFolder);
    const target = await startSshd({ dir: recipientFolder });
    const logs = join(sshd.home, 'record-log');
    await mkdir(join(sshd.home, 'geo-db'));
    await writeFile(join(sshd.home, 'geo-db/data'), 'version 7');
    const remoteShell = (port: number) =>
      `ssh -p ${port} -i ${target.clientKeyFile} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes`;
    const command = (attempt: number, port: number) =>
      wrapInRecorder(
        {
          job: 'nightly',
          attempt,
          packages: ['geo-db'],
          recipients: ['client-012'],
          argv: ['rsync', '-a', '-e', remoteShell(port), `${sshd.home}/geo-db`, `127.0.0.1:${target.home}`],
        },
        recorder,
      );
    const env = { RESTAGE_RECORD_CONF: join(sshd.home, 'recorder.conf') };
    await writeFile(env.RESTAGE_RECORD_CONF, `SERVER=int-58\nLOG_DIR=${logs}\n`);
    const dead = await startSshd();
    await dead.stop();

    const failing = await runToEnd(request(command(1, dead.port), { env }));
    // rsync ends with ssh's 255 or with its own 12, whichever it notices first.
    const exitCode = failing.outcome.outcome === 'exited' ? failing.outcome.exitCode : null;
    expect([12, 255]).toContain(exitCode);
    const succeeding = await runToEnd(request(command(2, target.port), { env }));
    expect(succeeding.outcome).toEqual({ outcome: 'exited', exitCode: 0 });
    expect(readFileSync(join(target.home, 'geo-db/data'), 'utf8')).toBe('version 7');

    const now = new Date();
    const query = { path: `${logs}/*.jsonl`, period: hourBefore(now), timeOf: readStamp };
    const { records, faults } = parseRecordLog(await access.readLogs(profile(), query));
    expect(faults).toEqual([]);
    expect(records.map((one) => [one.attempt, one.exitCode, one.recipients[0]?.result])).toEqual([
      [1, exitCode, 'failed'],
      [2, 0, 'succeeded'],
    ]);
    expect(records[0]?.recipients[0]?.cause).toContain('Connection refused');
    await target.stop();
  });
});

function hashed(host: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(host).digest('base64')}`;
}

function logOf(date: string, directory = join(sshd.home, 'log')) {
  const period = { from: new Date(`${date}T00:00:00Z`), until: new Date(`${date}T23:59:59Z`) };
  return { path: `${directory}/*.jsonl`, period, timeOf: readStamp };
}

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('B9: packages on the server', () => {
  it('are measured as the recorder measured them, until they change or are gone', async () => {
    const folder = join(sshd.home, "s'rv $(x)", 'geo-db');
    await mkdir(join(folder, 'below'), { recursive: true });
    await writeFile(join(folder, 'a'), '12345');
    await symlink('a', join(folder, 'now'));
    await writeFile(join(folder, 'below', 'b'), '123');
    const log = join(sshd.home, 'measured');
    const args = ['--job', 'J', '--package', 'geo-db', '--log-dir', log, '--', 'true', folder];
    execFileSync(recorder, args, { env: { ...process.env, RESTAGE_RECORD_CONF: '/dev/null' } });
    const [file = ''] = await readdir(log);
    const { records } = parseRecordLog([wholeLog(await readFile(join(log, file)))]);
    const before = records[0]?.sources ?? [];
    expect(before).toMatchObject([{ path: folder, files: 2, bytes: 8 }]);
    const measure = () => access.measure(profile(), [folder]);
    expect(await measure()).toEqual(before);
    expect(before[0]?.digest).toMatch(/^sha256:/);
    const { mtime } = await stat(join(folder, 'a'));
    await writeFile(join(folder, 'a'), '54321');
    await utimes(join(folder, 'a'), mtime, mtime);
    const [swapped] = await measure();
    expect(swapped).toMatchObject({ files: 2, bytes: 8, newest: before[0]?.newest });
    expect(swapped).not.toEqual(before[0]);
    await writeFile(join(folder, 'below', 'b'), '1234');
    expect(await measure()).toMatchObject([{ files: 2, bytes: 9 }]);
    await rm(folder, { recursive: true });
    expect(await measure()).toEqual(['missing']);
  });
});
function hourBefore(now: Date) {
  return { from: new Date(now.getTime() - 3_600_000), until: new Date(now.getTime() + 60_000) };
}
