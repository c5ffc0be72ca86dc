import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApprovalPolicy } from '../../src/domain/approval.ts';
import type { Person } from '../../src/domain/chat.ts';
import type { ServerProfile } from '../../src/domain/server.ts';
import { actions } from '../../src/messages/actions.ts';
import { clickApproveDryRun } from '../../src/workflows/redistribution/approve-dry-run.ts';
import { askForDryRun } from '../../src/workflows/redistribution/begin-dry-run.ts';
import {
  clickApprove,
  rejectRedistribution,
} from '../../src/workflows/redistribution/decide-redistribution.ts';
import { tryCommands } from '../../src/workflows/redistribution/dry-run.ts';
import { freeze as freezeAll } from '../../src/workflows/redistribution/freeze.ts';
import { selectByTyping } from '../../src/workflows/redistribution/revise-proposal.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  ana,
  ben,
  int38,
  logLine,
  prepareRedistributions,
  slashCommand,
} from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const ever = new AbortController().signal;
const cai = { teamId: 'T0RESTAGE', userId: 'U0CAI' };
const profile: ServerProfile = {
  ...int38,
  runKeyFile: 'run-key',
  allowed: [
    {
      program: 'rsync',
      flags: [
        { name: '-a', value: null },
        { name: '-e', value: '.*' },
      ],
      arguments: ['.*'],
      directories: [],
    },
    {
      program: 'ansible-playbook',
      flags: [{ name: '--limit', value: '.*' }],
      arguments: ['.*'],
      directories: [],
    },
  ],
};

