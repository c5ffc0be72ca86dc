import { afterEach, beforeEach, expect, it } from 'vitest';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  hourMs,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
} from '../support/redistributions.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

describeOnBothDatabases('a server whose clock is off', (open, itOnce) => {
  let bench: Workbench;
  let site: RedistributionBench;
  let offsetMs: number;

  beforeEach(async () => {
    bench = await createWorkbench(await open());
    site = prepareRedistributions(bench);
    offsetMs = 0;
    site.server.clockOf = async () => ({ offsetMs, uncertaintyMs: 5, measuredAt: bench.now() });
    bench.pass(hourMs);
  });
  afterEach(() => bench.close());

  /** So many hours after the start, as the server's clock has it. */
  const log = (hours: number, change = {}) => logLine(hours + offsetMs / hourMs, change);
  const succeeded = { exitCode: 0, results: [{ recipient: 'int-58', result: 'succeeded', cause: null }] };
  const left = () => bench.deps.store.transaction((tx) => tx.failedJobs('int-38', null));
  const textOf = async (id: string) =>
    readText((await renderRedistribution(site.deps, id)) ?? { text: '', blocks: [] });

  it('hides no failure and resolves no ticket, and the answer says by how much it is off', async () => {
    offsetMs = 2 * hourMs;
    await bench.receive(...[1, 2, 3].map(() => alertMail('int-58', start)));
    await bench.work();
    await bench.deps.store.transaction((tx) => tx.changeTicket(1, { state: 'repaired', repairedAt: start }));
    site.server.logs.push(log(0.9));
    const id = await site.propose('int-38 since 11:30');
    expect(await site.record(id)).toMatchObject({ state: 'proposed', plan: { runnable: 1 } });
    expect(await textOf(id)).toContain('The clock of int-38 is 2 h ahead (± 5 ms)');
    expect(await bench.deps.store.transaction((tx) => tx.ticket(1))).toMatchObject({ state: 'repaired' });
  });

  itOnce('marks what it takes in at the edge of a period', async () => {
    offsetMs = -2 * hourMs;
    site.server.logs.push(log(0.5));
    const id = await site.propose('int-38 since 11:30');
    expect(await site.record(id)).toMatchObject({ state: 'proposed' });
    expect(await textOf(id)).toContain(
      '1 failure may lie outside of the period, by as much as the clock is off, and is taken in: int-58.',
    );
  });

  itOnce('is believed to be off as it was when it was measured, although it is right by now', async () => {
    offsetMs = 2 * hourMs;
    site.server.logs.push(log(0.5, succeeded));
    await site.propose('int-38 since 11:30');
    offsetMs = 0;
    bench.pass(2 * hourMs);
    // Right by now, in a file of its own, and later than the success in truth.
    site.server.logs.push(log(2.4, { attempt: 2 }));
    const id = await site.propose('int-38 since 11:30');
    expect(await site.record(id)).toMatchObject({ state: 'proposed' });
    expect(await textOf(id)).toContain('The clock of int-38 was moved by 2 h');
  });

  itOnce('that is behind opens again what was cleared, if it fails once more', async () => {
    offsetMs = -2 * hourMs;
    site.server.logs.push(log(0.5), log(0.6, { ...succeeded, attempt: 2 }));
    await site.propose('int-38 since 11:30');
    expect(await left()).toEqual([]);
    bench.pass(0.5 * hourMs);
    await bench.receive(alertMail('int-58', new Date(bench.now().getTime() + offsetMs)));
    await bench.work();
    site.server.logs.push(log(1.4));
    await site.propose('int-38 since 11:30');
    expect(await left()).toMatchObject([{ recipient: 'int-58' }]);
  });
});
