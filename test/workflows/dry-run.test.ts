import { afterEach, beforeEach, expect, it } from 'vitest';
import { RestageError } from '../../src/domain/errors.ts';
import type { ServerProfile } from '../../src/domain/server.ts';
import { askForDryRun } from '../../src/workflows/redistribution/begin-dry-run.ts';
import { tryCommands } from '../../src/workflows/redistribution/dry-run.ts';
import { pruneRuns } from '../../src/workflows/redistribution/prune-runs.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readButtons } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { ana, int38, logLine, prepareRedistributions } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const ever = new AbortController().signal;
const profile: ServerProfile = {
  ...int38,
  runKeyFile: 'run-key',
  allowed: [
    { program: 'rsync', flags: [{ name: '-a', value: null }], arguments: ['.*'], directories: [] },
    { program: '/bin/push', flags: [], arguments: ['.*'], directories: [], list: ['arguments'] },
  ],
};

describeOnBothDatabases('B11: a dry run', (open) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
  });
  afterEach(() => bench.close());

  async function propose() {
    const site = prepareRedistributions(bench, [profile]);
    const ran: { id: string; argv: string; key: string | null }[] = [];
    site.server.run = async (server, { id, argv }, watcher) => {
      ran.push({ id, argv: argv.slice(4).join(' '), key: server.runKeyFile });
      watcher.onOutput(new TextEncoder().encode('>f+++++++++ geo.db\n'));
      return { outcome: 'exited', exitCode: 0 };
    };
    site.server.logs.push(
      logLine(0, { job: 'J1', argv: ['rsync', '-a', '/srv/geo', 'int-58:/srv/'] }),
      logLine(0, { job: 'J2x' }),
    );
    bench.pass(1000);
    const id = await site.propose();
    const click = { ...site.click(id, ana), value: id };
    const ask = () => askForDryRun(site.deps, click);
    const thread = () =>
      bench.workspace
        .messages('maint-eu')
        .filter(({ threadTs }) => threadTs !== null)
        .map(({ blocks }) => JSON.stringify(blocks));
    return { site, id, ran, ask, thread, click };
  }

  it('shows in the thread what would happen, runs with the key for reading, and clears nothing', async () => {
    const { site, id, ran, ask, thread } = await propose();
    const message = await renderRedistribution(site.deps, id);
    expect(message && readButtons(message)).toContain(`Dry run redistribution:dry-run ${id}`);
    expect(await ask()).toBeNull();
    expect(await ask()).toContain('under way');
    await tryCommands(site.deps, id, ever);
    await bench.work();
    expect(ran).toMatchObject([{ argv: 'rsync -n -i -a /srv/geo int-58:/srv/', key: null }]);
    expect(thread().join()).toMatch(/Dry run.*rsync -n -i -a .*f\+\+\+.*exit code 0/);
    expect(await site.record(id)).toMatchObject({ state: 'proposed' });
    expect((await site.commands(id)).map(({ state }) => state)).toEqual(['planned', 'planned']);
    expect(await site.deps.store.transaction((tx) => tx.failedJobs('int-38', null))).toHaveLength(2);
  });

  it('that was cut off by the bot’s end goes on under the same name', async () => {
    const { site, id, ran, ask } = await propose();
    await ask();
    const stopping = new AbortController();
    const finish = site.server.run;
    site.server.run = async (server, request, watcher, signal) => {
      await finish(server, request, watcher, signal);
      stopping.abort();
      throw new Error('stopped');
    };
    await tryCommands(site.deps, id, stopping.signal);
    site.server.run = finish;
    await tryCommands(site.deps, id, ever);
    await tryCommands(site.deps, id, ever);
    expect(ran.map((one) => one.id)).toEqual([ran[0]?.id, ran[0]?.id]);
  });

  it('leaves nothing on the server for longer than other runs do', async () => {
    const { site, id, ran, ask } = await propose();
    await ask();
    await tryCommands(site.deps, id, ever);
    const pruned: string[] = [];
    site.server.prune = async (_server, ids) => void pruned.push(...ids);
    bench.pass(profile.running.keepRunsMs);
    await pruneRuns(site.deps, profile);
    expect(pruned).toEqual([]);
    bench.pass(1);
    await pruneRuns(site.deps, profile);
    await pruneRuns(site.deps, profile);
    expect(pruned).toEqual(ran.map((one) => one.id));
  });

  it('that can’t be done says why, and stands in nobody’s way', async () => {
    const { site, id, ask, thread, click } = await propose();
    site.server.run = () =>
      Promise.reject(new RestageError('server-unreachable', 'int-38 cannot be reached'));
    expect(await askForDryRun(site.deps, { ...click, value: 'gone' })).toContain('not known');
    await ask();
    await tryCommands(site.deps, id, ever);
    await bench.work();
    expect(thread().join()).toContain('int-38 cannot be reached');
    expect(await ask()).toBeNull();
  });
});
