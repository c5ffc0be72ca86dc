import { afterEach, beforeEach, expect, it } from 'vitest';
import { RestageError } from '../../src/domain/errors.ts';
import {
  clickApprove,
  rejectRedistribution,
} from '../../src/workflows/redistribution/decide-redistribution.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { redistributeFromTerminal } from '../../src/workflows/redistribution/redistribute-operation.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  ben,
  hourMs,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
} from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

describeOnBothDatabases('B10: who asked is mentioned in the thread', (open, itOnce) => {
  let bench: Workbench;
  let site: RedistributionBench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    bench.pass(1000);
    site = prepareRedistributions(bench);
    site.server.logs.push(logLine(0));
  });
  afterEach(() => bench.close());

  async function mentions(): Promise<readonly string[]> {
    await bench.work();
    const all = bench.workspace
      .messages('C0EU')
      .filter(({ threadTs, ts }) => threadTs !== null && threadTs !== ts);
    return all.map(({ text }) => text).filter((text) => text.includes('<@U0ANA>'));
  }

  it('when it is done, and is told what is left', async () => {
    const id = await site.propose();
    await bench.work();
    expect(await mentions()).toEqual([]);
    await clickApprove(site.deps, site.click(id));
    site.server.run = async () => ({ outcome: 'exited', exitCode: 1 });
    await runRedistribution(site.deps, id, new AbortController().signal);
    expect(await mentions()).toEqual(['<@U0ANA> Done on `int-38`: 1 failed delivery is left.']);
  });

  itOnce('when it failed, and why', async () => {
    site.server.readLogs = () => Promise.reject(new RestageError('server-refused', 'no <sftp>'));
    await site.propose();
    expect(await mentions()).toEqual(['<@U0ANA> Failed on `int-38`: no &lt;sftp&gt;']);
  });

  itOnce('when somebody rejects it, by whom and why', async () => {
    const id = await site.propose();
    await rejectRedistribution(site.deps, { id, person: ben }, 'not <now>');
    expect(await mentions()).toEqual(['<@U0ANA> Rejected by <@U0BEN>: not &lt;now&gt;']);
  });

  itOnce('when it expires, once', async () => {
    await site.propose();
    bench.pass(2 * hourMs);
    await sweep(site.deps);
    await sweep(site.deps);
    expect(await mentions()).toEqual(['<@U0ANA> Expired on `int-38` without a decision: nothing was run.']);
  });

  itOnce('and at a terminal alone when it failed for somebody there', async () => {
    site.server.readLogs = () => Promise.reject(new RestageError('server-refused', 'no sftp'));
    const input = { text: 'int-38', only: null, approve: false, confirmed: false, user: 'root', alone: true };
    const [output] = await redistributeFromTerminal(site.deps, input);
    expect(output).toMatchObject({ state: 'failed', note: 'no sftp' });
    await bench.work();
    expect(bench.workspace.messages('C0EU')).toEqual([]);
    expect(bench.workspace.messages('C0UNKNOWN')).toEqual([]);
  });
});
