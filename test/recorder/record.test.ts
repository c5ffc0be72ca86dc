import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRecordLog } from '../../src/redistribution/adapter/record-log.ts';
import { wholeLog } from '../support/whole-log.ts';
import { createRecorderSite, type RecorderSite } from './run-recorder.ts';

const job = ['--job', 'nightly', '--package', 'geo-db'];
const sh = (script: string, ...args: readonly string[]) => ['--', 'sh', '-c', script, 'sh', ...args];

let site: RecorderSite;
beforeEach(async () => {
  site = await createRecorderSite();
});
afterEach(() => site.remove());

async function readRecords() {
  const { records, faults } = parseRecordLog([wholeLog(await site.readLogBytes())]);
  expect(faults).toEqual([]);
  return records;
}

describe('running the command', () => {
  it('passes its input and output on and ends with its exit code', async () => {
    const ran = await site.run([...job, ...sh('cat; echo problem >&2; exit 9')], { stdin: 'from outside' });
    expect(ran).toEqual({ code: 9, stdout: 'from outside', stderr: 'problem\n' });
  });

  it('gives it exactly its arguments, and writes exactly these down', async () => {
    const nasty = [
      '$(id)',
      '`id`',
      "it's",
      'a"b\\c',
      '',
      ' ',
      '*',
      '{}',
      '&',
      'ä\u{1f600}',
      'tab\tnew\nline\r\u0001\u007f',
      '--job',
      '-n',
    ];
    const { stdout } = await site.run([...job, '--', 'printf', '[%s]', ...nasty]);
    expect(stdout).toBe(nasty.map((word) => `[${word}]`).join(''));
    expect((await readRecords())[0]?.argv).toEqual(['printf', '[%s]', ...nasty]);
  });

  it('writes bytes that are no UTF-8 as base64', async () => {
    const bytes = [
      [0xff],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0x61, 0xe2, 0x82],
      [0x80, 0x61, 0x62],
    ].map((list) => Buffer.from(list));
    await site.run([...job, '--', 'true', ...bytes, Buffer.from('€')]);
    const [start] = await site.readLog();
    expect(start?.['argv']).toEqual([
      'true',
      ...bytes.map((word) => ({ base64: word.toString('base64') })),
      '€',
    ]);
  });

  it('leaves the environment alone', async () => {
    const env = { LC_ALL: 'C.UTF-8', job: 'mine', line: 'x', REPLY: 'y', recipient: 'z' };
    const { stdout, stderr } = await site.run(
      [...job, '--each', ...sh('echo "$LC_ALL $job $line $REPLY $recipient"')],
      { env },
    );
    expect([stdout, stderr]).toEqual(['C.UTF-8 mine x y z\n', '']);
    expect((await site.run([...job, ...sh('echo "${LC_ALL-unset}"')])).stdout).toBe('unset\n');
  });

  it('passes a signal on and records it', async () => {
    const { code } = await site.run(
      [...job, '--', 'sh', '-c', 'trap "echo stopping; exit 5" TERM; echo up; while :; do sleep 0.05; done'],
      {
        onOutput: (pid) => process.kill(pid, 'SIGTERM'),
      },
    );
    expect(code).toBe(5);
    expect((await site.readLog())[1]).toMatchObject({ exitCode: 5, signal: 'SIGTERM' });
  });

  it('says that the command ended by a signal', async () => {
    const { code } = await site.run([...job, ...sh('kill -9 $$')]);
    expect(code).toBe(137);
    expect((await site.readLog())[1]).toMatchObject({ exitCode: 137, signal: 'SIGKILL' });
  });

  it('leaves a start without an end when it is killed itself: the result is unknown', async () => {
    await site.run([...job, ...sh('echo up; kill -9 $PPID')]);
    expect(await readRecords()).toMatchObject([{ exitCode: null, recipients: [{ result: 'unknown' }] }]);
  });

  it('does not wait for what the command left in the background', async () => {
    const before = Date.now();
    await promisify(execFile)(
      'bash',
      [
        '-c',
        'exec "$@" >/dev/null 2>&1',
        'bash',
        new URL('../../src/recorder/restage-record', import.meta.url).pathname,
        '--log-dir',
        join(site.folder, 'log'),
        ...job,
        ...sh('echo why; sleep 8 & exit 0'),
      ],
      { env: { ...process.env, RESTAGE_RECORD_CONF: '/dev/null' } },
    );
    expect(Date.now() - before).toBeLessThan(6_000);
  });

  it('leaves no temporary file', async () => {
    await site.run([...job, '--', 'true'], { env: { TMPDIR: site.folder } });
    expect(await readdir(site.folder)).toEqual(['log']);
  });
});

