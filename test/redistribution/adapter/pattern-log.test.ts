import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogFormat, ShippedLogFormat } from '../../../src/domain/log-source.ts';
import { createLogAdapter } from '../../../src/redistribution/adapter/log-adapters.ts';
import { splitCommand } from '../../../src/redistribution/adapter/split-command.ts';
import { quoteArgv } from '../../../src/redistribution/quote-argv.ts';
import { wholeLog } from '../../support/whole-log.ts';

const tool = (name: string) =>
  readFileSync(new URL(`../../fixtures/logs/tools/${name}.txt`, import.meta.url), 'utf8').trimEnd();

function parse(format: ShippedLogFormat | LogFormat, text: string, timeZone = 'UTC') {
  const source = { adapter: 'pattern', path: '/l', timeZone, longestRunMs: 0, format } as const;
  return createLogAdapter(source, 'int-38').parse([wholeLog(text)]);
}

/** What a tool printed, as a wrapper logs it. */
function wrapped(command: string, output: string, code: number, pid = 7): string {
  const lines = [
    'START job=nightly package=geo-db',
    `RUN ${command}`,
    ...output.split('\n'),
    `END rc=${code}`,
  ];
  return lines.map((line) => `2026-11-23 13:15:32 push[${pid}]: ${line}\n`).join('');
}

const results = (text: string, format: ShippedLogFormat) =>
  Object.fromEntries(
    (parse(format, text).records[0]?.recipients ?? []).map(({ name, result, cause }) => [
      name,
      cause ?? result,
    ]),
  );

