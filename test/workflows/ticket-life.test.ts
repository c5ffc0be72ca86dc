import { afterEach, describe, expect, it } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import type { Modal } from '../../src/domain/chat.ts';
import type { TicketRecord } from '../../src/domain/store/tickets.ts';
import { actions } from '../../src/messages/actions.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleSubmission } from '../../src/workflows/handle-submission.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { recoveryFormat } from '../support/recovery-format.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, start } from '../support/workbench.ts';

const minute = 60_000;
const hour = 60 * minute;
const after = (minutes: number) => new Date(start.getTime() + minutes * minute);
const ana = { teamId: 'T', userId: 'U0ANA' };

describeOnBothDatabases('A17: the life of a ticket', (open, itOnce) => {
  let bench: Workbench;
  let said: string[] = [];
  let modals: Modal[] = [];
  afterEach(() => bench.close());

  const setUp = async (policies: Parameters<typeof createWorkbench>[1] = {}) => {
    bench = await createWorkbench(await open(), policies);
    said = [];
    modals = [];
    Object.assign(bench.deps.chat, {
      respond: async (_: string, { text }: { text: string }) => void said.push(text),
      openModal: async (_: string, modal: Modal) => void modals.push(modal),
    });
  };
  const fail = (device = 'int-58', at = 0, fields = {}) =>
    bench.receive(...[0, 1, 2].map((n) => alertMail(device, after(at + n), fields)));
  const settle = async (ms: number) => {
    bench.pass(ms);
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
  };
  const ticket = async (id = 1): Promise<TicketRecord> => {
    const found = await bench.deps.store.transaction((tx) => tx.ticket(id));
    if (!found) throw new Error(`there is no ticket ${id}`);
    return found;
  };
  const click = (actionId: string, value = '1') =>
    handleClick(bench.deps, {
      deliveryKey: 'k',
      actionId,
      value,
      person: ana,
      channel: 'C0EU',
      messageTs: '1',
      responseUrl: 'r',
      triggerId: 't',
    });
  const submit = (callbackId: string, values: Record<string, string | null>) =>
    handleSubmission(bench.deps, { deliveryKey: 'k', callbackId, metadata: '1', values, person: ana });
  const posts = () => bench.workspace.messages('maint-eu').filter((one) => one.threadTs === null);
  const thread = () =>
    bench.workspace
      .messages('maint-eu')
      .filter((one) => one.threadTs !== null)
      .map((one) => one.text);
  const opened = async (policies = {}) => {
    await setUp(policies);
    await fail();
    await bench.work();
    expect(await ticket()).toMatchObject({ state: 'open' });
  };

  it('begins its thread with the diagnosis in full, once', async () => {
    await opened();
    await settle(2 * minute);
    expect(thread()).toHaveLength(1);
    expect(thread()[0]).toMatch(/^Diagnosis/);
    expect((await ticket()).told).toMatchObject({ alertCount: 3, packages: ['geo-db'] });
  });

  itOnce('tells notable changes in the thread, those of a minute in one line', async () => {
    await opened();
    await bench.receive(alertMail('int-58', after(3), { Package: 'maps' }));
    await settle(3_000);
    await bench.receive(...[4, 4, 4, 4, 4, 4, 4].map((at) => alertMail('int-58', after(at))));
    await settle(3_000);
    expect(thread()).toHaveLength(1);
    await settle(minute);
    expect(thread().slice(1)).toEqual(['More packages: `maps`.']);
    await bench.receive(alertMail('int-58', after(5)));
    await settle(2 * minute);
    expect(thread()).toHaveLength(2);
    expect(posts()[0]?.text).toContain('12 alerts');
  });

  it('is acknowledged, repaired, resolved and opened again, each told in the thread and in the audit', async () => {
    await opened();
    for (const [action, state, story] of [
      [actions.ticketAcknowledge, 'acknowledged', 'Acknowledged by <@U0ANA>'],
      [actions.ticketRepaired, 'repaired', 'Repaired, says <@U0ANA>'],
      [actions.ticketResolve, 'resolved', 'Resolved by <@U0ANA>'],
      [actions.ticketReopen, 'open', 'Opened again by <@U0ANA>'],
    ] as const) {
      await click(action);
      await settle(3_000);
      expect((await ticket()).state).toBe(state);
      expect(thread().some((line) => line.includes(story))).toBe(true);
    }
    expect(said).toEqual([]);
    await click(actions.ticketReopen);
    expect(said).toEqual(['This ticket is open already.']);
    expect(await ticket()).toMatchObject({ acknowledgedBy: null, repairedBy: null, resolvedBy: null });
  });

  it.each([
    ['it is silent', true, /int-58.? is still silent: 0 of \d pings answered/],
    ['it answers', false, /int-58.? answers/],
  ])('that is repaired says in its thread, once, how its device answers: %s', async (_, isSilent, line) => {
    await opened();
    if (isSilent) bench.silent.add('int-58');
    await click(actions.ticketRepaired);
    await settle(3_000);
    await settle(3_000);
    expect((await ticket()).state).toBe('repaired');
    expect(thread().filter((told) => line.test(told))).toHaveLength(1);
  });

  itOnce('says nothing of its device where it was opened again before it was asked', async () => {
    await opened();
    await click(actions.ticketRepaired);
    await click(actions.ticketReopen);
    await settle(3_000);
    expect(thread().filter((line) => /answers|silent/.test(line.split('\n')[0] ?? ''))).toEqual([]);
  });

  itOnce('is not opened again when its problem has another open ticket by then', async () => {
    await opened();
    await click(actions.ticketResolve);
    await fail('int-58', 10);
    await bench.work();
    await click(actions.ticketReopen);
    expect(said).toEqual(['Its problem has another open ticket already.']);
    expect((await ticket()).state).toBe('resolved');
  });

  it('is assigned by a form', async () => {
    await opened();
    await click(actions.ticketAssign);
    expect(modals).toMatchObject([{ callbackId: 'ticket:assign', metadata: '1' }]);
    expect(await submit('ticket:assign', { assignee: null })).toEqual({ assignee: 'Choose a person.' });
    expect(await submit('ticket:assign', { assignee: 'U0BEN' })).toBeNull();
    await settle(3_000);
    expect(await ticket()).toMatchObject({ state: 'open', assignedTo: 'U0BEN' });
    expect(thread().at(-1)).toBe('Assigned to <@U0BEN> by <@U0ANA>.');
  });

  it('is silent while it is snoozed, and wakes up by itself', async () => {
    await opened();
    await click(actions.ticketSnooze);
    expect(modals).toMatchObject([{ callbackId: 'ticket:snooze' }]);
    expect(await submit('ticket:snooze', { duration: '1h' })).toBeNull();
    await settle(3_000);
    const before = thread().length;
    await bench.receive(...Array.from({ length: 10 }, () => alertMail('int-58', after(5))));
    await settle(30 * minute);
    expect(thread()).toHaveLength(before);
    expect(posts()[0]?.text).toContain('13 alerts');
    await settle(31 * minute);
    expect((await ticket()).snoozedUntil).toBeNull();
    await settle(2 * minute);
    expect(thread().slice(before)).toEqual([
      expect.stringContaining('Awake again: its snooze is over. 10 alerts came meanwhile.'),
    ]);
  });

  it('is resolved by itself when its device answers that was silent, and no alert came for 2 h', async () => {
    await setUp();
    bench.silent.add('int-58');
    await fail();
    await bench.work();
    await bench.receive(alertMail('int-58', after(60)));
    await settle(2 * hour + minute);
    expect((await ticket()).state).toBe('open');
    await settle(hour);
    expect((await ticket()).state).toBe('open');
    bench.silent.delete('int-58');
    await settle(2 * hour);
    expect(await ticket()).toMatchObject({
      state: 'resolved',
      reason: 'quiet-and-answering',
      resolvedBy: null,
    });
    await settle(3_000);
    expect(thread().at(-1)).toContain('Resolved by itself. No alert came for 4 h. The device answers again.');
  });

  itOnce('is not resolved by a ping that was answered when it opened already', async () => {
    await opened();
    await settle(5 * hour);
    await settle(72 * hour);
    expect((await ticket()).state).toBe('open');
    await settle(3_000);
    const quiet = JSON.stringify(posts()[0]?.blocks);
    expect(quiet).toContain('quiet for 3 days, not known to be repaired');
  });

  itOnce(
    'that a person calls repaired is resolved after two hours of quiet, though it is looked at rarely',
    async () => {
      await opened();
      await settle(20 * hour);
      await click(actions.ticketRepaired);
      await settle(2 * hour + minute);
      expect(await ticket()).toMatchObject({ state: 'resolved', reason: 'repaired-and-quiet' });
    },
  );

  itOnce('that is quiet is brought up to date once a day, however often it is looked at', async () => {
    await opened();
    await settle(20 * hour);
    let edits = 0;
    let before = posts()[0]?.text + JSON.stringify(posts()[0]?.blocks);
    for (let looks = 0; looks < 54; looks += 1) {
      await settle(hour);
      const shown = posts()[0]?.text + JSON.stringify(posts()[0]?.blocks);
      if (shown !== before) edits += 1;
      before = shown;
    }
    expect(edits).toBe(3);
  });

  itOnce(
    'that fails again after a day of silence is told of anew in its channel, once, with a link',
    async () => {
      await opened();
      await settle(26 * hour);
      await bench.receive(alertMail('int-58', after(26 * 60)), alertMail('int-58', after(26 * 60 + 1)));
      await settle(3_000);
      await bench.receive(alertMail('int-58', after(26 * 60 + 2)));
      await settle(3_000);
      expect(posts()).toHaveLength(2);
      expect(posts()[1]?.text).toMatch(
        /fails again after 26 h of silence \(ticket 1\)\. <http.*\|Its message>/,
      );
      expect(await ticket(1)).toMatchObject({ state: 'open', alertCount: 6 });
    },
  );

  itOnce('is resolved without evidence where the site wants that, and says so', async () => {
    await setUp();
    const { ticket: policy } = bench.deps.policies;
    await bench.close();
    await opened({ ticket: { ...policy, closeQuietAfterMs: 72 * hour } });
    for (let n = 0; n < 25; n += 1) await settle(3 * hour);
    expect(await ticket()).toMatchObject({ state: 'resolved', reason: 'quiet-not-known-to-be-repaired' });
    await settle(3_000);
    expect(thread().at(-1)).toMatch(/Quiet for 3 days, not known to be repaired/);
  });

  itOnce('is not resolved by a ping while which an alert came', async () => {
    await setUp();
    bench.silent.add('int-58');
    await fail();
    await bench.work();
    const { prober } = bench.deps;
    const ping = prober.ping.bind(prober);
    Object.assign(prober, {
      ping: async (...args: Parameters<typeof ping>) => {
        await bench.receive(alertMail('int-58', bench.now()));
        return ping(...args);
      },
    });
    bench.silent.delete('int-58');
    await settle(3 * hour);
    expect((await ticket()).state).toBe('open');
  });

  it('is left to people where the site wants that', async () => {
    await setUp();
    const { ticket: policy } = bench.deps.policies;
    await bench.close();
    await opened({ ticket: { ...policy, autoResolveAfterMs: null } });
    await settle(48 * hour);
    expect((await ticket()).state).toBe('open');
  });

  describe('and word of a recovery', () => {
    const recover = async (at: number, fields = {}) => {
      const mail = alertMail('int-58', after(at), fields);
      const text = new TextDecoder().decode(mail.source).replace('[restage] FAILED', 'RECOVERED');
      await bench.receive({ ...mail, source: new TextEncoder().encode(text) });
    };
    const formats = compileFormats([recoveryFormat, plainFormat]);

    it('resolves it', async () => {
      await opened({ formats });
      await recover(10);
      await settle(3_000);
      expect(await ticket()).toMatchObject({ state: 'resolved', reason: 'recovery-mail' });
    });

    itOnce('does not resolve it again after a person opened it again; newer word does', async () => {
      await opened({ formats });
      await recover(10);
      await settle(20 * minute);
      expect((await ticket()).state).toBe('resolved');
      await click(actions.ticketReopen);
      await settle(24 * hour);
      expect((await ticket()).state).toBe('open');
      await recover(25 * 60);
      await settle(3_000);
      expect((await ticket()).state).toBe('resolved');
    });

    itOnce('resolves it although no ping reaches the device', async () => {
      await setUp({ formats });
      bench.silent.add('int-58');
      await fail();
      await bench.work();
      await recover(10);
      await settle(3_000);
      expect(await ticket()).toMatchObject({ state: 'resolved', reason: 'recovery-mail' });
    });

    itOnce('of one package clears that one, and the message says how much still fails', async () => {
      await opened({ formats });
      await bench.receive(alertMail('int-58', after(3), { Package: 'maps' }));
      await recover(10, { Package: 'maps' });
      await settle(3_000);
      await settle(3_000);
      expect((await ticket()).state).toBe('open');
      expect(JSON.stringify(posts()[0]?.blocks)).toContain('1 of 2 still failing');
      await recover(11, { Package: 'geo-db' });
      await settle(3_000);
      expect((await ticket()).state).toBe('resolved');
    });

    itOnce('of one of two failures that share a message leaves the other one open', async () => {
      await opened({ formats });
      const access = { Failure: 'permission denied' };
      await fail('int-58', 5, access);
      await settle(3_000);
      await recover(10, access);
      await settle(3_000);
      expect([(await ticket(1)).state, (await ticket(2)).state]).toEqual(['open', 'open']);
    });

    itOnce('from before the last alert changes nothing', async () => {
      await opened({ formats });
      await recover(1);
      await settle(3_000);
      expect((await ticket()).state).toBe('open');
    });
  });

  describe('with another failure of the same device', () => {
    const access = { Failure: 'permission denied' };

    it('shares one message, one thread and one fate', async () => {
      await opened();
      await fail('int-58', 5, access);
      await settle(3_000);
      expect(posts()).toHaveLength(1);
      expect(await ticket(2)).toMatchObject({ state: 'open', combinedInto: 1 });
      await settle(minute);
      expect(JSON.stringify(posts()[0]?.blocks)).toContain(
        'Combined with `int-58` access failure (3 alerts)',
      );
      expect(thread().at(-1)).toContain('Fails in another way too: `access`');
      await bench.receive(alertMail('int-58', after(8), access));
      await settle(3_000);
      expect(JSON.stringify(posts()[0]?.blocks)).toContain('access failure (4 alerts)');
      await click(actions.ticketRepaired);
      expect((await ticket(2)).state).toBe('repaired');
      await bench.receive(alertMail('int-58', after(30), access));
      await settle(3_000);
      expect([(await ticket(1)).state, (await ticket(2)).state]).toEqual(['open', 'open']);
      await click(actions.ticketResolve);
      expect((await ticket(2)).state).toBe('resolved');
    });

    itOnce('has a message of its own when it began more than an hour later', async () => {
      await opened();
      await fail('int-58', 90, access);
      await settle(3_000);
      expect(posts()).toHaveLength(2);
    });

    itOnce('has a message of its own where combining is off', async () => {
      await setUp();
      const { ticket: policy } = bench.deps.policies;
      await bench.close();
      await opened({ ticket: { ...policy, combineWithinMs: null } });
      await fail('int-58', 5, access);
      await settle(3_000);
      expect(posts()).toHaveLength(2);
    });
  });
});
