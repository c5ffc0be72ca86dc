import { afterEach, beforeEach, expect, it } from 'vitest';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { hourMs, int38, logLine, prepareRedistributions } from '../support/redistributions.ts';
import { alertMail, createWorkbench, deviceAt, start, type Workbench } from '../support/workbench.ts';

const ever = new AbortController().signal;

describeOnBothDatabases('B13: a re-run that fails again', (open) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench(await open(), { servers: new Map([['int-38', int38]]) });
  });
  afterEach(() => bench.close());

  const mails = (count: number, fields: Readonly<Record<string, string>>) =>
    Array.from({ length: count }, () => alertMail('int-58', bench.now(), fields));
  const tickets = () =>
    bench.deps.store.transaction((tx) => tx.ticketsIn(['candidate', 'open', 'repaired', 'resolved']));
  const failedJobs = () => bench.deps.store.transaction((tx) => tx.failedJobs('int-38', null));

  /** J1 is run again for int-58, and fails. */
  async function failAgain(recorder: string | null, recipients = ['int-58']) {
    const allowed = [
      { program: '/bin/push', flags: [], arguments: ['[a-z0-9.-]+'], directories: [], list: ['arguments'] },
    ];
    const site = prepareRedistributions(bench, [{ ...int38, recorder, allowed }]);
    site.server.logs.push(logLine(0, { recipients }));
    bench.pass(hourMs);
    const id = await site.propose('int-38 since yesterday');
    expect(await clickApprove(site.deps, site.click(id))).toBeNull();
    site.server.run = async (_profile, _request, watcher) => {
      watcher.onSend();
      watcher.onSeen();
      bench.pass(60_000);
      site.server.logs.push(logLine(1.016, { attempt: 2, recipients }));
      return { outcome: 'exited', exitCode: 1 };
    };
    await runRedistribution(site.deps, id, ever);
    await bench.work();
    return { site, id };
  }

  it('its mail joins the attempt: the repaired ticket stays, and there is one failed job', async () => {
    await bench.receive(...mails(3, {}));
    await bench.work();
    const repairedAt = new Date(start.getTime() + 1000);
    await bench.deps.store.transaction((tx) => tx.changeTicket(1, { state: 'repaired', repairedAt }));
    await failAgain(int38.recorder);
    await bench.receive(...mails(3, { Attempt: '2', Server: 'int-38.example.net' }));
    await bench.work();
    expect(await tickets()).toMatchObject([{ state: 'repaired', alertCount: 6 }]);
    expect(await failedJobs()).toMatchObject([
      { job: 'J1', recipient: 'int-58', attempt: 2, knownFrom: 'both' },
    ]);
  });

  it('without a ticket it opens none, and is in one state', async () => {
    await failAgain(int38.recorder);
    await bench.receive(...mails(3, { Attempt: '2' }));
    await bench.work();
    expect(await tickets()).toEqual([]);
    expect(await bench.deps.store.transaction((tx) => tx.disagreements())).toEqual([]);
    expect(await failedJobs()).toMatchObject([{ attempt: 2, knownFrom: 'both' }]);
  });

  it('the failure of the night after is a new one', async () => {
    await failAgain(int38.recorder);
    bench.pass(12 * hourMs);
    await bench.receive(...mails(3, {}));
    await bench.work();
    expect(await tickets()).toHaveLength(1);
  });

  it('without a recorder the ledger tells which attempt the tool’s own mail is about', async () => {
    await bench.close();
    bench = await createWorkbench(await open(), {
      servers: new Map([['int-38', { ...int38, recorder: null }]]),
    });
    await failAgain(null);
    await bench.receive(...mails(3, {}));
    await bench.work();
    expect(await tickets()).toEqual([]);
    expect(await failedJobs()).toMatchObject([{ attempt: 2, knownFrom: 'both' }]);
  });

  it('B6: a recipient that the log names in full is the device that mail names', async () => {
    await bench.close();
    const device = { ...deviceAt('int-58', '10.58.0.1', null), fqdn: 'int-58.eu.example.net' };
    bench = await createWorkbench(await open(), { servers: new Map([['int-38', int38]]) }, [device]);
    await bench.receive(...mails(1, {}));
    const { site, id } = await failAgain(int38.recorder, ['int-58.eu.example.net']);
    expect(await site.record(id)).toMatchObject({ unmatched: [] });
    expect(await site.commands(id)).toMatchObject([
      { command: { argv: ['/bin/push', 'int-58.eu.example.net'], recipients: ['int-58.eu.example.net'] } },
    ]);
    await bench.receive(...mails(3, { Attempt: '2' }));
    await bench.work();
    expect((await tickets()).filter(({ state }) => state === 'open')).toEqual([]);
    expect(await failedJobs()).toMatchObject([{ recipient: 'int-58', attempt: 2, knownFrom: 'both' }]);

    const again = await site.propose('int-58 since yesterday');
    expect(await clickApprove(site.deps, site.click(again))).toBeNull();
    const results = [{ recipient: 'int-58.eu.example.net', result: 'succeeded', cause: null }];
    const succeeded = { attempt: 3, recipients: ['int-58.eu.example.net'], exitCode: 0, results };
    site.server.run = async () => {
      site.server.logs.push(logLine(1.02, succeeded));
      return { outcome: 'exited', exitCode: 0 };
    };
    bench.pass(60_000);
    await runRedistribution(site.deps, again, ever);
    expect(await failedJobs()).toEqual([]);
  });
});