describe('the record', () => {
  it('says all there is to know, in a file of the day that others cannot read', async () => {
    await site.run([
      ...job,
      '--package',
      'maps',
      '--recipient',
      'c1',
      '--attempt',
      '3',
      '--server',
      'int-58',
      '--region',
      'EU',
      '--',
      'false',
    ]);
    const [start, end] = await site.readLog();
    const common = {
      v: 1,
      server: 'int-58',
      job: 'nightly',
      attempt: 3,
      argv: ['false'],
      cwd: site.folder,
      packages: ['geo-db', 'maps'],
      recipients: ['c1'],
    };
    expect(start).toMatchObject({
      ...common,
      event: 'start',
      flags: ['--server', 'int-58', '--region', 'EU'],
    });
    expect(end).toMatchObject({ ...common, event: 'end', id: start?.['id'], exitCode: 1, signal: null });
    expect(end?.['results']).toEqual([{ recipient: 'c1', result: 'failed', cause: 'exit code 1' }]);
    const file = join(site.folder, 'log', `${String(start?.['at']).slice(0, 10)}.jsonl`);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
  });

  it('keeps lines whole when many write at once, with long lists', async () => {
    const names = Array.from({ length: 400 }, (_, index) => `client-${index}.example.net`);
    const all = Array.from({ length: 12 }, () =>
      site.run([...job, '--recipients', names.join(','), '--', 'true', ...names]),
    );
    await Promise.all(all);
    const records = await readRecords();
    expect(records).toHaveLength(12);
    for (const record of records) expect(record.recipients).toHaveLength(400);
  });

  it('closes a line that a crash left torn', async () => {
    await site.run([...job, '--', 'true']);
    const [name] = await readdir(join(site.folder, 'log'));
    await writeFile(join(site.folder, 'log', name ?? ''), '{"v":1,"ev', { flag: 'a' });
    await site.run([...job, '--', 'true']);
    const { records, faults } = parseRecordLog([wholeLog(await site.readLogBytes())]);
    expect(records).toHaveLength(2);
    expect(faults).toMatchObject([{ line: 3, reason: 'not JSON' }]);
  });

  it('writes under a lock without flock, too', async () => {
    const tools = join(site.folder, 'bin');
    const names = 'bash sh env mkdir rm rmdir mkfifo tee cat tail tr grep id hostname uname sleep true'.split(
      ' ',
    );
    await promisify(execFile)('bash', [
      '-c',
      `mkdir ${tools}; for t in ${names.join(' ')}; do ln -s "$(type -P $t)" ${tools}/; done`,
    ]);
    await Promise.all(
      Array.from({ length: 6 }, () => site.run([...job, '--', 'true'], { env: { PATH: tools } })),
    );
    expect(await readRecords()).toHaveLength(6);
    expect((await readdir(join(site.folder, 'log'))).length).toBe(1);
  });

  it('goes on without a log, and says so', async () => {
    const ran = await site.run(['--log-dir', '/proc/nonexistent', ...job, '--', 'echo', 'distributed']);
    expect(ran).toMatchObject({
      code: 0,
      stdout: 'distributed\n',
      stderr: expect.stringContaining('could not write the record'),
    });
  });
});

describe('what became of each recipient', () => {
  const patterns = ['--failed-pattern', '^([^:]+): FAILED', '--ok-pattern', '^([^:]+): ok'];
  it.each<[string, string, readonly string[], string, Record<string, string>]>([
    ['one and exit 0', 'a', [], 'true', { a: 'succeeded' }],
    ['one and another exit code', 'a', [], 'exit 23', { a: 'failed' }],
    [
      'one that a line calls failed, although the exit code is 0',
      'a',
      patterns,
      'echo "a: FAILED"',
      { a: 'failed' },
    ],
    ['several, no pattern, exit 0', 'a,b', [], 'true', { a: 'succeeded', b: 'succeeded' }],
    ['several, no pattern, another exit code', 'a,b', [], 'exit 1', { a: 'unknown', b: 'unknown' }],
    [
      'several, lines of both kinds',
      'a,b,c',
      patterns,
      'echo "a: ok"; echo "b: FAILED x" >&2; exit 1',
      { a: 'succeeded', b: 'failed', c: 'unknown' },
    ],
    [
      'a failed line wins',
      'a,b',
      patterns,
      'echo "a: FAILED"; echo "a: ok"',
      { a: 'failed', b: 'succeeded' },
    ],
    [
      'the others, where the tool names each failure',
      'a,b,c',
      [...patterns, '--unnamed', 'succeeded'],
      'echo "b: FAILED"; exit 1',
      { a: 'succeeded', b: 'failed', c: 'succeeded' },
    ],
    [
      'the others, where it failed before it came to them',
      'a,b',
      [...patterns, '--unnamed', 'succeeded'],
      'exit 1',
      { a: 'unknown', b: 'unknown' },
    ],
    [
      'the others, where it was stopped on the way',
      'a,b,c',
      [...patterns, '--unnamed', 'succeeded'],
      'echo "b: FAILED"; kill -9 $$',
      { a: 'unknown', b: 'failed', c: 'unknown' },
    ],
    ['strangers do not count', 'a,b', patterns, 'echo "z: FAILED"', { a: 'succeeded', b: 'succeeded' }],
  ])('%s', async (_name, recipients, flags, script, expected) => {
    await site.run([...job, '--recipients', recipients, ...flags, ...sh(script)]);
    const [record] = await readRecords();
    expect(Object.fromEntries((record?.recipients ?? []).map(({ name, result }) => [name, result]))).toEqual(
      expected,
    );
  });

  it('keeps the tool’s own words as one clean line', async () => {
    await site.run([
      ...job,
      '--recipient',
      'a',
      ...sh(
        String.raw`printf 'noise\n'; printf 'ssh: no route\r\n\n\033[31mrsync: \377 error\000\n' >&2; exit 12`,
      ),
    ]);
    expect((await readRecords())[0]?.recipients[0]?.cause).toBe(
      'exit code 12: ssh: no route |  [31mrsync: ? error',
    );
  });

  it('shortens long words between characters', async () => {
    await site.run([...job, '--recipient', 'a', ...sh('printf "%0.sä" $(seq 900) >&2; exit 1')]);
    const cause = (await readRecords())[0]?.recipients[0]?.cause ?? '';
    expect(cause.endsWith('ä…')).toBe(true);
    expect(Buffer.byteLength(cause)).toBeLessThanOrEqual(503);
  });

  it('takes several hundred recipients in a moment', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `client-${index}`);
    const before = Date.now();
    await site.run([
      ...job,
      '--recipients',
      names.join(','),
      ...patterns,
      ...sh('for r; do echo "$r: FAILED why"; done; exit 1', ...names),
    ]);
    expect(Date.now() - before).toBeLessThan(3_000);
    const [record] = await readRecords();
    expect(record?.recipients.filter(({ cause }) => cause?.endsWith('FAILED why'))).toHaveLength(500);
  });
});

