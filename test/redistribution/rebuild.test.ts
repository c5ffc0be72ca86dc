import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findExcess } from '../../src/domain/command-size.ts';
import type { CommandTemplate } from '../../src/domain/redistribution.ts';
import { digestCommands } from '../../src/redistribution/digest.ts';
import { rebuildCommands, rebuildWithCanary } from '../../src/redistribution/rebuild.ts';
import { issueArgv, wrapInRecorder } from '../../src/redistribution/recorder.ts';
import { serverProfile } from '../support/server-profile.ts';
import { makeRecord, rebuildCommand } from './records.ts';

const push: CommandTemplate = {
  directories: [],
  program: 'push',
  flags: [
    { name: '--to', value: '[a-z0-9,.-]+' },
    { name: '--only', value: '[a-z0-9,.-]+' },
    { name: '--replace', value: '[a-z0-9,.-]+' },
    { name: '--force', value: null },
  ],
  arguments: ['.*'],
  list: ['--to', '--only', '--replace', 'arguments'],
};
const results = { 'client-010': 'succeeded', 'client-011': 'failed', 'client-012': 'failed' } as const;
const all = 'client-010,client-011,client-012';

function rebuild(argv: readonly string[], failed = ['client-011', 'client-012'], change = {}) {
  return rebuildCommand(makeRecord(results, { argv, ...change }), failed, [push], 2);
}

