import { afterEach, describe, expect, it } from 'vitest';
import type { AlertState } from '../../src/domain/alert.ts';
import type { ChatMessage, Modal } from '../../src/domain/chat.ts';
import type { OutageFeed, OutageNotice } from '../../src/domain/outage.ts';
import { RestageError } from '../../src/domain/errors.ts';
import { actions } from '../../src/messages/actions.ts';
import { parseTarget } from '../../src/outage/targets.ts';
import { endOutage } from '../../src/workflows/outage/end-outage.ts';
import { explainMail } from '../../src/workflows/explain/explain.ts';
import { followOutages, takeOutages } from '../../src/workflows/outage/follow-outages.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { handleSubmission } from '../../src/workflows/handle-submission.ts';
import { noteSource } from '../../src/workflows/intake/note-source.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { topLevel } from '../support/messages.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, start } from '../support/workbench.ts';

const minute = 60_000;
const hour = 60 * minute;
const after = (minutes: number) => new Date(start.getTime() + minutes * minute);
const ana = { teamId: 'T0', userId: 'U0ANA' };

describeOnBothDatabases('outages', (open, itOnce) => {
  let bench: Workbench;
  let said: ChatMessage[];
  let modals: Modal[];
  let lastKey = 0;
  afterEach(() => bench.close());

  const setUp = async () => {
    bench = await createWorkbench(await open());
    [said, modals] = [[], []];
    Object.assign(bench.deps.chat, {
      respond: async (_: string, message: ChatMessage) => void said.push(message),
      openModal: async (_: string, modal: Modal) => void modals.push(modal),
    });
  };
  const common = () => ({
    deliveryKey: `key-${(lastKey += 1)}`,
    person: ana,
    channel: 'C0EU',
    responseUrl: 'https://example.test/respond',
    triggerId: 'trigger',
  });
  const command = (text: string) => handleCommand(bench.deps, { ...common(), command: '/restage', text });
  const click = (actionId: string, value: string) =>
    handleClick(bench.deps, { ...common(), actionId, value, messageTs: '1' });
  const submit = (values: Readonly<Record<string, string>>) =>
    handleSubmission(bench.deps, {
      ...common(),
      callbackId: 'outage',
      metadata: 'https://example.test/r',
      values,
    });
  const plan = (written: string, minutes = 60, from = start) => {
    const target = parseTarget(written);
    if (!target) throw new Error(`${written} is no target`);
    const until = new Date(from.getTime() + minutes * minute);
    const origin = { source: null, uid: null, createdBy: 'T0/U0ANA' };
    return bench.deps.store.transaction((tx) =>
      tx.addOutage({ target, from, until, reason: 'disk swap', ...origin }),
    );
  };
  const alertsIn = async (state: AlertState) =>
    (await bench.deps.store.transaction((tx) => tx.sums())).alerts[state];
  const posts = (channel = 'maint-eu') => bench.workspace.messages(channel);
  const tickets = () => topLevel(bench.workspace, 'maint-eu');
  const shown = (channel?: string) =>
    JSON.stringify(posts(channel).map(({ text, blocks }) => ({ text, blocks })));
  const fail = (device: string, from = 0, n = 3, fields = {}) =>
    bench.receive(...Array.from({ length: n }, (_, k) => alertMail(device, after(from + k), fields)));
  const settle = async (ms: number) => {
    bench.pass(ms);
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
  };
  const balanced = async () => {
    const sums = await bench.deps.store.transaction((tx) => tx.sums());
    return Object.values(sums.alerts).reduce((a, b) => a + b, 0) === sums.alertsInMails;
  };

  describe('A10: while something is out for maintenance', () => {
    it('its alerts are kept, marked, out of the totals, and visible', async () => {
      await setUp();
      await plan('server:dist-01');
      await fail('int-58', 1, 2);
      expect(await alertsIn('voided')).toBe(2);
      await fail('int-58', 3, 5);
      await bench.work();
      expect(await alertsIn('voided')).toBe(7);
      expect(await alertsIn('counted')).toBe(0);
      expect(posts()).toEqual([]);
      const list = JSON.stringify(await command('outages'));
      expect(list).toContain('7 alerts of 1 device taken out of the totals');
      expect(await balanced()).toBe(true);
      const options = { file: 'a.eml', probe: false, draft: false };
      const explained = await explainMail(bench.deps, alertMail('int-58', after(1)), options);
      expect(explained.alerts[0]?.gates.find((one) => one.gate === 'outage')).toMatchObject({
        passed: false,
        reason: 'out-for-maintenance',
        values: {
          device: 'int-58',
          outage: 'server:dist-01',
          because: 'disk swap',
          until: after(60).toISOString(),
        },
      });
    });

    itOnce('others count as ever', async () => {
      await setUp();
      await plan('int-38');
      await plan('region:us');
      await fail('int-58');
      await bench.work();
      expect(tickets()).toHaveLength(1);
      expect(await alertsIn('voided')).toBe(0);
    });

    itOnce('an alert counts by when it happened, not by when it came', async () => {
      await setUp();
      await plan('int-58', 60, after(60));
      await fail('int-58', 0, 2);
      bench.pass(90 * minute);
      await bench.receive(alertMail('int-58', after(59)), alertMail('int-58', after(61)));
      expect(await alertsIn('counted')).toBe(3);
      expect(await alertsIn('voided')).toBe(1);
    });

    itOnce('a failure at a recipient that is out is no failure of the device that reports it', async () => {
      await setUp();
      await plan('int-58');
      await fail('int-38', 0, 3, { Recipient: 'int-58' });
      await bench.work();
      expect(await alertsIn('voided')).toBe(3);
      expect(posts()).toEqual([]);
    });

    itOnce('alerts do not change a ticket that is open already', async () => {
      await setUp();
      await fail('int-58');
      await bench.work();
      await plan('int-58', 60, after(5));
      await fail('int-58', 6);
      await settle(minute);
      expect(posts()[0]?.text).toContain('3 alerts');
      expect(await alertsIn('voided')).toBe(3);
    });

    it('a candidate from just before the window ends without a ticket, and is not forgotten', async () => {
      await setUp();
      await fail('int-58');
      await plan('int-58', 60, after(3));
      bench.pass(5 * minute);
      await bench.work();
      expect(posts()).toEqual([]);
      expect(await alertsIn('voided')).toBe(3);
      bench.silent.add('int-58');
      await settle(hour);
      expect(tickets()).toHaveLength(1);
      expect(await alertsIn('ticketed')).toBe(3);
    });
  });

  describe('A10: when the window ends', () => {
    itOnce('a device that still fails is taken up again, with a note in the ticket', async () => {
      await setUp();
      await plan('server:int-38');
      await fail('int-58', 10);
      bench.silent.add('int-58');
      await settle(59 * minute);
      expect(posts()).toEqual([]);
      await settle(2 * minute);
      expect(await alertsIn('ticketed')).toBe(3);
      expect(await alertsIn('voided')).toBe(0);
      expect(tickets()).toHaveLength(1);
      expect(JSON.stringify(tickets()[0]?.blocks)).toContain(
        'still failing after the maintenance window `server:int-38`',
      );
      expect(shown()).toContain('Its alerts since then count anew');
      const outage = (await bench.deps.store.transaction((tx) => tx.voidedBy([1]))).get(1);
      expect(outage).toEqual({ alerts: 3, devices: 1, waiting: 0 });
      expect(await balanced()).toBe(true);
    });

    it('a device that is well stays out of the totals for good', async () => {
      await setUp();
      await plan('int-58');
      await fail('int-58', 10);
      await settle(61 * minute);
      expect(posts()).toEqual([]);
      expect(await alertsIn('voided')).toBe(3);
      bench.silent.add('int-58');
      await settle(hour);
      expect(posts()).toEqual([]);
      expect(JSON.stringify(await command('outages'))).not.toContain('looked at again');
    });

    itOnce('each device is decided for itself', async () => {
      await setUp();
      await plan('region:eu');
      await fail('int-58', 10);
      await fail('int-38', 10);
      bench.silent.add('int-58');
      await settle(61 * minute);
      expect(await alertsIn('ticketed')).toBe(3);
      expect(await alertsIn('voided')).toBe(3);
      expect(shown()).toContain('int-58');
    });

    itOnce('what is too little for a ticket counts on, together with what comes', async () => {
      await setUp();
      await plan('int-58');
      await fail('int-58', 50, 2);
      bench.silent.add('int-58');
      await settle(61 * minute);
      expect(posts()).toEqual([]);
      expect(await alertsIn('counted')).toBe(2);
      await fail('int-58', 62, 1);
      await bench.work();
      expect(posts().length).toBeGreaterThan(0);
      expect(await alertsIn('ticketed')).toBe(3);
    });

    it('alerts join the ticket that is open about the same problem, and its thread says why', async () => {
      await setUp();
      await fail('int-58');
      await bench.work();
      await plan('int-58', 60, after(5));
      await fail('int-58', 6, 4);
      bench.silent.add('int-58');
      await settle(66 * minute);
      await settle(minute);
      expect(posts()[0]?.text).toContain('7 alerts');
      expect(shown()).toContain('still failing after the maintenance window');
      expect(await alertsIn('ticketed')).toBe(7);
    });

    it('alerts wait on where the device is out for another reason too', async () => {
      await setUp();
      await plan('int-58', 60);
      await plan('region:eu', 120);
      bench.silent.add('int-58');
      // The one that ends last is said to be the cause; end it by hand to leave the shorter one.
      await fail('int-58', 10);
      await settle(30 * minute);
      await click(actions.outageEnd, '2');
      await bench.work();
      expect(posts()).toEqual([]);
      await settle(31 * minute);
      expect(posts().length).toBeGreaterThan(0);
      expect(await alertsIn('ticketed')).toBe(3);
    });

    itOnce('mail that comes when all is over is looked at as well', async () => {
      await setUp();
      await plan('int-58');
      await settle(2 * hour);
      bench.silent.add('int-58');
      await fail('int-58', 10);
      await bench.work();
      await settle(minute);
      expect(await alertsIn('ticketed')).toBe(3);
    });

    itOnce('is decided once, with two bots and however often it is called', async () => {
      await setUp();
      const id = await plan('int-58');
      await fail('int-58', 10);
      bench.silent.add('int-58');
      bench.pass(61 * minute);
      await Promise.all([1, 2, 3].map(() => endOutage(bench.deps, id)));
      await endOutage(bench.deps, id);
      await settle(minute);
      const sums = await bench.deps.store.transaction((tx) => tx.sums());
      expect(sums.tickets).toEqual({ open: 1 });
      expect(posts().filter(({ text }) => text.includes('count anew'))).toHaveLength(1);
      expect(await bench.deps.store.transaction((tx) => tx.outagesToEnd(bench.now()))).toEqual([]);
      expect((await bench.deps.store.transaction((tx) => tx.outage(id)))?.endedHandledAt).not.toBeNull();
    });

    itOnce('is taken up by the next bot when one dies in the middle', async () => {
      await setUp();
      const id = await plan('int-58');
      await fail('int-58', 10);
      bench.silent.add('int-58');
      bench.pass(61 * minute);
      const dying = { ...bench.deps.prober, ping: () => Promise.reject(new Error('killed')) };
      await expect(endOutage({ ...bench.deps, prober: dying }, id)).rejects.toThrow('killed');
      expect(await alertsIn('voided')).toBe(3);
      await settle(0);
      expect(await alertsIn('ticketed')).toBe(3);
    });
  });

  describe('A10: from Slack', () => {
    it('/restage outage WHAT DURATION reason, or else the usage', async () => {
      await setUp();
      const answer = await command('outage int-58 2h disk swap');
      expect(answer.text).toContain('`int-58` is out for maintenance until');
      await fail('int-58');
      expect(await alertsIn('voided')).toBe(3);
      expect((await command('outage server:int-38 2h')).text).toContain('`server:int-38` (2 devices) is out');
      const refused = await command('outage int-85 2h swap');
      expect(refused.text).toContain(
        'does not know a device of that name. Nothing was done. Did you mean `int-58`',
      );
      const value = `int-85 ${start.toISOString()} ${after(120).toISOString()} swap`;
      expect(JSON.stringify(refused.blocks)).toContain(`"action_id":"outage:anyway","value":"${value}"`);
      await click('outage:anyway', value);
      expect(said.at(-1)?.text).toContain('`int-85` is out for maintenance until');
      for (const text of ['outage int-58', 'outage int-58 soon', 'outage room:12 2h', 'outage int-58 0s']) {
        expect((await command(text)).text).toContain('Usage');
      }
      expect(await bench.deps.store.transaction((tx) => tx.outagesDuring(start, after(600)))).toHaveLength(3);
    });

    itOnce('the form plans one in the person’s own time zone, and says so', async () => {
      await setUp();
      await command('outage');
      expect(modals[0]).toMatchObject({ callbackId: 'outage' });
      Object.assign(bench.deps.chat, { timeZoneOf: async () => 'America/New_York' });
      const faults = await submit({
        target: 'server:int-38',
        begin: '08:00',
        end: '10:00',
        reason: 'patch day',
      });
      expect(faults).toBeNull();
      expect(said.at(-1)?.text).toContain('`server:int-38` (2 devices) is out for maintenance');
      const [outage] = await bench.deps.store.transaction((tx) => tx.outagesDuring(start, after(600)));
      expect(outage).toMatchObject({
        from: new Date('2026-11-23T13:00:00Z'),
        until: new Date('2026-11-23T15:00:00Z'),
        reason: 'patch day',
        createdBy: 'T0/U0ANA',
      });
    });

    itOnce('the form says what is wrong', async () => {
      await setUp();
      const faultsOf = async (values: Readonly<Record<string, string>>) =>
        Object.keys((await submit(values)) ?? {});
      expect(await faultsOf({ target: 'two words', end: '2h' })).toEqual(['target']);
      expect(await faultsOf({ target: 'group:nothing', end: '2h' })).toEqual(['target']);
      expect(await faultsOf({ target: 'int-58', end: 'soon' })).toEqual(['end']);
      expect(await faultsOf({ target: 'int-58', begin: 'yesterday', end: '2h' })).toEqual(['begin']);
      const wrong = { target: 'two words', begin: 'yesterday', end: 'soon' };
      expect(await faultsOf(wrong)).toEqual(['target', 'begin', 'end']);
      expect(await submit({ target: 'int-85', end: '2h' })).toBeNull();
      expect(said.at(-1)?.text).toContain('Did you mean `int-58`');
    });

    itOnce('the button on a ticket shows the form with its device', async () => {
      await setUp();
      await fail('int-58');
      await bench.work();
      expect(shown()).toContain(actions.ticketOutage);
      await click(actions.ticketOutage, '1');
      expect(JSON.stringify(modals[0]?.blocks)).toMatch(/"initial_value":"int-58".*"initial_value":"2h"/);
    });

    itOnce('End now takes the device up at once; a second click changes nothing', async () => {
      await setUp();
      await plan('int-58');
      await fail('int-58', 1);
      bench.silent.add('int-58');
      bench.pass(10 * minute);
      expect(JSON.stringify(await command('outages'))).toContain(actions.outageEnd);
      await click(actions.outageEnd, '1');
      await bench.work();
      expect(await alertsIn('ticketed')).toBe(3);
      await click(actions.outageEnd, '1');
      expect(said.map(({ text }) => text)).toEqual([
        expect.stringContaining('The outage of int-58 is over'),
        'This outage is over already.',
      ]);
    });

    itOnce('one to come can be called off', async () => {
      await setUp();
      await plan('int-58', 60, after(60));
      expect(JSON.stringify(await command('outages'))).toContain('Call off');
      await click(actions.outageEnd, '1');
      await fail('int-58', 61);
      expect(await alertsIn('voided')).toBe(0);
      expect(JSON.stringify(await command('outages'))).not.toContain('disk swap');
    });
  });

  describe('A10: from a calendar or a list', () => {
    const notice = (change: Partial<OutageNotice> = {}): OutageNotice => ({
      uid: 'w1',
      from: start,
      until: after(60),
      reason: 'patch day',
      targets: ['int-58'],
      sentences: [],
      ...change,
    });
    /** A feed in the test's hand. */
    const feedOf = (...first: readonly OutageNotice[]) => {
      let answer: readonly OutageNotice[] | Error = first;
      const feed: OutageFeed = {
        name: 'plan.ics',
        everyMs: hour,
        read: async () => {
          if (answer instanceof Error) throw answer;
          return answer;
        },
      };
      return { feed, say: (next: readonly OutageNotice[] | Error) => void (answer = next) };
    };
    const current = () => bench.deps.store.transaction((tx) => tx.outagesDuring(bench.now(), bench.now()));

    itOnce('counts like one from Slack, and says where it comes from', async () => {
      await setUp();
      const { feed } = feedOf(notice({ targets: [], sentences: ['int-58: patch day'] }));
      await takeOutages(bench.deps, feed);
      await fail('int-58');
      expect(await alertsIn('voided')).toBe(3);
      expect(JSON.stringify(await command('outages'))).toContain('(`plan.ics`)');
    });

    it('is stored once, however often and by however many bots it is read', async () => {
      await setUp();
      const { feed } = feedOf(notice({ targets: ['int-58', 'group:intermediate'] }));
      await Promise.all([1, 2, 3].map(() => takeOutages(bench.deps, feed)));
      await takeOutages(bench.deps, feed);
      expect(await current()).toHaveLength(2);
    });

    it('that vanished ends now, and what alerted within it is taken up', async () => {
      await setUp();
      const { feed, say } = feedOf(notice());
      await takeOutages(bench.deps, feed);
      await fail('int-58', 1);
      bench.silent.add('int-58');
      bench.pass(10 * minute);
      say([]);
      await takeOutages(bench.deps, feed);
      await bench.work();
      expect(await alertsIn('ticketed')).toBe(3);
      say([notice()]);
      await takeOutages(bench.deps, feed);
      expect(await current()).toHaveLength(1);
    });

    itOnce('that a person ended stays ended at the next reading', async () => {
      await setUp();
      const { feed } = feedOf(notice());
      await takeOutages(bench.deps, feed);
      bench.pass(minute);
      await click(actions.outageEnd, '1');
      await takeOutages(bench.deps, feed);
      expect(await current()).toEqual([]);
    });

    it('a broken source keeps what it said last, and that is said once in Slack', async () => {
      await setUp();
      const { feed, say } = feedOf(notice());
      await takeOutages(bench.deps, feed);
      say(new RestageError('source-invalid', 'The calendar can’t be used: <!channel> is no iCalendar.'));
      for (let n = 0; n < 3; n += 1) await takeOutages(bench.deps, feed);
      await bench.work();
      expect(await current()).toHaveLength(1);
      expect(posts('maint-unknown')).toHaveLength(1);
      expect(shown('maint-unknown')).toContain("`plan.ics` can't be read");
      expect(shown('maint-unknown')).not.toContain('<!channel>');
      expect(JSON.stringify(await command('outages'))).toContain("can't be read since");
      say([notice()]);
      await takeOutages(bench.deps, feed);
      await takeOutages(bench.deps, feed);
      await bench.work();
      expect(posts('maint-unknown')).toHaveLength(2);
      expect(shown('maint-unknown')).toContain('can be read again');
      expect(JSON.stringify(await command('outages'))).not.toContain("can't be read");
    });

    it('is read at the start, and ends when the config does not name its source any more', async () => {
      await setUp();
      const followers = [
        followOutages(bench.deps, [feedOf(notice()).feed]),
        followOutages(bench.deps, []),
      ] as const;
      await followers[0].start();
      expect(await current()).toHaveLength(1);
      await followers[0].stop();
      await followers[1].start();
      expect(await current()).toEqual([]);
      await followers[1].stop();
    });
  });

  describe('A12: what the mail says is held against the inventory', () => {
    it('another address and another room are corrected, and shown', async () => {
      await setUp();
      await fail('int-58', 0, 3, { Building: 'B2', Room: '114', Address: '10.99.9.9' });
      await bench.work();
      expect(shown()).toContain('mail said B2/114, inventory says B3/201');
      expect(shown()).toContain('mail said 10.99.9.9, inventory says 10.58.0.1');
    });

    itOnce(
      'the right address is no news, and a device by its address gets the ticket under its name',
      async () => {
        await setUp();
        await fail('10.58.0.1', 0, 3, { Address: '10.58.0.1' });
        await bench.work();
        expect(shown()).not.toContain('mail said');
        expect(posts()[0]?.text).toContain('int-58');
      },
    );

    itOnce('a device that nobody knows gets a ticket that says so, in the fallback channel', async () => {
      await setUp();
      await fail('int-99', 0, 3, { Region: 'mars' });
      await bench.work();
      expect(posts()).toEqual([]);
      expect(shown('maint-unknown')).toContain('not in the inventory');
    });

    itOnce(
      'a broken inventory is said once in the fallback channel, whichever bot sees it, and so is its recovery',
      async () => {
        await setUp();
        await Promise.all(
          [1, 2].map(() => noteSource(bench.deps, 'inventory', 'inventory.csv:3 is no name')),
        );
        await noteSource(bench.deps, 'inventory', 'inventory.csv:4 is no name');
        await bench.work();
        expect(posts('maint-unknown')).toHaveLength(1);
        await noteSource(bench.deps, 'inventory', null);
        await noteSource(bench.deps, 'inventory', null);
        await bench.work();
        expect(posts('maint-unknown')).toHaveLength(2);
      },
    );
  });
});
