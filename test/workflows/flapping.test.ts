import { afterEach, expect, it } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import { actions } from '../../src/messages/actions.ts';
import { changeTicket } from '../../src/workflows/ticket/change-ticket.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { recoveryFormat } from '../support/recovery-format.ts';
import { alertMail, createWorkbench, type Workbench } from '../support/workbench.ts';

const minute = 60_000;
const hour = 60 * minute;
const formats = compileFormats([recoveryFormat, plainFormat]);

describeOnBothDatabases('what comes and goes', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  /** One failure makes a ticket. */
  const begin = async () => {
    bench = await createWorkbench(await open(), { formats });
    const thresholds = bench.deps.policies.thresholds.map((rule) => ({ ...rule, count: 1 }));
    Object.assign(bench.deps.policies, { thresholds });
    Object.assign(bench.deps.chat, { respond: async () => {} });
  };
  const settle = async (ms = 3_000) => {
    bench.pass(ms);
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
    bench.pass(3_000);
    await bench.work();
  };
  const fail = async (fields = {}) => {
    await bench.receive(alertMail('int-58', bench.now(), fields));
    await settle();
  };
  const recover = async (fields = {}) => {
    bench.pass(10 * minute);
    const mail = alertMail('int-58', bench.now(), fields);
    const text = new TextDecoder().decode(mail.source).replace('[restage] FAILED', 'RECOVERED');
    await bench.receive({ ...mail, source: new TextEncoder().encode(text) });
    await settle();
    bench.pass(10 * minute);
  };
  const comeAndGo = async (times: number) => {
    for (let flap = 1; flap <= times; flap += 1) {
      await fail();
      await recover();
    }
  };
  const ticket = (id: number) => bench.deps.store.transaction((tx) => tx.ticket(id));
  const messages = () =>
    bench.workspace.messages('maint-eu').filter((one) => !/held|:hourglass:/.test(one.text));
  const cards = () => messages().filter((one) => one.threadTs === null);
  const card = (at = -1) => JSON.stringify(cards().at(at)?.blocks);
  const lines = () => messages().filter(({ text }) => text.startsWith(':repeat:'));
  const click = (actionId: string, id: string) =>
    handleClick(bench.deps, {
      ...{ deliveryKey: actionId, actionId, value: id, person: { teamId: 'T', userId: 'U0ANA' } },
      ...{ channel: 'C0EU', messageTs: '1', responseUrl: '', triggerId: '' },
    });

  it('says so while its ticket is open, in one line of the thread, and closes once it has been quiet', async () => {
    await begin();
    await fail({ Package: 'maps' });
    for (let flap = 1; flap <= 5; flap += 1) {
      await fail();
      await recover();
      expect(card().includes('comes and goes')).toBe(flap >= 3);
    }
    expect(cards()).toHaveLength(1);
    expect(lines().map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /`int-58` connection error, package `geo-db`.* comes and goes: it recovered 3 times in 24 h/,
      ),
    ]);
    await click(actions.ticketAcknowledge, '1');
    await settle();
    expect(card()).toContain('comes and goes');
    await recover({ Package: 'maps' });
    expect(await ticket(1)).toMatchObject({ state: 'acknowledged' });
    expect(card()).toContain('comes and goes, well now');
    await settle(2 * hour);
    expect(await ticket(1)).toMatchObject({ state: 'resolved', reason: 'recovery-mail' });
    expect(card()).toContain('came and went');
    expect(lines()).toHaveLength(1);
  });

  it('stays one ticket that says so from the third time on that word of its recovery came', async () => {
    await begin();
    await comeAndGo(5);
    await fail();
    expect(cards()).toHaveLength(3);
    expect(card(0)).not.toContain('comes and goes');
    expect(card(2)).toContain('comes and goes');
    expect(lines()).toHaveLength(1);
    expect(await ticket(3)).toMatchObject({ state: 'open', alertCount: 4 });
  });

  itOnce('stays one ticket from the third time on that silence and a ping showed it well', async () => {
    await begin();
    for (let flap = 1; flap <= 4; flap += 1) {
      bench.silent.add('int-58');
      await fail();
      expect(card().includes('comes and goes')).toBe(flap === 4);
      bench.silent.clear();
      await settle(3 * hour);
      bench.pass(3 * hour);
    }
    expect(cards()).toHaveLength(3);
    expect(lines()).toHaveLength(1);
  });

  itOnce('says so of what recovered while it was held, once a person has opened it', async () => {
    await begin();
    for (const flap of [1, 2, 3]) {
      bench.silent.add('int-58').add('int-38');
      await fail();
      if (flap === 3)
        await click(
          actions.ticketOpenNow,
          String((await bench.deps.store.transaction((tx) => tx.ticketsIn(['held'])))[0]?.id),
        );
      bench.silent.clear();
      await settle(minute);
      bench.pass(hour);
    }
    expect(cards()).toHaveLength(1);
    expect(card()).not.toContain('comes and goes');
    await recover();
    expect(card()).toContain('comes and goes, well now');
    await fail();
    await recover();
    expect(lines()).toHaveLength(1);
  });

  itOnce('is no third time in silence: held, it makes a ticket where two others were closed', async () => {
    await begin();
    await comeAndGo(2);
    bench.silent.add('int-58').add('int-38');
    await fail();
    bench.silent.clear();
    await settle(minute);
    expect(cards()).toHaveLength(3);
    expect(card()).toContain('comes and goes');
    expect(lines()).toHaveLength(1);
  });

  itOnce('says so of what was back, and failed again, three times', async () => {
    await begin();
    await fail();
    for (let flap = 1; flap <= 3; flap += 1) {
      expect(card()).not.toContain('comes and goes');
      bench.pass(10 * minute);
      const back = { event: 'repair', by: null, detail: { reason: 'came-back' } } as const;
      await bench.deps.store.transaction((tx) => changeTicket(bench.deps, tx, 1, back));
      bench.pass(10 * minute);
      await fail();
    }
    expect(card()).toContain('comes and goes');
    expect(lines()).toHaveLength(1);
  });

  itOnce('does not say so of what recovers twice in a day, nor of one night after the other', async () => {
    await begin();
    for (const pauseMs of [0, 24 * hour, 24 * hour, 0]) {
      bench.pass(pauseMs);
      await fail();
      await recover();
    }
    expect(cards().filter(({ blocks }) => JSON.stringify(blocks).includes('comes and goes'))).toEqual([]);
    expect(lines()).toEqual([]);
  });
});
