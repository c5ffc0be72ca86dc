import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');

/** A folder in which the packed tarball is installed, as by whoever does not work in a checkout. */
let folder = '';
const inFolder = (...args: string[]) => run(args[0] ?? '', args.slice(1), { cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'restage-tarball-'));
  await run('npm', ['run', 'build'], { cwd: root });
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
  const [tarball = ''] = await readdir(folder);
  await writeFile(path.join(folder, 'package.json'), '{"private":true}');
  await inFolder('npm', 'install', '--silent', '--no-audit', '--no-fund', `./${tarball}`);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('an installed tarball loads the one release of raw-socket that works, once', async () => {
  const { stdout } = await inFolder('npm', 'ls', 'raw-socket', '--json', '--all');
  const versions = [...stdout.matchAll(/"raw-socket": \{\s*"version": "([^"]+)"/g)].map(
    ([, version]) => version,
  );
  expect(new Set(versions)).toEqual(new Set(['1.8.1']));
  const { stdout: loaded } = await inFolder(
    process.execPath,
    '--eval',
    "require('net-ping'); console.log(Object.keys(require.cache).filter((f) => f.endsWith('raw-socket/index.js')).length)",
  );
  expect(loaded.trim()).toBe('1');
});

it('an installed tarball says its version, checks a config and reads a mail', async () => {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const restage = path.join(folder, 'node_modules/.bin/restage');
  expect((await inFolder(restage, '--version')).stdout.trim()).toBe(version);
  const example = path.join(folder, 'node_modules/restage/manifests/example-net.yaml');
  expect((await inFolder(restage, 'check', example)).stdout).toContain('example-net.yaml');
});
