import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../../src/adapters/postgres/folder-lock.ts';

/** As `npm run build` leaves it. */
const built = new URL('../../../dist/adapters/postgres/folder-lock.js', import.meta.url).href;

describe('the lock of a data folder', () => {
  let folder: string;
  let file: string;
  let others: ChildProcess[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'restage-lock-'));
    file = path.join(folder, 'restage.lock');
    others = [];
  });
  afterEach(() => {
    for (const other of others) other.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Another process that takes the lock and holds it; answers what it says: `locked`, or why not. */
  async function startOther(): Promise<{ readonly process: ChildProcess; readonly said: string }> {
    const code = `const { lockFolder } = await import(${JSON.stringify(built)});
      await lockFolder(${JSON.stringify(folder)}).then(() => console.log('locked'), (error) => console.log(error.code));
      setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    others.push(other);
    const [said] = await once(other.stdout, 'data');
    return { process: other, said: String(said).trim() };
  }

  it('root does not take it from the user whose folder it is', async () => {
    chownSync(folder, 65_534, 65_534);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'data-folder-locked',
      message: expect.stringContaining("sudo -u '#65534'"),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('one process at a time holds it, and the other one is told who', async () => {
    const { process: other, said } = await startOther();
    expect(said).toBe('locked');
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'data-folder-locked',
      message: expect.stringContaining(`process ${other.pid} on ${hostname()}`),
    });
    expect(readdirSync(folder)).toEqual(['restage.lock']);
  });

  it('of several that come at once exactly one gets it', async () => {
    const said = await Promise.all([startOther(), startOther(), startOther()]);
    expect(said.map((one) => one.said).toSorted()).toEqual([
      'data-folder-locked',
      'data-folder-locked',
      'locked',
    ]);
  });

  it('is taken over from a process that was killed', async () => {
    const { process: other } = await startOther();
    other.kill('SIGKILL');
    await once(other, 'exit');
    const lock = await lockFolder(folder);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(existsSync(file)).toBe(false);
  });

  it('is taken over from an earlier process with the same pid', async () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: '1', host: hostname() }));
    const lock = await lockFolder(folder);
    expect(JSON.parse(readFileSync(file, 'utf8'))).not.toMatchObject({ startedAt: '1' });
    await lock.release();
  });

  it('is left to a process on another host, which can not be seen from here', async () => {
    writeFileSync(file, JSON.stringify({ pid: 1, startedAt: '1', host: `not-${hostname()}` }));
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'data-folder-locked' });
  });

  it('is taken over where the file was not written to its end', async () => {
    writeFileSync(file, '{"pid":');
    const lock = await lockFolder(folder);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  });
});
