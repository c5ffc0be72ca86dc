import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunRequest, RunWatcher } from '../../src/domain/server.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { writeOutputFile } from '../../src/workflows/redistribution/output-file.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readText } from '../messages/reading.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { approveFour, int38, logLine, prepareRedistributions } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const ever = new AbortController().signal;
const rsync = ['rsync', '-a', '/srv/geo-db', 'int-58:/srv/'];

describeOnBothDatabases('after a command has run', (open) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
  });
  afterEach(() => bench.close());

  async function runRsync(trialPrints: string, verify: boolean) {
    const allowed = [
      { program: 'rsync', flags: [{ name: '-a', value: null }], arguments: ['.*'], directories: [] },
    ];
    const profile = { ...int38, recorder: null, allowed, running: { ...int38.running, verify } };
    const site = prepareRedistributions(bench, [profile]);
    site.server.logs.push(logLine(0, { argv: rsync }));
    bench.pass(1000);
    const id = await site.propose();
    await clickApprove(site.deps, site.click(id));
    const ran: string[] = [];
    site.server.run = async (_profile, { id: run, argv }: RunRequest, watcher: RunWatcher) => {
      watcher.onSend();
      ran.push(argv.join(' '));
      if (!run.endsWith('-verify')) return { outcome: 'exited', exitCode: 0 };
      watcher.onOutput(Buffer.from(trialPrints));
      return { outcome: 'exited', exitCode: trialPrints.startsWith('rsync:') ? 12 : 0 };
    };
    await runRedistribution(site.deps, id, ever);
    const left = await site.deps.store.transaction((tx) => tx.failedJobs('int-38', null));
    return { ran, left: left.map(({ cause }) => cause) };
  }

  it.each([
    ['nothing is left to do', '', true, []],
    [
      'something is left to do',
      '>f+++++ data\n',
      true,
      ['not everything is in place after it: >f+++++ data'],
    ],
    // Unknown: a person says what became of it.
    ['nobody can tell', 'rsync: connection lost', true, ['refused']],
    ['nobody wants it verified', '>f+++++ data\n', false, []],
  ])('B13: a trial that changes nothing decides: %s', async (_name, prints, verify, left) => {
    const found = await runRsync(prints, verify);
    expect(found.left).toEqual(left);
    expect(found.ran).toEqual([
      rsync.join(' '),
      ...(verify ? ['rsync -n -i -a /srv/geo-db int-58:/srv/'] : []),
    ]);
  });

  it('B13: what verifies a command is shown and approved with it, and never begins without that', async () => {
    const allowed = [
      { program: 'rsync', flags: [{ name: '-a', value: null }], arguments: ['.*'], directories: [] },
    ];
    const profileOf = (verify: boolean) => {
      return { ...int38, recorder: null, allowed, running: { ...int38.running, verify } };
    };
    const proposeOn = async (verify: boolean) => {
      const site = prepareRedistributions(bench, [profileOf(verify)]);
      site.server.logs.push(logLine(0, { argv: rsync }));
      bench.pass(1000);
      const id = await site.propose();
      const message = await renderRedistribution(site.deps, id);
      return { site, id, digest: (await site.record(id)).digest, text: message ? readText(message) : '' };
    };
    const without = await proposeOn(false);
    expect(without.text).not.toContain('verified');
    await clickApprove(without.site.deps, without.site.click(without.id));
    const ran: string[] = [];
    const deps = {
      ...without.site.deps,
      policies: { ...without.site.deps.policies, servers: new Map([['int-38', profileOf(true)]]) },
    };
    without.site.server.run = async (_profile, { argv }) => {
      ran.push(argv.join(' '));
      return { outcome: 'exited', exitCode: 12 };
    };
    await runRedistribution(deps, without.id, ever);
    expect(ran).toEqual([rsync.join(' ')]);
    const withIt = await proposeOn(true);
    expect(withIt.text).toContain('then verified by `rsync -n -i -a /srv/geo-db int-58:/srv/`');
    const [command] = await withIt.site.commands(withIt.id);
    expect(command?.command.verification).toEqual(['rsync', '-n', '-i', ...rsync.slice(1)]);
  });

  it('B12: long output comes whole, as one file in the thread', async () => {
    const { site, id } = await approveFour(bench);
    await bench.work();
    const whole = `first line\n${'x'.repeat(9000)}\nlast line\n`;
    site.server.run = async (_profile, { id: run, mayStart }, watcher) => {
      watcher.onSend();
      watcher.onSeen();
      watcher.onOutput(
        Buffer.from(run.endsWith('-2') ? whole : `short, ${mayStart ? 'run' : 'read again'}\n`),
      );
      return { outcome: 'exited', exitCode: 0 };
    };
    await runRedistribution(site.deps, id, ever);
    expect(await site.deps.store.transaction((tx) => tx.deliveryOf('output', id))).toMatchObject({ sent: 0 });
    const text = Buffer.from((await writeOutputFile(site.deps, id))?.bytes ?? []).toString();
    expect(text).toContain(`# 2. /bin/push int-58\n# exit code 0\n${whole}`);
    expect(text).toContain('# exit code 0\nshort, read again\n');
    site.server.run = () => Promise.reject(new Error('away'));
    const ends = Buffer.from((await writeOutputFile(site.deps, id))?.bytes ?? []).toString();
    expect(ends).toContain('last line');
    expect(ends).not.toContain('first line');
  });
});