describe('B14: logs of wrappers, by shipped formats', () => {
  it.each<[ShippedLogFormat, string, string, number, Record<string, string>]>([
    [
      'pdsh',
      'pdsh-mixed.stderr',
      'pdsh -S -w h1,h2,h9 push',
      255,
      { h1: 'succeeded', h2: 'ssh exited with exit code 7', h9: 'ssh exited with exit code 255' },
    ],
    [
      'pdsh',
      'pdsh-noS.stderr',
      'pdsh -w h[1-3],h9 push',
      0,
      {
        h1: 'ssh exited with exit code 7',
        h2: 'ssh exited with exit code 7',
        h3: 'succeeded',
        h9: 'ssh exited with exit code 255',
      },
    ],
    [
      'pdsh',
      'pdsh-timeout.stderr',
      'pdsh -u 1 -w h1,h2 push',
      130,
      { h1: 'command timeout', h2: 'exit code 130' },
    ],
    [
      'clush',
      'clush-mixed.stderr',
      'clush -S -w h[1-2,9] push',
      255,
      { h1: 'succeeded', h2: 'exited with exit code 7', h9: 'exited with exit code 255' },
    ],
    [
      'clush',
      'clush-nomaxrc.stderr',
      'clush -w h[1-2,9] push',
      0,
      { h1: 'exited with exit code 7', h2: 'exited with exit code 7', h9: 'exited with exit code 255' },
    ],
    [
      'clush',
      'clush-timeout.stderr',
      'clush -w h[1-3] push',
      0,
      { h1: 'command timeout', h2: 'command timeout', h3: 'succeeded' },
    ],
    [
      'clush',
      'clush-install',
      'clush -b -w int-23.sa.example.net,int-19.us-east.example.net x',
      0,
      { 'int-23.sa.example.net': 'succeeded', 'int-19.us-east.example.net': 'exited with exit code 255' },
    ],
    [
      'rsync-wrapper',
      'pdsh-mixed.stderr',
      'rsync -a /srv/geo-db dist@int-58:/srv/',
      12,
      { 'int-58': 'exit code 12' },
    ],
    ['rsync-wrapper', 'pdsh-mixed.stderr', 'rsync -a /srv/geo-db int-58::in', 0, { 'int-58': 'succeeded' }],
  ])('%s: %s of %s', (format, output, command, code, expected) => {
    expect(results(wrapped(command, tool(output), code), format)).toEqual(expected);
  });

  it('keeps runs apart that overlap, and knows one that has no end', () => {
    const [a = '', b = ''] = [1, 2].map((pid) => wrapped(`rsync -a /x int-${pid}:/x`, 'x', pid - 1, pid));
    const mixed = a.split(/(?<=\n)/).flatMap((line, index) => [line, b.split(/(?<=\n)/)[index] ?? '']);
    const { records } = parse(
      'rsync-wrapper',
      `${mixed.join('')}${wrapped('rsync -a /x int-3:/x', 'x', 0, 3).slice(0, 150)}`,
    );
    expect(
      records.map(({ recipients, endedAt, provenance }) => [
        recipients[0],
        endedAt !== null,
        provenance.lines,
      ]),
    ).toEqual([
      [{ name: 'int-1', result: 'succeeded', cause: null }, true, 4],
      [{ name: 'int-2', result: 'failed', cause: 'exit code 1' }, true, 4],
      [{ name: 'int-3', result: 'unknown', cause: null }, false, 3],
    ]);
    expect(records[0]).toMatchObject({ confidence: 'exact', startedAt: new Date('2026-11-23T13:15:32Z') });
  });

  it('reads a log from Windows', () => {
    const lines = [
      '11/23/2026 1:15:32 PM [4711] INFO START Job=nightly Package=geo-db Target=INT-38,INT-41',
      String.raw`11/23/2026 1:15:32 PM [4711] INFO CMD "C:\Program Files\Push\push.exe" /src:D:\pkg\ "/note:say \"hi\""`,
      '11/23/2026 1:15:40 PM [4711] ERROR INT-38: Access is denied. (5)',
      '11/23/2026 1:15:41 PM [4711] INFO INT-41: copied',
      '11/23/2026 1:15:41 PM [4711] INFO END ExitCode=5',
    ];
    const { records } = parse('windows', lines.map((line) => `${line}\r\n`).join(''), 'America/New_York');
    expect(records).toMatchObject([
      {
        argv: [String.raw`C:\Program Files\Push\push.exe`, String.raw`/src:D:\pkg` + '\\', '/note:say "hi"'],
        confidence: 'exact',
        recipients: [
          { name: 'INT-38', result: 'failed', cause: 'Access is denied. (5)' },
          { name: 'INT-41', result: 'succeeded', cause: null },
        ],
        startedAt: new Date('2026-11-23T18:15:32Z'),
        exitCode: 5,
      },
    ]);
  });

  it('a log without the command is inferred from what the format says', () => {
    const format: LogFormat = {
      time: { pattern: String.raw`^(?P<time>\S+ \S+ \S+)`, format: 'MMM DD HH:mm:ss' },
      run: null,
      start: 'BEGIN (?P<job>\\S+) (?P<package>\\S+) (?P<recipient>\\S+)',
      about: [],
      succeeded: [],
      failed: [],
      end: 'DONE (?P<code>\\d+)$',
      succeededCodes: [0, 1],
      commandStyle: 'shell',
      command: ['/opt/push', '--job={job}', '{package}', '{recipient}'],
      directory: '/srv',
    };
    const text = 'Nov 20 10:00:00 BEGIN j geo-db c1\nno time here\nNov 20 10:01:00 DONE 1\n';
    expect(parse(format, text).records).toMatchObject([
      {
        argv: ['/opt/push', '--job=j', 'geo-db', 'c1'],
        confidence: 'inferred',
        cwd: '/srv',
        recipients: [{ name: 'c1', result: 'succeeded' }],
        endedAt: new Date('2026-11-20T10:01:00Z'),
      },
    ]);
  });

  it('says where a run is that names no job, and never crashes', () => {
    const faulty = wrapped('rsync "-a', 'x', 0);
    expect(parse('rsync-wrapper', faulty)).toMatchObject({
      records: [],
      faults: [{ line: 1, reason: 'its command line cannot be split into arguments' }],
    });
    fc.assert(fc.property(fc.string(), (text) => parse('pdsh', wrapped(text, text, 1)).records.length <= 1));
  });
});

describe('a logged command line', () => {
  it('that the shell quoted is the arguments again', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (argv) => {
        const clean = argv.map((word) => word.replaceAll('\0', ''));
        expect(splitCommand(quoteArgv(clean), 'shell')).toEqual(clean);
      }),
    );
  });

  it.each([
    'rsync $HOME x',
    'a; b',
    'a | b',
    'a > b',
    'a *',
    '$(id)',
    '`id`',
    "a 'b",
    'a {b,c}',
    'a #b',
    '~/x',
    'a "b$c"',
  ])('that a shell would change is none: %s', (line) => {
    expect(splitCommand(line, 'shell')).toBeNull();
  });
});
