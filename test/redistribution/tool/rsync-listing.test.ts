import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueFreely } from '../../../src/redistribution/dry-run.ts';
import { findEffect } from '../../../src/redistribution/tool/rsync-listing.ts';

const words = (text: string) => text.split(' ');

describe('B11: whether rsync -n only lists', () => {
  it.each([
    'rsync -a /srv/geo int-58:/srv/',
    '/usr/bin/rsync -avzhP --delete --exclude *.tmp --timeout=5 /srv/a,b/ ana@int-58.example.net:/srv/',
    'rsync -rtn --bwlimit 100 rsync://mirror.example.net:8730/debian/ /srv/debian/',
    'rsync -a mirror::debian/pool/ /srv/pool/',
    'rsync -a [fd00::1]:/srv/ :/etc/x ~/here/',
    'rsync --archive --exclude=-e --include=--rsh=x /srv int-58:',
  ])('a free dry run is: %s', (argv) => {
    expect(findEffect(words(argv))).toBeNull();
  });

  it.each([
    ['rsync -a -e ssh /x b:/x', '-e'],
    ['rsync -avne ssh /x b:/x', '-avne'],
    ['rsync -avesh /x b:/x', '-avesh'],
    ['rsync -a --rsh=ssh /x b:/x', '--rsh=ssh'],
    ['rsync -a --rsh ssh /x b:/x', '--rsh'],
    ['rsync -a --rs ssh /x b:/x', '--rs'],
    ['rsync -a --rsync-path=/tmp/x /x b:/x', '--rsync-path=/tmp/x'],
    ['rsync -a --log-file=/etc/x /x b:/x', '--log-file=/etc/x'],
    ['rsync -a --log-file /etc/x /x b:/x', '--log-file'],
    ['rsync -a --write-batch=/tmp/x /x b:/x', '--write-batch=/tmp/x'],
    ['rsync -a --only-write-batch /tmp/x /x b:/x', '--only-write-batch'],
    ['rsync --daemon --config=/tmp/x', '--daemon'],
    ['rsync -a -T /tmp /x b:/x', '-T'],
    ['rsync -a --temp-dir=/tmp /x b:/x', '--temp-dir=/tmp'],
    ['rsync -a --password-file=/etc/shadow /x b:/x', '--password-file=/etc/shadow'],
    ['rsync -a --files-from=/etc/shadow /x b:/x', '--files-from=/etc/shadow'],
    ['rsync -aM--log-file=/x /x b:/x', '-aM--log-file=/x'],
    ['rsync -a --remote-option=--log-file=/x /x b:/x', '--remote-option=--log-file=/x'],
    ['rsync -a --iconv=x /x b:/x', '--iconv=x'],
    ['rsync -a --no-dry-run /x b:/x', '--no-dry-run'],
    ['rsync -a --alias /x b:/x', '--alias'],
    ['rsync -a -- -e b:/x', '--'],
    ['rsync -a --exclude', '--exclude'],
    ['rsync -a --server . /x', '--server'],
    ['rsync -a /x b:/x$(id)', 'b:/x$(id)'],
    ['rsync -a /x b:`id`', 'b:`id`'],
    ['rsync -a /x b:--log-file=/x', 'b:--log-file=/x'],
    ['rsync -a /x b:/a;id', 'b:/a;id'],
    ['rsync -a /x a@-oProxyCommand=id:/x', 'a@-oProxyCommand=id:/x'],
    ['rsync -a /x -oProxyCommand=id:/x', '-oProxyCommand=id:/x'],
    ['/opt/site/rsync -a /x b:/x', '/opt/site/rsync'],
    ['rsync-wrapper -a /x b:/x', 'rsync-wrapper'],
  ])('no free dry run is: %s', (argv, effect) => {
    expect(findEffect(words(argv))).toBe(effect);
  });

  it('a space in a remote path would be two arguments there', () => {
    expect(findEffect(['rsync', '-a', '/x', 'b:/x --log-file=/y'])).toBe('b:/x --log-file=/y');
  });
});

describe('B11: the real rsync', () => {
  const folder = mkdtempSync(join(tmpdir(), 'restage-listing-'));
  const canary = join(folder, 'canary');
  const hurt = join(folder, 'hurt');
  beforeAll(() => {
    mkdirSync(join(folder, 'home'));
    mkdirSync(join(folder, 'from'));
    writeFileSync(join(folder, 'from/a'), 'one');
    writeFileSync(canary, `#!/bin/sh\ntouch ${hurt}\nexit 1\n`);
    chmodSync(canary, 0o755);
    writeFileSync(join(folder, 'home/.popt'), `rsync alias -v -e ${canary}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const files = () =>
    execFileSync('find', ['.', '-printf', '%p %s %T@\n'], { cwd: folder, encoding: 'utf8' });
  const issue = ([program = '', ...args]: readonly string[]) =>
    spawnSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 10_000,
      env: {
        PATH: process.env['PATH'],
        HOME: join(folder, 'home'),
        RSYNC_RSH: canary,
        RSYNC_CONNECT_PROG: canary,
      },
    });

  it('runs the programs that its environment and ~/.popt name, unless it is issued as a free dry run', () => {
    const argv = ['rsync', '-n', '-i', '-v', `${folder}/from/`, 'nobody.invalid:/x'];
    issue(argv);
    expect(existsSync(hurt)).toBe(true);
    rmSync(hurt);
    const before = files();
    issue(issueFreely(argv));
    expect(files()).toBe(before);
  });

  it('lists, when it is issued as a free dry run', () => {
    const argv = ['rsync', '-n', '-i', '-a', `${folder}/from/`, `${folder}/to/`];
    expect(issue(issueFreely(argv)).stdout).toContain('>f+++++++++ a');
    expect(existsSync(join(folder, 'to'))).toBe(false);
  });

  it('changes nothing and runs nothing, whatever flags a free dry run has', () => {
    const flag = fc.oneof(
      fc.constantFrom(
        '-e',
        '-avne',
        '--rsh',
        '--rs',
        '--log-file',
        '-M',
        '-T',
        '--files-from',
        '--rsync-path',
      ),
      fc.constantFrom(
        '--exclude',
        '--bwlimit',
        '--chmod',
        '--delete',
        '--',
        '-',
        '--no-dry-run',
        '--partial',
      ),
      fc.constantFrom('--log-file=log', '--write-batch=b', '--only-write-batch=b', `--rsh=${canary}`),
      fc.constantFrom('--backup', '--backup-dir=bak', '--remove-source-files', '--daemon', '--no-n', '-0'),
      fc.stringMatching(/^-[a-zA-Z]{1,4}$/),
      fc.constantFrom(canary, 'log', `${folder}/from/`, 'from/', `x:/y`, `a@-oProxyCommand=${canary}:/y`),
    );
    let tried = 0;
    fc.assert(
      fc.property(fc.array(flag, { maxLength: 4 }), (flags) => {
        const argv = ['rsync', ...flags, 'from/', 'to/'];
        if (findEffect(argv) !== null) return;
        tried += 1;
        const before = files();
        issue(issueFreely(['rsync', '-n', '-i', ...argv.slice(1)]));
        expect(files()).toBe(before);
      }),
      { numRuns: 400 },
    );
    expect(tried).toBeGreaterThan(10);
  });
});
