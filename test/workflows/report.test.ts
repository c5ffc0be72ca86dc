import { expect, it } from 'vitest';
import { ChatError, type ChatFile, type PostTarget, type SlashCommand } from '../../src/domain/chat.ts';
import type { ReportPlan } from '../../src/domain/report.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, type Workbench } from '../support/workbench.ts';

const day = 86_400_000;
/** The workbench's clock starts on Monday 2026-11-23 at noon, UTC. */
const lastWeek = new Date('2026-11-18T09:00:00Z');
const weekBefore = new Date('2026-11-11T09:00:00Z');
const plan: ReportPlan = {
  id: 'eu week last week maint-eu',
  region: 'eu',
  every: 'week',
  weekday: 1,
  atMinutes: 13 * 60,
  timeZone: 'UTC',
  channel: 'maint-eu',
  period: 'last week',
};

let commands = 0;

async function ask({ deps }: Workbench, text: string) {
  commands += 1;
  const command: SlashCommand = {
    deliveryKey: `command-${commands}`,
    command: '/restage',
    text,
    person: { teamId: 'T0RESTAGE', userId: 'U0ANA' },
    channel: 'C0EU',
    responseUrl: 'http://127.0.0.1:1/',
    triggerId: 'trigger',
  };
  return handleCommand(deps, command);
}

/** Six alerts of last week, of these one from another region, and two of the week before. */
async function fill(bench: Workbench): Promise<void> {
  const at = (base: Date, minutes: number) => new Date(base.getTime() + minutes * 60_000);
  await bench.receive(
    alertMail('int-58', at(lastWeek, 0)),
    alertMail('int-58', at(lastWeek, 1)),
    alertMail('int-58', at(lastWeek, 2), { Package: 'voice' }),
    alertMail('dist-01', at(lastWeek, 0), { Failure: 'permission denied', Server: 'dist-01' }),
    alertMail('int-38', at(lastWeek, 0), { Failure: 'permission denied' }),
    alertMail('stranger', at(lastWeek, 0), { Region: 'apac' }),
    alertMail('int-58', at(weekBefore, 0)),
    alertMail('int-38', at(weekBefore, 0)),
  );
  await bench.work();
}

const postsOf = (bench: Workbench) =>
  bench.workspace.messages('maint-eu').filter(({ blocks }) => JSON.stringify(blocks).includes('Failures in'));
const filesIn = (bench: Workbench) =>
  bench.workspace.messages('maint-eu').filter(({ files }) => files.length > 0);

