import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createFtpsyncAdapter } from '../../../src/redistribution/adapter/ftpsync-log.ts';
import { wholeLog } from '../../support/whole-log.ts';

const folder = new URL('../../fixtures/logs/ftpsync/', import.meta.url);
const read = (name: string) => readFileSync(new URL(`${name}.log`, folder));
const parse = (content: string | Uint8Array, timeZone = 'Europe/Berlin', writtenAt?: Date) =>
  createFtpsyncAdapter('int-41', timeZone).parse([wholeLog(content, 'ftpsync.log.0', writtenAt)]);

describe('B14: the stock log of Debian’s ftpsync', () => {
  it.each([
    ['01-ok', 'succeeded', null, ['ftpsync', 'sync:all']],
    ['02-disk-full', 'failed', 'rsync: error in file I/O (code 11)', ['ftpsync', 'sync:all']],
    [
      '03-permission-denied',
      'failed',
      'rsync: partial transfer due to errors (code 23)',
      ['ftpsync', 'sync:all'],
    ],
    ['05-host-down', 'failed', 'rsync: error in socket I/O (code 10)', ['ftpsync', 'sync:all']],
    [
      '06-auth-failed',
      'failed',
      'rsync: error starting the client-server protocol (code 5)',
      ['ftpsync', 'sync:all'],
    ],
    ['07-ok-full-log', 'succeeded', null, ['ftpsync', 'sync:all']],
    [
      '09-source-missing',
      'failed',
      'rsync: error starting the client-server protocol (code 5)',
      ['ftpsync', 'sync:archive:extras', 'sync:all'],
    ],
    [
      '12-stale-aup',
      'failed',
      '/usr/bin/ftpsync: line 276: local: `/srv/mirrors/deb2/Archive-Update-in-Progress-dist-01.core.example.net’: not a valid identifier',
      ['ftpsync', 'sync:all'],
    ],
    ['15-utf8-internal', 'succeeded', null, ['ftpsync', 'sync:archive:interne', 'sync:all']],
  ])('%s %s: %s', (name, result, cause, argv) => {
    const { records, faults } = parse(read(name));
    expect(faults).toEqual([]);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      argv,
      confidence: 'inferred',
      recipients: [{ name: 'int-41', result, cause: cause?.replace('’', "'") ?? null }],
      startedAt: expect.any(Date),
      endedAt: expect.any(Date),
      provenance: { line: 1 },
    });
  });

  it('names job, package, times in its zone, and the year from when the file was written', () => {
    const [record] = parse(
      read('09-source-missing'),
      'America/Sao_Paulo',
      new Date('2027-01-02T00:00:00Z'),
    ).records;
    expect(record).toMatchObject({ job: 'ftpsync-extras', packages: ['missing'] });
    expect(record?.startedAt).toEqual(new Date('2026-11-23T13:10:24Z'));
  });

  it.each([
    ['stage1', /.*(?:Running stage2|Back from rsync).*\n/g],
    ['stage2', /.*Running stage1.*\n/g],
  ])('runs %s alone again where only that was run', (stage, others) => {
    const text = read('01-ok').toString().replaceAll(others, '');
    expect(parse(text).records.map(({ argv }) => argv)).toEqual([['ftpsync', `sync:${stage}`]]);
  });

  it('does not take a line that is being written for the whole of it', () => {
    const text = read('01-ok').toString();
    const torn = text.slice(0, text.lastIndexOf('Mirrorsync done') + 'Mirrorsync done'.length);
    expect(parse(torn).records.map(({ endedAt }) => endedAt)).toEqual([null]);
  });

  it('takes a run that was killed for one that has no end, and keeps two that follow each other apart', () => {
    const text = read('02-disk-full').toString();
    const killed = text.split('\n').slice(0, 3).join('\n');
    const { records } = parse(`${killed}\n${text.replaceAll('[1014]', '[2000]')}`);
    expect(records.map(({ endedAt, recipients }) => [endedAt === null, recipients[0]?.result])).toEqual([
      [true, 'unknown'],
      [false, 'failed'],
    ]);
  });

  it.each([
    [
      ['Back from rsync with returncode 0'],
      'hook 3 (/usr/local/bin/publish) ended with exit code 7: no space left',
    ],
    [['Back from rsync with returncode 23'], 'rsync: '],
  ])('B8: names the hook that failed, after %j', (before, cause) => {
    const line = (message: string) => `Nov 23 14:10:21 int-38 ftpsync[1014]: ${message}`;
    const text = [
      line('Mirrorsync start'),
      ...before.map(line),
      line('Running hook 2: /usr/local/bin/quiet'),
      'what it prints',
      line('Back from hook 2, got returncode 0'),
      line('Running hook 3: /usr/local/bin/publish'),
      'no space left',
      'second line',
      line('Back from hook 3, got returncode 7'),
      line('Mirrorsync done with errors'),
      '',
    ].join('\n');
    const { records } = parse(text);
    expect(records[0]?.recipients[0]).toMatchObject({
      result: 'failed',
      cause: expect.stringContaining(cause) as unknown,
    });
  });
});
