import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { evidenceOfTicket } from '../../src/domain/evidence.ts';
import type { ThresholdRule } from '../../src/domain/policy.ts';
import type { TicketState } from '../../src/domain/ticket.ts';
import { changeTicket } from '../../src/workflows/ticket/change-ticket.ts';
import { onPglite } from '../support/databases.ts';
import { shows, topLevel } from '../support/messages.ts';
import { explainMail } from '../../src/workflows/explain/explain.ts';
import { liveProblems } from '../support/problems.ts';
import { alertMail, createWorkbench, deviceAt, start, type Workbench } from '../support/workbench.ts';
import { rule } from '../threshold/rules.ts';

const minute = 60_000;
const after = (minutes: number) => new Date(start.getTime() + minutes * minute);
const clientsOf = (server: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${server}-c${n + 1}`);
const inRegion = (name: string, ip: string, upstream: string | null) => ({
  ...deviceAt(name, ip, upstream),
  region: name.startsWith('us') ? 'us' : 'eu',
});
const servers = ['eu-1', 'eu-2', 'us-1'];
const devices = [
  inRegion('dist-01', '10.0.0.1', null),
  ...servers.map((name, n) => inRegion(name, `10.1.0.${n}`, 'dist-01')),
  ...servers.flatMap((server, n) =>
    clientsOf(server, 60).map((name, m) => inRegion(name, `10.2.${n}.${m}`, server)),
  ),
];
const regions = ['eu', 'us'].map((name) => ({ name, channel: `maint-${name}`, domains: [], hold: null }));
const rootCause = { devices: 5, fraction: null, withinMs: 15 * minute, settleMs: 0 };
const perDevice = rule({ id: 'device', count: 3 });
const perPackage = rule({ id: 'package', over: 'package', count: 4 });
const broken = { Failure: 'checksum: package broken', Package: 'geo-db 7' };

describe('which explanation wins', () => {
  const open = onPglite();
  let bench: Workbench;
  let database: Database;
  beforeEach(async () => {
    database = await open();
  });
  afterEach(() => bench.close());

  const begin = async (...thresholds: readonly ThresholdRule[]) => {
    const routing = { regions, fallbackChannel: 'maint-unknown', rules: [], buildings: [], urgent: [] };
    bench = await createWorkbench(database, { rootCause, thresholds, routing }, devices);
  };
  const fail = async (names: readonly string[], said: Readonly<Record<string, string>> = {}, at = start) => {
    await bench.receive(...names.map((name) => alertMail(name, at, said)));
    await bench.work();
  };
  const problems = () => liveProblems(database);
  const posts = (channel: string) => topLevel(bench.workspace, channel);
  const ticketsIn = (state: TicketState) => bench.deps.store.transaction((tx) => tx.ticketsIn([state]));

  it('finds a single device although a rule over the network fits it as well', async () => {
    await begin(perDevice, rule({ id: 'network', over: 'network', failure: 'connection', count: 4 }));
    await fail(['eu-1-c1', 'eu-1-c1', 'eu-1-c1', 'eu-1-c1', 'eu-1-c1']);
    expect(await problems()).toEqual(['eu-1-c1 connection 5/5']);
  });

  it('makes one ticket of a bad package across regions, where it is hit hardest, and a line in each other region', async () => {
    await begin(perDevice, perPackage);
    await fail([...clientsOf('eu-1', 2), ...clientsOf('us-1', 3)], broken);
    expect(await problems()).toEqual(['geo-db 7 package 5/5']);
    const [post, ...more] = posts('maint-us');
    expect(more).toEqual([]);
    expect(post?.text).toContain('package geo-db 7');
    for (const text of [
      '2 regions: us (3 alerts of 3 devices), eu (2 alerts of 2 devices)',
      'The package: it fails at several servers',
    ])
      expect(posts('maint-us').some((one) => shows(one, text))).toBe(true);
    for (const text of ['Location', 'Device', 'Diagnosis', 'Köln'])
      expect(shows(post ?? raise(), text)).toBe(false);
    expect(posts('maint-eu').map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^:red_circle: \*package geo-db 7\* fails in eu too \(2 alerts of 2 devices\): see <http\S+\|ticket \d+> in #maint-us\.$/,
      ),
    ]);
    const [ticket] = await ticketsIn('open');
    await resolve(bench, ticket?.id);
    expect(posts('maint-eu').map(({ text }) => text)).toEqual([
      expect.stringMatching(/^:white_check_mark: \*package geo-db 7\* is over: <http/),
    ]);
  });

  it.each([
    ['connections', { Failure: 'connection timed out' }],
    ['refused access', { Failure: 'permission denied' }],
  ])('a package explains no %s', async (_what, said) => {
    await begin(perPackage);
    await fail([...clientsOf('eu-1', 3), ...clientsOf('us-1', 3)], { ...said, Package: 'geo-db 7' });
    expect(await problems()).toEqual([]);
  });

  it('adds no two versions of a package up', async () => {
    await begin(perPackage);
    await fail(clientsOf('eu-1', 2), broken);
    await fail(clientsOf('us-1', 2), { ...broken, Package: 'geo-db 8' });
    expect(await problems()).toEqual([]);
  });

  it('five different failures of five packages at 5 of 60 devices are no root cause', async () => {
    await begin(perDevice, perPackage);
    const announced = ['checksum failed', 'hook failed', 'permission denied', 'timed out', 'disk is full'];
    for (const [n, Failure] of announced.entries())
      await fail([`eu-1-c${n + 1}`], { Failure, Package: `package-${n}` }, after(n));
    expect(await problems()).toEqual([]);
  });

  it('one package behind one server: package or server is not yet known, until it fails elsewhere too', async () => {
    await begin(perDevice, perPackage);
    await fail(clientsOf('eu-1', 6), broken);
    expect(await problems()).toEqual(['eu-1 root-cause 6/6']);
    expect(posts('maint-eu').some((one) => shows(one, 'Package or server: not yet known'))).toBe(true);
    await fail([...clientsOf('us-1', 3)], broken, after(1));
    expect(await problems()).toEqual(['geo-db 7 package 9/9']);
    expect(await ticketsIn('joined')).toMatchObject([{ subject: 'eu-1' }]);
  });

  it('a server explains failed packages where two or more fail through it', async () => {
    await begin(perDevice, perPackage);
    await fail(clientsOf('eu-1', 6), broken);
    await fail(clientsOf('eu-1', 6), { ...broken, Package: 'edge 2' }, after(1));
    expect(await problems()).toEqual(['eu-1 root-cause 12/12']);
    expect(
      posts('maint-eu').some((one) => shows(one, 'The server: several packages or jobs fail through it')),
    ).toBe(true);
  });

  it('a package that fails at a server where others fail too leaves open which of both it is', async () => {
    await begin(perPackage);
    await fail([...clientsOf('eu-1', 6), ...clientsOf('us-1', 3)], broken);
    await fail(clientsOf('eu-1', 6), { ...broken, Package: 'edge 2' }, after(1));
    expect(await problems()).toEqual(['eu-1 root-cause 6/6', 'geo-db 7 package 9/9']);
    bench.pass(5000);
    await fail(['eu-2-c1'], broken, after(2));
    expect(posts('maint-eu').some((one) => shows(one, 'other packages fail there as well (`eu-1`)'))).toBe(
      true,
    );
  });

  it('a wider ticket takes in the narrower ones that it explains, and leaves what it does not', async () => {
    await begin(perDevice, perPackage);
    await fail(['eu-1-c1', 'eu-1-c1', 'eu-1-c1'], {}, start);
    for (const n of [0, 1, 2]) await fail(['eu-1-c2'], broken, after(n));
    expect(await problems()).toEqual(['eu-1-c1 connection 3/3', 'eu-1-c2 package 3/3']);
    await fail(['us-1-c1'], broken, after(3));
    expect(await problems()).toEqual(['eu-1-c1 connection 3/3', 'geo-db 7 package 4/4']);
  });

  it('late mail shows that a package fails at one server: its ticket ends, and the rest counts for itself', async () => {
    await begin(perDevice, perPackage);
    await fail(['us-1-c1'], broken, after(5));
    await fail(clientsOf('eu-1', 3), broken, after(5));
    expect(await problems()).toEqual(['geo-db 7 package 4/4']);
    await fail(clientsOf('eu-1', 9), broken, after(4));
    expect(await problems()).toEqual(['eu-1 root-cause 12/12']);
    expect(await ticketsIn('resolved')).toMatchObject([{ reason: 'explained-otherwise' }]);
  });

  it('when a package’s ticket is over at all servers but one, what is left gets a ticket of its own', async () => {
    await begin(perDevice, perPackage);
    await fail(['us-1-c1', 'us-1-c2', 'eu-1-c1', 'eu-1-c2'], broken);
    const [ticket] = await ticketsIn('open');
    await bench.deps.store.transaction((tx) =>
      tx.addEvidence(
        ['us-1-c1', 'us-1-c2', 'eu-1-c1'].map((device) => ({
          ...evidenceOfTicket(ticket?.id ?? 0, 'word', after(1), 'mail 99'),
          device,
        })),
      ),
    );
    bench.pass(2 * minute);
    bench.jobs.push({ queue: 'attend', ticketId: ticket?.id ?? 0 });
    await bench.work();
    expect(await problems()).toEqual(['eu-1-c2 package 1/1']);
    expect(await ticketsIn('resolved')).toMatchObject([
      { subject: 'geo-db 7', reason: 'explanation-is-over' },
    ]);
    const sums = await bench.deps.store.transaction((tx) => tx.sums());
    expect(sums.alerts.ticketed).toBe(4);
  });

  it('explain tells every explanation with its values, and which one takes the alert', async () => {
    await begin(perDevice, perPackage);
    await fail(clientsOf('eu-1', 3), broken);
    const explain = async (device: string) => {
      const { alerts } = await explainMail(bench.deps, alertMail(device, start, broken), {
        ...{ file: 'mail', probe: false, draft: false },
      });
      return alerts[0]?.gates.find(({ gate }) => gate === 'threshold');
    };
    expect(await explain('eu-1-c4')).toMatchObject({
      ...{ passed: false, reason: 'below-threshold' },
      values: {
        wider:
          'package|package:geo-db 7 by package: 4 of 4, only-one-part (eu-1 makes 100 %); ' +
          'root-cause(failure=package)|server:eu-1: does not explain it; ' +
          'root-cause(failure=package, package=geo-db 7)|server:eu-1: does not explain it',
      },
    });
    expect(await explain('us-1-c1')).toMatchObject({
      ...{ passed: true, reason: 'threshold-met' },
      values: { counter: 'package|package:geo-db 7' },
    });
    await fail(['us-1-c1'], broken);
    expect(await explain('us-1-c2')).toMatchObject({
      ...{ passed: true, reason: 'joins-the-live-ticket' },
      values: { cause: 'package: fails-at-several-servers' },
    });
  });

  it('a server’s outage ends a ticket of the region, and the other server counts anew', async () => {
    await begin(perDevice, rule({ id: 'region', over: 'region', failure: 'connection', count: 6 }));
    await bench.receive(
      ...['eu-1', 'eu-2'].flatMap((server) => clientsOf(server, 3).map((name) => alertMail(name, start))),
    );
    await bench.receive(...[1, 2].map((at) => alertMail('eu-2-c1', after(at))));
    expect(await problems()).toEqual(['eu connection 8/8']);
    await bench.deps.store.transaction((tx) =>
      tx.addOutage({
        ...{ target: { kind: 'server', name: 'eu-1' }, from: start, until: after(60), reason: 'disk swap' },
        ...{ source: null, uid: null, createdBy: 'T/U' },
      }),
    );
    await bench.work();
    expect(await problems()).toEqual(['eu-2-c1 connection 3/3']);
  });
});

async function resolve(bench: Workbench, ticketId = 0): Promise<void> {
  const by = { teamId: 'T0', userId: 'U0ANA' };
  await bench.deps.store.transaction((tx) =>
    changeTicket(bench.deps, tx, ticketId, { event: 'resolve', by }),
  );
  bench.pass(5000);
  await bench.work();
}

function raise(): never {
  throw new Error('there is no post');
}
