import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toolOf } from '../../../src/redistribution/tool/tools.ts';

const narrow = (argv: readonly string[], ...keep: readonly string[]) => toolOf(argv)?.narrow(argv, keep);
const words = (text: string) => text.split(' ');

describe('B9: how a tool is told who gets it', () => {
  it.each([
    ['ansible-playbook site.yml', 'ansible-playbook --limit b,c site.yml'],
    ['ansible-playbook -l apac site.yml -e a=1', 'ansible-playbook --limit b,c site.yml -e a=1'],
    ['ansible-playbook -lapac site.yml', 'ansible-playbook --limit b,c site.yml'],
    ['ansible-playbook --limit=@site.retry site.yml', 'ansible-playbook --limit b,c site.yml'],
    ['ansible-playbook --lim=x site.yml', 'ansible-playbook --limit b,c site.yml'],
    ['ansible-playbook --limi x site.yml', 'ansible-playbook --limit b,c site.yml'],
    ['ansible-playbook site.yml --lim x', 'ansible-playbook --limit b,c site.yml'],
    ['ansible-playbook -e -l site.yml', 'ansible-playbook --limit b,c -e -l site.yml'],
    ['/usr/bin/ansible web -i h -m copy', '/usr/bin/ansible --limit b,c web -i h -m copy'],
    ['pdsh -S -w a,b,c uptime -w x', 'pdsh -S -w b,c uptime -w x'],
    ['pdsh -wa,b,c uptime', 'pdsh -wb,c uptime'],
    ['pdsh -a -x z uptime', 'pdsh -w b,c -x z uptime'],
    ['pdsh -Sw ^/etc/all uptime', 'pdsh -w b,c -S uptime'],
    ['clush -b -w a,b -w c cat /x', 'clush -b -w b,c cat /x'],
    ['clush -g racks --pick 2 uptime', 'clush -w b,c uptime'],
    ['clush -c /a /b --dest /c -w a,b,c', 'clush -c /a /b --dest /c -w b,c'],
  ])('%s', (before, after) => {
    expect(narrow(words(before), 'b', 'c')).toEqual({ narrowed: true, argv: words(after) });
  });

  it('folds a list that was folded', () => {
    const argv = ['clush', '-w', 'int-[01-09].eu', 'uptime'];
    expect(narrow(argv, 'int-03.eu', 'int-04.eu', 'int-09.eu')).toEqual({
      narrowed: true,
      argv: ['clush', '-w', 'int-[03-04,09].eu', 'uptime'],
    });
  });

  it.each([
    ['who is not among the hosts', ['pdsh', '-w', 'a,b', 'id'], ['z'], 'z is not among the hosts of -w'],
    [
      'a name that is a pattern',
      ['ansible-playbook', 's.yml'],
      ['all:!b'],
      '"all:!b" would mean something else',
    ],
    ['a name that is a flag', ['pdsh', '-a', 'id'], ['-x'], '"-x" would mean something else'],
    ['a target that is one', ['rsync', '-a', '/x', 'b:/x'], ['b'], 'rsync has one target'],
  ])('refuses %s', (_name, argv, keep, reason) => {
    expect(narrow(argv, ...keep)).toMatchObject({ narrowed: false, reason: expect.stringContaining(reason) });
  });

  it('pdsh itself goes to exactly those, whoever they are', () => {
    const hosts = fc.uniqueArray(fc.stringMatching(/^n[0-9]{1,2}$/), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(hosts, fc.nat(), (names, seed) => {
        const keep = names.filter((_, index) => (seed >> index) % 2 === 0);
        fc.pre(keep.length > 0);
        const narrowing = narrow(['pdsh', '-R', 'exec', '-N', '-w', names.join(','), 'echo', '%h'], ...keep);
        if (!narrowing?.narrowed) throw new Error('refused');
        const [program = '', ...args] = narrowing.argv;
        const reached = execFileSync(program, args, { encoding: 'utf8' }).trim().split('\n');
        expect(reached.toSorted()).toEqual(keep.toSorted());
      }),
      { numRuns: 8 },
    );
  });

  it('pdsh itself reaches each as the user that the original named for it, and for no other', () => {
    const reach = (list: string) => {
      const [program, ...args] = ['pdsh', '-R', 'exec', '-N', '-w', list, 'echo', '%h', '%u'];
      return execFileSync(program, args, { encoding: 'utf8' });
    };
    const list = 'deploy@a,b,web@n[1-3],c';
    const users = new Map(
      reach(list)
        .trim()
        .split('\n')
        .map((line) => words(line) as [string, string]),
    );
    expect(users.get('a')).toBe('deploy');
    expect(users.get('b')).not.toBe('deploy');
    for (const keep of [['b'], ['a', 'n2', 'n3'], ['b', 'c', 'n1'], [...users.keys()]]) {
      const narrowing = narrow(['pdsh', '-w', list, 'id'], ...keep);
      if (!narrowing?.narrowed) throw new Error('refused');
      const reached = reach(narrowing.argv[2] ?? '')
        .trim()
        .split('\n')
        .toSorted();
      expect(reached).toEqual(keep.map((name) => `${name} ${users.get(name)}`).toSorted());
    }
  });

  it('nothing is known of other programs', () => {
    expect(toolOf(['/opt/push', 'a'])).toBeNull();
    expect(toolOf([])).toBeNull();
  });
});

