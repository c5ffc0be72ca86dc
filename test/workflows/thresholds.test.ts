import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/postgres/database.ts';
import type { SlashCommand } from '../../src/domain/chat.ts';
import { explainMail } from '../../src/workflows/explain/explain.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { handleSubmission } from '../../src/workflows/handle-submission.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { liveProblems } from '../support/problems.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';
import { rule } from '../threshold/rules.ts';

const ana = { teamId: 'T1', userId: 'U0ANA' };

describeOnBothDatabases('thresholds while the bot runs', (open) => {
  let bench: Workbench;
  let database: Database;
  let commands = 0;
  beforeEach(async () => {
    database = await open();
    bench = await createWorkbench(database, { thresholds: [rule({ id: 'thresholds[0]', count: 3 })] });
  });
  afterEach(() => bench.close());

  const say = async (text: string, deliveryKey = `c${(commands += 1)}`) => {
    const command: SlashCommand = {
      deliveryKey,
      command: '/restage',
      text,
      person: ana,
      channel: 'C0EU',
      responseUrl: 'http://127.0.0.1:1/',
      triggerId: 't',
    };
    return JSON.stringify(await handleCommand(bench.deps, command));
  };
  const fail = (device = 'int-58') => bench.receive(alertMail(device, start));
  const auditEntries = async () =>
    (await database.executeSql('select who, what, about from audit_entries order by id', [])).rows;

  it('A9: a change is in effect for the next alert, with what was counted before', async () => {
    await fail();
    await say('thresholds set over=device count=2 within=30m');
    expect(await liveProblems(database)).toEqual([]);
    await fail();
    expect(await liveProblems(database)).toEqual(['int-58 connection 2/2']);
  });

  it('A9: undo restores the one before, step by step, down to the config', async () => {
    await say('thresholds set count=20 within=30m');
    await say('thresholds set count=30 within=30m');
    expect(await say('thresholds')).toContain('30 alerts of one device');
    expect(await say('thresholds undo')).toContain('again 20 alerts');
    expect(await say('thresholds')).toContain('20 alerts of one device');
    expect(await say('thresholds undo')).toContain('again 3 alerts');
    expect(await say('thresholds')).toContain('3 alerts of one device');
    expect(await say('thresholds undo')).toContain('the config decides');
    await bench.receive(alertMail('int-58', start), alertMail('int-58', start), alertMail('int-58', start));
    expect(await liveProblems(database)).toEqual(['int-58 connection 3/3']);
  });

  it('A9: the scopes of the same alerts are set and undone apart', async () => {
    await say('thresholds set over=package count=9 within=1h');
    await say('thresholds set over=job count=8 within=1h');
    const listed = await say('thresholds');
    for (const text of ['3 alerts of one device', '9 alerts of one package', '8 alerts of one job'])
      expect(listed).toContain(text);
    expect(await say('thresholds undo')).toContain('over=package, over=job');
    expect(await say('thresholds undo over=package')).toContain('no threshold of their own');
    expect(await say('thresholds undo')).toContain('no threshold of their own');
    expect(await say('thresholds')).not.toContain('of one job');
  });

  it('A9: who changed what is kept, and Slack’s second delivery changes nothing', async () => {
    await say('thresholds set region=eu count=7 within=1h', 'same');
    expect(await say('thresholds set region=eu count=7 within=1h', 'same')).toContain('done already');
    await say('thresholds undo region=EU');
    expect(await auditEntries()).toEqual([
      { who: 'T1/U0ANA', what: 'threshold set: 7 alerts of one device within 60 min', about: 'region eu' },
      { who: 'T1/U0ANA', what: 'threshold undone: no threshold of their own any more', about: 'region eu' },
    ]);
  });

  it('A9: another bot counts by the change at once', async () => {
    const other = await createWorkbench({ ...database, close: async () => {} }, bench.deps.policies);
    await other.receive(alertMail('int-58', start));
    await say('thresholds set count=2 within=30m');
    await other.receive(alertMail('int-58', start));
    expect(await liveProblems(database)).toEqual(['int-58 connection 2/2']);
    await other.close();
  });

  it('A9: the form says what is wrong with it, and sets the threshold when nothing is', async () => {
    const submit = (values: Record<string, string>) =>
      handleSubmission(bench.deps, {
        deliveryKey: `s${(commands += 1)}`,
        callbackId: 'threshold',
        metadata: 'http://127.0.0.1:1/',
        values,
        person: ana,
      });
    const values = { for: 'device=int-58', over: 'device', needed: '1', within: '1h' };
    expect(await submit({ ...values, needed: 'few' })).toEqual({
      needed: expect.stringContaining('such as 4'),
    });
    expect(await submit(values)).toBeNull();
    await fail();
    expect(await liveProblems(database)).toEqual(['int-58 connection 1/1']);
  });

  it('A9: the list says where each comes from, and its button takes a change back', async () => {
    await say('thresholds set device=int-58 count=1 within=1h');
    const list = await say('thresholds');
    expect(list).toContain('`thresholds[0]` in the config');
    expect(list).toContain('set by <@U0ANA>');
    const [, value = ''] = /"action_id":"threshold:undo","value":("(?:[^"\\]|\\.)*")/.exec(list) ?? [];
    const click = {
      deliveryKey: 'k1',
      actionId: 'threshold:undo',
      value: JSON.parse(value) as string,
      person: ana,
      channel: 'C0EU',
      messageTs: '1.0',
      responseUrl: 'http://127.0.0.1:1/',
      triggerId: 't',
    };
    await handleClick(bench.deps, click).catch(() => {});
    await fail();
    expect(await liveProblems(database)).toEqual([]);
  });

  it('A9: explain shows the rule, why it was chosen, and which rules it beats', async () => {
    await say('thresholds set device=int-58 failure=connection count=5 within=1h');
    await fail();
    const explanation = await explainMail(bench.deps, alertMail('int-58', start), {
      file: 'x.eml',
      probe: false,
    });
    const gate = explanation.alerts[0]?.gates.find((one) => one.gate === 'threshold');
    expect(gate).toMatchObject({
      passed: false,
      reason: 'below-threshold',
      values: {
        rule: 'set in Slack for device int-58, failure connection',
        for: 'device int-58, failure connection',
        chosenAs: 'device-rule',
        beats: 'thresholds[0]',
        counter: 'connection|device:int-58',
        counted: 2,
        needed: 5,
        of: 'alerts',
      },
    });
  });

  it('A9: late mail counts at its own time, and a clock that is ahead at the time of arrival, with a note', async () => {
    const ahead = new Date(start.getTime() + 3_600_000);
    const late = new Date(start.getTime() - 6 * 86_400_000);
    await bench.receive(
      { ...alertMail('int-58', ahead), receivedAt: start },
      { ...alertMail('int-38', late), receivedAt: start },
    );
    const { rows } = await database.executeSql('select device, at from alerts order by device', []);
    expect(rows.map((row) => [row['device'], new Date(String(row['at']))])).toEqual([
      ['int-38', late],
      ['int-58', start],
    ]);
    const noted = await database.executeSql(`select gates::text as gates from mails order by id`, []);
    const notes = noted.rows.map((row) =>
      String(row['gates']).includes('clock-skew: said 2026-11-23T13:00:00.000Z'),
    );
    expect(notes).toEqual([true, false]);
  });

  it('A7: totals count what failed, over the network or a part of it, without what outages voided', async () => {
    await bench.receive(
      alertMail('int-58', start),
      alertMail('int-58', start, { Failure: 'permission denied' }),
      alertMail('int-38', start),
      alertMail('int-99', start),
    );
    const all = await say('totals');
    expect(all).toContain('`connection`  3 alerts of 3 devices');
    expect(all).toContain('`access`  1 alert of 1 device');
    expect(all).toContain('`int-58`  `access`  1 alert');
    expect(await say('totals 10.58.0.1')).toContain('`connection`  1 alert of 1 device');
    expect(await say('totals eu')).toContain('`connection`  2 alerts of 2 devices');
    expect(await say('totals server=int-38')).toContain('`connection`  3 alerts of 3 devices');
    expect(await say('totals building=B3')).toContain('`connection`  2 alerts of 2 devices');
    await database.executeSql(`update alerts set state = 'voided' where device = 'int-38'`);
    expect(await say('totals eu')).toContain('`connection`  1 alert of 1 device');
    expect(await say('totals nobody')).toContain('No alerts.');
  });
});
