import { afterEach, expect, it } from 'vitest';
import { createEvaluation } from '../../src/workflows/ticket/evaluate.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, deviceAt, start } from '../support/workbench.ts';

describeOnBothDatabases('candidates that are examined at the same time', (open) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const names = Array.from({ length: 30 }, (_, index) => `int-${index + 100}`);
  const threeOf = (device: string, failure: string) =>
    [0, 1, 2].map(() => alertMail(device, start, { Failure: failure }));
  const topLevel = () => bench.workspace.messages('maint-eu').filter(({ threadTs }) => threadTs === null);
  const tickets = () =>
    bench.deps.store.transaction((tx) => tx.ticketsIn(['open', 'candidate', 'suppressed']));

  async function examineAll(): Promise<void> {
    const evaluate = createEvaluation(bench.deps);
    const ids = bench.jobs.splice(0).flatMap((job) => (job.queue === 'evaluate' ? [job.ticketId] : []));
    // The sweep may ask for the same ticket once more.
    await Promise.all([...ids, ...ids.slice(0, 3)].map((id) => evaluate(id)));
    await bench.work();
  }

  it('each get their ticket, their own message, and their diagnosis in its thread, once', async () => {
    const devices = names.map((name, index) => deviceAt(name, `10.1.0.${index}`, null));
    bench = await createWorkbench(await open(), {}, devices);
    await bench.receive(...names.flatMap((name) => threeOf(name, 'connection refused')));
    await examineAll();
    expect((await tickets()).map(({ subject, state }) => `${subject} ${state}`).toSorted()).toEqual(
      names.map((name) => `${name} open`),
    );
    for (const name of names)
      expect(topLevel().filter(({ text }) => text.includes(`${name}:`))).toHaveLength(1);
    const threads = topLevel().map(
      ({ ts }) => bench.workspace.messages('maint-eu').filter(({ threadTs }) => threadTs === ts).length,
    );
    expect(threads).toEqual(names.map(() => 1));
  });

  it('share one message where they are about the same device', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(
      ...threeOf('int-58', 'connection refused'),
      ...threeOf('int-58', 'permission denied'),
    );
    await examineAll();
    const [first, second] = await tickets();
    expect(first).toMatchObject({ state: 'open', combinedInto: null });
    expect(second).toMatchObject({ state: 'open', combinedInto: first?.id });
    expect(topLevel()).toHaveLength(1);
  });
});
