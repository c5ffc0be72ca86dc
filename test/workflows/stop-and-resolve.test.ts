import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/domain/server.ts';
import { actions } from '../../src/messages/actions.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { lookAgain } from '../../src/workflows/redistribution/look-again.ts';
import { pruneRuns } from '../../src/workflows/redistribution/prune-runs.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { stopRedistribution } from '../../src/workflows/redistribution/stop-redistribution.ts';
import {
  renderCommandOutput,
  renderRedistribution,
} from '../../src/workflows/redistribution/view-redistribution.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { approveFour, hourMs, int38 } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const ever = new AbortController().signal;
const lost: RunOutcome = { outcome: 'unknown', reason: 'the process is gone' };
type Approved = Awaited<ReturnType<typeof approveFour>>;

describeOnBothDatabases('what a person does about commands that run', (open, itOnce) => {
  let bench: Workbench;
  let commands: Approved;
  const press = async (action: (typeof actions)[keyof typeof actions], value: string) => {
    const deps = { ...commands.site.deps, chat: { ...bench.deps.chat, respond: async () => {} } };
    await handleClick(deps, { ...commands.site.click(value), actionId: action, value });
  };
  const failedJobs = async () => {
    const left = await commands.site.deps.store.transaction((tx) => tx.failedJobs('int-38', null));
    return left.map(({ job, attempt, cause }) => `${job} ${attempt} ${cause}`).toSorted();
  };
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    commands = await approveFour(bench);
  });
  afterEach(() => bench.close());

  it('B12: Stop ends what runs, never starts what waits, and says by whom', async () => {
    const { site, id, begun, end, states } = commands;
    const stopped: string[] = [];
    site.server.stop = async (_profile, command) => {
      stopped.push(command.slice(-1));
      end(command.slice(-1), { outcome: 'exited', exitCode: 124 });
      return { isOver: true };
    };
    const run = runRedistribution(site.deps, id, ever);
    await expect.poll(() => begun).toEqual(['1']);
    await press(actions.redistributionStop, id);
    expect(bench.jobs.map(({ queue }) => queue)).toContain('stop');
    await stopRedistribution(site.deps, id);
    await run;
    expect([begun, stopped]).toEqual([['1'], ['1']]);
    expect(await states()).toEqual(['failed', 'skipped', 'skipped', 'skipped']);
    expect((await site.commands(id)).map(({ note }) => note)).toEqual([
      'Stopped by U0BEN',
      ...Array.from({ length: 3 }, () => 'Not started: stopped'),
    ]);
    expect(await site.record(id)).toMatchObject({ state: 'done', stoppedBy: { userId: 'U0BEN' } });
    expect(await failedJobs()).toHaveLength(4);
    const message = await renderRedistribution(site.deps, id);
    expect(message && readText(message)).toContain('*Left*  4 failed deliveries of 4 jobs');
  });

  itOnce.each([
    [true, 'nothing of it runs on `int-38` any more'],
    [false, 'something of it still runs on `int-38`'],
  ])(
    'B12: tells once, though two bots stop it, whether a stop has ended everything: %s',
    async (isOver, told) => {
      const { site, id, begun, end } = commands;
      site.server.stop = async () => ({ isOver });
      await bench.work();
      const run = runRedistribution(site.deps, id, ever);
      await expect.poll(() => begun).toEqual(['1']);
      await press(actions.redistributionStop, id);
      await Promise.all([stopRedistribution(site.deps, id), stopRedistribution(site.deps, id)]);
      await bench.work();
      const said = bench.workspace.messages('maint-eu').filter(({ text }) => text.includes('Stopped by'));
      expect(said.map((message) => JSON.stringify(message))).toEqual([expect.stringContaining(told)]);
      end('1', lost);
      await run;
    },
  );

  it('B12: a stop that the server did not hear of is tried again', async () => {
    const { site, id, begun, end } = commands;
    const stopping = new AbortController();
    const run = runRedistribution(site.deps, id, stopping.signal);
    await expect.poll(() => begun).toEqual(['1']);
    await press(actions.redistributionStop, id);
    site.server.stop = () => Promise.reject(new Error('away'));
    await expect(stopRedistribution(site.deps, id)).rejects.toThrow('away');
    expect(await sweep(site.deps)).toContainEqual({ queue: 'stop', redistributionId: id });
    stopping.abort();
    end('1');
    await run;
  });

  async function endUnknown() {
    const { site, id, begun, end } = commands;
    const run = runRedistribution(site.deps, id, ever);
    for (const number of ['1', '2', '3', '4']) {
      await expect.poll(() => begun).toContain(number);
      end(number, number === '1' ? lost : { outcome: 'exited', exitCode: 0 });
    }
    await run;
    return `${id}-1`;
  }

  it('B13: asks people where nobody knows, and does not offer it again before somebody said', async () => {
    const { site } = commands;
    const command = await endUnknown();
    const shown = JSON.stringify(await renderCommandOutput(site.deps, command));
    expect(shown).toContain(actions.commandRan);
    expect(shown).toContain(actions.commandDidNotRun);
    const again = await site.propose();
    expect((await site.commands(again)).map((one) => one.command.refusal)).toEqual([
      expect.stringContaining('nobody knows how the last try for int-58 ended'),
    ]);
    await press(actions.commandDidNotRun, command);
    expect(await failedJobs()).toEqual(['J1 2 somebody says that it did not run']);
    const after = await site.propose();
    expect((await site.commands(after)).map((one) => one.command.refusal)).toEqual([null]);
  });

  it('B13: It ran clears it, once', async () => {
    const { states } = commands;
    const command = await endUnknown();
    expect(await failedJobs()).toHaveLength(1);
    await press(actions.commandRan, command);
    expect(await states()).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
    expect(await failedJobs()).toEqual([]);
    await press(actions.commandDidNotRun, command);
    expect(await failedJobs()).toEqual([]);
    await bench.work();
    const told = JSON.stringify(bench.workspace.messages('maint-eu'));
    expect([told.includes('it ran.'), told.includes('it did not run.')]).toEqual([true, false]);
  });

  it('B13: a later look at the server finds the end after all', async () => {
    const { site, id, states } = commands;
    await endUnknown();
    const asked: boolean[] = [];
    const answer = (outcome: RunOutcome) => {
      site.server.run = async (_profile, { mayStart }) => {
        asked.push(mayStart);
        return outcome;
      };
    };
    expect(await sweep(site.deps)).not.toContainEqual({ queue: 'look-again', redistributionId: id });
    bench.pass(hourMs);
    expect(await sweep(site.deps)).toContainEqual({ queue: 'look-again', redistributionId: id });
    answer(lost);
    await lookAgain(site.deps, id, ever);
    expect(await states()).toEqual(['unknown', 'succeeded', 'succeeded', 'succeeded']);
    answer({ outcome: 'exited', exitCode: 0 });
    await lookAgain(site.deps, id, ever);
    expect(asked).toEqual([false]);
    bench.pass(2 * hourMs);
    await lookAgain(site.deps, id, ever);
    expect(asked).toEqual([false, false]);
    expect(await states()).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
    expect(await failedJobs()).toEqual([]);
  });

  it('B12: removes the runs that ended long ago from the server, those with a known outcome', async () => {
    const { site } = commands;
    await endUnknown();
    const pruned: string[] = [];
    site.server.prune = async (_profile, ids) => void pruned.push(...ids);
    const profile = site.deps.policies.servers.get('int-38') ?? int38;
    bench.pass(23 * hourMs);
    await pruneRuns(site.deps, profile);
    expect(pruned).toEqual([]);
    bench.pass(2 * hourMs);
    await pruneRuns(site.deps, profile);
    await pruneRuns(site.deps, profile);
    const runs = pruned.filter((id) => !id.endsWith('-verify')).map((id) => id.slice(-1));
    expect(runs.toSorted()).toEqual(['2', '3', '4']);
  });
});
