import { afterEach, beforeEach, expect, it } from 'vitest';
import { RestageError } from '../../src/domain/errors.ts';
import type { ServerProfile } from '../../src/domain/server.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { pruneRuns } from '../../src/workflows/redistribution/prune-runs.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { askToStop, stopRedistribution } from '../../src/workflows/redistribution/stop-redistribution.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { int38, logLine, prepareRedistributions } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const ever = new AbortController().signal;
const lost = new RestageError('server-unreachable', 'cut');

describeOnBothDatabases('B12: a run is looked for where it was sent', (open, itOnce) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    bench.pass(1000);
  });
  afterEach(() => bench.close());

  /** Approves one command, sends it, and loses the connection before the server answers. */
  async function sendUnseen() {
    const site = prepareRedistributions(bench, [int38]);
    site.server.logs.push(logLine(0));
    const id = await site.propose();
    expect(await clickApprove(site.deps, site.click(id))).toBeNull();
    /** What has started, by machine and folder. */
    const started = new Map<string, number>();
    const placeOf = ({ host, running }: ServerProfile, run: string) => `${host} ${running.runFolder} ${run}`;
    site.server.run = async (profile, { id: run, mayStart }, watcher) => {
      const place = placeOf(profile, run);
      watcher.onSend();
      if (!started.has(place) && !mayStart) return { outcome: 'missing' };
      const isNew = !started.has(place);
      if (isNew) started.set(place, started.size + 1);
      if (isNew && started.size === 1) throw lost;
      watcher.onSeen();
      return { outcome: 'exited', exitCode: 0 };
    };
    await runRedistribution(site.deps, id, ever).catch(() => {});
    expect((await site.commands(id))[0]).toMatchObject({ state: 'running', seenOnServer: false });
    return { ...site, id, started };
  }
  const withConfig = (deps: Deps, change: Partial<ServerProfile>): Deps => ({
    ...deps,
    policies: { ...deps.policies, servers: new Map([['int-38', { ...int38, ...change }]]) },
  });
  const elsewhere = { running: { ...int38.running, runFolder: '/var/lib/restage/runs' } };

  it('and does not start again where the config names another folder since', async () => {
    const site = await sendUnseen();
    const { deps, id, started } = site;
    await runRedistribution(withConfig(deps, elsewhere), id, ever);
    expect([...started.keys()]).toEqual([`127.0.0.1 null ${id}-1`]);
    expect((await site.commands(id))[0]).toMatchObject({ state: 'succeeded', runFolder: 'home' });
  });

  itOnce.each<[string, Partial<ServerProfile>]>([
    ['host', { host: '127.0.0.9' }],
    ['user', { user: 'deploy' }],
  ])('and is unknown, not started again, where the config names another %s since', async (_name, change) => {
    const site = await sendUnseen();
    const { deps, id, started } = site;
    // Nobody knows whether it began there.
    started.clear();
    started.set('before', 0);
    await runRedistribution(withConfig(deps, change), id, ever);
    expect([...started.keys()]).toEqual(['before']);
    expect((await site.commands(id))[0]).toMatchObject({
      state: 'unknown',
      note: expect.stringContaining('look where it was sent') as unknown,
    });
  });

  itOnce('and stopped and removed there', async () => {
    const { deps, id, server } = await sendUnseen();
    const changed = withConfig(deps, elsewhere);
    const seen: (string | null)[] = [];
    server.stop = async ({ running }) => {
      seen.push(running.runFolder);
      return { isOver: true };
    };
    server.prune = async ({ running }) => void seen.push(running.runFolder);
    const click = { value: id, person: { teamId: 'T0RESTAGE', userId: 'U0BEN' } };
    await askToStop(changed, {
      ...click,
      actionId: '',
      channel: '',
      messageTs: '',
      responseUrl: '',
      triggerId: '',
      deliveryKey: 's',
    });
    await stopRedistribution(changed, id);
    await runRedistribution(changed, id, ever);
    bench.pass(2 * int38.running.keepRunsMs);
    const profile = changed.policies.servers.get('int-38');
    if (profile) await pruneRuns(changed, profile);
    expect(seen).toEqual([null, null]);
  });
});
