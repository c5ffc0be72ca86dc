import { afterEach, expect, it } from 'vitest';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, type Workbench } from '../support/workbench.ts';

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

  it('A9: mail from years ago, in a mailbox that is connected for the first time, makes no ticket', async () => {
    bench = await createWorkbench(await open());
    const { store, clock } = bench.deps;
    const ago = (ms: number) => new Date(clock.now().getTime() - ms);
    const old = ago(700 * 24 * hour);
    await bench.receive(alertMail('int-58', old), alertMail('int-58', old), alertMail('int-58', old));
    const [sums, jobs] = await store.transaction(async (tx) => [
      await tx.sums(),
      await tx.oldestFailure('int-38', null),
    ]);
    expect(sums.tickets).toEqual({});
    expect(sums.alerts).toMatchObject({ expired: 3, counted: 0 });
    expect(jobs).toEqual(old);
    // What the bot missed while it was away for a week is taken up all the same.
    const missed = ago(7 * 24 * hour);
    await bench.receive(
      alertMail('int-38', missed),
      alertMail('int-38', missed),
      alertMail('int-38', missed),
    );
    await bench.work();
    expect((await store.transaction((tx) => tx.sums())).tickets).toEqual({ open: 1 });
  });
});