describe('the command for the recipients that failed', () => {
  it.each([
    ['a comma list after a flag', ['--to', all, '/srv/x'], ['--to', 'client-011,client-012', '/srv/x']],
    ['a comma list in a flag', [`--to=${all}`, '/srv/x'], ['--to=client-011,client-012', '/srv/x']],
    [
      'one argument each',
      ['/srv/x', 'client-010', 'client-011', 'client-012'],
      ['/srv/x', 'client-011', 'client-012'],
    ],
    [
      'a flag for each',
      ['--to', 'client-010', '--to', 'client-011', '--to', 'client-012'],
      ['--to', 'client-011', '--to', 'client-012'],
    ],
    [
      'a parameter for one that failed',
      ['--to', all, '--replace=client-012'],
      ['--to', 'client-011,client-012', '--replace=client-012'],
    ],
    [
      'a parameter for one that succeeded',
      ['--to', all, '--replace', 'client-010', '--force'],
      ['--to', 'client-011,client-012', '--force'],
    ],
    [
      'a joined parameter for one that succeeded',
      ['--to', all, '--replace=client-010'],
      ['--to', 'client-011,client-012'],
    ],
    [
      'a flag without a value before a name',
      ['--force', 'client-010', 'client-011', 'client-012'],
      ['--force', 'client-011', 'client-012'],
    ],
    [
      'lists with other words stay',
      ['--to', all, 'a,b', '--force'],
      ['--to', 'client-011,client-012', 'a,b', '--force'],
    ],
  ])('narrows %s', (_name, before, after) => {
    expect(rebuild(['push', ...before])).toMatchObject({
      argv: ['push', ...after],
      refusal: null,
      attempt: 2,
    });
  });

  it('keeps everything when all failed, wherever they are named', () => {
    const argv = ['push', '--force', '@everybody'];
    const command = rebuildCommand(
      makeRecord({ a: 'failed', b: 'unknown' }, { argv }),
      ['a', 'b'],
      [push],
      2,
    );
    expect(command).toMatchObject({
      argv,
      refusal: null,
      causes: ['Connection refused', 'no result recorded'],
    });
  });

  it.each([
    ['its list is a group', ['push', '@group'], 'does not name client-010'],
    ['nobody is left in its list', ['push', 'client-010', '@rest'], 'nobody is left'],
  ])('goes to the whole list, after a second look, where %s', (_name, argv, reason) => {
    const { changed, recipients, ...command } = rebuild(argv);
    expect(command).toMatchObject({ argv, refusal: null });
    expect(recipients).toEqual(Object.keys(results));
    expect(changed?.[0]).toMatch(
      /^it goes to all 3 recipients of the original again, of whom 1 did not fail: /,
    );
    expect(changed?.[0]).toContain(reason);
  });

  it.each([
    ['ansible-playbook site.yml', 'the play and the inventory say'],
    ['pdsh -g eu id', '-g eu says'],
    ['sudo clush -w @* id', '-w @* says'],
    ['pdsh -w a,b id', 'its list also names a, b'],
  ])(
    'goes to all again, after a second look, where the record of %s names only its server',
    (text, reach) => {
      const argv = text.split(' ');
      const templates = [{ program: argv[0] ?? '', flags: [], arguments: ['.*'], directories: [] }];
      const record = makeRecord({ 'int-58': 'failed' }, { argv, isWhole: false });
      const command = rebuildCommand(record, ['int-58'], templates, 2);
      expect(command).toMatchObject({ argv, mayReachOthers: expect.stringContaining(reach) as unknown });
      expect(command.changed).toEqual([
        'its record names nobody but this server, so it goes to all whom it reaches again',
      ]);
    },
  );

  it('is narrowed to the server itself where that is surely the only one', () => {
    const record = makeRecord(
      { 'int-58': 'failed' },
      { argv: ['ansible-playbook', 'site.yml'], isWhole: true },
    );
    const command = rebuildCommand(record, ['int-58'], [], 2);
    expect(command.argv).toEqual(['ansible-playbook', '--limit', 'int-58', 'site.yml']);
  });

  const fan = { program: 'fan', arguments: ['.*'], directories: [] };
  const relayed = ['fan', '--via', 'c1', 'c1', 'c2', 'c3'];
  it.each<[string, string[], string[] | null, string[] | null, CommandTemplate[]]>([
    ['-h', ['mussh', '-h', 'c1', 'c2', 'c3', '-c', 'X'], ['-h'], ['mussh', '-h', 'c2', '-c', 'X'], []],
    ['arguments, beside a relay', relayed, ['arguments'], ['fan', '--via', 'c1', 'c2'], []],
    [
      'arguments, beside a relay that the template tells apart',
      relayed,
      ['arguments'],
      ['fan', '--via', 'c1', 'c2'],
      [{ ...fan, flags: [{ name: '--via', value: '.*' }] }],
    ],
    [
      'users before names',
      ['fan', '--to', 'deploy@c1,deploy@c2,c3'],
      ['--to'],
      ['fan', '--to', 'deploy@c2'],
      [],
    ],
    ['nothing', ['mussh', '-h', 'c1', 'c2', 'c3', '-c', 'X'], null, null, []],
  ])(
    'narrows a tool that nobody knows by the list that its record names: %s',
    (_name, argv, list, after, templates) => {
      const said = list ? { list } : {};
      const record = makeRecord({ c1: 'succeeded', c2: 'failed', c3: 'succeeded' }, { argv, ...said });
      const command = rebuildCommand(record, ['c2'], templates, 2);
      expect(command.argv).toEqual(after ?? argv);
      expect(command.recipients).toEqual(after ? ['c2'] : ['c1', 'c2', 'c3']);
      expect(command.changed?.length ?? 0).toBe(after ? 0 : 1);
    },
  );

  it.each([
    [
      'a template does not allow it',
      ['push', '--to', all, '--exec=sh'],
      'argument 3 ("--exec=sh") is not an allowed flag',
    ],
    ['another program', ['sh', '-c', 'id', all], 'argument 0 ("sh") is not an allowed program'],
  ])('refuses when %s', (_name, argv, refusal) => {
    expect(rebuild(argv).refusal).toContain(refusal);
  });

  it('B9: a list that is too long for one command becomes several, each an attempt of its own, with everybody in one', () => {
    const names = Array.from({ length: 30_000 }, (_, index) => `client-${index}.west.example.net`);
    const record = makeRecord(Object.fromEntries(names.map((name) => [name, 'failed' as const])));
    const profile = serverProfile({ allowed: [push], recorder: '/usr/local/bin/restage-record' });
    const commands = rebuildCommands(record, names.slice(1), profile, 2);
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.flatMap(({ recipients }) => recipients)).toEqual(names.slice(1));
    expect(commands.map(({ attempt }) => attempt)).toEqual(commands.map((_, index) => index + 2));
    for (const command of commands) {
      expect(command).toMatchObject({ refusal: null });
      expect(findExcess(issueArgv(command, profile.recorder))).toBeNull();
      expect(command.argv[2]).toBe(command.recipients.join(','));
    }
  });

  it('B12: a canary is for the first recipients, and the others are in another attempt', () => {
    const names = Array.from({ length: 7 }, (_, index) => `c${index}`);
    const record = makeRecord(Object.fromEntries(names.map((name) => [name, 'failed' as const])));
    const profile = serverProfile({ allowed: [push] });
    const split = (some: readonly string[], recipients: number) =>
      rebuildWithCanary(record, some, profile, 2, {
        original: record,
        canary: { recipients, afterwards: 'continue' },
      }).map((one) => [one.recipients.length, one.attempt, one.canary ?? false]);
    expect(split(names, 2)).toEqual([
      [2, 2, true],
      [5, 3, false],
    ]);
    expect(split(names.slice(0, 2), 2)).toEqual([[2, 2, false]]);
    // One that goes to its whole list cannot begin with few.
    const argv = ['push', '--relay', names.join(',')];
    const whole = rebuildWithCanary({ ...record, argv }, names.slice(1), serverProfile(), 2, {
      original: record,
      canary: { recipients: 2, afterwards: 'ask' },
    });
    expect(whole.map((one) => [one.recipients.length, one.canary])).toEqual([[7, undefined]]);
  });

  it('says of a script whose list is not known that it may have reached others, and may again', () => {
    const script = ['bash', '-c', 'for host in c1 c2 $MORE; do push $host; done'];
    const record = makeRecord({ c1: 'failed', c2: 'failed' }, { argv: script });
    const command = rebuildCommand(record, ['c1', 'c2'], [], 2);
    const reason = 'its script decides who gets it, when it runs';
    expect(command.mayReachOthers).toBe(reason);
    expect(command.changed).toEqual([
      `the original may have reached others than its record names: ${reason}`,
    ]);
    const whole = ['bash', '-c', 'cd /srv && pdsh -g eu push'];
    const known = makeRecord({ c1: 'succeeded', c2: 'failed' }, { argv: whole, isWhole: true });
    const narrowed = rebuildCommand(known, ['c2'], [], 2);
    expect(narrowed.argv).toEqual(['bash', '-c', 'cd /srv && pdsh -w c2 push']);
    expect(narrowed.mayReachOthers).toBeUndefined();
    expect(narrowed.changed).toBeUndefined();
  });

  it('refuses strangers and an empty list', () => {
    expect(rebuild(['push', all], ['client-099']).refusal).toContain('client-099 is not a recipient');
    expect(rebuild(['push', all], []).refusal).toContain('no recipient failed');
  });

  it('never names anybody to leave out, and never loses anybody who failed', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}-[0-9]{1,3}$/), {
      minLength: 2,
      maxLength: 300,
    });
    fc.assert(
      fc.property(names, fc.nat(), (hosts, seed) => {
        const failed = hosts.filter((_, index) => (seed >> (index % 30)) % 2 === 1);
        fc.pre(failed.length > 0);
        const record = makeRecord(Object.fromEntries(hosts.map((name) => [name, 'failed' as const])));
        const { argv, refusal } = rebuildCommand(record, failed, [push], 2);
        expect(refusal).toBeNull();
        expect(argv).toEqual(['push', '--to', failed.join(','), '/srv/geo-db']);
      }),
    );
  });

  it('goes through the recorder with its job, attempt and patterns', () => {
    const recorderFlags = ['--failed-pattern', '^(.*): no'];
    const command = rebuild(['push', '--to', all], undefined, { recorderFlags });
    expect(wrapInRecorder(command, '/usr/local/bin/restage-record')).toEqual([
      '/usr/local/bin/restage-record',
      '--job',
      'nightly',
      '--attempt',
      '2',
      '--package',
      'geo-db',
      '--recipients',
      'client-011,client-012',
      '--failed-pattern',
      '^(.*): no',
      '--',
      'push',
      '--to',
      'client-011,client-012',
    ]);
  });

  it('is approved by a digest that any edit changes', () => {
    const command = rebuild(['push', '--to', all]);
    const digest = digestCommands([command], null);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(digestCommands([{ ...command }], null)).toBe(digest);
    const context = { user: null, umask: null, version: null, environment: {} };
    for (const edit of [
      { argv: [...command.argv, ''] },
      { cwd: '/' },
      { server: 'int-38' },
      { recorderFlags: ['--region', 'EU'] },
      { job: 'another' },
      { attempt: 30 },
      { verification: ['rsync', '-n'] },
      { packages: [...command.packages, 'x'] },
      { recipients: [...command.recipients, 'x'] },
      { provenance: { ...command.provenance, digest: 'sha256:another' } },
      { environment: { RSYNC_RSH: 'sh' } },
      { list: ['--to'] },
      { context: { ...context, user: 'deploy' } },
      { context: { ...context, umask: '0077' } },
      { context: { ...context, environment: { TIER: 'test' } } },
    ]) {
      expect(digestCommands([{ ...command, ...edit }], null)).not.toBe(digest);
    }
    expect(digestCommands([command, command], null)).not.toBe(digest);
  });
});
