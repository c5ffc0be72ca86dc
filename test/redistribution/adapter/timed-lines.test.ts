import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileClock } from '../../../src/domain/clock-format.ts';
import { formatWall, readWall } from '../../../src/domain/zoned-time.ts';
import type { JobRecord } from '../../../src/domain/redistribution.ts';
import { createFtpsyncAdapter } from '../../../src/redistribution/adapter/ftpsync-log.ts';
import type { LogAdapter } from '../../../src/redistribution/adapter/log-adapter.ts';
import { createPatternAdapter } from '../../../src/redistribution/adapter/pattern-log.ts';
import { repeatsOf, timedLines } from '../../../src/redistribution/adapter/timed-lines.ts';
import { selectFailedJobs } from '../../../src/redistribution/select.ts';

const long = new Date('2027-01-01T00:00:00Z');
const readClock = compileClock('YYYY-MM-DD HH:mm');
const slice = (text: string, modifiedAt = long, path = '/log') => ({
  path,
  bytes: new TextEncoder().encode(text),
  offset: 0,
  firstLine: 1,
  modifiedAt,
});

function read(times: readonly string[], timeZone: string, modifiedAt = long) {
  const reading = {
    textOf: ({ content }: { readonly content: Uint8Array }) => new TextDecoder().decode(content),
    timeOf: (text: string, before: Date) => readClock(text, timeZone, before),
    repeatOf: repeatsOf(readClock, timeZone),
  };
  const lines = [...timedLines([slice(`${times.join('\n')}\n`, modifiedAt)], reading)];
  return lines.map(
    ({ at, mayBeLaterMs }) => `${at?.toISOString().slice(11, 16)}${mayBeLaterMs > 0 ? '?' : ''}`,
  );
}

const berlin = (times: string) => times.split(' ').map((time) => `2026-10-25 ${time}`);

