import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChatMessage, ChatError, type PostTarget } from '../../src/domain/chat.ts';
import { actions } from '../../src/messages/actions.ts';
import { deliverChannel } from '../../src/workflows/delivery/deliver.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { showDeliveries } from '../../src/workflows/delivery/undelivered.ts';
import { onPglite } from '../support/databases.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, start } from '../support/workbench.ts';

describe('A18: a ticket’s message', () => {
  const open = onPglite();
  let bench: Workbench;

  beforeEach(async () => {
    bench = await createWorkbench(await open());
  });
  afterEach(() => bench.close());

  const posts = () => bench.workspace.messages('maint-eu').filter((one) => one.threadTs === null);
  const calls = (method: string) => bench.workspace.calls().filter((call) => call.method === method).length;
  const fail = (device = 'int-58') => bench.receive(...[0, 1, 2].map(() => alertMail(device, start)));
  const refused = () => new ChatError('refused', 'channel_not_found', { slackCode: 'channel_not_found' });
  let refusing = false;
  const refuse = (channel: string | null) => {
    refusing = channel !== null;
    if (channel !== null) intercept((target) => refusing && target.channel === channel);
  };
  /** Posts about this device fail so often. */
  const failOnly = (device: string, times = 9) => {
    let left = times;
    intercept((_, { text }) => text.startsWith(device) && (left -= 1) >= 0);
  };
  const intercept = (isRefused: (target: PostTarget, message: ChatMessage) => boolean) => {
    const { chat } = bench.deps;
    const post = chat.post.bind(chat);
    Object.assign(chat, {
      post: (...args: Parameters<typeof post>) =>
        isRefused(args[0], args[1]) ? Promise.reject(refused()) : post(...args),
    });
  };
  const tryAgain = async (id: string) => {
    Object.assign(bench.deps.chat, { respond: async () => {} });
    await handleClick(bench.deps, {
      deliveryKey: 'k',
      actionId: actions.deliveryRetry,
      value: id,
      person: { teamId: 'T', userId: 'U0ANA' },
      channel: 'C0EU',
      messageTs: '1',
      responseUrl: 'r',
      triggerId: 't',
    });
  };
  const passAndWork = async (ms: number) => {
    bench.pass(ms);
    await bench.work();
  };

  it('is tried at once, after 30 s, 5 min and 1 h, and then given up', async () => {
    bench.workspace.misbehave({
      kind: 'error',
      method: 'chat.postMessage',
      times: 5,
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
      [1_000, 5],
    ] as const) {
      await passAndWork(waitMs);
      // After the last try it is announced elsewhere: a post more, which fails too.
      expect(calls('chat.postMessage')).toBe(tries);
    }
    expect(posts()).toEqual([]);
  });

  it('is announced in the fallback channel when it was given up, once, and can be tried again', async () => {
    refuse('maint-eu');
    await fail();
    await fail('int-38');
    for (const waitMs of [0, 30_000, 30_000, 300_000, 300_000, 3_600_000, 3_600_000])
      await passAndWork(waitMs);
    const announced = () => bench.workspace.messages('maint-unknown');
    expect(announced()).toHaveLength(1);
    await passAndWork(10_000);
    expect(announced()[0]?.text).toBe('2 messages could not be delivered.');
    const shown = await showDeliveries(bench.deps);
    expect(JSON.stringify(shown.blocks)).toMatch(/ticket `1` for `maint-eu`.*channel_not_found.*4 tries/);
    refuse(null);
    const failed = await bench.deps.store.transaction((tx) => tx.failedDeliveries('maint-eu'));
    for (const { id } of failed) await tryAgain(id);
    await bench.work();
    await passAndWork(10_000);
    expect(posts()).toHaveLength(2);
    expect(announced()[0]?.text).toContain('Every message has been delivered');
    expect((await showDeliveries(bench.deps)).text).toContain('Every message has been delivered');
  });

  it('is announced as long as any message is undelivered there, also when the first one was told again', async () => {
    refuse('maint-eu');
    const body = { text: 'news', blocks: [] };
    const note = { kind: 'note', subjectId: '1', channel: 'maint-eu', parentId: null, body } as const;
    await bench.deps.store.transaction(async (tx) => {
      for (let id = 100; id < 155; id += 1) await tx.wantDelivery({ ...note, id: `note-${id}` }, start);
      await tx.enqueue({ queue: 'deliver', channel: 'maint-eu' });
    });
    const oneAfterTheOther = Array.from({ length: 60 }, () => 30_000);
    for (const waitMs of [...oneAfterTheOther, 300_000, 3_600_000, 3_600_000, 10_000])
      await passAndWork(waitMs);
    const announced = () => bench.workspace.messages('maint-unknown');
    expect(announced().map(({ text }) => text)).toEqual(['55 messages could not be delivered.']);
    refuse(null);
    await tryAgain('note-100');
    await bench.work();
    await passAndWork(10_000);
    expect(announced().map(({ text }) => text)).toEqual(['54 messages could not be delivered.']);
  });

  it('waits for an earlier one that is to have its second try, but no longer', async () => {
    failOnly('int-58');
    await fail('int-58');
    await bench.work();
    await fail('int-38');
    await bench.work();
    expect(posts()).toEqual([]);
    await passAndWork(29_000);
    expect(posts()).toEqual([]);
    await passAndWork(1_000);
    expect(posts().map((one) => one.text)).toEqual([expect.stringContaining('int-38')]);
  });

  it('comes after an earlier one whose second try works', async () => {
    failOnly('int-58', 1);
    await fail('int-58');
    await bench.work();
    await fail('int-38');
    await bench.work();
    await passAndWork(30_000);
    const order = posts().map((one) => one.text);
    expect(order).toEqual([expect.stringContaining('int-58'), expect.stringContaining('int-38')]);
  });

  it('stands there once although Slack’s answer got lost', async () => {
    bench.workspace.misbehave({ kind: 'lose-reply', method: 'chat.postMessage', times: 1 });
    await fail();
    await bench.work();
    await passAndWork(30_000);
    await passAndWork(2_000);
    expect(posts()).toHaveLength(1);
    // The other one is the diagnosis in its thread.
    expect(calls('chat.postMessage')).toBe(2);
    expect(calls('chat.update')).toBe(0);
  });

  /** Slack posts, its answer gets lost; then `find` does this. */
  const loseThenFind = (find: () => Promise<readonly []>) => {
    bench.workspace.misbehave({ kind: 'lose-reply', method: 'chat.postMessage', times: 1 });
    const { chat } = bench.deps;
    const really = chat.copies.bind(chat);
    let looked = 0;
    Object.assign(chat, {
      copies: (...args: Parameters<typeof really>) => ((looked += 1) === 1 ? find() : really(...args)),
    });
  };

  it('stands there once although Slack refused to let the bot look for it at first', async () => {
    loseThenFind(() => Promise.reject(new ChatError('refused', 'missing_scope')));
    await fail();
    await bench.work();
    await passAndWork(30_000);
    expect(posts()).toHaveLength(1);
    await passAndWork(300_000);
    await passAndWork(2_000);
    expect(posts()).toHaveLength(1);
    expect(calls('chat.update')).toBe(0);
  });

  it('is left to the bot that took it over while this one was looking for it', async () => {
    loseThenFind(async () => {
      bench.pass(16_000);
      await deliverChannel(bench.deps, 'maint-eu');
      return [];
    });
    await fail();
    await bench.work();
    await passAndWork(30_000);
    expect(posts()).toHaveLength(1);
  });

  it('keeps its claim anew when it is posted after a long look', async () => {
    bench.workspace.misbehave({ kind: 'status', method: 'chat.postMessage', times: 1, status: 503 });
    const { chat } = bench.deps;
    const really = { find: chat.copies.bind(chat), post: chat.post.bind(chat) };
    Object.assign(chat, {
      copies: async (...args: Parameters<typeof really.find>) => {
        bench.pass(14_000);
        return really.find(...args);
      },
      post: async (...args: Parameters<typeof really.post>) => {
        bench.pass(9_000);
        await deliverChannel(bench.deps, 'maint-eu');
        return really.post(...args);
      },
    });
    await fail();
    await bench.work();
    await passAndWork(30_000);
    expect(posts()).toHaveLength(1);
  });

  it('keeps its claim anew when it took long to make', async () => {
    await fail();
    const { chat, store } = bench.deps;
    const post = chat.post.bind(chat);
    const transaction = store.transaction.bind(store);
    let isClaimed = false;
    Object.assign(store, {
      transaction: async (...args: Parameters<typeof transaction>) => {
        if (isClaimed) bench.pass(14_000);
        const result: unknown = await transaction(...args);
        isClaimed = typeof result === 'object' && result !== null && 'outcomeUnknown' in result;
        return result;
      },
    });
    Object.assign(chat, {
      post: async (...args: Parameters<typeof post>) => {
        Object.assign(store, { transaction });
        bench.pass(9_000);
        await deliverChannel(bench.deps, 'maint-eu');
        return post(...args);
      },
    });
    await bench.work();
    expect(posts()).toHaveLength(1);
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
