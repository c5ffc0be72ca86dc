import { afterEach, beforeEach, expect, it } from 'vitest';
import { platformError } from '../../src/adapters/slack/failures.ts';
import type { ApprovalPolicy } from '../../src/domain/approval.ts';
import type { ServerProfile } from '../../src/domain/server.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { ben, int38, logLine, prepareRedistributions } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const cai = { teamId: 'T0RESTAGE', userId: 'U0CAI' };
const running = { ...int38.running, environment: { RSYNC_RSH: 'ssh' } };
const profile = { ...int38, running };
/** What somebody changes of a server in the config, and what is said of it. */
const changes: readonly [string, Partial<ServerProfile>, string][] = [
  ['host', { host: '127.0.0.2' }, 'its host is 127.0.0.2, it was 127.0.0.1'],
  ['port', { port: 2222 }, 'its port is 2222, it was 22'],
  ['user', { user: 'root' }, 'its user is root, it was restage'],
  ['host key', { hostKey: 'SHA256:y' }, 'its host key is SHA256:y, it was SHA256:x'],
  ['key', { runKeyFile: 'other' }, 'its key for running is other, it was key'],
  ['sudo', { running: { ...running, sudo: 'root' } }, 'its sudo is root, it was none'],
  ['recorder', { recorder: null }, 'its recorder is none, it was /bin/restage-record'],
  [
    'environment',
    { running: { ...running, environment: { RSYNC_RSH: 'sh', LD_PRELOAD: '/x' } } },
    'its environment RSYNC_RSH is another one; its environment LD_PRELOAD is new',
  ],
  [
    'allow list',
    { allowed: [{ program: '/bin/push', flags: [], arguments: ['.*'], directories: [] }] },
    'its allow list for /bin/push is another one',
  ],
];

