import { afterEach, beforeEach, expect, it } from 'vitest';
import { RestageError } from '../../src/domain/errors.ts';
import type { LogQuery } from '../../src/domain/log-source.ts';
import type { ServerProfile } from '../../src/domain/server.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { watchLogs } from '../../src/workflows/recovery/watch-logs.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  hourMs,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
} from '../support/redistributions.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

const minuteMs = 60_000;
const success = (hours: number) =>
  logLine(hours, {
    exitCode: 0,
    attempt: 2,
    results: [{ recipient: 'int-58', result: 'succeeded', cause: null }],
  });

describeOnBothDatabases('successes that are looked for', (open, itOnce) => {
  let bench: Workbench;
  let site: RedistributionBench;
  let deps: Deps;
  /** When logs were read, in minutes since the failure became known. */
  let readAt: number[];
  let periods: LogQuery['period'][];

  beforeEach(async () => {
    bench = await createWorkbench(await open());
    site = prepareRedistributions(bench);
    readAt = [];
    periods = [];
    const readLogs = async (profile: ServerProfile, query: LogQuery) => {
      readAt.push(Math.round((bench.now().getTime() - start.getTime()) / minuteMs));
      periods.push(query.period);
      return site.deps.servers.readLogs(profile, query);
    };
    deps = { ...site.deps, servers: { ...site.deps.servers, readLogs } };
  });
  afterEach(() => bench.close());

  const fail = async () => {
    site.server.logs.push(logLine(0));
    await bench.receive(...[1, 2, 3].map(() => alertMail('int-58', start)));
    await bench.work();
  };
  const pass = async (minutes: number, by: Deps = deps) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      await watchLogs(by);
      bench.pass(minuteMs);
    }
  };
  const left = () => deps.store.transaction((tx) => tx.failedJobs('int-38', null));
  const ticket = () => deps.store.transaction((tx) => tx.ticket(1));

  it('A17: resolve an open ticket when the same job has reached the same recipient since', async () => {
    const access = { Failure: 'permission denied' };
    site.server.logs.push(logLine(0));
    await bench.receive(...[1, 2, 3].map(() => alertMail('int-58', start, access)));
    await bench.work();
    expect(await ticket()).toMatchObject({ state: 'open' });
    site.server.logs.push(success(0.1));
    await pass(17);
    await bench.work();
    expect(await ticket()).toMatchObject({ state: 'resolved', reason: 'later-success' });
  });

  itOnce('A17: leave a ticket open of which another job still fails', async () => {
    await fail();
    await bench.receive(alertMail('int-58', start, { Job: 'J2', Package: 'maps' }));
    site.server.logs.push(success(0.1));
    await pass(17);
    await bench.work();
    expect(await ticket()).toMatchObject({ state: 'open' });
  });

  it('clear what failed, though nobody asked, and resolve the repaired ticket', async () => {
    await fail();
    await deps.store.transaction((tx) => tx.changeTicket(1, { state: 'repaired', repairedAt: start }));
    await pass(16);
    expect(await left()).toHaveLength(1);
    site.server.logs.push(success(0.3));
    await pass(15);
    expect(await left()).toEqual([]);
    expect(await ticket()).toMatchObject({ state: 'resolved' });
    expect(readAt).toEqual([15, 30]);
    await pass(60);
    expect(readAt).toEqual([15, 30]);
  });

  it('are looked for by one bot at a time', async () => {
    await fail();
    await watchLogs(deps);
    bench.pass(15 * minuteMs);
    await Promise.all([watchLogs(deps), watchLogs(deps), watchLogs(deps)]);
    expect(readAt).toEqual([15]);
  });

  it('cost a server that can’t be reached one try each time, more and more seldom', async () => {
    await fail();
    const refuse = async (...call: Parameters<Deps['servers']['readLogs']>) => {
      await deps.servers.readLogs(...call);
      throw new RestageError('server-unreachable', 'int-38 cannot be reached: it is down.');
    };
    await pass(15 + 30 + 60 + 120 + 240 + 240 + 1, {
      ...deps,
      servers: { ...deps.servers, readLogs: refuse },
    });
    expect(readAt).toEqual([15, 45, 105, 225, 465, 705]);
    site.server.logs.push(success(0.3));
    await pass(240);
    expect(await left()).toEqual([]);
  });

  itOnce('are read from the oldest failure on, and later only what is new', async () => {
    await fail();
    await pass(16);
    bench.pass(72 * hourMs);
    await watchLogs(deps);
    bench.pass(72 * hourMs);
    await watchLogs(deps);
    const hours = periods.map(({ from }) => Math.round((from.getTime() - start.getTime()) / hourMs));
    // Minus the longest run, and later a day in which something may have been written late.
    expect(hours).toEqual([-1, -1, 72 - 25]);
  });

  itOnce('withdraw a proposal that would do again what has succeeded', async () => {
    await fail();
    await watchLogs(deps);
    const id = await site.propose();
    expect(await site.record(id)).toMatchObject({ state: 'proposed' });
    site.server.logs.push(success(0.2));
    bench.pass(15 * minuteMs);
    await watchLogs(deps);
    expect(await site.record(id)).toMatchObject({
      state: 'expired',
      note: '1 of its 1 commands would repeat what has succeeded meanwhile. Ask again for what is left.',
    });
  });

  itOnce('leave a failure of which nobody was told to whoever asks', async () => {
    await fail();
    site.server.logs.push(logLine(0.1, { job: 'J2' }), success(0.2));
    await pass(16);
    expect(await left()).toEqual([]);
    expect(await site.record(await site.propose('int-38 since yesterday'))).toMatchObject({
      state: 'proposed',
    });
  });

  itOnce('clear nothing that is dated in the future', async () => {
    await fail();
    site.server.logs.push(success(5));
    await pass(16);
    expect(await left()).toHaveLength(1);
  });

  itOnce('are not looked for where nothing is open, nor where the config says so', async () => {
    await pass(60);
    await fail();
    await pass(60, { ...deps, policies: { ...deps.policies, logWatch: null } });
    expect(readAt).toEqual([]);
    expect(await sweep(deps)).toContainEqual({ queue: 'log-watch' });
  });
});
