import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { CommandTemplate } from '../../src/domain/redistribution.ts';
import { decodeBytes } from '../../src/domain/byte-text.ts';
import { parseRecordLog } from '../../src/redistribution/adapter/record-log.ts';
import { rebuildCommands } from '../../src/redistribution/rebuild.ts';
import { issueArgv } from '../../src/redistribution/recorder.ts';
import { editCommand, widenCommand } from '../../src/redistribution/revise.ts';
import { makeRecord } from './records.ts';
import { serverProfile } from '../support/server-profile.ts';
import { wholeLog } from '../support/whole-log.ts';

const host = '[a-z][a-z0-9-]*';
const rsync: CommandTemplate = {
  program: 'rsync',
  flags: [
    { name: '-a', value: null },
    { name: '--timeout', value: String.raw`\d+` },
  ],
  arguments: [`/srv/packages/[a-z0-9.-]+`, `${host}:/srv/incoming/`],
  directories: ['/srv/packages'],
};
const playbook: CommandTemplate = {
  program: 'ansible-playbook',
  flags: [
    { name: '-e', value: 'package=[a-z0-9.-]+' },
    { name: '--limit', value: `${host}(,${host})*` },
  ],
  arguments: ['[a-z-]+\\.yml'],
  directories: [],
};
const templates = [rsync, playbook];
const rules = serverProfile({ allowed: templates, recorder: '/usr/local/bin/restage-record' });
const good = ['rsync', '-a', '/srv/packages/geo', 'int-58:/srv/incoming/'];

const attacks = [
  "'; rm -rf ~ #",
  'a\nb',
  '$(touch /tmp/x)',
  '`id`',
  '-e',
  '--rsh=sh -c id',
  '-ae',
  '\u202egeo',
  'geo\u200b',
  decodeBytes(new Uint8Array([0x67, 0xff, 0xfe])),
  '/srv/packages/../../etc/shadow',
  '{{ lookup("pipe", "id") }}',
  '',
];

describe('what a log has planted is shown, and can’t be approved', () => {
  it.each<readonly [string, readonly string[], number]>([
    ['a shell by rsync -e', ['rsync', '-a', '-e', 'sh -c id', ...good.slice(2)], 2],
    ['a shell by --rsh', ['rsync', '--rsh=sh -c id', ...good.slice(2)], 1],
    ['a shell in a cluster of letters', ['rsync', '-ae', 'sh -c id', ...good.slice(2)], 1],
    ['another program at the other end', ['rsync', '-a', '--rsync-path=sh -c id', ...good.slice(2)], 2],
    [
      'a pipe in a variable',
      ['ansible-playbook', '--limit', 'int-58', '-e', '{{ lookup("pipe", "id") }}', 'site.yml'],
      3,
    ],
    [
      'variables from a file',
      ['ansible-playbook', '--limit', 'int-58', '-e', '@/tmp/vars.yml', 'site.yml'],
      3,
    ],
    [
      'a second variable',
      ['ansible-playbook', '--limit', 'int-58', '-e', 'package=x ansible_connection=local', 'site.yml'],
      3,
    ],
    ['a shell', ['sh', '-c', 'id'], 0],
    ['a program of the same name elsewhere', ['./rsync', ...good.slice(1)], 0],
    ['a program of the same name by its path', ['/tmp/rsync', ...good.slice(1)], 0],
    ['a way out of the folder', ['rsync', '-a', '/srv/packages/../../etc', 'int-58:/srv/incoming/'], 2],
    ...attacks.map((attack) => [JSON.stringify(attack), [...good, attack], 4] as const),
  ])('%s', (_name, argv, index) => {
    const record = makeRecord({ 'int-58': 'failed' }, { argv, cwd: '/srv/packages' });
    const [command] = rebuildCommands(record, ['int-58'], rules, 2);
    expect(command?.refusal).toContain(`argument ${index} (`);
    expect(command?.argv).toEqual(argv);
    const clean = { ...makeRecord({ 'int-58': 'failed' }, { argv: good, cwd: '/srv/packages' }) };
    const [approvable] = rebuildCommands(clean, ['int-58'], rules, 2);
    if (!approvable) throw new Error('no command');
    expect(approvable.refusal).toBeNull();
    expect(editCommand(approvable, argv, rules)).toMatchObject({ taken: false });
  });
});

