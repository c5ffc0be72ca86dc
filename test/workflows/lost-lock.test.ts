import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/adapters/postgres/database.ts';
import type { RunOutcome } from '../../src/domain/server.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { createPostgresUrl } from '../support/databases.ts';
import { approveFour, ben } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const ever = new AbortController().signal;
const minuteMs = 60_000;

describe('B12: two bots on one PostgreSQL, of which one slept longer than its lock of a server lasts', () => {
  let bots: readonly [Workbench, Workbench];
  beforeEach(async () => {
    const url = await createPostgresUrl();
    bots = [await createWorkbench(await openPostgres(url)), await createWorkbench(await openPostgres(url))];
  });
  afterEach(async () => {
    for (const bot of bots) await bot.close();
  });

  const sleep = (ms: number) => bots.forEach((bot) => bot.pass(ms));
  const other = { server: 'int-38', redistributionId: 'other', owner: ben };
  const takeElsewhere = () => bots[1].deps.store.transaction((tx) => tx.takeServerLock(other, 10 * minuteMs));

  it('the one that slept starts no command beside the redistribution that took the server, and each one once later', async () => {
    const { site, id, states } = await approveFour(bots[0], { atOnce: 1 });
    bots[1].pass(1000);
    const started: string[] = [];
    const ends = new Map<string, ((outcome: RunOutcome) => void)[]>();
    site.server.run = (_profile, request, watcher, signal) => {
      if (request.mayStart) started.push(request.id.slice(-1));
      watcher.onSend();
      watcher.onSeen();
      return new Promise((resolve, reject) => {
        ends.set(request.id.slice(-1), [...(ends.get(request.id.slice(-1)) ?? []), resolve]);
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    };
    const end = (number: string) =>
      ends.get(number)?.forEach((resolve) => resolve({ outcome: 'exited', exitCode: 0 }));

    const run = runRedistribution(site.deps, id, ever);
    await expect.poll(async () => (await site.commands(id))[0]?.seenOnServer).toBe(true);
    sleep(11 * minuteMs);
    expect(await takeElsewhere()).toBeNull();
    end('1');
    await run;
    expect(started).toEqual(['1']);
    expect(await states()).toEqual(['running', 'approved', 'approved', 'approved']);
    expect(await site.record(id)).toMatchObject({ state: 'running' });

    await runRedistribution(site.deps, id, ever);
    expect(started).toEqual(['1']);
    await bots[1].deps.store.transaction((tx) => tx.freeServerLock('other'));
    ends.clear();
    const rest = runRedistribution({ ...site.deps, store: bots[1].deps.store }, id, ever);
    for (const number of ['1', '2', '3', '4']) {
      await expect.poll(() => ends.has(number)).toBe(true);
      end(number);
    }
    await rest;
    expect(started).toEqual(['1', '2', '3', '4']);
    expect(await states()).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
    expect(await site.record(id)).toMatchObject({ state: 'done' });
  });

  it('the one that slept keeps a server that nobody took, and runs its commands to the end', async () => {
    const { site, id, begun, end } = await approveFour(bots[0], { atOnce: 1 });
    bots[1].pass(1000);
    const run = runRedistribution(site.deps, id, ever);
    for (const number of ['1', '2', '3', '4']) {
      await expect.poll(() => begun).toContain(number);
      sleep(11 * minuteMs);
      end(number);
    }
    await run;
    expect(await site.record(id)).toMatchObject({ state: 'done' });
  });
});
