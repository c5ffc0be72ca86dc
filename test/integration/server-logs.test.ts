import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServerAccess } from '../../src/adapters/ssh/server-access.ts';
import type { ServerAccess, ServerProfile } from '../../src/domain/server.ts';
import { readStamp } from '../../src/redistribution/adapter/record-log.ts';
import { serverProfile } from '../support/server-profile.ts';
import { silentLog } from '../support/silent-log.ts';
import { type Sshd, startSshd } from '../support/sshd.ts';

let sshd: Sshd;
let access: ServerAccess;
let profile: ServerProfile;
let folder: string;

beforeAll(async () => {
  sshd = await startSshd();
  access = createServerAccess({ log: silentLog });
  folder = join(sshd.home, 'log');
  profile = serverProfile({
    name: 'int-58',
    port: sshd.port,
    user: sshd.user,
    privateKeyFile: sshd.clientKeyFile,
    hostKey: sshd.hostKeyFingerprint,
  });
});
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
});
afterAll(async () => {
  await access.close();
  await sshd.stop();
});

const day = (date: number) => new Date(Date.UTC(2026, 10, date));
const line = (date: number, second: number, length = 60) =>
  `{"at":"${new Date(day(date).getTime() + second * 1000).toISOString()}","x":"${'y'.repeat(length)}"}\n`;
const linesOf = (date: number, count: number, length?: number) =>
  Array.from({ length: count }, (_, index) => line(date, index, length)).join('');

function write(name: string, text: string, date: number): void {
  const file = join(folder, name);
  writeFileSync(file, text);
  const at = new Date(day(date).getTime() + 86_399_000);
  utimesSync(file, at, at);
}

const text = (slices: readonly { readonly bytes: Uint8Array }[]) =>
  slices.map(({ bytes }) => Buffer.from(bytes).toString()).join('');

function read(date: number, timeOf = readStamp) {
  const period = { from: day(date), until: day(date + 1) };
  return access.readLogs(profile, { path: join(folder, 'push.log'), period, timeOf });
}

describe('B7: reading a server’s log over SFTP', () => {
  it('takes from rotated and packed files what stands there of the day, and nothing else', async () => {
    for (const date of [17, 18, 19, 20, 21, 22]) write(`push.log.${22 - date}`, linesOf(date, 50), date);
    renameSync(join(folder, 'push.log.0'), join(folder, 'push.log'));
    execFileSync('gzip', [join(folder, 'push.log.2')]);
    execFileSync('xz', [join(folder, 'push.log.3')]);
    execFileSync('zstd', ['-q', '--rm', join(folder, 'push.log.4')]);
    for (const date of [18, 19, 20, 21, 22]) {
      const slices = await read(date);
      expect(text(slices)).toBe(linesOf(date, 50));
      expect(slices.map(({ firstLine, offset }) => [firstLine, offset])).toEqual([[1, 0]]);
    }
  });

  it('finds a day within a large file, and says where it stands', async () => {
    const before = linesOf(18, 20_000) + linesOf(19, 100);
    write('push.log', before + linesOf(20, 700) + linesOf(21, 30_000), 21);
    let asked = 0;
    const [slice] = await read(20, (stamped) => {
      asked += 1;
      return readStamp(stamped);
    });
    expect(text(slice ? [slice] : [])).toBe(linesOf(20, 700));
    expect(slice).toMatchObject({ offset: before.length, firstLine: null });
    expect(asked).toBeLessThan(2_500);
  });

  it('reads again what is rotated meanwhile, and misses nothing', async () => {
    write('push.log.1', linesOf(19, 10), 19);
    write('push.log', linesOf(20, 400), 20);
    let rotations = 0;
    const slices = await read(20, (stamped) => {
      if (rotations++ === 0) {
        renameSync(join(folder, 'push.log.1'), join(folder, 'push.log.2'));
        renameSync(join(folder, 'push.log'), join(folder, 'push.log.1'));
        writeFileSync(join(folder, 'push.log'), line(20, 5_000));
      }
      return readStamp(stamped);
    });
    expect(text(slices)).toBe(linesOf(20, 400) + line(20, 5_000));
  });

  it('gives up on a log that is rotated whenever it is read, and says so', async () => {
    write('push.log', linesOf(20, 10), 20);
    let size = statSync(join(folder, 'push.log')).size;
    const attempt = read(20, (stamped) => {
      if (size > 200) {
        size -= 30;
        write('push.log', linesOf(20, 10).slice(0, size), 20);
      }
      return readStamp(stamped);
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'server-refused',
      message: /was rotated each of 3 times/,
    });
  });

  it.each([
    ['cut off', 'push.log.1.gz', 'cannot be read'],
    ['cut off', 'push.log.1.xz', 'cannot be read'],
    ['cut off', 'push.log.1.zst', 'cannot be read'],
  ])('says that a packed file is %s: %s', async (_what, name, message) => {
    write('push.log.1', linesOf(20, 3_000), 20);
    const tool = name.endsWith('gz') ? 'gzip' : name.endsWith('xz') ? 'xz' : 'zstd';
    const packed = execFileSync(tool, ['-c', '-q', join(folder, 'push.log.1')]);
    rmSync(join(folder, 'push.log.1'));
    writeFileSync(join(folder, name), packed.subarray(0, packed.length - 40));
    await expect(read(20)).rejects.toMatchObject({
      code: 'server-refused',
      message: expect.stringContaining(message),
    });
  });

  it('does not unpack what is made to fill the memory', async () => {
    write('push.log.1', '', 20);
    execFileSync('sh', [
      '-c',
      `head -c 300000000 /dev/zero | gzip -1 >"$1"`,
      'sh',
      join(folder, 'push.log.1.gz'),
    ]);
    rmSync(join(folder, 'push.log.1'));
    await expect(read(20)).rejects.toMatchObject({
      code: 'server-refused',
      message: expect.stringContaining('Ask for a shorter period'),
    });
  });
});
