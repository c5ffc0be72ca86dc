import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalPolicy } from '../../src/domain/approval.ts';
import type { RedistributeInput } from '../../src/workflows/redistribution/redistribute-operation.ts';
import { redistributeFromTerminal } from '../../src/workflows/redistribution/redistribute-operation.ts';
import { gather } from '../../src/workflows/redistribution/gather.ts';
import { onPglite } from '../support/databases.ts';
import { int38, logLine, prepareRedistributions } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

describe('B5: restage redistribute', () => {
  const open = onPglite();
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    bench.pass(1000);
  });
  afterEach(() => bench.close());

  function prepare(rules: Partial<ApprovalPolicy> = {}) {
    const { policies } = bench.deps;
    const approval = { ...policies.approval, terminalUsers: { ben: 'U0BEN' }, ...rules };
    const deps = { ...bench.deps, policies: { ...policies, approval } };
    const site = prepareRedistributions({ ...bench, deps }, [{ ...int38, channel: 'maint-eu' }]);
    site.server.logs.push(logLine(0), logLine(0.0001, { job: 'nightly-x' }));
    const input = { text: 'int-38', only: null, approve: false, confirmed: false, user: 'ben', alone: true };
    const ask = (change: Partial<RedistributeInput> = {}) =>
      redistributeFromTerminal(site.deps, { ...input, ...change });
    return { site, ask };
  }
  const runs = () => bench.jobs.filter(({ queue }) => queue === 'run').length;

  it('proposes in the server’s channel, and says what would run and who must approve', async () => {
    const { site, ask } = prepare();
    const [output] = await ask();
    expect(output).toMatchObject({
      state: 'proposed',
      server: 'int-38',
      channel: 'maint-eu',
      approvalsNeeded: 1,
      approvals: [],
      approvers: 'anybody in #maint-eu',
      notApproved: null,
    });
    expect(output?.listing).toContain('1. job J1, attempt 2\n   /bin/push int-58\n');
    expect(await site.record(output?.id ?? '')).toMatchObject({
      requestedBy: { teamId: 'terminal', userId: 'U0BEN' },
    });
    await bench.work();
    expect(bench.workspace.messages('maint-eu')).not.toEqual([]);
    expect(runs()).toBe(0);
  });

  it('approves by --yes only what the person behind the terminal may', async () => {
    const own = await prepare().ask({ approve: true });
    expect(own[0]?.notApproved).toContain('You asked for it, so somebody else');
    const stranger = await prepare().ask({ approve: true, user: 'eve' });
    expect(stranger[0]?.notApproved).toContain('approval.terminalUsers');
    expect(runs()).toBe(0);
    const lenient = await prepare({ requesterMayApprove: true }).ask({ approve: true });
    expect(lenient[0]).toMatchObject({ state: 'approved', notApproved: null });
    expect(runs()).toBe(1);
  });

  it('leaves two approvals where two are needed, and counts that of the terminal as one', async () => {
    const [output] = await prepare({ requesterMayApprove: true, approvals: 2 }).ask({ approve: true });
    expect(output).toMatchObject({ state: 'proposed', approvals: [{ userId: 'U0BEN' }], notApproved: null });
  });

  it('takes only some commands, by number or by job', async () => {
    const selected = async (only: string) =>
      (await prepare().ask({ only }))[0]?.commands.map((command) => command.selected);
    expect(await selected('2')).toEqual([false, true]);
    expect(await selected('J*')).toEqual([true, false]);
    await expect(selected('x*')).rejects.toThrow('"x*" names none of the 2 commands');
  });

  it('waits for the running bot, which reads the logs', async () => {
    const { site, ask } = prepare();
    const asked = ask({ alone: false });
    await expect.poll(() => bench.jobs.find(({ queue }) => queue === 'gather')).toBeDefined();
    const job = bench.jobs.find((one) => one.queue === 'gather');
    if (job?.queue === 'gather') await gather(site.deps, job.redistributionId);
    expect(await asked).toMatchObject([{ state: 'proposed' }]);
  });

  it('says what it does not know, and who may not ask', async () => {
    await expect(prepare().ask({ text: 'int-99' })).rejects.toThrow('No distribution server is called');
    const requesters = [{ kind: 'user', userId: 'U0ANA' }] as const;
    await expect(prepare({ requesters }).ask()).rejects.toThrow('not on the list of those who may ask');
  });
});
