import { describe, expect, it } from 'vitest';
import type { CommandTemplate } from '../../src/domain/redistribution.ts';
import { matchTemplate as matchCommand } from '../../src/redistribution/template.ts';

const matchTemplate = (argv: readonly string[], templates: readonly CommandTemplate[], cwd = '/srv') =>
  matchCommand({ argv, cwd }, templates);

const rsync: CommandTemplate = {
  directories: [],
  program: 'rsync',
  flags: [
    { name: '-a', value: null },
    { name: '--delete', value: null },
    { name: '--timeout', value: '[0-9]+' },
    { name: '-e', value: 'ssh( -p [0-9]+)?' },
  ],
  arguments: ['/srv/packages/[a-z0-9./-]+', '[a-z0-9.-]+::packages'],
};

describe('which commands a server allows', () => {
  it.each([
    [['rsync', '-a', '/srv/packages/geo-db', 'int-58::packages']],
    [['rsync', '--timeout', '30', '--timeout=30', '-e', 'ssh -p 22', 'int-58::packages']],
    [['rsync', '--delete', '--', '/srv/packages/geo-db']],
    [['rsync']],
  ])('allows %j', (argv) => {
    expect(matchTemplate(argv, [rsync])).toEqual({ allowed: true });
  });

  it.each([
    [['scp', 'x'], 'argument 0 ("scp") is not an allowed program'],
    [['/tmp/rsync', '-a'], 'argument 0 ("/tmp/rsync") is not an allowed program'],
    [['rsync', '-e', 'sh -c id'], 'argument 1 ("-e") has the value "sh -c id", which is not allowed'],
    [['rsync', '-e', 'ssh -p 22; id'], 'argument 1 ("-e") has the value'],
    [['rsync', '-essh'], 'argument 1 ("-essh") is not an allowed flag'],
    [['rsync', '--timeout'], 'argument 1 ("--timeout") needs a value'],
    [['rsync', '--timeout=x'], 'argument 1 ("--timeout=x") has the value "x"'],
    [['rsync', '--timeout', '--delete'], 'argument 1 ("--timeout") has the value "--delete"'],
    [['rsync', '--delete=all'], 'argument 1 ("--delete=all") is not an allowed flag'],
    [['rsync', '-a', '/etc/shadow'], 'argument 2 ("/etc/shadow") is not an allowed argument'],
    [['rsync', '--', '-a'], 'argument 2 ("-a") is not an allowed argument'],
    [['rsync', 'int-58::packages\n'], 'argument 1 ("int-58::packages\\n") holds a control'],
    [['rsync', 'int\u202e58::packages'], 'argument 1 ("int?58::packages") holds a control'],
    [[], 'the command is empty'],
    [['rsync', '/srv/packages/../../etc/shadow'], 'argument 1 ("/srv/packages/../../etc/shadow") is not'],
    [['rsync', '/srv/packages/..'], 'is not an allowed argument'],
    [['./rsync', '-a'], 'argument 0 ("./rsync") is a relative path'],
    [['bin/rsync', '-a'], 'argument 0 ("bin/rsync") is a relative path'],
  ])('refuses %j and names what is at fault', (argv, reason) => {
    expect(matchTemplate(argv, [rsync])).toMatchObject({
      allowed: false,
      reason: expect.stringContaining(reason),
    });
  });

  it.each([
    [['push', '--', '-oProxyCommand=id'], ['.+'], false],
    [['push', '--', '--rsh=sh'], ['[^ ]+'], false],
    [['push', '-'], ['.*'], false],
    [['push', '--name', '-x'], ['.*'], false],
    [['push', '--', '-v'], ['-v'], true],
    [['push', '--', '-v'], ['^-[a-z]'], true],
    [['push', '--', '-5'], [String.raw`-?\d+`], true],
    [['push', '--', '-v'], [String.raw`\-[a-z]`], true],
    [['push', '--', '-v'], ['(?:-v|-q)'], true],
    [['push', '--name', '-5'], ['.*'], true],
    [['push', '--name=-x'], [], true],
    [['push', '--', 'v-'], ['.+'], true],
  ] as [string[], string[], boolean][])(
    '%j with the patterns %j is allowed: %s, since only “-” matches “-”',
    (argv, patterns, allowed) => {
      const value = argv.includes('-5') ? '-?[0-9]+' : '.*';
      const flags = [{ name: '--name', value }];
      const template = { program: 'push', flags, arguments: patterns, directories: [] };
      expect(matchTemplate(argv, [template]).allowed).toBe(allowed);
    },
  );

  it('lets a pattern that spells it have “..”, and names with dots', () => {
    const up: CommandTemplate = { ...rsync, arguments: [String.raw`(\.\./)+packages`, '[a-z.]+'] };
    expect(matchTemplate(['rsync', '../packages'], [up])).toEqual({ allowed: true });
    expect(matchTemplate(['rsync', 'a..b'], [up])).toEqual({ allowed: true });
    expect(matchTemplate(['rsync', '..'], [up])).toMatchObject({ allowed: false });
  });

  it.each([
    ['/srv/packages', true],
    ['/srv/packages/geo-db', true],
    ['/srv/packages/..', false],
    ['/srv/packages2', false],
    ['/tmp/evil', false],
    ['/srv/packages/a\u202e', false],
  ])('runs in %j: %s', (cwd, allowed) => {
    const placed = { ...rsync, directories: ['/srv/packages(/[a-z.-]+)?'] };
    const match = matchTemplate(['rsync', '-a'], [placed], cwd);
    expect(match.allowed).toBe(allowed);
    expect(match.allowed || match.reason.includes('its directory')).toBe(true);
  });

  it('finds the directory of another template of the program', () => {
    const here = { ...rsync, directories: ['/a'] };
    expect(matchTemplate(['rsync'], [here, { ...rsync, directories: ['/b'] }], '/b').allowed).toBe(true);
  });

  it('takes any of several templates of a program', () => {
    const listing: CommandTemplate = {
      directories: [],
      program: 'rsync',
      flags: [],
      arguments: ['int-[0-9]+::'],
    };
    expect(matchTemplate(['rsync', 'int-58::'], [rsync, listing])).toEqual({ allowed: true });
  });

  it('of several templates of a program, names what is at fault by the one that came nearest', () => {
    const other: CommandTemplate = { ...rsync, flags: [{ name: '--delete', value: null }] };
    for (const templates of [
      [rsync, other],
      [other, rsync],
    ]) {
      expect(matchTemplate(['rsync', '-a', '--delete', '/etc/shadow'], templates)).toMatchObject({
        reason: expect.stringContaining('argument 3 ("/etc/shadow")'),
      });
    }
  });

  it('allows nothing by a pattern that cannot be read', () => {
    const broken: CommandTemplate = { directories: [], program: 'x', flags: [], arguments: ['('] };
    expect(matchTemplate(['x', '('], [broken])).toMatchObject({ allowed: false });
  });

  it('takes no longer for a hostile value', () => {
    const slow: CommandTemplate = { directories: [], program: 'x', flags: [], arguments: ['(a+)+b'] };
    expect(matchTemplate(['x', 'a'.repeat(5_000)], [slow])).toMatchObject({ allowed: false });
  });
});