describeOnBothDatabases('B10: what was approved starts as it was approved', (open, itOnce) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    bench.pass(1000);
  });
  afterEach(() => bench.close());

  function prepare(rules: Partial<ApprovalPolicy> = {}) {
    const { policies } = bench.deps;
    const approval = { ...policies.approval, ...rules };
    const deps = { ...bench.deps, policies: { ...policies, approval } };
    const site = prepareRedistributions({ ...bench, deps }, [profile]);
    site.server.logs.push(logLine(0));
    const ran: string[] = [];
    const { run } = site.server;
    site.server.run = (server, request, ...rest) => {
      if (request.mayStart) ran.push(request.id);
      return run(server, request, ...rest);
    };
    return { ...site, ran };
  }
  const withServer = (deps: Deps, change: Partial<ServerProfile>): Deps => ({
    ...deps,
    policies: { ...deps.policies, servers: new Map([['int-38', { ...profile, ...change }]]) },
  });
  const start = (deps: Deps, id: string) => runRedistribution(deps, id, new AbortController().signal);
  async function notes(deps: Deps, id: string): Promise<string> {
    const all = await deps.store.transaction((tx) => tx.commandsOf(id));
    return all.map(({ note }) => note).join();
  }
  async function thread(): Promise<string> {
    await bench.work();
    const messages = bench.workspace
      .messages('C0EU')
      .filter(({ threadTs, ts }) => threadTs !== null && threadTs !== ts);
    return messages.map(({ text }) => text).join('\n');
  }

  itOnce.each(changes)(
    'starts nothing when its %s was changed, and says so',
    async (_name, change, words) => {
      const site = prepare();
      const id = await site.propose();
      expect(await clickApprove(site.deps, site.click(id))).toBeNull();
      await start(withServer(site.deps, change), id);
      expect(site.ran).toEqual([]);
      expect(await notes(site.deps, id)).toContain(words);
      expect((await site.commands(id)).map(({ state }) => state)).toEqual(['skipped']);
      expect(await thread()).toContain(`*Void*: nothing more starts on \`int-38\``);
    },
  );

  it('approves nothing after a change of the config, and voids what was approved before it', async () => {
    const site = prepare({ approvals: 2 });
    const id = await site.propose();
    expect(await clickApprove(site.deps, site.click(id))).toBeNull();
    const changed = withServer(site.deps, { port: 2222 });
    expect(await clickApprove(changed, site.click(id, cai))).toContain('its port is 2222, it was 22');
    const message = await renderRedistribution(changed, id);
    expect(message && readText(message)).toMatch(/Void: the approval of <@U0BEN>[^]*its port is 2222/);
  });

  itOnce('takes a changed known_hosts for a change', async () => {
    const site = prepare();
    const id = await site.propose();
    expect(await clickApprove(site.deps, site.click(id))).toBeNull();
    site.server.hostKeys.set('int-38', ['SHA256:x', 'SHA256:z']);
    await start(site.deps, id);
    expect(site.ran).toEqual([]);
    expect(await notes(site.deps, id)).toContain('its host key is SHA256:x or SHA256:z, it was SHA256:x');
  });

  itOnce('an allow list for another program is no change', async () => {
    const site = prepare();
    const id = await site.propose();
    const other = { program: 'make', flags: [], arguments: [], directories: [] };
    const changed = withServer(site.deps, { allowed: [...profile.allowed, other] });
    expect(await clickApprove(changed, site.click(id))).toBeNull();
    await start(changed, id);
    expect(site.ran).toEqual([`${id}-1`]);
  });

  it('starts nothing when who approved it has left the group, or was deactivated', async () => {
    const site = prepare({ approvers: [{ kind: 'group', groupId: 'S0EU' }] });
    const id = await site.propose();
    expect(await clickApprove(site.deps, site.click(id))).toBeNull();
    const left = { ...bench.deps.chat, membersOf: async () => ['U0CAI'] };
    await start({ ...site.deps, chat: left }, id);
    expect(await notes(site.deps, id)).toContain('U0BEN, who approved it, is no longer an approver');

    const other = await site.propose();
    expect(await clickApprove(site.deps, site.click(other, cai))).toBeNull();
    bench.workspace.deactivate('U0CAI');
    await start(site.deps, other);
    expect(await notes(site.deps, other)).toContain('U0CAI, who approved it');
    expect(site.ran).toEqual([]);
  });

  itOnce('starts nothing when the group of approvers was deleted, and says so', async () => {
    const site = prepare({ approvers: [{ kind: 'group', groupId: 'S0EU' }] });
    const id = await site.propose();
    expect(await clickApprove(site.deps, site.click(id))).toBeNull();
    const gone = platformError('usergroups.users.list', 'no_such_subteam');
    const chat = { ...bench.deps.chat, membersOf: () => Promise.reject(gone) };
    await start({ ...site.deps, chat }, id);
    expect(await notes(site.deps, id)).toContain('or the group was deleted');
    expect(site.ran).toEqual([]);
    expect((await site.record(id)).state).toBe('done');
  });

  it('waits while Slack does not say whether who approved it still may, and then starts', async () => {
    const site = prepare({ approvers: [{ kind: 'group', groupId: 'S0EU' }] });
    const id = await site.propose();
    expect(await clickApprove(site.deps, site.click(id))).toBeNull();
    const away = { ...bench.deps.chat, membersOf: () => Promise.reject(new Error('away')) };
    await start({ ...site.deps, chat: away }, id);
    expect(site.ran).toEqual([]);
    const waits = await site.record(id);
    expect(waits).toMatchObject({ state: 'running', note: expect.stringContaining('Nothing starts now') });
    const mute = { ...bench.deps.chat, isActive: () => Promise.reject(new Error('away')) };
    await start({ ...site.deps, chat: mute }, id);
    expect(site.ran).toEqual([]);
    await start(site.deps, id);
    expect(site.ran).toEqual([`${id}-1`]);
    expect((await site.record(id)).state).toBe('done');
  });

  itOnce('starts nothing when it takes more approvals by now', async () => {
    const site = prepare();
    const id = await site.propose();
    expect(await clickApprove(site.deps, site.click(id, ben))).toBeNull();
    const approval = { ...site.deps.policies.approval, approvals: 2 };
    await start({ ...site.deps, policies: { ...site.deps.policies, approval } }, id);
    expect(await notes(site.deps, id)).toContain('it takes 2 approvals by now, and has 1');
  });
});