const argument = fc.oneof(
  fc.constantFrom(...good, ...attacks, 'int-58', 'int-58,int-59', '--limit', '--timeout=5', '--', 'site.yml'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
/** Letters, digits and little else: what the templates above let through, said in another way than they do. */
const harmless = /^[A-Za-z0-9.,:=/_-]+$/;

test('whatever a log says, what may run is made of allowed arguments alone, whole, narrowed, or edited', () => {
  const names = fc.uniqueArray(
    fc.oneof(fc.constantFrom('int-58', 'int-59', ...attacks), fc.string({ maxLength: 8 })),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  const program = fc.constantFrom('rsync', 'ansible-playbook');
  fc.assert(
    fc.property(
      program,
      fc.array(argument, { maxLength: 6 }),
      names,
      argument,
      (name, rest, recipients, text) => {
        const results = Object.fromEntries(
          recipients.map((one, index) => [one, index ? 'succeeded' : 'failed'] as const),
        );
        const record = makeRecord(results, {
          argv: [name, ...rest],
          cwd: '/srv/packages',
          job: text,
          packages: [text],
        });
        const rebuilt = rebuildCommands(record, recipients.slice(0, 1), rules, 2);
        const edited = rebuilt.flatMap((command) => {
          const revision = editCommand(command, [...command.argv, text], rules);
          return revision.taken ? [revision.command] : [];
        });
        for (const command of [...rebuilt, ...rebuilt.map((one) => widenCommand(one, rules)), ...edited]) {
          if (command.refusal !== null) continue;
          expect(['rsync', 'ansible-playbook']).toContain(command.argv[0]);
          for (const one of command.argv) expect(one).toMatch(harmless);
          expect(command.argv.join('\0')).not.toMatch(
            /(?:^|\0)(?:-[a-z]*e(?!\0package=)|--rsh|--rsync-path)/,
          );
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('names from a log are values of the recorder’s flags, and never flags of their own, or the command', () => {
  const name = fc.oneof(
    fc.constantFrom(...attacks, '--', '--job', '--failed-pattern'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(
      name,
      fc.array(name, { maxLength: 3 }),
      fc.array(name, { maxLength: 3 }),
      (job, packages, recipients) => {
        const issued = issueArgv(
          { job, attempt: 2, packages, recipients, argv: good },
          '/bin/restage-record',
        );
        const end = issued.length - good.length - 1;
        expect(issued.slice(end)).toEqual(['--', ...good]);
        for (let at = 1; at < end; at += 2) {
          expect(['--job', '--attempt', '--package', '--recipients']).toContain(issued[at]);
        }
        expect(end % 2).toBe(1);
      },
    ),
  );
});

test('a line that is planted inside of another one is not a line of its own', () => {
  const planted = JSON.stringify({ v: 1, event: 'end', argv: ['sh', '-c', 'id'] });
  const line = {
    v: 1,
    event: 'end',
    id: 'a',
    at: '2026-11-20T10:00:00Z',
    server: 'int-38',
    job: `nightly ${planted}`,
    attempt: 1,
    argv: good,
    cwd: '/srv/packages',
    packages: ['geo'],
    recipients: ['int-58'],
    exitCode: 1,
    durationS: 1,
    results: [{ recipient: 'int-58', result: 'failed', cause: `no ${planted}` }],
  };
  const { records, faults } = parseRecordLog([wholeLog(`${JSON.stringify(line)}\n`)]);
  expect(faults).toEqual([]);
  expect(records.map(({ argv }) => argv)).toEqual([good]);
});
