import { describe, expect, test } from 'vitest';
import { createOutageFeed } from '../../../src/adapters/outages/outage-feed.ts';
import { readListed } from '../../../src/adapters/outages/read-listed.ts';

const csv = `id,target,from,until,for,reason
w1,server:int-38,2026-11-20 22:00,2026-11-21 02:00,,disk swap
w2,int-58,2026-11-20T22:00:00Z,,90m,
,region:eu,2026-11-20,2026-11-21T00:00+02:00,,power
`;
const json = JSON.stringify({
  outages: [
    {
      id: 'w1',
      target: 'server:int-38',
      from: '2026-11-20T22:00',
      until: '2026-11-21T02:00',
      reason: 'disk swap',
    },
    { id: 'w2', device: 'int-58', from: '2026-11-20T22:00:00Z', for: '90m' },
    { target: 'region:eu', from: '2026-11-20', until: '2026-11-21T00:00+0200', reason: 'power' },
  ],
});

describe('A10: outages from a list', () => {
  test.each([
    ['csv', csv],
    ['json', json],
  ] as const)('%s, times without an offset in the site’s zone', (type, text) => {
    const notices = readListed(type, text, 'Europe/Berlin');
    expect(
      notices.map(({ targets, from, until, reason }) => [
        ...targets,
        from.toISOString(),
        until.toISOString(),
        reason,
      ]),
    ).toEqual([
      ['server:int-38', '2026-11-20T21:00:00.000Z', '2026-11-21T01:00:00.000Z', 'disk swap'],
      ['int-58', '2026-11-20T22:00:00.000Z', '2026-11-20T23:30:00.000Z', 'maintenance'],
      ['region:eu', '2026-11-19T23:00:00.000Z', '2026-11-20T22:00:00.000Z', 'power'],
    ]);
    expect(notices.map(({ uid }) => uid).slice(0, 2)).toEqual(['w1', 'w2']);
  });

  test('an outage within an hour that comes twice covers both', () => {
    const text = 'target,from,until\nint-1,2026-10-25 02:30,2026-10-25 02:45\n';
    expect(readListed('csv', text, 'Europe/Berlin')).toMatchObject([
      { from: new Date('2026-10-25T00:30:00Z'), until: new Date('2026-10-25T01:45:00Z') },
    ]);
  });

  test('a list without an outage is a good one', () => {
    expect(readListed('csv', 'target,from,until\n', 'UTC')).toEqual([]);
    expect(readListed('json', '[]', 'UTC')).toEqual([]);
  });

  test.each([
    ['csv', '', /no header row/],
    ['csv', 'target,from,until\nint-1,2026-11-20 10:00\n', /no valid CSV/],
    ['csv', 'target,from,until\n,2026-11-20 10:00,2026-11-20 11:00\n', /outage 2: has no target/],
    ['csv', 'target,from,until\nint-1,2026-02-30,2026-03-01\n', /outage 2: "2026-02-30" is no time/],
    ['csv', 'target,from,until\nint-1,2026-11-20,soon\n', /neither a time in until nor a duration/],
    ['csv', 'target,from,until\nint-1,2026-11-20,2026-11-19\n', /ends before it begins/],
    ['json', '<html>', /faults:/],
    ['json', '{"error": "try later"}', /no JSON list/],
    ['json', '[7]', /outage 1 is no object/],
  ] as const)('a faulty %s is refused: %j', (type, text, message) => {
    expect(() => readListed(type, text, 'UTC')).toThrow(
      expect.objectContaining({ code: 'source-invalid', message: expect.stringMatching(message) }),
    );
  });
});

test('A10: a feed tells what is around now: neither what is over, nor what is more than 60 days off', async () => {
  const list = [
    'target,from,until',
    'over,2026-01-01,2026-01-02',
    'now,2026-01-09,2026-01-11',
    'far,2026-04-01,2026-04-02',
  ];
  const feed = createOutageFeed({
    name: 'plan.csv',
    origin: {
      type: 'csv',
      place: { file: 'plan.csv' },
      reader: { read: async () => list.join('\n'), stamp: async () => null },
    },
    everyMs: 1000,
    timeZone: 'UTC',
    readCalendar: () => [],
  });
  const notices = await feed.read(new Date('2026-01-10T00:00:00Z'));
  expect(notices.flatMap(({ targets }) => targets)).toEqual(['now']);
});
