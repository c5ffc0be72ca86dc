import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApprovalPolicy, Who } from '../../src/domain/approval.ts';
import type { Person } from '../../src/domain/chat.ts';
import type { ServerProfile } from '../../src/domain/server.ts';
import { editFormId } from '../../src/messages/edit-form.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import {
  clickApprove,
  rejectRedistribution,
} from '../../src/workflows/redistribution/decide-redistribution.ts';
import { gather } from '../../src/workflows/redistribution/gather.ts';
import { submitEdit } from '../../src/workflows/redistribution/revise-proposal.ts';
import { requestRedistribution } from '../../src/workflows/redistribution/request-redistribution.ts';
import { standingOf } from '../../src/workflows/redistribution/standing.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { ana, ben, hourMs, int38, logLine, prepareRedistributions } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const cai = { teamId: 'T0RESTAGE', userId: 'U0CAI' };
const boss = { teamId: 'T0RESTAGE', userId: 'U0BOSS' };

describeOnBothDatabases('B10: approvals', (open, itOnce) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    bench.pass(1000);
  });
  afterEach(() => bench.close());

  function prepare(rules: Partial<ApprovalPolicy>, profile: ServerProfile = int38) {
    const { policies } = bench.deps;
    const approval = { ...policies.approval, ...rules };
    const deps = { ...bench.deps, policies: { ...policies, approval } };
    const site = prepareRedistributions({ ...bench, deps }, [profile]);
    site.server.logs.push(logLine(0, { recipients: ['int-58', 'int-59'] }));
    return site;
  }
  const runs = () => bench.jobs.filter((job) => job.queue === 'run').length;
  const shown = async (deps: Deps, id: string) => {
    const message = await renderRedistribution(deps, id);
    return message ? readText(message) : '';
  };

  it('nothing runs until as many people as it takes have approved, and the message says who did', async () => {
    const site = prepare({ approvals: 2 });
    const id = await site.propose();
    expect(await shown(site.deps, id)).toContain('2 people must still approve');
    expect(await clickApprove(site.deps, site.click(id, ben))).toBeNull();
    expect(runs()).toBe(0);
    expect(await shown(site.deps, id)).toMatch(/1 of 2: <@U0BEN> <!date\^\S+ .*1 person must still approve/);
    expect(await clickApprove(site.deps, site.click(id, ben))).toContain('somebody else');
    expect(await clickApprove(site.deps, site.click(id, cai))).toBeNull();
    expect(runs()).toBe(1);
    expect(await shown(site.deps, id)).toMatch(/Approved by <@U0BEN> <!date\S+ .*, <@U0CAI> <!date/);
    const { digest } = await site.record(id);
    const approvals = await site.deps.store.transaction((tx) => tx.approvalsOf(id, 'run'));
    expect(approvals.map((one) => [one.person.userId, one.digest])).toEqual([
      ['U0BEN', digest],
      ['U0CAI', digest],
    ]);
  });

  itOnce('two people at the same moment are two approvals, one person twice is one', async () => {
    const site = prepare({ approvals: 3 });
    const id = await site.propose();
    const clicks = [ben, ben, cai, ben].map((one) => clickApprove(site.deps, site.click(id, one)));
    const answers = await Promise.all(clicks);
    expect(answers.filter((answer) => answer === null)).toHaveLength(2);
    expect(runs()).toBe(0);
    await clickApprove(site.deps, site.click(id, boss));
    expect(runs()).toBe(1);
  });

  it('more recipients than the site calls few take more approvals', async () => {
    const site = prepare({ large: { recipients: 1, approvals: 2 } });
    const id = await site.propose();
    await clickApprove(site.deps, site.click(id, ben));
    expect(runs()).toBe(0);
    const few = prepare({ large: { recipients: 2, approvals: 2 } });
    const other = await few.propose();
    await clickApprove(few.deps, few.click(other, ben));
    expect(runs()).toBe(1);
  });

  itOnce(
    'an edit that grows the list takes as many approvals as its hosts do, and a second look',
    async () => {
      const flags = [{ name: '-w', value: '.+' }];
      const allowed = [{ program: 'pdsh', flags, arguments: ['.+'], directories: [] }];
      const site = prepare({ large: { recipients: 49, approvals: 2 } }, { ...int38, allowed });
      const recipients = ['int-58', 'int-59'];
      site.server.logs.splice(0, 1, logLine(0, { recipients, argv: ['pdsh', '-w', 'int-58,int-59', 'x'] }));
      const id = await site.propose();
      expect(await shown(site.deps, id)).not.toContain('reaches');
      const { digest } = await site.record(id);
      const values = { 'arguments-0': 'pdsh\n-w\nint-58,int-59,c[1-48]\nx' };
      const metadata = `${id}-1 ${digest}`;
      const form = { callbackId: editFormId, metadata, values, person: ana, deliveryKey: 'edit' };
      expect(await submitEdit(site.deps, form)).toBeNull();
      expect(await shown(site.deps, id)).toMatch(
        /2 recipients · :warning: reaches 50 hosts[^]*2 people must/,
      );
      expect(await clickApprove(site.deps, await site.clickNow(id, ben))).toContain('in doubt');
    },
  );

  itOnce(
    'approvers are named by id, as members of a user group, or of a channel; in doubt nobody is one',
    async () => {
      const group = { kind: 'group', groupId: 'S0EU' } as const;
      const deleted = { kind: 'group', groupId: 'S0NO' } as const;
      const channel = (name: string | null) => ({ kind: 'channel', channel: name }) as const;
      const check = (who: Person, ...named: readonly Who[]) => standingOf(bench.deps, who, named, 'C0EU');
      expect(await check(ben)).toBe('yes');
      expect(await check(ben, group)).toBe('yes');
      expect(await check(boss, group)).toBe('no');
      const silent = {
        ...bench.deps,
        chat: { ...bench.deps.chat, membersOf: () => Promise.reject(new Error('timeout')) },
      };
      expect(await standingOf(silent, ben, [group], 'C0EU')).toBe('unknown');
      expect(await standingOf(silent, ben, [group, channel(null)], 'C0EU')).toBe('yes');
      expect(await check(ben, deleted)).toBe('no');
      expect(await check(ben, deleted, group)).toBe('yes');
      expect(await check(ben, deleted, { kind: 'user', userId: 'U0BEN' })).toBe('yes');
      expect(await check(ben, channel(null))).toBe('yes');
      expect(await check({ ...ben, userId: 'U0AWAY' }, channel('maint-unknown'))).toBe('no');
      expect(await check(ben, channel('nowhere'))).toBe('unknown');
    },
  );

  itOnce('who is no approver neither approves nor rejects', async () => {
    const site = prepare({ approvers: [{ kind: 'group', groupId: 'S0EU' }] });
    const id = await site.propose();
    expect(await clickApprove(site.deps, site.click(id, boss))).toContain('not on the list');
    expect(await rejectRedistribution(site.deps, { id, person: boss }, 'no')).toContain('Only whoever asked');
    expect(await clickApprove(site.deps, site.click(id, ben))).toBeNull();
  });

  itOnce('only those may ask whom the site names', async () => {
    const site = prepare({ requesters: [{ kind: 'group', groupId: 'S0EU' }] });
    const request = { text: 'int-38', channel: 'C0EU', deliveryKey: 'x' };
    const refused = await requestRedistribution(site.deps, { ...request, person: ana });
    expect(refused.text).toContain('not on the list of those who may ask');
    const taken = await requestRedistribution(site.deps, { ...request, person: ben });
    expect(taken.text).toContain('Reading the failed jobs');
  });

  itOnce(
    'off-hours: nothing can be approved before they begin, and the proposal waits for them',
    async () => {
      // It is Monday, 12:00 UTC.
      const night = { timeZone: 'UTC', days: [1, 2, 3, 4, 5], fromMinute: 20 * 60, untilMinute: 6 * 60 };
      const site = prepare({ hours: [night] });
      const id = await site.propose();
      expect(await shown(site.deps, id)).toContain(':lock: Can be approved from <!date^1795464000^');
      expect(await clickApprove(site.deps, site.click(id, ben))).toContain('certain hours');
      bench.pass(8 * hourMs + 1800_000);
      expect(await clickApprove(site.deps, site.click(id, ben))).toBeNull();
      expect(runs()).toBe(1);
    },
  );

  itOnce('a proposal that is read again by a second bot keeps its approvals', async () => {
    const site = prepare({ approvals: 2 });
    const id = await site.propose();
    await clickApprove(site.deps, site.click(id, ben));
    await gather(site.deps, id);
    await clickApprove(site.deps, site.click(id, cai));
    expect(runs()).toBe(1);
  });
});
