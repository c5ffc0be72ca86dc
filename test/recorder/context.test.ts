import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRecordLog } from '../../src/redistribution/adapter/record-log.ts';
import { wholeLog } from '../support/whole-log.ts';
import { createRecorderSite, type RecorderSite } from './run-recorder.ts';

let site: RecorderSite;
beforeAll(async () => {
  site = await createRecorderSite();
  writeFileSync(join(site.folder, 'hosts'), 'm1\nm2\n');
  mkdirSync(join(site.folder, 'bin'));
  mkdirSync(join(site.folder, 'lists'));
  writeFileSync(join(site.folder, 'lists/hosts'), 'l1\nl2\n');
  // Another program of that name, which would run its command whatever it is asked.
  writeFileSync(join(site.folder, 'bin/pdsh'), '#!/bin/sh\necho "$*" >>"$0.ran"\n', { mode: 0o755 });
});
afterAll(() => site.remove());

const base = ['--job', 'j', '--package', 'p'];

/** Runs the recorder; returns the record of that run, as the bot reads it. */
async function record(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await site.run([...base, ...args], { env });
  const { records, faults } = parseRecordLog([wholeLog(await site.readLogBytes())]);
  expect(faults).toEqual([]);
  const last = records.at(-1);
  if (!last) throw new Error('no record');
  return last;
}

describe('B8: whom a parallel shell reaches is resolved when it runs', { timeout: 60_000 }, () => {
  it.each([
    ['pdsh, folded, without one', 'pdsh -R exec -w m[1-3] -x m2 echo %h', ['m1', 'm3']],
    ['pdsh, from a file', 'pdsh -R exec -w ^hosts echo %h', ['m1', 'm2']],
    ['pdsh, with users', 'timeout 20 pdsh -R exec -w deploy@m1,root@m4 echo %h', ['m1', 'm4']],
    ['pdcp, from a file', 'pdcp -R ssh -w ^hosts hosts /x', ['m1', 'm2']],
    ['clush, from a file', 'nice clush -R exec --hostfile hosts echo %h', ['m1', 'm2']],
    ['clush, folded, without one', 'clush -R exec -bw m[1-3] -x m3 echo %h', ['m1', 'm2']],
  ])('%s', async (_name, command, names) => {
    const { recipients, isWhole } = await record(['--', ...command.split(' ')]);
    expect(recipients.map(({ name }) => name)).toEqual(names);
    expect(isWhole).toBe(true);
  });

  it.each([
    [
      'a file in the directory that the script enters',
      'set -e; cd lists && pdsh -R exec -w ^hosts echo %h',
      ['l1', 'l2'],
    ],
    [
      'a variable before the tool',
      'umask 022; WCOLL=lists/hosts timeout 20 pdsh -R exec echo %h',
      ['l1', 'l2'],
    ],
    ['a variable that is exported', 'export WCOLL=lists/hosts && pdsh -R exec echo %h | cat', ['l1', 'l2']],
    [
      'folded names in quotes',
      "echo start; pdsh -R exec -w 'm[1-3]' -x \"m2\" 'echo %h' >out 2>&1",
      ['m1', 'm3'],
    ],
    ['clush, after a line that is printed', 'echo m9; clush -R exec -w m[1-2] echo %h || exit 1', null],
    ['clush, in quotes', "echo m9; clush -R exec -w 'm[1-2]' echo %h || exit 1", ['m1', 'm2']],
    ['clush, from a file', 'cd lists; clush -R exec --hostfile=hosts echo %h; echo done', ['l1', 'l2']],
  ])('in a script of a shell: %s', async (_name, script, names) => {
    const { recipients, isWhole } = await record(['--recipient', 'own', '--', 'nice', 'sh', '-ec', script]);
    expect(recipients.map(({ name }) => name)).toEqual(['own', ...(names ?? [])]);
    expect(isWhole).toBe(names === null ? undefined : true);
  });

  it.each([
    ['writes the list before', 'echo m1 >made; pdsh -R exec -w ^made echo %h'],
    ['runs a program before, which may write the list', 'cp hosts made; pdsh -R exec -w ^made echo %h'],
    ['takes the list from the output of another', 'pdsh -R exec -w "$(cat hosts)" echo %h'],
    ['goes on to others', 'pdsh -R exec -w m1 echo %h; pdsh -R exec -w ^hosts echo %h'],
    ['is a loop', 'for i in 1 2; do pdsh -R exec -w ^hosts echo %h; done'],
  ])('is not known whole where a script %s; it runs once', async (_name, script) => {
    const { recipients, isWhole } = await record(['--recipient', 'own', '--', 'sh', '-c', script]);
    expect(recipients.map(({ name }) => name)).toEqual(['own']);
    expect(isWhole).toBeUndefined();
  });

  it('the shell’s own files are not read for it', async () => {
    const args = ['--recipient', 'a', '--', 'bash', '-lc', 'pdsh -R exec -w ^hosts echo %h'];
    expect((await record(args)).isWhole).toBeUndefined();
  });

  it('a program of that name in a script runs its command once', async () => {
    const program = join(site.folder, 'bin/pdsh');
    rmSync(`${program}.ran`, { force: true });
    await record(['--recipient', 'a', '--', 'sh', '-c', `${program} -w a id`]);
    expect(readFileSync(`${program}.ran`, 'utf8')).toBe('-V\n-w a id\n');
  });

  it('from the environment, beside a recipient that was named', async () => {
    const args = ['--recipient', 'm2', '--', 'pdsh', '-R', 'exec', 'echo', '%h'];
    const { recipients, isWhole } = await record(args, { WCOLL: join(site.folder, 'hosts') });
    expect(recipients.map(({ name }) => name)).toEqual(['m2', 'm1']);
    expect(isWhole).toBe(true);
  });

  it('a list that cannot be resolved is not known whole', async () => {
    const { recipients, isWhole } = await record(['--recipient', 'a', '--', 'clush', '-w', '@none', 'id']);
    expect(recipients.map(({ name }) => name)).toEqual(['a']);
    expect(isWhole).toBe(false);
  });

  it('another program of that name runs its command once', async () => {
    const program = join(site.folder, 'bin/pdsh');
    rmSync(`${program}.ran`, { force: true });
    const { isWhole } = await record(['--recipient', 'a', '--', program, '-w', 'a', 'id']);
    expect(isWhole).toBe(false);
    expect(readFileSync(`${program}.ran`, 'utf8')).toBe('-V\n-w a id\n');
  });
});