describe('lines of an hour that came twice', () => {
  it.each([
    [
      'are of the second once times went back',
      '01:59 02:10 02:50 02:05 02:55 03:01',
      '23:59 00:10 00:50 01:05 01:55 02:01',
    ],
    ['may be of either if they did not', '01:59 02:10 02:50 03:01', '23:59 00:10? 00:50? 02:01'],
    ['may be of either where only disorder goes back', '02:10 02:09 02:50', '00:10? 00:09? 00:50?'],
    ['may be of either where times go back twice', '02:50 02:10 02:50 02:10', '00:50? 00:10? 00:50? 00:10?'],
    ['are certain beside it', '01:59 03:00', '23:59 02:00'],
  ])('%s', (_case, times, expected) => {
    expect(read(berlin(times), 'Europe/Berlin').join(' ')).toBe(expected);
  });

  it('are of the first if the file was last written to before the second', () => {
    const times = berlin('02:10 02:50');
    expect(read(times, 'Europe/Berlin', new Date('2026-10-25T00:50:30Z'))).toEqual(['00:10', '00:50']);
    expect(read(times, 'Europe/Berlin', new Date('2026-10-25T01:20:00Z'))).toEqual(['00:10', '00:50']);
  });

  it('are read by half an hour where clocks go back by that', () => {
    const times = [
      '2026-04-05 01:29',
      '2026-04-05 01:35',
      '2026-04-05 01:55',
      '2026-04-05 01:31',
      '2026-04-05 02:00',
    ];
    expect(read(times, 'Australia/Lord_Howe')).toEqual(['14:29', '14:35', '14:55', '15:01', '15:30']);
  });

  it('are certain where times state their offset', () => {
    expect(
      repeatsOf(compileClock('YYYY-MM-DD HH:mm Z'), 'Europe/Berlin')(new Date('2026-10-25T00:10:00Z')),
    ).toBe(0);
    expect(repeatsOf(readClock, 'Europe/Berlin')(new Date('2026-10-25T00:10:00Z'))).toBe(3_600_000);
    expect(repeatsOf(readClock, 'Europe/Berlin')(new Date('2026-10-25T01:10:00Z'))).toBe(0);
  });

  it('are never said to be certain at a wrong time, whenever they were written', () => {
    const nights = [
      ['Europe/Berlin', '2026-10-24T23:00:00Z'],
      ['America/Los_Angeles', '2026-11-01T07:00:00Z'],
      ['Australia/Lord_Howe', '2026-04-04T13:30:00Z'],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...nights),
        fc.array(fc.integer({ min: 0, max: 240 }), { minLength: 1, maxLength: 12 }),
        ([timeZone, night], minutes) => {
          const written = minutes
            .toSorted((a, b) => a - b)
            .map((minute) => Date.parse(night) + minute * 60_000);
          const times = written.map((ms) => formatWall(readWall(new Date(ms), timeZone)));
          const found = read(times, timeZone, new Date(written.at(-1) ?? 0));
          found.forEach((text, index) => {
            const truth = new Date(written[index] ?? 0).toISOString().slice(11, 16);
            if (!text.endsWith('?')) expect(text).toBe(truth);
          });
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

const format = {
  time: { pattern: String.raw`^(?P<time>\S+ \S+)`, format: 'YYYY-MM-DD HH:mm' },
  run: String.raw`run (?P<run>\d+)`,
  start: 'begin (?P<job>[a-z]+) (?P<package>[a-z-]+) (?P<recipient>[a-z0-9-]+)',
  about: [],
  succeeded: [],
  failed: [],
  end: String.raw`end (?P<code>\d+)`,
  succeededCodes: [0],
  commandStyle: 'shell',
  command: ['push', '{recipient}'],
  directory: '/',
} as const;
const day = { from: new Date('2026-10-24T22:00:00Z'), until: new Date('2026-10-25T23:00:00Z') };
const judge = (records: readonly JobRecord[]) =>
  selectFailedJobs({ records, known: [], readVersion: () => null }, day, day.until);

function runsOf(adapter: LogAdapter, log: string): readonly JobRecord[] {
  return adapter.parse([slice(log)]).records;
}

describe('runs in an hour that came twice', () => {
  const pattern = createPatternAdapter('int-38', 'Europe/Berlin', format);
  const run = (id: number, begin: string, end: string, code: number) =>
    `2026-10-25 ${begin} run ${id} begin nightly geo-db c1\n2026-10-25 ${end} run ${id} end ${code}\n`;
  const sync = (pid: number, begin: string, end: string, words: string) =>
    `Oct 25 ${begin}:00 int-38 ftpsync[${pid}]: Mirrorsync start\nOct 25 ${end}:00 int-38 ftpsync[${pid}]: ${words}\n`;
  const ftpsync = createFtpsyncAdapter('int-38', 'Europe/Berlin');

  it.each([
    ['a success of the second clears', run(1, '02:40', '02:50', 1) + run(2, '02:05', '02:10', 0), 0],
    ['a failure of the second stands', run(1, '02:40', '02:50', 0) + run(2, '02:05', '02:10', 1), 1],
    [
      'a success clears what stands before it in the file',
      run(1, '02:05', '02:10', 1) + run(2, '02:40', '02:50', 0),
      0,
    ],
  ])('of a declared format: %s', (_case, log, left) => {
    expect(judge(runsOf(pattern, log)).failed).toHaveLength(left);
  });

  it.each([
    [
      'a success of the second clears',
      sync(1, '02:40', '02:50', 'Mirrorsync done with errors') + sync(2, '02:05', '02:10', 'Mirrorsync done'),
      0,
    ],
    [
      'a failure of the second stands',
      sync(1, '02:40', '02:50', 'Mirrorsync done') + sync(2, '02:05', '02:10', 'Mirrorsync done with errors'),
      1,
    ],
  ])('of ftpsync: %s', (_case, log, left) => {
    expect(judge(runsOf(ftpsync, log)).failed).toHaveLength(left);
  });

  it('of two logs are marked where nothing tells which was first, and count as failed', () => {
    const parse = (path: string, log: string) => pattern.parse([slice(log, long, path)]).records;
    const records = [
      ...parse('/a', run(1, '02:05', '02:10', 1)),
      ...parse('/b', run(2, '02:40', '02:50', 0)),
    ];
    expect(records.map(({ mayBeLaterMs }) => mayBeLaterMs)).toEqual([3_600_000, 3_600_000]);
    expect(judge(records)).toMatchObject({ failed: [{ recipient: 'c1' }], doubtful: [{}] });
  });
});
