import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChatMessage, Modal, Person } from '../../src/domain/chat.ts';
import { actions } from '../../src/messages/actions.ts';
import { writeScope } from '../../src/messages/failures.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { handleSubmission } from '../../src/workflows/handle-submission.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  ana,
  hourMs,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
  slashCommand,
} from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const all = { server: 'int-38', job: 'J1', package: 'geo-db', recipient: null };

describeOnBothDatabases('B1: what is open', (open, itOnce) => {
  let bench: Workbench;
  let site: RedistributionBench;
  let asked = 0;
  const modals: Modal[] = [];
  const told: ChatMessage[] = [];
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    bench.pass(1000);
    modals.length = 0;
    told.length = 0;
    const chat = {
      ...bench.deps.chat,
      openModal: async (_trigger: string, modal: Modal) => void modals.push(modal),
      respond: async (_url: string, message: ChatMessage) => void told.push(message),
    };
    site = prepareRedistributions({ ...bench, deps: { ...bench.deps, chat } });
    site.server.logs.push(logLine(0, { recipients: ['int-58', 'int-59'] }));
  });
  afterEach(() => bench.close());

  async function list(about = ''): Promise<string> {
    asked += 1;
    const command = slashCommand(`l-${asked}`);
    return readText(await handleCommand(site.deps, { ...command, text: `failures ${about}`, person: ana }));
  }
  function click(actionId: string, value: string) {
    const about = {
      channel: 'C0EU',
      messageTs: '1',
      responseUrl: 'https://x',
      triggerId: '',
      deliveryKey: 'c',
    };
    return handleClick(site.deps, { ...about, actionId, value, person: ana });
  }
  async function dismiss(scope: Parameters<typeof writeScope>[0], reason: string, person: Person = ana) {
    await click(actions.failuresDismiss, writeScope(scope));
    const { callbackId = '', metadata = '' } = modals.at(-1) ?? {};
    asked += 1;
    const deliveryKey = `d-${asked}`;
    return handleSubmission(site.deps, { callbackId, metadata, person, values: { reason }, deliveryKey });
  }

  it('is listed with since when, and known from where, by server, device, job and package', async () => {
    expect(await list()).toContain('Nothing is open.');
    await site.propose();
    const text = await list();
    expect(text).toMatch(/\*J1\* on `int-38`: `geo-db` for 2 recipients `int-\[58-59\]`/);
    expect(text).toMatch(/open since <!date\S+ [^]*known from logs alone\nrefused/);
    for (const about of ['int-38', 'INT-58', 'J1', 'geo-db']) expect(await list(about)).toContain('*J1*');
    expect(await list('int-58')).toContain('for 1 recipient `int-58`');
    expect(await list('other')).toContain('Nothing of `other` is open.');
  });

  it('is dismissed with a reason, is not proposed again, and is open again once that is undone', async () => {
    await site.propose();
    expect(await dismiss(all, ' ')).toEqual({ reason: 'Say why.' });
    expect(await dismiss(all, 'delivered by <hand>')).toBeNull();
    expect(told.at(-1)?.text).toContain('Dismissed: 2 failures.');
    expect(await list()).toMatch(
      /Nothing is open\.[^]*dismissed by <@U0ANA> <!date\S+ [^]*delivered by &lt;hand&gt;/,
    );
    const again = await site.propose();
    expect(await site.record(again)).toMatchObject({
      state: 'empty',
      superseded: [{ reason: 'dismissed by U0ANA: delivered by <hand>' }, {}],
    });
    expect(await dismiss(all, 'twice')).toEqual({ reason: 'Nothing of it is open now.' });
    const [dismissal] = await site.deps.store.transaction((tx) => tx.dismissals(new Date(0), 5));
    await click(actions.failuresUndo, dismissal?.id ?? '');
    expect(told.at(-1)?.text).toBe('Open again: 2.');
    await click(actions.failuresUndo, dismissal?.id ?? '');
    expect(told.at(-1)?.text).toContain('undone already');
    expect((await site.record(await site.propose())).state).toBe('proposed');
  });

  itOnce('for one device is dismissed for that one alone', async () => {
    await site.propose();
    expect(await dismiss({ ...all, recipient: 'int-58' }, 'swapped')).toBeNull();
    const id = await site.propose();
    expect((await site.commands(id)).map(({ command }) => command.recipients)).toEqual([['int-59']]);
  });

  it('is open again when it fails after it was dismissed', async () => {
    await site.propose();
    await dismiss(all, 'delivered by hand');
    bench.pass(2 * hourMs);
    site.server.logs.push(logLine(1, { recipients: ['int-58', 'int-59'] }));
    const id = await site.propose();
    expect((await site.record(id)).state).toBe('proposed');
    expect(await list()).toContain('for 2 recipients');
  });

  itOnce('may be dismissed by those alone who may ask for a redistribution', async () => {
    await site.propose();
    const approval = {
      ...site.deps.policies.approval,
      requesters: [{ kind: 'user', userId: 'U0BEN' } as const],
    };
    site = { ...site, deps: { ...site.deps, policies: { ...site.deps.policies, approval } } };
    expect(await dismiss(all, 'no')).toEqual({
      reason: expect.stringContaining('not on the list') as unknown,
    });
  });
});
