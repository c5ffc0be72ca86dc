import { appendFile, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRecorderSite, type RecorderSite } from './run-recorder.ts';

let site: RecorderSite;
let folder: string;
beforeEach(async () => {
  site = await createRecorderSite();
  folder = join(site.folder, 'packages');
  await mkdir(join(folder, 'geo-db', 'below'), { recursive: true });
});
afterEach(() => site.remove());

const noon = new Date('2026-11-23T12:00:00Z');

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await utimes(path, noon, noon);
  return path;
}

async function sourcesOf(...args: readonly string[]): Promise<unknown> {
  await site.run(['--job', 'J', '--package', 'geo-db', '--', 'true', ...args]);
  const [start, end] = await site.readLog();
  expect(end?.['sources']).toEqual(start?.['sources']);
  return start?.['sources'];
}

it('B9: says what the packages’ own files and folders are, and of no others', async () => {
  await write('geo-db/a', '12345');
  await write('geo-db/below/b "c"', '123');
  const archive = await write('geo-db-1.2.tar', '1');
  const other = await write('geo-dbx', 'other');
  await symlink(join(folder, 'geo-db'), join(folder, 'geo-db_now'));
  const tree = { files: 2, bytes: 8, newest: noon.getTime() / 1000 };
  const args = [
    join(folder, 'geo-db/'),
    archive,
    join(folder, 'geo-db_now'),
    other,
    'c1:/srv/geo-db',
    'geo-db',
  ];
  expect(await sourcesOf('-a', ...args)).toEqual([
    { path: join(folder, 'geo-db/'), ...tree },
    { path: archive, files: 1, bytes: 1, newest: tree.newest },
    { path: join(folder, 'geo-db_now'), ...tree },
  ]);
});

it('B9: says nothing where no argument is called like a package', async () => {
  expect(await sourcesOf(await write('other', 'x'))).toBeUndefined();
  await appendFile(join(folder, 'other'), 'more');
});