describe('B11: a dry run, and whether its tool proves that it only lists', () => {
  it.each([
    ['ansible-playbook site.yml', 'ansible-playbook --check site.yml'],
    ['ansible-playbook -DC site.yml', 'ansible-playbook -DC site.yml'],
    ['rsync -a /x b:/x', 'rsync -n -i -a /x b:/x'],
    ['pdsh -w a id', 'pdsh -q -w a id'],
  ])('%s', (argv, trial) => {
    expect(toolOf(words(argv))?.dryRun(words(argv))?.argv).toEqual(words(trial));
  });

  it.each([
    ['ansible-playbook site.yml', '--check may run tasks of its own'],
    ['pdsh -w a id', '-q may run what its modules name'],
    ['rsync -a -e ssh /x b:/x', '"-e" may run a program or write'],
    ['rsync -a /x b:/x', null],
  ])('%s takes an approval for: %s', (argv, effect) => {
    expect(toolOf(words(argv))?.dryRun(words(argv))?.effect).toBe(effect);
  });

  it.each(['rsync -a --write-batch=x /x b:/x', 'clush -w a id'])('there is none for %s', (argv) => {
    expect(toolOf(words(argv))?.dryRun(words(argv))).toBeNull();
  });
});

describe('B13: a command whose silence proves that all is in place', () => {
  it.each([
    ['rsync -avP --stats /x b:/x', 'rsync -n -i -a /x b:/x'],
    ['rsync -q --log-file /l -e ssh /x b:/x', 'rsync -n -i -e ssh /x b:/x'],
    ['rsync -avHSB8192 --quiet /x b:/x', 'rsync -n -i -aHSB8192 /x b:/x'],
  ])('%s', (argv, proof) => {
    expect(toolOf(words(argv))?.verify(words(argv))).toEqual(words(proof));
  });

  it.each([
    'rsync -a --remove-source-files /x b:/x',
    'rsync -au /x b:/x',
    'pdsh -w a id',
    'ansible-playbook s.yml',
  ])('there is none for %s', (argv) => {
    expect(toolOf(words(argv))?.verify(words(argv))).toBeNull();
  });

  it('rsync itself is silent where all is in place, and only there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'restage-verify-'));
    mkdirSync(join(folder, 'from'));
    writeFileSync(join(folder, 'from/a'), 'one');
    const argv = ['rsync', '-avq', '--stats', `${folder}/from/`, `${folder}/to/`];
    const [program = '', ...args] = toolOf(argv)?.verify(argv) ?? [];
    const prove = () => execFileSync(program, args, { encoding: 'utf8' });
    expect(prove()).toContain('a');
    execFileSync('rsync', argv.slice(1));
    expect(prove()).toBe('');
    rmSync(folder, { recursive: true });
  });
});