describe('B8: the surroundings of a run are recorded', () => {
  it('with the variables that matter, and of secrets only that they were set', async () => {
    const { context } = await record(['--', 'true'], {
      ANSIBLE_INVENTORY: 'prod',
      ANSIBLE_VAULT_PASSWORD_FILE: '/etc/vault',
      RSYNC_PASSWORD: 'geheim',
      RSYNC_RSH: 'ssh "-x"\n',
      LD_PRELOAD: '',
      ANSIBLE_NOCOLOR: '1',
      EDITOR: 'vi',
    });
    expect(context?.environment).toEqual({
      ANSIBLE_INVENTORY: 'prod',
      ANSIBLE_VAULT_PASSWORD_FILE: '/etc/vault',
      RSYNC_PASSWORD: null,
      RSYNC_RSH: 'ssh "-x"\n',
      LD_PRELOAD: '',
    });
    expect(context?.umask).toMatch(/^0[0-7]{3}$/);
  });

  it('with names that the site adds', async () => {
    const configuration = join(site.folder, 'conf');
    writeFileSync(configuration, 'ENVIRONMENT=TIER SITE_*\n');
    const env = { RESTAGE_RECORD_CONF: configuration, TIER: 'test', SITE_NAME: 'eu', TIERS: 'x' };
    const { context } = await record(['--', 'true'], env);
    expect(context?.environment).toEqual({ TIER: 'test', SITE_NAME: 'eu' });
  });

  it('with the umask that it is told, and where the command has its list', async () => {
    const made = join(site.folder, 'made');
    const args = [
      '--umask',
      '0077',
      '--list=--to',
      '--list',
      'arguments',
      '--',
      'sh',
      '-c',
      'umask >"$0"',
      made,
    ];
    const { context, list } = await record(args);
    expect(context?.umask).toBe('0077');
    expect(list).toEqual(['--to', 'arguments']);
  });

  it.each([
    ['--umask', '99', 'umask must be an octal mode'],
    ['--list', 'to', 'list must be a flag of the command'],
  ])('%s %s is refused', async (flag, value, words) => {
    const { code, stderr } = await site.run([...base, flag, value, '--', 'true']);
    expect(code).toBe(64);
    expect(stderr).toContain(words);
  });
});
