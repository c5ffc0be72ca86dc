import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RestageError } from '../../src/domain/errors.ts';
import type { RunningPolicy, RunOutcome } from '../../src/domain/server.ts';
import { issueCommand } from '../../src/workflows/redistribution/issue-command.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { makeRecord, rebuildCommand } from '../redistribution/records.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { approveFour, hourMs, int38 } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const ever = new AbortController().signal;
const ok: RunOutcome = { outcome: 'exited', exitCode: 0 };
const away = new RestageError('server-unreachable', 'int-38 cannot be reached');

describeOnBothDatabases('B12: running what was approved', (open, itOnce) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
  });
  afterEach(() => bench.close());

  const approved = (policy: Partial<RunningPolicy>) => approveFour(bench, policy);

  it('runs so many at a time, rolling, also with a second bot at it', async () => {
    const { site, id, begun, end, states } = await approved({ atOnce: 2 });
    const stopping = new AbortController();
    const run = () => runRedistribution(site.deps, id, stopping.signal);
    const runs = [run(), run()];
    await expect.poll(() => new Set(begun)).toEqual(new Set(['1', '2']));
    end('2');
    await expect.poll(() => new Set(begun), { timeout: 5_000 }).toEqual(new Set(['1', '2', '3']));
    for (const number of ['1', '3']) end(number);
    await expect.poll(() => begun).toContain('4');
    end('4');
    await expect.poll(states).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
    stopping.abort();
    for (const number of begun) end(number);
    await Promise.all(runs);
  });

  it('starts no more after a failure where the config says so; the rest stays in the list', async () => {
    const { site, id, begun, end, states } = await approved({ onFailure: 'stop' });
    const run = runRedistribution(site.deps, id, ever);
    await expect.poll(() => begun).toEqual(['1']);
    end('1', { outcome: 'exited', exitCode: 1 });
    await run;
    expect(begun).toEqual(['1']);
    expect(await states()).toEqual(['failed', 'skipped', 'skipped', 'skipped']);
    const left = await site.deps.store.transaction((tx) => tx.failedJobs('int-38', null));
    expect(left.map(({ job, attempt }) => `${job} ${attempt}`).toSorted()).toEqual([
      'J1 2',
      'J2 1',
      'J3 1',
      'J4 1',
    ]);
  });

  it('a server that goes away for good right after a start is given up after the configured time', async () => {
    const { site, id, states } = await approved({ giveUpAfterMs: hourMs / 2 });
    site.server.run = async (_profile, _request, watcher) => {
      watcher.onSend();
      throw away;
    };
    await expect(runRedistribution(site.deps, id, ever)).rejects.toThrow(away);
    expect(await site.record(id)).toMatchObject({ note: expect.stringContaining("can't be reached since") });
    // Most often only the connection broke: it is tried again soon, and from then on by the sweep.
    const again = { queue: 'run', redistributionId: id, at: new Date(bench.now().getTime() + 1_000) };
    expect(bench.jobs).toContainEqual(again);
    site.server.reach = () => Promise.reject(away);
    bench.pass(hourMs / 4);
    await expect(runRedistribution(site.deps, id, ever)).rejects.toThrow(away);
    expect(await states()).toEqual(['running', 'approved', 'approved', 'approved']);
    bench.pass(hourMs / 4);
    await runRedistribution(site.deps, id, ever);
    expect(await states()).toEqual(['unknown', 'skipped', 'skipped', 'skipped']);
    expect((await site.commands(id))[0]?.note).toContain('could not be reached for 30 min');
    expect(await site.record(id)).toMatchObject({ state: 'done' });
  });

  it('a server that comes back in time is not given up later for the time it was away before', async () => {
    const { site, id, begun, end } = await approved({ giveUpAfterMs: hourMs / 2 });
    site.server.reach = () => Promise.reject(away);
    await expect(runRedistribution(site.deps, id, ever)).rejects.toThrow(away);
    site.server.reach = async () => {};
    const stopping = new AbortController();
    const run = runRedistribution(site.deps, id, stopping.signal);
    await expect.poll(() => begun).toEqual(['1']);
    expect(await site.record(id)).toMatchObject({ unreachableSince: null, note: null });
    stopping.abort();
    end('1');
    await run;
  });

  it('what the server refused for want of room has not run, and says so', async () => {
    const { site, id, states } = await approved({});
    site.server.run = async () => ({
      outcome: 'not-started',
      reason: 'int-38 could not start it: disk full',
    });
    await runRedistribution(site.deps, id, ever);
    expect(await states()).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
    expect((await site.commands(id))[0]?.note).toBe('Not started: int-38 could not start it: disk full');
  });

  itOnce('shows in the thread what a command prints, while it runs, as often as edits go out', async () => {
    const { site, id, states } = await approved({});
    await bench.work();
    let print!: (text: string) => void;
    site.server.run = (_profile, _request, watcher, signal) => {
      print = (text) => watcher.onOutput(Buffer.from(text));
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      });
    };
    const stopping = new AbortController();
    const run = runRedistribution(site.deps, id, stopping.signal);
    await expect.poll(states).toContain('running');
    await expect.poll(() => print).toBeDefined();
    const output = async () => (await site.commands(id))[0]?.output;
    print('one\n');
    await expect.poll(output).toBe('one\n');
    await bench.work();
    expect(JSON.stringify(bench.workspace.messages('maint-eu'))).toContain('one');
    const saving = vi.spyOn(site.deps.store, 'transaction');
    for (let n = 0; n < 100; n += 1) print('.');
    await new Promise((resolve) => setImmediate(resolve));
    expect(saving).not.toHaveBeenCalled();
    saving.mockRestore();
    bench.pass(site.deps.policies.delivery.editEveryMs);
    print('\ntwo\n');
    await expect.poll(output).toMatch(/^one\n\.{100}\ntwo\n$/);
    stopping.abort();
    await run;
  });

  itOnce('runs in the directory of the first run, with the environment of the config', async () => {
    const { site, id } = await approved({});
    const [first] = await site.commands(id);
    if (!first) throw new Error('no command');
    const command = { ...first, command: { ...first.command, cwd: '/srv' } };
    const running = { ...int38.running, environment: { A: "it's" } };
    const issued = issueCommand(command, { recorder: null, running });
    expect(issued).toMatchObject({ argv: ['/bin/push', 'int-58'], cwd: '/srv', env: { A: "it's" } });
  });

  it.each(['record', 'ansible'])(
    'B12: runs with the umask that the original had in a log of %s',
    (adapter) => {
      const context = { environment: {}, user: null, umask: '0027', version: null };
      const command = { ...rebuildCommand(makeRecord({ a: 'failed' }), ['a'], [], 2), adapter, context };
      expect(issueCommand({ id: 'r-1', command }, int38).umask).toBe('0027');
    },
  );

  it('runs by sudo and with the environment of the config, the command’s words unchanged', async () => {
    const { site, id, begun } = await approved({ sudo: 'root', environment: { A: "it's" } });
    const requests: (readonly string[])[] = [];
    site.server.run = async (_profile, { argv, env }, watcher) => {
      watcher.onSend();
      requests.push([...argv, JSON.stringify(env)]);
      return ok;
    };
    await runRedistribution(site.deps, id, ever);
    expect(begun).toEqual([]);
    expect(requests[0]).toEqual(['sudo', '-n', '-u', 'root', "A=it's", '--', '/bin/push', 'int-58', '{}']);
  });
});
