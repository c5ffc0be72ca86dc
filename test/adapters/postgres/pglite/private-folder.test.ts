import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPglite } from '../../../../src/adapters/postgres/database.ts';
import { copyPgliteFolder } from '../../../support/databases.ts';

const above = mkdtempSync(path.join(tmpdir(), 'restage-open-'));
const folder = path.join(above, 'data');
beforeAll(async () => {
  const original = await copyPgliteFolder();
  cpSync(original, folder, { recursive: true });
  rmSync(original, { recursive: true });
  chmodSync(above, 0o755);
  // The original is made for whoever comes first.
}, 240_000);
afterAll(() => rmSync(above, { recursive: true, force: true }));

/** Returns the exit code of reading the file; as another user, if this one is root, who may read everything. */
async function readAsOther(file: string): Promise<unknown> {
  const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn('cat', [file], { stdio: 'ignore', ...other });
  return (await once(child, 'exit'))[0];
}

const modeOf = (file: string) => statSync(file).mode & 0o777;

it('an existing data folder of 0755 becomes 0700, its files can be read by no other user, and the log says so', async () => {
  const file = path.join(folder, 'note');
  writeFileSync(file, 'kept');
  chmodSync(file, 0o666);
  chmodSync(folder, 0o755);
  expect(await readAsOther(file)).toBe(0);
  const said: unknown[] = [];
  const log = { warn: (fields: object, message: string) => void said.push([fields, message]) };
  const open = async () => {
    const database = await openPglite(folder, log);
    await database.close();
  };
  await open();
  expect(modeOf(folder)).toBe(0o700);
  expect([await readAsOther(file), process.getuid?.() === 0]).not.toEqual([0, true]);
  const opened = [{ folder, mode: '0755' }, expect.stringContaining('open to other users')];
  expect(said).toEqual([opened]);
  await open();
  expect(said).toHaveLength(1);
});
