import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPglite } from '../../src/adapters/postgres/database.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, start } from '../support/workbench.ts';

describe('a ticket’s message', () => {
  let folder: string;
  let bench: Workbench;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'restage-deliver-'));
    bench = await createWorkbench(await openPglite(folder));
  });
  afterEach(async () => {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const posts = () => bench.workspace.messages('maint-eu');
  const calls = (method: string) => bench.workspace.calls().filter((call) => call.method === method).length;
  const fail = () => bench.receive(...[0, 1, 2].map(() => alertMail('int-58', start)));
  const passAndWork = async (ms: number) => {
    bench.pass(ms);
    await bench.work();
  };

  it('is tried at once, after 30 s, 5 min and 1 h, and then given up', async () => {
    bench.workspace.misbehave({
      kind: 'error',
      method: 'chat.postMessage',
      times: 9,
      error: 'channel_not_found',
    });
    await fail();
    await bench.work();
    expect(calls('chat.postMessage')).toBe(1);
    for (const [waitMs, tries] of [
      [29_000, 1],
      [1_000, 2],
      [299_000, 2],
      [1_000, 3],
      [3_599_000, 3],
      [1_000, 4],
      [24 * 3_600_000, 4],
    ] as const) {
      await passAndWork(waitMs);
      expect(calls('chat.postMessage')).toBe(tries);
    }
    expect(posts()).toEqual([]);
  });

  it('stands there once although Slack’s answer got lost', async () => {
    bench.workspace.misbehave({ kind: 'lose-reply', method: 'chat.postMessage', times: 1 });
    await fail();
    await bench.work();
    await passAndWork(30_000);
    await passAndWork(2_000);
    expect(posts()).toHaveLength(1);
    expect(calls('chat.postMessage')).toBe(1);
    expect(calls('chat.update')).toBe(1);
  });

  it('is posted again when Slack failed without posting it', async () => {
    bench.workspace.misbehave({ kind: 'status', method: 'chat.postMessage', times: 1, status: 503 });
    await fail();
    await bench.work();
    expect(posts()).toEqual([]);
    await passAndWork(30_000);
    expect(posts()).toHaveLength(1);
  });

  it('waits as long as Slack asks, and that is no failed try', async () => {
    bench.workspace.misbehave({ kind: 'rate-limit', method: 'chat.postMessage', times: 5, retryAfterS: 7 });
    await fail();
    await bench.work();
    for (let n = 0; n < 5; n += 1) await passAndWork(7_000);
    expect(posts()).toHaveLength(1);
  });
});
