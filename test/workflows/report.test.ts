import { expect, it } from 'vitest';
import { ChatError, type ChatFile, type ChatMessage, type SlashCommand } from '../../src/domain/chat.ts';
import type { ReportPlan } from '../../src/domain/report.ts';
import { actions } from '../../src/messages/actions.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
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

const person = { teamId: 'T0RESTAGE', userId: 'U0ANA' };
let asked = 0;

async function ask({ deps }: Workbench, text: string, deliveryKey = `command-${(asked += 1)}`) {
  const command: SlashCommand = {
    deliveryKey,
    command: '/restage',
    text,
    person,
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

/** What *Post it here* of a report carries; undefined where there is no such button. */
function buttonOf({ blocks }: ChatMessage): string | undefined {
  const row = blocks.find((block) => block.type === 'actions')?.elements[0];
  return row?.type === 'button' && row.action_id === actions.reportPost ? row.value : undefined;
}

/** A click on *Post it here*; returns what took the place of the report that was clicked. */
async function clickPost({ deps }: Workbench, value: string): Promise<string> {
  const said: string[] = [];
  const respond: Deps['chat']['respond'] = async (_url, { text }, replaces) => {
    said.push(`${replaces ?? 'beside'}: ${text}`);
  };
  const place = { channel: 'C0EU', responseUrl: 'http://127.0.0.1:1/', triggerId: 't', messageTs: '1' };
  const click = {
    ...place,
    deliveryKey: `click-${(asked += 1)}`,
    actionId: actions.reportPost,
    value,
    person,
  };
  await handleClick({ ...deps, chat: { ...deps.chat, respond } }, click);
  return said.join('\n');
}

/** Asks for a report and posts it. */
async function askAndPost(bench: Workbench, text: string): Promise<void> {
  await clickPost(bench, buttonOf(await ask(bench, text)) ?? 'no button');
  await bench.work();
}

/** A table's rows, each as one line. */
function rowsIn(message: { readonly blocks: ChatMessage['blocks'] } | undefined): readonly string[] {
  const tables = message?.blocks.flatMap((block) => (block.type === 'table' ? [block] : [])) ?? [];
  expect(tables).toHaveLength(1);
  return tables.flatMap(({ rows }) =>
    rows.map((row) => row.map((cell) => (cell.type === 'raw_text' ? cell.text : cell.type)).join(' | ')),
  );
}

const imagesIn = (message: { readonly blocks: ChatMessage['blocks'] } | undefined) =>
  message?.blocks.flatMap((block) => (block.type === 'image' ? [block] : [])) ?? [];

const postsOf = (bench: Workbench) =>
  bench.workspace.messages('maint-eu').filter(({ blocks }) => JSON.stringify(blocks).includes('Failures in'));

describeOnBothDatabases('A20: a report', (open) => {
  it('that was asked for is shown to who asked, and posted by a click as one message with table and chart', async () => {
    const bench = await createWorkbench(await open(), { latenessMs: 30 * day });
    await fill(bench);
    const drawn: ChatFile[] = [];
    const chat = { ...bench.deps.chat };
    Object.assign(bench.deps.chat, {
      uploadUnshared: (file: ChatFile) => {
        drawn.push(file);
        return chat.uploadUnshared(file);
      },
    });
    const before = bench.workspace.messages('maint-eu').length;
    const shown = await ask(bench, 'report eu last week');
    await bench.work();
    expect(bench.workspace.messages('maint-eu')).toHaveLength(before);
    expect(rowsIn(shown)).toContain('Failures by type | connection | 3 | 2 | +50 %');
    expect(imagesIn(shown)).toEqual([]);
    expect(await clickPost(bench, buttonOf(shown) ?? '')).toMatch(/^replaces: The report is on its way/);
    await bench.work();
    const [report] = postsOf(bench);
    expect(report?.text).toContain(
      'Failures in eu, 2026-11-16 00:00 to 2026-11-23 00:00 (UTC): 5 alerts (2 before, +150 %)',
    );
    expect(report?.text).toContain('Failures by type: connection 3 (2 before), access 2 (0 before).');
    expect(report?.text).toContain('Failures by server: int-38 4 (2 before), dist-01 1 (0 before).');
    expect(report?.text).toContain('Failures by package: geo-db 4 (2 before), voice 1 (0 before).');
    expect(report?.text).toContain('Top devices: int-58 3 (1 before)');
    expect(rowsIn(report)).toEqual(rowsIn(shown));
    expect(rowsIn(report).join()).not.toContain('stranger');
    expect(imagesIn(report)).toMatchObject([
      { alt_text: expect.stringContaining('connection 3, before 2; access 2, before 0.') },
    ]);
    expect(drawn).toMatchObject([{ name: 'report.png' }]);
    expect(bench.workspace.messages('maint-eu').filter(({ files }) => files.length > 0)).toEqual([]);
    await bench.close();
  });

  it('is posted once, by a double click, a command that Slack delivers again, and two bots', async () => {
    const bench = await createWorkbench(await open(), { latenessMs: 30 * day });
    await fill(bench);
    const shown = await Promise.all([
      ask(bench, 'report eu last week', 'the-same'),
      ask(bench, 'report eu last week', 'the-same'),
    ]);
    const buttons = shown.map((one) => buttonOf(one) ?? '');
    await Promise.all([...buttons, ...buttons].map((value) => clickPost(bench, value)));
    await bench.work();
    expect(await clickPost(bench, buttons[0] ?? '')).toContain('This report is posted already.');
    await bench.work();
    expect(postsOf(bench)).toHaveLength(1);
    await bench.close();
  });

  it('of zeros is shown to who asked, and cannot be posted', async () => {
    const bench = await createWorkbench(await open());
    const shown = await ask(bench, 'report eu last week');
    expect(shown.text).toContain('no alerts and no tickets');
    expect(JSON.stringify(shown.blocks)).toContain('there is nothing to post');
    expect(buttonOf(shown)).toBeUndefined();
    await bench.close();
  });

  it('is about all regions where it names none', async () => {
    const bench = await createWorkbench(await open(), { latenessMs: 30 * day });
    await fill(bench);
    await askAndPost(bench, 'report');
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
    await askAndPost(bench, 'report eu today');
    const [report] = postsOf(bench);
    expect(report?.text).toContain('0 alerts (0 before), 1 tickets opened (0), 0 resolved (0).');
    expect(report?.text).toContain('Time to acknowledge: median 4 min, 90 % within 4 min (1 ticket).');
    expect(report?.text).toContain('Time to repair: none yet.');
    expect(rowsIn(report)).toContain('Alerts | left out: outages, suppressed | 3 | 0 | new');
    expect(rowsIn(report)).toContain('Time to acknowledge | median | 4 min | none | –');
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
    await askAndPost(bench, 'report EU today');
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
    expect(imagesIn(postsOf(bench)[0])).toHaveLength(1);
    bench.pass(7 * day);
    await look();
    expect(postsOf(bench)).toHaveLength(2);
    bench.pass(21 * day);
    await look();
    expect(postsOf(bench), 'a report of zeros').toHaveLength(2);
    await bench.close();
  });

  it.each([
    ['was not uploaded at first is posted with it later', [new ChatError('unknown', 'timeout')], 1],
    ['Slack refuses is posted without it', [new ChatError('refused', 'missing_scope')], 0],
    ['cannot be drawn is posted without it', [new Error('no font')], 0],
    [
      'cannot be uploaded again and again is posted without it',
      [new ChatError('unknown', 'timeout'), new ChatError('unknown', 'timeout')],
      0,
    ],
  ])('whose chart %s', async (_, outcomes, images) => {
    const bench = await createWorkbench(await open(), { latenessMs: 30 * day });
    await fill(bench);
    const chat = { ...bench.deps.chat };
    const left = [...outcomes];
    Object.assign(bench.deps.chat, {
      uploadUnshared: (file: ChatFile) => {
        const failure = left.shift();
        return failure ? Promise.reject(failure) : chat.uploadUnshared(file);
      },
    });
    await askAndPost(bench, 'report eu last week');
    for (const wait of [30_000, 300_000]) {
      bench.pass(wait);
      await bench.work();
    }
    expect(postsOf(bench)).toHaveLength(1);
    expect(imagesIn(postsOf(bench)[0])).toHaveLength(images);
    expect(JSON.stringify(postsOf(bench)[0]?.blocks).includes('Without its chart')).toBe(images === 0);
    await bench.close();
  });

  it.each([
    ['once is posted with it after 5 s', 1, 1],
    ['always is posted without it', 2, 0],
  ])('whose file Slack does not show yet, %s', async (_, times, images) => {
    const bench = await createWorkbench(await open(), { latenessMs: 30 * day });
    await fill(bench);
    const chat = { ...bench.deps.chat };
    let refused = 0;
    Object.assign(bench.deps.chat, {
      post: (...sent: Parameters<typeof chat.post>) => {
        const isEarly = refused < times && imagesIn(sent[1]).length > 0;
        if (!isEarly) return chat.post(...sent);
        refused += 1;
        return Promise.reject(new ChatError('refused', 'not shown yet', { retryAfterMs: 5_000 }));
      },
    });
    await askAndPost(bench, 'report eu last week');
    for (const wait of [5_000, 5_000]) {
      bench.pass(wait);
      await bench.work();
    }
    expect(postsOf(bench)).toHaveLength(1);
    expect(imagesIn(postsOf(bench)[0])).toHaveLength(images);
    await bench.close();
  });
});
