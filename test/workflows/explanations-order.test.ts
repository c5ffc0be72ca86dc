import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { onPglite } from '../support/databases.ts';
import { arrangement, replay } from '../support/replay.ts';
import { alertMail, createWorkbench, deviceAt, start, type Workbench } from '../support/workbench.ts';
import { rule } from '../threshold/rules.ts';

const minute = 60_000;

const regions = ['eu', 'us'] as const;
const servers = ['e-1', 'e-2', 'u-1', 'u-2'];
const devices = [
  deviceAt('dist-01', '10.0.0.1', null),
  ...servers.map((name, n) => at(name, `10.0.1.${n}`, 'dist-01')),
  ...servers.flatMap((server, n) =>
    [1, 2, 3].map((client) => at(`${server}-c${client}`, `10.0.2.${10 * n + client}`, server)),
  ),
];

function at(name: string, ip: string, upstream: string) {
  const region = name.startsWith('e') ? regions[0] : regions[1];
  return { ...deviceAt(name, ip, upstream), region, building: name.endsWith('1') ? 'B1' : 'B2' };
}

const thresholds = [
  rule({ id: 'device', count: 3, withinMs: 30 * minute }),
  rule({ id: 'package', over: 'package', count: 4, withinMs: 30 * minute }),
  rule({ id: 'job', over: 'job', count: 6, withinMs: 20 * minute }),
  rule({ id: 'network', over: 'network', failure: 'connection', count: 8, withinMs: 20 * minute }),
  rule({ id: 'region', over: 'region', count: 5, withinMs: 20 * minute }),
  rule({ id: 'building', over: 'building', failure: 'access', count: 4, withinMs: 20 * minute }),
  rule({ id: 'server', over: 'server', count: 3, withinMs: 40 * minute }),
];

/** Some things fail more than others, so that thresholds are met, and broken again by late mail. */
const arrival = fc.record({
  device: fc.constantFrom(...devices.map(({ name }) => name), 'e-1-c1', 'e-1-c1', 'u-1-c1', 'stranger'),
  minute: fc.integer({ min: 0, max: 60 }),
  failure: fc.constantFrom('connection timed out', 'permission denied', 'checksum: package broken'),
  package: fc.constantFrom('geo-db 7', 'geo-db 7', 'edge 2'),
  server: fc.constantFrom('e-1', 'e-2', 'u-1'),
  job: fc.constantFrom('J1', 'J2'),
});
const story = fc
  .array(arrival, { minLength: 1, maxLength: 45 })
  .chain((list) => fc.tuple(fc.constant(list), arrangement(list.length), arrangement(list.length)));

describe('A9: each scope counts for itself, whatever the order', () => {
  const open = onPglite();
  let database: Database;
  let bench: Workbench;
  beforeAll(async () => {
    database = await open();
    const rootCause = { devices: 3, fraction: null, withinMs: 10 * minute, settleMs: 2000 };
    bench = await createWorkbench(database, { thresholds, rootCause }, devices);
  });
  afterAll(() => bench.close());

  it('the same alerts make the same tickets, with packages, jobs, regions, buildings, servers and devices at once', {
    timeout: 240_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async ([list, one, other]) => {
        const mails = list.map(({ device, minute: minutes, ...said }) =>
          alertMail(device, new Date(start.getTime() + minutes * minute), {
            Failure: said.failure,
            Package: said.package,
            Server: said.server,
            Job: said.job,
          }),
        );
        expect(await replay(bench, database, mails, other)).toEqual(
          await replay(bench, database, mails, one),
        );
      }),
      { numRuns: inject('isLongRun') ? 30 : 10 },
    );
  });
});
