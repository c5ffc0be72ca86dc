import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Modal, Person } from '../../src/domain/chat.ts';
import { actions } from '../../src/messages/actions.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { handleSubmission } from '../../src/workflows/handle-submission.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  ana,
  approveFour,
  ben,
  hourMs,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
  slashCommand,
} from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const cai = { teamId: 'T0RESTAGE', userId: 'U0CAI' };
const ever = new AbortController().signal;

describeOnBothDatabases('B10: a freeze', (open, itOnce) => {
  let bench: Workbench;
  let site: RedistributionBench;
  let asked = 0;
  const modals: Modal[] = [];
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    bench.pass(1000);
    const chat = {
      ...bench.deps.chat,
      openModal: async (_trigger: string, modal: Modal) => void modals.push(modal),
    };
    const deps = { ...bench.deps, chat };
    site = prepareRedistributions({ ...bench, deps });
    site.server.logs.push(logLine(0));
  });
  afterEach(() => bench.close());

  async function say(text: string, person: Person = ana): Promise<string> {
    asked += 1;
    const about = slashCommand(`f-${asked}`);
    return (await handleCommand(site.deps, { ...about, text, person })).text;
  }
  async function shown(id: string): Promise<string> {
    const message = await renderRedistribution(site.deps, id);
    return message ? readText(message) : '';
  }
  async function except(id: string, person: Person, reason: string) {
    const click = { ...(await site.clickNow(id, person)), actionId: actions.redistributionApproveException };
    await handleClick(site.deps, click);
    const { callbackId = '', metadata = '' } = modals.at(-1) ?? {};
    const submission = { callbackId, metadata, person, values: { reason }, deliveryKey: 'form' };
    return handleSubmission(site.deps, submission);
  }

  it('lets nothing be approved until it is lifted, and the proposal says so', async () => {
    const id = await site.propose();
    expect(await say('freeze eu 2h core <switch>')).toContain(
      'The region `eu` is frozen by <@U0ANA> until <!date',
    );
    expect(await shown(id)).toMatch(
      /\*Frozen\* {2}The region `eu` is frozen[^]*core &lt;switch&gt;[^]*Approve as an exception…/,
    );
    expect(await clickApprove(site.deps, site.click(id))).toContain(
      'Not now: the region eu is frozen by U0ANA',
    );
    expect(await say('freeze')).toContain('core &lt;switch&gt;');
    expect(await say('unfreeze')).toContain('That is not frozen.');
    expect(await say('unfreeze eu')).toContain('Nothing is frozen.');
    expect(await clickApprove(site.deps, site.click(id))).toBeNull();
  });

  itOnce('ends by itself when its time is up', async () => {
    const id = await site.propose();
    await say('freeze int-38 10m audit');
    expect(await clickApprove(site.deps, site.click(id))).toContain('frozen');
    bench.pass(hourMs / 4);
    expect(await clickApprove(site.deps, site.click(id))).toBeNull();
  });

  itOnce('starts nothing that was approved before it, until it is lifted', async () => {
    const id = await site.propose();
    await clickApprove(site.deps, site.click(id));
    await say('freeze audit');
    const ran: string[] = [];
    site.server.run = async (_server, { id: run }) => {
      ran.push(run);
      return { outcome: 'exited', exitCode: 0 };
    };
    await runRedistribution(site.deps, id, ever);
    expect(ran).toEqual([]);
    expect(await site.record(id)).toMatchObject({
      state: 'running',
      note: expect.stringContaining('everything is frozen') as unknown,
    });
    await say('unfreeze');
    await runRedistribution(site.deps, id, ever);
    expect(ran).toEqual([`${id}-1`]);
  });

  itOnce('that comes while commands run lets those end, and starts no more', async () => {
    const four = await approveFour({ ...bench, deps: site.deps });
    site = four.site;
    const run = runRedistribution(four.site.deps, four.id, ever);
    await expect.poll(() => four.begun).toEqual(['1']);
    await say('freeze audit');
    four.end('1');
    await run;
    expect(await four.states()).toEqual(['succeeded', 'approved', 'approved', 'approved']);
  });

  it('has exceptions by two people with a reason each, which are marked', async () => {
    const id = await site.propose();
    await say('freeze audit');
    expect(await except(id, ben, ' ')).toEqual({ reason: 'Say why.' });
    expect(await except(id, ana, 'mine')).toEqual({
      reason: expect.stringContaining('You asked for it') as unknown,
    });
    expect(await except(id, ben, 'kiosks are dark')).toBeNull();
    expect((await site.record(id)).state).toBe('proposed');
    expect(await except(id, ben, 'again')).toEqual({
      reason: expect.stringContaining('somebody else') as unknown,
    });
    expect(await except(id, cai, 'indeed')).toBeNull();
    expect((await site.record(id)).state).toBe('approved');
    expect(await shown(id)).toMatch(
      /<@U0BEN> <!date\S+ [^,]*\(:snowflake: exception: kiosks are dark\), <@U0CAI>/,
    );
    await runRedistribution(site.deps, id, ever);
    expect((await site.commands(id)).map(({ state }) => state)).toEqual(['succeeded']);
  });

  itOnce('is lifted by whoever froze it, or an approver', async () => {
    const approval = {
      ...site.deps.policies.approval,
      approvers: [{ kind: 'user', userId: 'U0CAI' } as const],
    };
    site = { ...site, deps: { ...site.deps, policies: { ...site.deps.policies, approval } } };
    await say('freeze audit', ana);
    expect(await say('unfreeze', ben)).toContain('Only whoever froze it, or an approver');
    expect(await say('unfreeze', cai)).toContain('Nothing is frozen.');
    await say('freeze audit', ben);
    expect(await say('unfreeze', ben)).toContain('Nothing is frozen.');
  });
});