describeOnBothDatabases('B10, B11: a dry run that may do more than print', (open) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
  });
  afterEach(() => bench.close());

  async function propose(rules: Partial<ApprovalPolicy> = {}) {
    const { policies } = bench.deps;
    const approval = { ...policies.approval, ...rules };
    const deps = { ...bench.deps, policies: { ...policies, approval } };
    const site = prepareRedistributions({ ...bench, deps }, [profile]);
    const ran: string[] = [];
    site.server.run = async (_server, { argv, mayStart }) => {
      if (!mayStart) return { outcome: 'not-started', reason: 'it was not there' };
      ran.push(argv.join(' ').replace(/^sh -c .* sh rsync/, 'env -i rsync'));
      return { outcome: 'exited', exitCode: 0 };
    };
    site.server.logs.push(
      logLine(0, { job: 'J1', argv: ['ansible-playbook', '--limit', 'int-58', 'geo.yml'] }),
      logLine(0, { job: 'J2x', argv: ['rsync', '-a', '-e', 'sh -c x', '/srv/geo', 'int-58:/srv/'] }),
      logLine(0, { job: 'J3xx', argv: ['rsync', '-a', '/srv/geo', 'int-58:/srv/'] }),
    );
    bench.pass(1000);
    const id = await site.propose();
    const digest = async () => (await site.record(id)).plan?.dryRuns?.digest ?? 'none';
    const approve = async (person: Person, shown?: string) =>
      clickApproveDryRun(site.deps, {
        ...site.click(id, person),
        actionId: actions.redistributionApproveDryRun,
        value: `${id} ${shown ?? (await digest())}`,
      });
    const shown = async () =>
      readText((await renderRedistribution(site.deps, id)) ?? { text: '', blocks: [] });
    const begin = (person: Person) => askForDryRun(site.deps, { ...site.click(id, person), value: id });
    return { site, id, ran, approve, digest, shown, begin, tryAll: () => tryCommands(site.deps, id, ever) };
  }

  const approved = [
    'ansible-playbook --check --limit int-58 geo.yml',
    'rsync -n -i -a -e sh -c x /srv/geo int-58:/srv/',
  ];

  it('is not begun by whoever asked, who may begin the free ones alone', async () => {
    const { ran, approve, begin, tryAll, shown } = await propose();
    expect(await shown()).toMatch(
      /1 free: rsync only lists · 2 needs approval: .*--check may run tasks of its own/,
    );
    expect(await approve(ana)).toContain('somebody else');
    expect(await begin(ana)).toBeNull();
    await tryAll();
    expect(ran).toEqual(['env -i rsync -n -i -a /srv/geo int-58:/srv/']);
  });

  it('begins with the last approval that it takes, and each approval serves once', async () => {
    const { site, id, ran, approve, tryAll, shown } = await propose({ approvals: 2 });
    expect(await approve(ben)).toBeNull();
    await tryAll();
    expect(ran).toEqual([]);
    expect(await shown()).toContain('1 of 2: <@U0BEN>');
    expect(await approve(ben)).toContain('somebody else');
    expect(await approve(cai)).toBeNull();
    await tryAll();
    expect(ran.toSorted()).toEqual(approved);
    const runs = await site.deps.store.transaction((tx) => tx.openDryRuns(id));
    expect(runs).toEqual([]);
    expect(await approve(cai)).toBeNull();
    await tryAll();
    expect(ran).toHaveLength(2);
  });

  it('has an approval of its own: neither does it approve the run, nor the run it', async () => {
    const { site, id, ran, approve, digest, tryAll } = await propose({ approvals: 2 });
    const run = (await site.record(id)).digest ?? '';
    expect(run).not.toBe(await digest());
    expect(await approve(ben, run)).toContain('not those that were shown');
    const click = site.click(id, ben);
    expect(await clickApprove(site.deps, { ...click, value: `${id} ${await digest()}` })).toContain(
      'not those',
    );
    expect(await clickApprove(site.deps, click)).toBeNull();
    expect(await approve(ben)).toBeNull();
    expect(await site.record(id)).toMatchObject({ state: 'proposed' });
    expect(await approve(cai)).toBeNull();
    expect(await site.record(id)).toMatchObject({ state: 'proposed' });
    await tryAll();
    expect(ran).toHaveLength(2);
  });

  it('loses its approvals when what runs is selected anew', async () => {
    const { site, id, ran, approve, digest, tryAll } = await propose({ approvals: 2 });
    const before = await digest();
    await approve(ben);
    const proposal = { id, digest: (await site.record(id)).digest, person: ana };
    expect(await selectByTyping(site.deps, proposal, '1')).toBeNull();
    expect(await approve(cai, before)).toContain('not those that were shown');
    expect(await approve(cai)).toBeNull();
    await tryAll();
    expect(ran).toEqual([]);
    expect(await approve(ben)).toBeNull();
    await tryAll();
    expect(ran).toEqual([approved[0]]);
  });

  it('is not started once the proposal is decided', async () => {
    const { site, id, ran, approve, tryAll } = await propose();
    await approve(ben);
    await rejectRedistribution(site.deps, { id, person: ana }, 'no');
    await tryAll();
    expect(ran).toEqual([]);
  });

  it('that an earlier version began without an approval is refused', async () => {
    const { site, id, ran, tryAll } = await propose();
    const [command] = await site.commands(id);
    const run = {
      id: `${id}-1-dry-1`,
      redistributionId: id,
      commandId: command?.id ?? '',
      argv: ['ansible-playbook', '--check', '--limit', 'int-58', 'geo.yml'],
      runFolder: 'home',
      requestedBy: ana,
      requestedAt: bench.deps.clock.now(),
      approvedBy: [],
      output: '',
      exitCode: null,
      note: null,
      endedAt: null,
    };
    await site.deps.store.transaction((tx) => tx.addDryRuns([run]));
    await tryAll();
    expect(ran).toEqual([]);
    const ended = await site.deps.store.transaction((tx) => tx.dryRun(run.id));
    expect(ended?.note).toContain('it needs an approval, and has none');
  });

  it('does not start in a freeze that came after its approval, and none is begun in one', async () => {
    const { site, id, ran, approve, begin, tryAll } = await propose();
    expect(await approve(ben)).toBeNull();
    const [run] = await site.deps.store.transaction((tx) => tx.openDryRuns(id));
    site.server.run = async () => ({ outcome: 'missing' });
    await freezeAll(site.deps, { ...slashCommand('f'), text: '', person: ana }, ['int-38', 'core', 'switch']);
    await tryAll();
    expect(ran).toEqual([]);
    const ended = await site.deps.store.transaction((tx) => tx.dryRun(run?.id ?? ''));
    expect(ended?.note).toMatch(/^the server int-38 is frozen by U0ANA: core switch/);
    expect(await begin(ana)).toContain('Not now: the server int-38 is frozen');
    expect(await approve(ben)).toContain('Not now: the server int-38 is frozen');
  });

  it('that was under way as a freeze came is followed to its end', async () => {
    const { site, id, approve, tryAll } = await propose();
    expect(await approve(ben)).toBeNull();
    const runs = await site.deps.store.transaction((tx) => tx.openDryRuns(id));
    site.server.run = async (_server, { mayStart }) =>
      mayStart ? { outcome: 'not-started', reason: 'started' } : { outcome: 'exited', exitCode: 0 };
    await freezeAll(site.deps, { ...slashCommand('f'), text: '', person: ana }, ['audit']);
    await tryAll();
    const ended = await site.deps.store.transaction((tx) => tx.dryRun(runs[0]?.id ?? ''));
    expect(ended).toMatchObject({ exitCode: 0, note: null });
  });

  it('cannot be approved outside the hours for approvals', async () => {
    const later = { timeZone: 'UTC', days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, untilMinute: 1 };
    const { approve, ran, tryAll } = await propose({ hours: [later] });
    expect(await approve(ben)).toContain('certain hours');
    await tryAll();
    expect(ran).toEqual([]);
  });
});