describe('a command for each recipient', () => {
  it('is run and recorded on its own, and the first failure is the exit code', async () => {
    const ran = await site.run([
      ...job,
      '--recipients',
      'a&,b,c',
      '--each',
      ...sh('echo "to $1"; case $1 in b) exit 3;; c) exit 4;; esac', '{}'),
      '--dest={}:/srv',
    ]);
    expect(ran).toMatchObject({ code: 3, stdout: 'to a&\nto b\nto c\n' });
    const records = await readRecords();
    expect(records.map(({ argv, exitCode }) => [argv.slice(-2), exitCode])).toEqual([
      [['a&', '--dest=a&:/srv'], 0],
      [['b', '--dest=b:/srv'], 3],
      [['c', '--dest=c:/srv'], 4],
    ]);
  });
});

describe('wrong usage', () => {
  it.each<[string, readonly string[]]>([
    ['no job', ['--package', 'p', '--', 'true']],
    ['no package', ['--job', 'j', '--', 'true']],
    ['no command', job],
    ['an unknown option', [...job, '--jbo', 'x', '--', 'true']],
    ['a newline in the job', ['--job', 'j\nBcc: x@example.org', '--package', 'p', '--', 'true']],
    ['a carriage return in a recipient', [...job, '--recipient', 'a\rb', '--', 'true']],
    ['an attempt that is no number', [...job, '--attempt', '1x', '--', 'true']],
    ['a pattern that cannot be read', [...job, '--failed-pattern', '([', '--', 'true']],
    ['an unknown rest', [...job, '--unnamed', 'fine', '--', 'true']],
    ['a pattern without a group', [...job, '--failed-pattern', 'FAILED', '--', 'true']],
    ['an address with a newline', [...job, '--mail-to', 'a@b\nRCPT TO:<x@y>', '--', 'true']],
  ])('%s: nothing is run', async (_name, args) => {
    const ran = await site.run(args.includes('--') ? [...args.slice(0, -1), 'echo', 'ran'] : args);
    expect(ran).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('restage-record: ') });
  });

  it('explains itself', async () => {
    expect(await site.run(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('examples:'),
    });
  });
});

describe('the configuration file', () => {
  it('is read, not executed, and flags win', async () => {
    const conf = join(site.folder, 'conf');
    const proof = join(site.folder, 'proof');
    await writeFile(
      conf,
      `# site\nSERVER=int-58\n REGION = "EU $(touch ${proof})"\nFAILED_PATTERN=^(.*): no\n`,
    );
    await site.run([...job, '--recipients', 'a,b', '--server', 'int-38', ...sh('echo "a: no"')], {
      env: { RESTAGE_RECORD_CONF: conf },
    });
    expect((await readRecords())[0]).toMatchObject({
      server: 'int-38',
      recipients: [{ result: 'failed' }, { result: 'succeeded' }],
    });
    await expect(readFile(proof)).rejects.toThrow('ENOENT');
  });

  it.each([
    ['an unknown key', 'LOGDIR=/x\n'],
    ['a wrong value', 'SMTP=nowhere\n'],
  ])('is refused with %s', async (_name, text) => {
    const conf = join(site.folder, 'conf');
    await writeFile(conf, text);
    expect(await site.run([...job, '--', 'true'], { env: { RESTAGE_RECORD_CONF: conf } })).toMatchObject({
      code: 78,
    });
  });
});
