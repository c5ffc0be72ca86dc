import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../src/adapters/postgres/database.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import { rule } from '../threshold/rules.ts';
import { onPglite } from '../support/databases.ts';
import { type Arrangement, arrangement, replay } from '../support/replay.ts';
import { alertMail, createWorkbench, deviceAt, start, type Workbench } from '../support/workbench.ts';

const minute = 60_000;

const devices = [
  deviceAt('dist-01', '10.0.0.1', null),
  ...['int-1', 'int-2', 'int-3'].map((name, n) => deviceAt(name, `10.0.1.${n}`, 'dist-01')),
  ...['c-1', 'c-2', 'c-3', 'c-4'].map((name, n) => deviceAt(name, `10.0.2.${n}`, 'int-1')),
  ...['d-1', 'd-2'].map((name, n) => deviceAt(name, `10.0.3.${n}`, 'int-2')),
];

const thresholds = [
  rule({ id: 'every', count: 3, withinMs: 30 * minute }),
  rule({ id: 'geo', package: 'geo-db', count: 2, withinMs: 10 * minute }),
  rule({ id: 'access', failure: 'access', over: 'server', count: 4, withinMs: 60 * minute }),
  rule({
    id: 'share',
    failure: 'package',
    over: 'network',
    count: null,
    fraction: 0.3,
    withinMs: 20 * minute,
  }),
];

/** One alert, and how it came: in which batch, how often. */
const arrival = fc.record({
  device: fc.constantFrom(...devices.map(({ name }) => name), 'stranger'),
  minute: fc.integer({ min: 0, max: 90 }),
  failure: fc.constantFrom('connection timed out', 'permission denied', 'checksum: package broken'),
  package: fc.constantFrom('geo-db', 'edge', 'edge'),
  server: fc.constantFrom('int-1', 'int-1', 'int-2'),
});
const arrivals = fc.array(arrival, { minLength: 1, maxLength: 40 });
const story = arrivals.chain((list) =>
  fc.tuple(fc.constant(list), arrangement(list.length), arrangement(list.length)),
);

describe('A9: the same alerts make the same tickets', () => {
  const open = onPglite();
  let database: Database;
  let bench: Workbench;
  beforeAll(async () => {
    database = await open();
    const rootCause = { devices: 3, fraction: null, withinMs: 10 * minute, settleMs: 2000 };
    bench = await createWorkbench(database, { thresholds, rootCause }, devices);
  });
  afterAll(() => bench.close());

  const play = (mails: readonly RawMail[], arranged: Arrangement) => replay(bench, database, mails, arranged);

  const inMinutes = (device: string, at: number) =>
    alertMail(device, new Date(start.getTime() + at * minute), { Package: 'edge' });
  const late = [
    ['of a device', ['d-1', 'd-1', 'd-1', 'd-1', 'd-1'], [0, 25, 28, 35, 45], 'd-1 connection 5/5'],
    ['behind a server', ['c-1', 'c-2', 'c-3', 'c-4', 'c-1'], [0, 8, 9, 12, 14], 'int-1 root-cause 5/5'],
  ] as const;
  it.each(late)(
    'also where the alert that an earlier window lacked comes last: %s',
    async (_what, names, times, problem) => {
      const mails = times.map((at, n) => inMinutes(names[n] ?? '', at));
      const plain = { again: [], batchSize: 1, works: true };
      expect(await play(mails, { ...plain, order: [0, 1, 2, 3, 4] })).toEqual([problem]);
      expect(await play(mails, { ...plain, order: [0, 1, 3, 4, 2] })).toEqual([problem]);
    },
  );

  it('however they are ordered, batched and repeated, and whatever was shown meanwhile', {
    timeout: 240_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async ([list, one, other]) => {
        const mails = list.map((each) =>
          alertMail(each.device, new Date(start.getTime() + each.minute * minute), {
            Failure: each.failure,
            Package: each.package,
            Server: each.server,
          }),
        );
        expect(await play(mails, other)).toEqual(await play(mails, one));
      }),
      { numRuns: inject('isLongRun') ? 40 : 12 },
    );
  });
});
