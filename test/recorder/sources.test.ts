import { appendFile, mkdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { hash } from 'node:crypto';
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
  const [start, end] = (await site.readLog()).slice(-2);
  expect(end?.['sources']).toEqual(start?.['sources']);
  return start?.['sources'];
}

it('B9: says what the packages’ own files and folders are, and of no others', async () => {
  await write('geo-db/a', '12345');
  await write('geo-db/below/b "c"', '123');
  const archive = await write('geo-db-1.2.tar', '1');
  const other = await write('geo-dbx', 'other');
  await symlink(join(folder, 'geo-db'), join(folder, 'geo-db_now'));
  const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown;
  const tree = { files: 2, bytes: 8, newest: noon.getTime() / 1000, digest };
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
    { path: archive, files: 1, bytes: 1, newest: tree.newest, digest: `sha256:${hash('sha256', '1')}` },
    { path: join(folder, 'geo-db_now'), ...tree },
  ]);
});

it('B9: says nothing where no argument is called like a package', async () => {
  expect(await sourcesOf(await write('other', 'x'))).toBeUndefined();
  await appendFile(join(folder, 'other'), 'more');
});

it('B9: tells a folder from one of the same size and time with another content, or another link', async () => {
  const target = join(folder, 'geo-db');
  const digestOf = async () => {
    const [source] = (await sourcesOf(target)) as { digest: string }[];
    return source?.digest;
  };
  await write('geo-db/a', '12345');
  const first = await digestOf();
  await write('geo-db/a', '54321');
  const swapped = await digestOf();
  await symlink('a', join(target, 'now'));
  const linked = await digestOf();
  await rm(join(target, 'now'));
  await symlink('b', join(target, 'now'));
  expect(new Set([first, swapped, linked, await digestOf()]).size).toBe(4);
});

it('B9: a file that is larger than 1 GiB has no digest', async () => {
  const path = join(folder, 'geo-db.img');
  await writeFile(path, '');
  await truncate(path, 1024 ** 3 + 1);
  expect(await sourcesOf(path)).toMatchObject([{ bytes: 1024 ** 3 + 1 }]);
  expect(await sourcesOf(path)).not.toMatchObject([{ digest: expect.anything() as unknown }]);
});
