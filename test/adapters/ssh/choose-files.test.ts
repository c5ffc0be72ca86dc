import { describe, expect, it } from 'vitest';
import { chooseFiles, findLogFiles, isRotated } from '../../../src/adapters/ssh/logs/choose-files.ts';

const period = { from: new Date('2026-11-20T00:00:00Z'), until: new Date('2026-11-21T00:00:00Z') };
/** `NAME DAY-OF-NOVEMBER [SIZE]` */
const list = (...entries: readonly string[]) =>
  entries.map((entry) => {
    const [name = '', day = '1', size = '10'] = entry.split(' ');
    const modifiedAt = new Date(Date.UTC(2026, 10, Number(day), 12));
    return { name, size: Number(size), modifiedAt, isLink: false };
  });
const choose = (glob: string, ...entries: readonly string[]) =>
  chooseFiles(findLogFiles(list(...entries), glob), period).map(({ name }) => name);

describe('B7: which files of a log are read for 2026-11-20', () => {
  it.each([
    [
      'named by their dates',
      '*.jsonl',
      [
        '2026-11-17.jsonl 21',
        '2026-11-19.jsonl 20',
        '2026-11-20.jsonl 20',
        '2026-11-21.jsonl 21',
        '2026-11-22.jsonl 22',
      ],
      ['2026-11-19.jsonl', '2026-11-20.jsonl', '2026-11-21.jsonl'],
    ],
    [
      'named by their dates, and not written to since',
      'push-*.log',
      ['push-20261119.log 19', 'push-20261120.log.gz 20'],
      ['push-20261120.log.gz'],
    ],
    [
      'rotated by number, oldest first',
      'push.log',
      [
        'push.log 23',
        'push.log.1 22',
        'push.log.2.gz 20',
        'push.log.3.xz 19',
        'push.log.4.zst 18',
        'push.log.5 20 0',
      ],
      ['push.log.2.gz', 'push.log.1'],
    ],
    [
      'rotated by date',
      'push.log',
      ['push.log 23', 'push.log-20261122 22', 'push.log-20261120.gz 20', 'push.log.2026-11-18 18'],
      ['push.log-20261120.gz', 'push.log-20261122'],
    ],
    [
      'there twice while one is being packed',
      'push.log',
      ['push.log.1 21', 'push.log.1.gz 21'],
      ['push.log.1'],
    ],
    [
      'each run’s own',
      'ftpsync*.log',
      ['ftpsync.log.0 20', 'ftpsync.log.1 20', 'ftpsync-x.log.0 21', 'rsync-ftpsync.log.0 20'],
      ['ftpsync.log.1', 'ftpsync.log.0', 'ftpsync-x.log.0'],
    ],
    [
      'of other logs',
      'push.log',
      ['push.log.old 20', 'push.log.1.bak 20', 'xpush.log 20', 'push.log~ 20'],
      [],
    ],
  ])('those %s', (_name, glob, entries, chosen) => {
    expect(choose(glob, ...entries)).toEqual(chosen);
  });
});

describe('a log that is rotated while it is read', () => {
  const found = (...entries: readonly string[]) => findLogFiles(list(...entries), 'push.log');
  it.each([
    ['grew', ['push.log 20 10'], ['push.log 21 99'], false],
    ['was renamed', ['push.log 20 10'], ['push.log 20 1', 'push.log.1 20 10'], true],
    [
      'was renamed, and the oldest dropped',
      ['push.log 20 9', 'push.log.1 19 5'],
      ['push.log 20 9', 'push.log.1 20 9'],
      true,
    ],
    ['was copied and cut', ['push.log 20 10'], ['push.log 20 0'], true],
    ['was packed', ['push.log.1 19 10'], ['push.log.1.gz 19 4'], true],
    ['is another log', ['push.log 20 10'], ['push.log 20 10', 'pull.log.1 20 1'], false],
  ])('%s', (_name, before, after, rotated) => {
    expect(isRotated(found(...before), found(...after))).toBe(rotated);
  });
});
