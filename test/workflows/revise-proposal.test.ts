import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/postgres/database.ts';
import type { Modal, ModalSubmission, Person } from '../../src/domain/chat.ts';
import { actions } from '../../src/messages/actions.ts';
import { editFormId } from '../../src/messages/edit-form.ts';
import { rejectFormId } from '../../src/messages/reject-form.ts';
import { selectFormId } from '../../src/messages/select-form.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleSubmission } from '../../src/workflows/handle-submission.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  ana,
  ben,
  int38,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
} from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const cai = { teamId: 'T0RESTAGE', userId: 'U0CAI' };
const results = (failed: readonly string[], succeeded: readonly string[]) => ({
  recipients: [...failed, ...succeeded],
  results: [
    ...failed.map((recipient) => ({ recipient, result: 'failed', cause: 'refused' })),
    ...succeeded.map((recipient) => ({ recipient, result: 'succeeded', cause: null })),
  ],
});

describeOnBothDatabases('a proposal that people change', (open) => {
  let bench: Workbench;
  let database: Database;
  let site: RedistributionBench;
  let id: string;
  /** What the server was asked to run. */
  let ran: string[];
  beforeEach(async () => {
    database = await open();
    bench = await createWorkbench(database);
    const approval = { ...bench.deps.policies.approval, approvals: 2 };
    const policies = { ...bench.deps.policies, approval };
    const allowed = [
      { program: '/bin/push', flags: [], arguments: ['[a-z0-9-]+'], directories: [], list: ['arguments'] },
    ];
    const profile = { ...int38, recorder: null, allowed };
    site = prepareRedistributions({ ...bench, deps: { ...bench.deps, policies } }, [profile]);
    ran = [];
    site.server.run = async (_server, request, watcher) => {
      ran.push(request.argv.join(' '));
      watcher.onSend();
      watcher.onSeen();
      return { outcome: 'exited', exitCode: 0 };
    };
    site.server.logs.push(
      logLine(0, { job: 'J1', ...results(['int-1', 'int-2'], ['int-3']) }),
      logLine(0, { job: 'J2', ...results(['int-4'], ['int-5']) }),
    );
    bench.pass(1000);
    id = await site.propose();
  });
  afterEach(() => bench.close());

  const submit = (callbackId: string, metadata: string, values: ModalSubmission['values'], person: Person) =>
    handleSubmission(site.deps, {
      deliveryKey: `${callbackId}-${ran.length}`,
      callbackId,
      metadata,
      values,
      person,
    });
  const select = async (values: ModalSubmission['values'], person: Person = ana) =>
    submit(selectFormId, `${id} ${(await site.record(id)).digest ?? 'none'}`, values, person);
  const edit = async (text: string, person: Person = ana, ordinal = 1) =>
    submit(
      editFormId,
      `${id}-${ordinal} ${(await site.record(id)).digest ?? 'none'}`,
      { 'arguments-0': text },
      person,
    );
  const approve = async (person: Person) => clickApprove(site.deps, await site.clickNow(id, person));
  const run = () => runRedistribution(site.deps, id, new AbortController().signal);
  const shown = async () => {
    const message = await renderRedistribution(site.deps, id);
    return message ? readText(message) : '';
  };
  const audited = async () => {
    const { rows } = await database.executeSql('select who, what from audit_entries order by id');
    return rows.map((row) => `${String(row['who'])} ${String(row['what'])}`);
  };

  it('B10: only what was selected runs, and what was approved before counts no more', async () => {
    expect(await approve(ben)).toBeNull();
    const before = site.click(id, cai);
    expect(await select({ 'boxes-0': ['2'], breadth: 'failed' })).toBeNull();
    expect(await shown()).toMatch(/Void: the approval of <@U0BEN> .*; what runs was selected anew/);
    expect(await clickApprove(site.deps, before)).toContain('not those that were shown');
    await approve(ben);
    await approve(cai);
    await run();
    expect(ran).toEqual(['/bin/push int-4']);
    expect((await site.commands(id)).map(({ state }) => state)).toEqual(['planned', 'succeeded']);
    const left = await site.deps.store.transaction((tx) => tx.failedJobs('int-38', null));
    expect(left.map(({ recipient }) => recipient).toSorted()).toEqual(['int-1', 'int-2']);
  });

  it('B10: nothing selected can’t be approved', async () => {
    expect(await select({ 'boxes-0': [], breadth: 'failed' })).toBeNull();
    expect((await site.record(id)).digest).toBeNull();
    expect(await shown()).toContain('0 commands for 0 recipients · 2 left out');
  });

  it('B9: the whole original list runs where people chose it, and who chose it does not approve it', async () => {
    expect(await select({ 'boxes-0': ['1', '2'], breadth: 'whole' }, ben)).toBeNull();
    expect(await shown()).toMatch(/\*Changed\* by <@U0BEN>.*\n```\n\+ int-3\n```/);
    expect(await approve(ben)).toContain('You changed what it runs');
    await select({ 'boxes-0': ['1', '2'], breadth: 'failed' }, cai);
    expect((await site.commands(id)).map(({ rebuilt, changedBy }) => [rebuilt, changedBy])).toEqual([
      [null, []],
      [null, []],
    ]);
    expect(await approve(ben)).toBeNull();
    await select({ 'boxes-0': ['1'], breadth: 'whole' });
    await approve(ben);
    await approve(cai);
    await run();
    expect(ran).toEqual(['/bin/push int-1 int-2 int-3']);
  });

  it('B11: an edited command runs as it was edited, for those whom it names, after new approvals', async () => {
    expect(await approve(cai)).toBeNull();
    expect(await edit('/bin/push\nint-2\nfast', ben)).toBeNull();
    expect(await shown()).toMatch(/\*Changed\* by <@U0BEN>[^]*```\n- int-1\n\+ fast\n```/);
    expect(await shown()).toMatch(/Void: the approval of <@U0CAI> .*; command 1 was edited since/);
    expect(await approve(ben)).toContain('You changed what it runs');
    expect(await approve(cai)).toBeNull();
    expect(await approve({ ...ben, userId: 'U0BOSS' })).toBeNull();
    await run();
    expect(ran[0]).toBe('/bin/push int-2 fast');
    const left = await site.deps.store.transaction((tx) => tx.failedJobs('int-38', null));
    expect(left.map(({ recipient }) => recipient)).toEqual(['int-1']);
    expect(await audited()).toContain(
      'T0RESTAGE/U0BEN edited command 1: ["/bin/push","int-1","int-2"] to ["/bin/push","int-2","fast"]',
    );
  });

  it('B11: what the templates do not allow is not taken; the form says which argument it is', async () => {
    expect(await edit('/bin/push\nint-1\n--rsh=sh -c x')).toEqual({
      'arguments-0': 'argument 2 ("--rsh=sh -c x") is not an allowed flag.',
    });
    expect(await edit('/bin/push\n"int-1')).toEqual({
      'arguments-0': 'Line 2 begins with a quote, but is no text in JSON.',
    });
    expect((await site.commands(id))[0]?.rebuilt).toBeNull();
  });

  it('B11: of two people who edit at the same time one is told to look again', async () => {
    const { digest } = await site.record(id);
    const send = (person: Person, text: string) =>
      submit(editFormId, `${id}-1 ${digest}`, { 'arguments-0': text }, person);
    const answers = await Promise.all([send(ben, '/bin/push\nint-1'), send(cai, '/bin/push\nint-2')]);
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect(JSON.stringify(answers)).toContain('Somebody changed it meanwhile');
  });

  it('B10: nothing is changed any more once it is approved, or by somebody who may not', async () => {
    const approvers = [{ kind: 'user', userId: 'U0BEN' }] as const;
    const deps = site.deps;
    site = {
      ...site,
      deps: {
        ...deps,
        policies: { ...deps.policies, approval: { ...deps.policies.approval, approvals: 1, approvers } },
      },
    };
    expect(await edit('/bin/push\nint-2', cai)).toMatchObject({
      'arguments-0': expect.stringContaining('Only whoever'),
    });
    expect(await approve(ben)).toBeNull();
    expect(await edit('/bin/push\nint-2', ana)).toEqual({ 'arguments-0': 'It is approved already.' });
  });

  it('B10: a proposal is rejected with a reason, which stands in the message', async () => {
    expect(await submit(rejectFormId, id, { reason: ' ' }, ben)).toEqual({ reason: 'Say why.' });
    expect(await submit(rejectFormId, id, { reason: 'wait for <the> fix' }, ben)).toBeNull();
    expect(await shown()).toMatch(/>wait for &lt;the&gt; fix[^]*Rejected by <@U0BEN>/);
    expect(await approve(cai)).toBe('It is rejected already.');
  });

  it('B10: what is in doubt is only approved by the button that says so', async () => {
    const [first] = await site.commands(id);
    if (!first) throw new Error('no command');
    const doubtful = { ...first, command: { ...first.command, changed: ['the package is another one'] } };
    await site.deps.store.transaction((tx) => tx.reviseCommands([doubtful]));
    expect(await approve(ben)).toContain('in doubt');
    const click = await site.clickNow(id, ben);
    expect(
      await clickApprove(site.deps, { ...click, actionId: actions.redistributionApproveMarked }),
    ).toBeNull();
  });

  it('B10: what the message can’t show whole stands in its thread, anew after each change', async () => {
    for (let n = 0; n < 20; n += 1)
      site.server.logs.push(logLine(-0.01 * (n + 1), { job: `K${n}`, ...results(['int-9'], []) }));
    id = await site.propose('int-38 today');
    await bench.work();
    const files = () => bench.workspace.messages('maint-eu').flatMap(({ files: some }) => some);
    expect(files().map(({ title }) => title)).toEqual(['All commands for int-38, in full']);
    await select({ 'boxes-0': ['1', '2'], breadth: 'failed' });
    bench.pass(10_000);
    await bench.work();
    expect(files()).toHaveLength(2);
  });

  it('B10: forms are shown at a click', async () => {
    const opened: Modal[] = [];
    const chat = {
      ...site.deps.chat,
      openModal: async (_trigger: string, modal: Modal) => void opened.push(modal),
    };
    for (const action of ['Select', 'Edit', 'Reject'] as const) {
      const actionId = actions[`redistribution${action}`];
      const value = action === 'Edit' ? `${id}-1` : id;
      await handleClick({ ...site.deps, chat }, { ...site.click(id, ben), actionId, value });
      expect(opened.at(-1)?.callbackId).toBe(`redistribution:${action.toLowerCase()}`);
    }
  });
});
