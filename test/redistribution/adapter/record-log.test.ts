import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecordLog } from '../../../src/redistribution/adapter/record-log.ts';
import { wholeLog } from '../../support/whole-log.ts';

const base = {
  v: 1,
  id: 'nightly.1.77.1',
  server: 'int-58',
  job: 'nightly',
  attempt: 1,
  cwd: '/srv',
  user: 'dist',
  packages: ['geo-db'],
  flags: [],
  argv: ['push', 'a', 'b'],
  recipients: ['a', 'b'],
};
const start = { ...base, event: 'start', at: '2026-11-20T10:00:00.000Z' };
const end = {
  ...base,
  event: 'end',
  at: '2026-11-20T10:05:00.000Z',
  exitCode: 1,
  signal: null,
  durationS: 300,
  results: [
    { recipient: 'a', result: 'failed', cause: 'Connection refused' },
    { recipient: 'b', result: 'succeeded', cause: null },
  ],
};
const parse = (text: string) => parseRecordLog([wholeLog(text)]);
const lines = (...items: readonly object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');

describe('reading the recorder’s log', () => {
  it('makes one record of a start and its end, and says where it stands', () => {
    const { records, faults } = parse(lines(start, end));
    expect(faults).toEqual([]);
    expect(records).toEqual([
      {
        server: 'int-58',
        job: 'nightly',
        attempt: 1,
        argv: ['push', 'a', 'b'],
        cwd: '/srv',
        packages: ['geo-db'],
        recipients: [
          { name: 'a', result: 'failed', cause: 'Connection refused' },
          { name: 'b', result: 'succeeded', cause: null },
        ],
        startedAt: new Date('2026-11-20T10:00:00Z'),
        endedAt: new Date('2026-11-20T10:05:00Z'),
        exitCode: 1,
        adapter: 'record',
        confidence: 'exact',
        provenance: {
          file: 'day.jsonl',
          line: 1,
          offset: 0,
          lines: 2,
          digest: `sha256:${createHash('sha256').update(lines(start, end)).digest('hex')}`,
        },
      },
    ]);
  });

  it.each([
    ['has no end', lines(start)],
    ['has a torn end', lines(start) + JSON.stringify(end).slice(0, 200)],
  ])('takes a run that %s for one whose results nobody knows', (_name, text) => {
    const { records, faults } = parse(text);
    expect(faults).toEqual([]);
    expect(records).toMatchObject([
      { endedAt: null, exitCode: null, recipients: [{ result: 'unknown' }, { result: 'unknown' }] },
    ]);
  });

  it('takes an end whose start is lost for the whole run', () => {
    expect(parse(lines(end)).records).toMatchObject([
      { startedAt: new Date('2026-11-20T10:00:00Z'), exitCode: 1 },
    ]);
  });

  it('keeps the flags that a further attempt needs', () => {
    const flags = ['--failed-pattern', '^(.*): no'];
    expect(parse(lines({ ...start, flags })).records[0]?.recorderFlags).toEqual(flags);
  });

  it('lets the server’s own settings name it, not the log', () => {
    const flags = ['--server', 'dist-01', '--ok-pattern', '--server', '--region', 'eu'];
    expect(parse(lines({ ...start, flags })).records[0]?.recorderFlags).toEqual(['--ok-pattern', '--server']);
  });

  it('passes over notes about mail', () => {
    expect(parse(lines(start, { v: 1, event: 'mail', mailError: 'refused' }, end))).toMatchObject({
      faults: [],
      records: [{ exitCode: 1 }],
    });
  });

  it.each([
    ['no JSON', '{"v":1,\n', 'not JSON'],
    ['a list', '[]\n', 'not a JSON object'],
    ['another version', lines({ ...start, v: 2 }), 'version 2'],
    ['another event', lines({ ...start, event: 'stop' }), 'event "stop"'],
    ['bytes that are none', lines({ ...start, argv: ['push', { base64: '/w=!' }] }), 'argv[1] is not base64'],
    ['a NUL in bytes', lines({ ...start, argv: ['push', { base64: '/wA=' }] }), 'argv[1] holds a NUL'],
    ['a NUL', lines({ ...start, argv: ['a\0b'] }), 'argv[0] holds a NUL'],
    [
      'a newline in a name',
      lines({ ...start, recipients: ['a\nb'] }),
      'recipients[0] holds a control character',
    ],
    ['two names in one', lines({ ...start, recipients: ['a,b'] }), 'comma'],
    ['half a character in an argument', lines({ ...start, argv: ['push', '\ud800'] }), 'argv[1] holds half'],
    ['half a character in a name', lines({ ...start, job: '\udc00' }), 'job holds half'],
    ['a name of 201 bytes', lines({ ...start, job: '\u00e4'.repeat(101) }), 'job is longer than 200 bytes'],
    ['attempt a million', lines({ ...start, attempt: 1_000_000 }), 'attempt is not a whole number'],
    ['no command', lines({ ...start, argv: [] }), 'argv is not a list'],
    ['a relative directory', lines({ ...start, cwd: 'srv' }), 'cwd is not an absolute path'],
    ['attempt zero', lines({ ...start, attempt: 0 }), 'attempt'],
    ['a time without a zone', lines({ ...start, at: '2026-11-20T10:00:00' }), 'at is not a time'],
    [
      'a flag that names a program',
      lines({ ...start, flags: ['--sendmail', '/tmp/x'] }),
      '"--sendmail" does not belong',
    ],
    [
      'a result for a stranger',
      lines({ ...end, results: [{ recipient: 'z', result: 'failed' }] }),
      '"z", which is no recipient',
    ],
    ['two results for one', lines({ ...end, results: [end.results[0], end.results[0]] }), 'two results'],
    ['a second start', lines(start, start), 'such a line already'],
    ['an end of another command', lines(start, { ...end, argv: ['rm'] }), 'does not agree'],
  ])('states the fault of a line with %s', (_name, text, reason) => {
    expect(parse(text).faults.at(-1)?.reason).toContain(reason);
  });

  it('states bytes that are not UTF-8 and goes on', () => {
    const bytes = Buffer.concat([Buffer.from([0x22, 0xff, 0x22, 0x0a]), Buffer.from(lines(start, end))]);
    expect(parseRecordLog([wholeLog(bytes)])).toMatchObject({
      faults: [{ line: 1, reason: 'not UTF-8' }],
      records: [{ exitCode: 1 }],
    });
  });

  it('never crashes, whatever the file holds', () => {
    const mutated = fc
      .tuple(fc.constantFrom(...Object.keys(end)), fc.jsonValue())
      .map(([key, value]) => lines({ ...end, [key]: value }));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string(), fc.json()), (text) => {
        expect(parse(text).records.length).toBeLessThanOrEqual(1);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => parseRecordLog([wholeLog(bytes)]).records.length === 0),
    );
  });
});
