import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CanaryPolicy } from '../../src/domain/redistribution.ts';
import { actions } from '../../src/messages/actions.ts';
import { canaryFormId } from '../../src/messages/canary.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleSubmission } from '../../src/workflows/handle-submission.ts';
import { clickGoOn } from '../../src/workflows/redistribution/canary.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { askToStop } from '../../src/workflows/redistribution/stop-redistribution.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { ana, ben, int38, logLine, prepareRedistributions } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const cai = { teamId: 'T0RESTAGE', userId: 'U0CAI' };
const ever = new AbortController().signal;
const recipients = ['c1', 'c2', 'c3', 'c4', 'c5'];

describeOnBothDatabases('B12: a canary', (open, itOnce) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    bench.pass(1000);
  });
  afterEach(() => bench.close());

  function prepare(canary: CanaryPolicy | null) {
    const profile = { ...int38, recorder: null, running: { ...int38.running, atOnce: 4, canary } };
    const approvers = [{ kind: 'user', userId: 'U0BEN' } as const];
    const approval = { ...bench.deps.policies.approval, approvers };
    const deps = { ...bench.deps, policies: { ...bench.deps.policies, approval } };
    const site = prepareRedistributions({ ...bench, deps }, [profile]);
    site.server.logs.push(logLine(0, { recipients, argv: ['/bin/push', ...recipients] }));
    const started: string[] = [];
    const codes = new Map<string, number>();
    site.server.run = async (_server, { id, mayStart }, watcher, signal) => {
      signal.throwIfAborted();
      if (!started.includes(id)) {
        if (!mayStart) return { outcome: 'missing' };
        watcher.onSend();
        started.push(id);
      }
      watcher.onSeen();
      return { outcome: 'exited', exitCode: codes.get(id) ?? 0 };
    };
    const shown = async (id: string) => {
      const message = await renderRedistribution(site.deps, id);
      return message ? readText(message) : '';
    };
    const states = async (id: string) => (await site.commands(id)).map(({ state }) => state);
    const goOn = (id: string, person: typeof ben) =>
      clickGoOn(site.deps, { ...site.click(id, person), value: id });
    const approve = async () => {
      const id = await site.propose();
      expect(await clickApprove(site.deps, site.click(id))).toBeNull();
      return id;
    };
    return { ...site, started, codes, shown, states, goOn, approve };
  }

  it('goes first, and the others follow by themselves once it has succeeded', async () => {
    const site = prepare({ recipients: 2, afterwards: 'continue' });
    const id = await site.approve();
    expect(await site.shown(id)).toContain(
      'the first 2 recipients alone; if all succeed the others follow by themselves, else none of them',
    );
    await runRedistribution(site.deps, id, ever);
    expect(site.started).toEqual([`${id}-1`, `${id}-2`]);
    expect((await site.commands(id)).map(({ command }) => command.recipients.length)).toEqual([2, 3]);
    expect((await site.record(id)).state).toBe('done');
  });

  it('that fails stops the others, which stay in the list', async () => {
    const site = prepare({ recipients: 2, afterwards: 'continue' });
    const id = await site.approve();
    site.codes.set(`${id}-1`, 1);
    await runRedistribution(site.deps, id, ever);
    expect(site.started).toEqual([`${id}-1`]);
    expect(await site.states(id)).toEqual(['failed', 'skipped']);
    expect((await site.commands(id))[1]?.note).toContain('not all of the first recipients succeeded');
    expect(await site.shown(id)).toContain('5 failed deliveries');
  });

  it('that asks waits for a click, over restarts, and then runs the others once', async () => {
    const site = prepare({ recipients: 2, afterwards: 'ask' });
    const id = await site.approve();
    expect(await site.goOn(id, ana)).toContain('does not wait');
    for (let round = 0; round < 3; round += 1) await runRedistribution(site.deps, id, ever);
    expect(site.started).toEqual([`${id}-1`]);
    expect(await site.states(id)).toEqual(['succeeded', 'approved']);
    expect(await site.shown(id)).toContain('*The first recipients have succeeded*; the others wait');
    await bench.work();
    const thread = bench.workspace.messages('C0EU').map(({ text }) => text);
    expect(thread.filter((text) => text.includes('wait for *Go on*'))).toHaveLength(1);

    expect(await site.goOn(id, cai)).toContain('Only whoever asked for it, or an approver');
    expect(await site.goOn(id, ana)).toBeNull();
    expect(await site.goOn(id, ben)).toContain('does not wait');
    await Promise.all([1, 2].map(() => runRedistribution(site.deps, id, ever)));
    expect(site.started).toEqual([`${id}-1`, `${id}-2`]);
    expect(await site.states(id)).toEqual(['succeeded', 'succeeded']);
    expect(await site.shown(id)).toContain('went on by <@U0ANA>');
  });

  itOnce('that waits can be stopped', async () => {
    const site = prepare({ recipients: 2, afterwards: 'ask' });
    const id = await site.approve();
    await runRedistribution(site.deps, id, ever);
    expect(await askToStop(site.deps, { ...site.click(id), value: id })).toBeNull();
    expect(await site.goOn(id, ana)).toContain('does not wait');
    await runRedistribution(site.deps, id, ever);
    expect(await site.states(id)).toEqual(['succeeded', 'skipped']);
    expect((await site.record(id)).state).toBe('done');
  });

  it.each([1, 2])('a bot that is killed as command %i runs starts nothing twice', async (number) => {
    const site = prepare({ recipients: 2, afterwards: 'continue' });
    const id = await site.approve();
    const { run } = site.server;
    const killed = new AbortController();
    site.server.run = async (server, request, watcher, signal) => {
      const outcome = await run(server, request, watcher, signal);
      if (request.id === `${id}-${number}` && !killed.signal.aborted) {
        killed.abort();
        signal.throwIfAborted();
      }
      return outcome;
    };
    await runRedistribution(site.deps, id, killed.signal);
    expect((await site.states(id))[number - 1]).toBe('running');
    await runRedistribution(site.deps, id, ever);
    expect(site.started).toEqual([`${id}-1`, `${id}-2`]);
    expect(await site.states(id)).toEqual(['succeeded', 'succeeded']);
  });

  itOnce('is chosen in the proposal, which a new one then takes the place of', async () => {
    const site = prepare(null);
    const id = await site.propose();
    const modals: { callbackId: string; metadata: string }[] = [];
    const chat = {
      ...site.deps.chat,
      openModal: async (_trigger: string, modal: { callbackId: string; metadata: string }) =>
        void modals.push(modal),
    };
    const click = { ...site.click(id, ana), value: id, actionId: actions.redistributionCanary };
    await handleClick({ ...site.deps, chat }, click);
    expect(modals).toMatchObject([{ callbackId: canaryFormId, metadata: id }]);
    const submit = (values: Readonly<Record<string, string>>, person = ana) =>
      handleSubmission(site.deps, {
        callbackId: canaryFormId,
        metadata: id,
        person,
        values,
        deliveryKey: JSON.stringify([values, person]),
      });
    expect(await submit({ way: 'ask', recipients: '0' })).toEqual({
      recipients: 'Write a whole number of at least 1.',
    });
    expect(await submit({ way: 'ask', recipients: '3' }, cai)).toMatchObject({
      recipients: expect.stringContaining('Only whoever asked') as unknown,
    });
    expect(await submit({ way: 'ask', recipients: '3' })).toBeNull();
    expect((await site.record(id)).state).toBe('expired');
    const [next] = await site.deps.store.transaction((tx) => tx.redistributionsOf('int-38', ['gathering']));
    expect(next).toMatchObject({
      requestedBy: ana,
      canary: { recipients: 3, afterwards: 'ask', waiting: false, releasedBy: null },
    });
  });
});
