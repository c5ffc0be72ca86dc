import { afterEach, beforeEach, expect, it } from 'vitest';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { int38, logLine, prepareRedistributions } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

describeOnBothDatabases('B13: a server without a recorder', (open) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
  });
  afterEach(() => bench.close());

  async function repeat(exitCode: number) {
    const site = prepareRedistributions(bench, [{ ...int38, recorder: null }]);
    site.server.logs.push(logLine(0));
    bench.pass(1000);
    const id = await site.propose();
    await clickApprove(site.deps, site.click(id));
    site.server.run = async (_profile, _request, watcher) => {
      watcher.onSend();
      watcher.onSeen();
      return { outcome: 'exited', exitCode };
    };
    await runRedistribution(site.deps, id, new AbortController().signal);
    bench.pass(1000);
    return { site, again: await site.propose() };
  }

  it('what a re-run mended is not proposed again, though its log only knows the failure', async () => {
    const { site, again } = await repeat(0);
    expect(await site.record(again)).toMatchObject({ state: 'empty' });
    expect(await site.commands(again)).toEqual([]);
  });

  it('what failed again is proposed as a further attempt, with its new cause', async () => {
    const { site, again } = await repeat(3);
    expect(await site.record(again)).toMatchObject({ state: 'proposed' });
    expect((await site.commands(again)).map(({ command }) => command)).toMatchObject([
      { attempt: 3, recipients: ['int-58'], causes: ['exit code 3'], argv: ['/bin/push', 'int-58'] },
    ]);
  });
});
