import { afterEach, expect, it } from 'vitest';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const hour = 3_600_000;

describeOnBothDatabases('the sweep', (open) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  it('forgets after a day what Slack has delivered, and not before', async () => {
    bench = await createWorkbench(await open());
    const isNew = () => bench.deps.store.transaction((tx) => tx.firstSight('command-1', bench.now()));
    expect(await isNew()).toBe(true);
    bench.pass(24 * hour);
    await sweep(bench.deps);
    expect(await isNew()).toBe(false);
    bench.pass(1);
    await sweep(bench.deps);
    expect(await isNew()).toBe(true);
  });
});
