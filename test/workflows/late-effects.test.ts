import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../src/demo/workspace/faults.ts';
import type { PostedMessage } from '../../src/demo/workspace/model.ts';
import { deliverChannel } from '../../src/workflows/delivery/deliver.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { onPglite } from '../support/databases.ts';
import type { Workbench } from '../support/workbench.ts';
import { createWorkbench } from '../support/workbench.ts';

describe('A18: a message whose call was given up', () => {
  const open = onPglite();
  let bench: Workbench;
  let id = 0;

  beforeAll(async () => {
    bench = await createWorkbench(await open());
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    id += 1;
    bench.workspace.misbehave({ kind: 'heal' });
    bench.workspace.misbehave({ kind: 'clock', offsetMs: 0 });
    bench.jobs.length = 0;
    await bench.deps.chat.ask();
  });

  const channel = 'maint-eu';
  const name = () => `message-${id}`;
  /** The top-level messages of this test, whatever became of them. */
  const standing = (): readonly PostedMessage[] =>
    bench.workspace
      .messages(channel)
      .filter(({ text, threadTs }) => threadTs === null && text.includes(name()));
  const texts = () => standing().map(({ text }) => text);
  const say = (revision: number) => ({ text: `${name()} says ${revision}`, blocks: [] });
  const want = () =>
    bench.deps.store.transaction(async (tx) => {
      const note = { kind: 'note', subjectId: name(), channel, parentId: null, body: say(1) } as const;
      await tx.wantDelivery({ id: name(), ...note }, bench.now());
      await tx.enqueue({ queue: 'deliver', channel });
    });
  const change = (revision: number) =>
    bench.deps.store.transaction(async (tx) => {
      await tx.fixBody(name(), say(revision));
      await tx.touchDelivery('note', name(), bench.now());
      await tx.enqueue({ queue: 'deliver', channel });
    });
  const misbehave = (...faults: readonly Fault[]) =>
    faults.forEach((fault) => bench.workspace.misbehave(fault));
  const passAndWork = async (seconds: number) => {
    bench.pass(seconds * 1000);
    await bench.work();
  };
  const settleAll = async () => {
    for (const seconds of [10, 30, 30, 60, 300, 600, 3600]) await passAndWork(seconds);
  };
  const post = { method: 'chat.postMessage', times: 1 } as const;
  const edit = { method: 'chat.update', times: 1 } as const;

  test.each([-3_600_000, -150_000, 150_000, 3_600_000])(
    "stands there once after a lost reply though Slack's clock is off by %i ms",
    async (offsetMs) => {
      misbehave({ kind: 'clock', offsetMs }, { kind: 'lose-reply', ...post });
      await bench.deps.chat.ask();
      await want();
      await bench.work();
      await settleAll();
      expect(texts()).toEqual([`${name()} says 1`]);
    },
  );

  test.each([1_000, 20_000, 24_000])('is posted once when it takes effect %i ms late', async (ms) => {
    misbehave({ kind: 'late-effect', ...post, ms });
    await want();
    await bench.work();
    await passAndWork(30);
    expect(texts()).toEqual([`${name()} says 1`]);
    await settleAll();
    expect(texts()).toEqual([`${name()} says 1`]);
  });

  test('is not posted again before Slack is past the time of late effects', async () => {
    misbehave({ kind: 'status', ...post, status: 503 });
    await want();
    await bench.work();
    await passAndWork(20);
    expect(texts()).toEqual([]);
    await passAndWork(10);
    expect(texts()).toEqual([`${name()} says 1`]);
  });

  test('that takes effect after it was posted again is deleted: the earliest stays', async () => {
    misbehave({ kind: 'late-effect', ...post, ms: 120_000 });
    await want();
    await bench.work();
    await passAndWork(30);
    const [first] = standing();
    await passAndWork(30);
    bench.pass(60_000);
    expect(standing()).toHaveLength(2);
    await settleAll();
    expect(standing().map(({ ts }) => ts)).toEqual([first?.ts]);
  });

  test('of doubles the one stays that people answered', async () => {
    misbehave({ kind: 'double', ...post });
    await want();
    await bench.work();
    const [, second] = standing();
    bench.workspace.say('U0ANA', channel, 'I look at it', second?.ts);
    await settleAll();
    expect(standing().map(({ ts }) => ts)).toEqual([second?.ts]);
    await change(2);
    await bench.work();
    expect(texts()).toEqual([`${name()} says 2`]);
  });

  test('of doubles one goes soon also where an earlier post is still in doubt', async () => {
    misbehave({ kind: 'status', ...post, status: 503 }, { kind: 'double', ...post });
    await want();
    await bench.work();
    await passAndWork(30);
    expect(standing()).toHaveLength(2);
    await passAndWork(30);
    expect(standing()).toHaveLength(1);
    await settleAll();
    expect(texts()).toEqual([`${name()} says 1`]);
  });

  test('of doubles that people answered both, one becomes a link to the other', async () => {
    misbehave({ kind: 'double', ...post });
    await want();
    await bench.work();
    const both = standing();
    for (const { ts } of both) bench.workspace.say('U0ANA', channel, 'I look at it', ts);
    await settleAll();
    const all = bench.workspace.messages(channel);
    const [kept, linked] = both.map(({ ts }) => all.find((message) => message.ts === ts));
    expect(kept?.text).toBe(`${name()} says 1`);
    expect(linked?.text).toContain(String(kept?.ts).replace('.', ''));
  });

  test('an older edit that overwrites a newer one is repaired', async () => {
    await want();
    await bench.work();
    misbehave({ kind: 'late-effect', ...edit, ms: 60_000 });
    await change(2);
    await passAndWork(3);
    await change(3);
    await passAndWork(30);
    expect(texts()).toEqual([`${name()} says 3`]);
    await passAndWork(30);
    expect(texts()).toEqual([`${name()} says 2`]);
    await settleAll();
    expect(texts()).toEqual([`${name()} says 3`]);
  });

  test('what stands in the thread of a double that goes is posted in the one that stays', async () => {
    misbehave({ kind: 'late-effect', ...post, ms: 29_000 });
    await want();
    await bench.work();
    await passAndWork(30);
    const reply = { id: `${name()}r`, kind: 'note', subjectId: `${name()}r`, channel } as const;
    const body = { text: 'a line in the thread', blocks: [] };
    await bench.deps.store.transaction(async (tx) => {
      await tx.wantDelivery({ ...reply, parentId: name(), body }, bench.now());
      await tx.enqueue({ queue: 'deliver', channel });
    });
    await bench.work();
    misbehave({ kind: 'double', ...post });
    await settleAll();
    const inThread = bench.workspace.messages(channel).filter(({ text }) => text === body.text);
    expect(inThread.map(({ threadTs }) => threadTs)).toEqual(standing().map(({ ts }) => ts));
  });

  test('is found by another bot when the first one died in the midst of its call', async () => {
    const { chat } = bench.deps;
    const really = chat.post.bind(chat);
    const died = new Promise<never>(() => {});
    Object.assign(chat, {
      post: async (...args: Parameters<typeof really>) => {
        await really(...args);
        Object.assign(chat, { post: really });
        return died;
      },
    });
    await want();
    void deliverChannel(bench.deps, channel);
    await bench.workspace.waitFor(() => standing().length === 1, 'the post');
    bench.pass(16_000);
    await deliverChannel(bench.deps, channel);
    await settleAll();
    expect(texts()).toEqual([`${name()} says 1`]);
  });

  test('waits for a Slack that is away, goes out by itself in order, and is not given up', async () => {
    misbehave({ kind: 'outage', how: 'reset' });
    await want();
    await bench.work();
    for (let minute = 0; minute < 3; minute += 1) await passAndWork(3600);
    id += 1;
    await want();
    await bench.work();
    const failed = await bench.deps.store.transaction((tx) => tx.countFailed(null));
    misbehave({ kind: 'heal' });
    await passAndWork(11);
    const all = bench.workspace.messages(channel).filter(({ text }) => text.startsWith('message-'));
    expect(all.slice(-2).map(({ text }) => text)).toEqual([
      `message-${id - 1} says 1`,
      `message-${id} says 1`,
    ]);
    expect(failed).toBe(0);
  });

  test('waits for a new token when Slack takes the old one for nothing', async () => {
    misbehave({ kind: 'error', method: '*', times: 4, error: 'token_revoked' });
    await want();
    await bench.work();
    for (let n = 0; n < 6; n += 1) await passAndWork(11);
    expect(texts()).toEqual([`${name()} says 1`]);
  });

  test('that was given up while Slack failed goes out by itself afterwards', async () => {
    misbehave({ kind: 'status', method: 'chat.postMessage', times: 99, status: 503 });
    await want();
    for (const seconds of [0, 30, 300, 3600]) await passAndWork(seconds);
    expect(texts()).toEqual([]);
    misbehave({ kind: 'heal' });
    bench.pass(301_000);
    const swept = (await sweep(bench.deps)).flatMap((job) => (job.queue === 'deliver' ? [job.channel] : []));
    expect(swept).toContain(channel);
    for (const one of swept) await deliverChannel(bench.deps, one);
    expect(texts()).toEqual([`${name()} says 1`]);
  });

  const method = fc.constantFrom('chat.postMessage', 'chat.update');
  const fault: fc.Arbitrary<Fault> = fc.oneof(
    fc.record({ kind: fc.constant('lose-reply' as const), method, times: fc.constant(1) }),
    fc.record({ kind: fc.constant('double' as const), method, times: fc.constant(1) }),
    fc.record({
      kind: fc.constant('status' as const),
      method,
      times: fc.constant(1),
      status: fc.constant(503),
    }),
    fc.record({
      kind: fc.constant('late-effect' as const),
      method,
      times: fc.constant(1),
      ms: fc.integer({ min: 1, max: 250_000 }),
    }),
  );
  const step = fc.record({
    faults: fc.array(fault, { maxLength: 3 }),
    seconds: fc.integer({ min: 0, max: 90 }),
  });

  test('any interleaving of late, lost and doubled effects ends as one message with the last text', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        id += 1;
        misbehave({ kind: 'heal' });
        await want();
        for (const [index, { faults, seconds }] of steps.entries()) {
          misbehave(...faults);
          await change(index + 2);
          await passAndWork(seconds);
        }
        misbehave({ kind: 'heal' });
        await settleAll();
        expect(texts()).toEqual([`${name()} says ${steps.length + 1}`]);
      }),
      { numRuns: 15 },
    );
  });
});
