import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunOutcome } from '../../src/domain/server.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { gather } from '../../src/workflows/redistribution/gather.ts';
import { requestRedistribution } from '../../src/workflows/redistribution/request-redistribution.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  ben,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
} from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const ever = new AbortController().signal;
const minuteMs = 60_000;

describeOnBothDatabases('B12: a lock per server', (open, itOnce) => {
  let bench: Workbench;
  let site: RedistributionBench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    site = prepareRedistributions(bench);
    site.server.logs.push(logLine(0));
    bench.pass(1000);
  });
  afterEach(() => bench.close());

  const approve = (id: string) => clickApprove(site.deps, site.click(id));
  const askedByBen = async () => {
    const request = {
      text: 'int-38',
      person: ben,
      channel: 'C0EU',
      deliveryKey: `ben-${bench.now().getTime()}`,
    };
    return (await requestRedistribution(site.deps, request)).text;
  };

  it('tells the second person who redistributes the server, and since when', async () => {
    await site.ask('int-38');
    bench.pass(minuteMs);
    expect(await askedByBen()).toMatch(
      /^`int-38` is being redistributed already, by <@U0ANA> since <!date\^1795435201\^/,
    );
  });

  it('stands from the approval to the end, in the approver’s name', async () => {
    const id = await site.propose();
    await approve(id);
    expect(await askedByBen()).toContain('by <@U0BEN> since');
    await runRedistribution(site.deps, id, ever);
    bench.pass(1);
    expect(await askedByBen()).toContain('Reading the failed jobs');
  });

  it('does not stand while a proposal waits: a newer one takes its place', async () => {
    await site.propose();
    expect(await askedByBen()).toContain('Reading the failed jobs');
  });

  itOnce('refuses an approval while somebody else has the server, and keeps nothing of it', async () => {
    const id = await site.propose();
    const { deps } = site;
    const lock = { server: 'int-38', redistributionId: 'other', owner: ben };
    await deps.store.transaction((tx) => tx.takeServerLock(lock, minuteMs));
    expect(await approve(id)).toMatchObject({ text: expect.stringContaining('by <@U0BEN> since') });
    expect(await site.record(id)).toMatchObject({ state: 'proposed' });
    bench.pass(minuteMs);
    expect(await approve(id)).toBeNull();
  });

  itOnce('is renewed while its commands run, however long they do', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const id = await site.propose();
      await approve(id);
      let end: ((outcome: RunOutcome) => void) | undefined;
      site.server.run = () => new Promise((resolve) => (end = resolve));
      const run = runRedistribution(site.deps, id, ever);
      await expect.poll(() => end).toBeDefined();
      for (let round = 0; round < 2; round += 1) {
        bench.pass(9 * minuteMs);
        const renewal = vi.spyOn(site.deps.store, 'transaction');
        vi.advanceTimersByTime(4 * minuteMs);
        await renewal.mock.results[0]?.value;
        renewal.mockRestore();
      }
      expect(await askedByBen()).toContain('is being redistributed already, by <@U0BEN>');
      end?.({ outcome: 'exited', exitCode: 0 });
      await run;
    } finally {
      vi.useRealTimers();
    }
  });

  itOnce('expires when it is abandoned; who comes back to it waits for the one who took it', async () => {
    const abandoned = await site.propose();
    await approve(abandoned);
    bench.pass(11 * minuteMs);
    const { id } = await site.ask('int-38');
    await runRedistribution(site.deps, abandoned, ever);
    expect((await site.commands(abandoned)).map(({ state }) => state)).toEqual(['approved']);
    await gather(site.deps, id);
    await runRedistribution(site.deps, abandoned, ever);
    expect(await site.record(abandoned)).toMatchObject({ state: 'done' });
  });
});