describeOnBothDatabases('A20: a report', (open) => {
  it('that was asked for is posted with its tables, its words, and a chart in its thread', async () => {
    const bench = await createWorkbench(await open(), { latenessMs: 30 * day });
    await fill(bench);
    const shared: ChatFile[] = [];
    const chat = { ...bench.deps.chat };
    Object.assign(bench.deps.chat, {
      upload: (target: PostTarget, file: ChatFile, signal: AbortSignal) => {
        shared.push(file);
        return chat.upload(target, file, signal);
      },
    });
    const answer = await ask(bench, 'report eu last week');
    expect(answer.text).toContain('failures in eu is on its way');
    await bench.work();
    const [report] = postsOf(bench);
    expect(report?.text).toContain(
      'Failures in eu, 2026-11-16 00:00 to 2026-11-23 00:00 (UTC): 5 alerts (2 before, +150 %)',
    );
    expect(report?.text).toContain('Failures by type: connection 3 (2 before), access 2 (0 before).');
    expect(report?.text).toContain('Failures by server: int-38 4 (2 before), dist-01 1 (0 before).');
    expect(report?.text).toContain('Failures by package: geo-db 4 (2 before), voice 1 (0 before).');
    expect(report?.text).toContain('Top devices: int-58 3 (1 before)');
    const tables = JSON.stringify(report?.blocks);
    expect(tables).toMatch(/connection +3 +\(2\) +\+50 %/);
    expect(tables).not.toContain('stranger');
    const [chart] = filesIn(bench);
    expect(chart?.threadTs).toBe(report?.ts);
    expect(chart?.files[0]).toMatchObject({ name: 'report.png' });
    expect(shared[0]?.altText).toContain('Failures by type: connection 3, before 2; access 2, before 0.');
    await bench.close();
  });

  it('is about all regions where it names none', async () => {
    const bench = await createWorkbench(await open(), { latenessMs: 30 * day });
    await fill(bench);
    await ask(bench, 'report');
    await bench.work();
    expect(postsOf(bench)[0]?.text).toContain('Failures in all regions');
    expect(postsOf(bench)[0]?.text).toContain(': 6 alerts (2 before');
    await bench.close();
  });

  it('says how long tickets took to be acknowledged, and leaves out what outages took', async () => {
    const bench = await createWorkbench(await open());
    const at = bench.now();
    await bench.receive(alertMail('int-58', at), alertMail('int-58', at), alertMail('int-58', at));
    await bench.work();
    bench.pass(240_000);
    await bench.deps.store.transaction(async (tx) => {
      const acknowledged = { acknowledgedBy: 'U0ANA', acknowledgedAt: bench.now() };
      await tx.changeTicket(1, { state: 'acknowledged', ...acknowledged });
      await tx.moveAlerts([1], 'voided', 'maintenance');
    });
    await ask(bench, 'report eu today');
    await bench.work();
    const [report] = postsOf(bench);
    expect(report?.text).toContain('0 alerts (0 before), 1 tickets opened (0), 0 resolved (0).');
    expect(report?.text).toContain('Time to acknowledge: median 4 min, 90 % within 4 min (1 ticket).');
    expect(report?.text).toContain('Time to repair: none yet.');
    expect(JSON.stringify(report?.blocks)).toContain('Left out (outages, suppressed)*\\n3 (0, new)');
    await bench.close();
  });

  it('counts what became part of another ticket as one with that', async () => {
    const bench = await createWorkbench(await open());
    const at = bench.now();
    for (const device of ['int-58', 'int-38'])
      await bench.receive(alertMail(device, at), alertMail(device, at), alertMail(device, at));
    await bench.work();
    bench.pass(60_000);
    await bench.deps.store.transaction((tx) => tx.changeTicket(2, { state: 'joined' }));
    await ask(bench, 'report EU today');
    await bench.work();
    expect(postsOf(bench)[0]?.text).toContain('6 alerts (0 before, new), 1 tickets opened (0)');
    await bench.close();
  });

  it('on a period that nobody understands says which there are, and the regions', async () => {
    const bench = await createWorkbench(await open());
    const answer = await ask(bench, 'report mars yesterday');
    expect(answer.text).toContain('I cannot read the period');
    expect(answer.text).toContain('Regions: eu.');
    await bench.close();
  });

  it('that is scheduled is posted once for each slot, however often it is looked for', async () => {
    const bench = await createWorkbench(await open(), { reports: [plan], latenessMs: 30 * day });
    await fill(bench);
    const look = async () => {
      await Promise.all([sweep(bench.deps), sweep(bench.deps)]);
      await bench.work();
    };
    await look();
    expect(postsOf(bench)).toHaveLength(0);
    bench.pass(3_600_000);
    await look();
    bench.pass(60_000);
    await look();
    expect(postsOf(bench)).toHaveLength(1);
    expect(postsOf(bench)[0]?.text).toContain('2026-11-16 00:00 to 2026-11-23 00:00 (UTC): 5 alerts');
    expect(filesIn(bench)).toHaveLength(1);
    bench.pass(7 * day);
    await look();
    expect(postsOf(bench)).toHaveLength(2);
    bench.pass(21 * day);
    await look();
    expect(postsOf(bench), 'a report of zeros').toHaveLength(2);
    await bench.close();
  });

  it('whose chart could not be shared tries again, and leaves it at that once it may be there', async () => {
    const bench = await createWorkbench(await open(), { latenessMs: 30 * day });
    await fill(bench);
    const outcomes = [new ChatError('not-sent', 'no connection'), new ChatError('unknown', 'timeout')];
    const tries: string[] = [];
    const upload = () => {
      tries.push('upload');
      return Promise.reject(outcomes[tries.length - 1] ?? new Error('uploaded once more'));
    };
    Object.assign(bench.deps.chat, { upload });
    await ask(bench, 'report eu last week');
    await bench.work();
    expect(tries).toHaveLength(1);
    for (const wait of [30_000, 300_000, 3_600_000]) {
      bench.pass(wait);
      await bench.work();
    }
    expect(tries).toHaveLength(2);
    expect(postsOf(bench)).toHaveLength(1);
    await bench.close();
  });
});
