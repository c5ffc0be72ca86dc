import { afterEach, expect, it } from 'vitest';
import type { RawMail } from '../../src/domain/mail.ts';
import type { ButtonClick } from '../../src/domain/chat.ts';
import { actions } from '../../src/messages/actions.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { operate, operateBot } from '../../src/workflows/operations.ts';
import { readmitMail } from '../../src/workflows/intake/readmit.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, start } from '../support/workbench.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const after = (minutes: number) => new Date(start.getTime() + minutes * minute);

describeOnBothDatabases('A5: mail that was turned away', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const stored = (id: number) => bench.deps.store.transaction((tx) => tx.storedMail(id));
  const sums = () => bench.deps.store.transaction((tx) => tx.sums());
  const list = (state: string | null = null) =>
    operate(bench.deps, 'mails', { state, since: null, limit: 50 }) as Promise<
      { id: number; reason: string }[]
    >;
  const posts = () => bench.workspace.messages('maint-eu').filter(({ threadTs }) => !threadTs);

  /** From a domain that is on no list. */
  function stranger(at: Date): RawMail {
    const mail = alertMail('int-58', at);
    const text = new TextDecoder()
      .decode(mail.source)
      .replace('From: restage@int-38.example.net', 'From: a@evil.example');
    return { ...mail, source: new TextEncoder().encode(text) };
  }

  function rawMail(source: string, receivedAt = start): RawMail {
    return { source: new TextEncoder().encode(source), via: 'test', receivedAt };
  }

  it('is listed with its reason, by state and by age', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(
      stranger(after(-120)),
      alertMail('int-58', start),
      rawMail('From: x@example.net\r\n\r\nhello', start),
    );
    expect(await list('rejected')).toMatchObject([{ id: 1, state: 'rejected', reason: 'domain-not-listed' }]);
    expect(await list()).toMatchObject([{ id: 3, state: 'dead-letter' }, { id: 2 }, { id: 1 }]);
    const recent = await operate(bench.deps, 'mails', { state: null, since: '1h', limit: 50 });
    expect(recent).toHaveLength(2);
    await expect(operate(bench.deps, 'mails', { state: 'refused', since: null, limit: 1 })).rejects.toThrow(
      '"refused" is no state of a mail',
    );
  });

  it('is what a drafted format is tried on before it is shown', async () => {
    bench = await createWorkbench(await open());
    const probe = (n: number) =>
      rawMail(
        `From: pkgd@int-38.example.net\r\nSubject: [pkgd] push to int-5${n} failed\r\nMessage-ID: <${n}@x>\r\n\r\nStatus: failed\r\nTarget: int-5${n}\r\n`,
      );
    await bench.receive(probe(1), probe(2), alertMail('int-58', start), stranger(start));
    const files = [{ name: 'one.eml', base64: Buffer.from(probe(3).source).toString('base64') }];
    const input = { files, ids: [1], probe: false, draft: true };
    const [explained, other] = (await operate(bench.deps, 'explain', input)) as { draft: string | null }[];
    expect(explained?.draft).toContain(
      'newest 3 stored mails: it would take 2 stored mails, 0 of known formats.',
    );
    expect(explained?.draft).toContain('Of these 2 mails it reads 2 as failures and 0 as word');
    expect(other?.draft).toBeNull();
  });

  itOnce('can be looked at: gates, headers and decoded text', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(stranger(start));
    expect(await operate(bench.deps, 'mail', { id: 1 })).toMatchObject({
      gates: [{ gate: 'domain', reason: 'domain-not-listed' }],
      headers: expect.arrayContaining([{ name: 'from', value: 'a@evil.example' }]),
      text: expect.stringContaining('Device: int-58'),
    });
    await expect(operate(bench.deps, 'mail', { id: 7 })).rejects.toThrow('There is no mail 7');
  });

  it('is re-admitted once: counted at its own time, and it keeps who did it', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(stranger(start), alertMail('int-58', after(1)), alertMail('int-58', after(2)));
    bench.pass(10 * minute);
    const results = await operateBot(bench.deps, 'readmit', { ids: [1, 1], by: 'terminal/ana' });
    expect(results).toMatchObject([
      { readmitted: true, message: 'Mail 1 is re-admitted: 1 alert counts now.' },
      { readmitted: false, reason: 'accepted-already', message: 'Mail 1 was let in by terminal/ana before.' },
    ]);
    expect(await stored(1)).toMatchObject({
      state: 'accepted',
      alertCount: 1,
      readmittedBy: 'terminal/ana',
      readmittedAt: after(10),
      gates: [
        { gate: 'domain', passed: false },
        { gate: 'domain', passed: true, reason: 're-admitted', values: { by: 'terminal/ana' } },
        { gate: 'format', passed: true },
      ],
    });
    const [alert] = await bench.deps.store.transaction((tx) => tx.alertsOfMail(1));
    expect(alert?.at).toEqual(start);
    await bench.work();
    expect(posts()).toHaveLength(1);
    const { alerts, alertsInMails } = await sums();
    expect([alerts.ticketed, alertsInMails]).toEqual([3, 3]);
  });

  itOnce('is re-admitted once by two people at the same time', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(stranger(start));
    const results = await Promise.all(['a', 'b', 'c'].map((by) => readmitMail(bench.deps, 1, by)));
    expect(results.filter(({ readmitted }) => readmitted)).toHaveLength(1);
    expect((await sums()).alertsInMails).toBe(1);
  });

  itOnce('counts once with its original, whichever of them comes last', async () => {
    bench = await createWorkbench(await open());
    const original = alertMail('int-58', start);
    const resent = new TextDecoder()
      .decode(original.source)
      .replace('Subject:', 'Resent-From: a@example.net\r\nSubject:');
    await bench.receive(rawMail(resent), original);
    expect(await readmitMail(bench.deps, 1, 'a')).toMatchObject({ reason: 'known-already' });

    const other = stranger(start);
    await bench.receive(other);
    const [, , third] = (await list()).toReversed();
    expect(await readmitMail(bench.deps, third?.id ?? 0, 'a')).toMatchObject({ readmitted: true });
    await bench.receive(
      other,
      rawMail(new TextDecoder().decode(other.source).replace('a@evil.example', 'a@int-38.example.net')),
    );
    expect((await sums()).alertsInMails).toBe(2);
  });

  itOnce.each([
    ['of an id that is none', 'unknown-mail', 99],
    ['that was accepted', 'accepted-already', 1],
    ['that no format knows', 'no-alert', 2],
    ['that is no mail at all', 'unreadable', 3],
  ])('one %s can not be: %s', async (_what, reason, id) => {
    bench = await createWorkbench(await open());
    await bench.receive(
      alertMail('int-58', start),
      rawMail('From: x@example.net\r\nSubject: hello\r\n\r\nhello'),
      rawMail('\n\n'),
    );
    const before = await sums();
    expect(await readmitMail(bench.deps, id, 'a')).toMatchObject({ readmitted: false, reason });
    expect(await sums()).toEqual(before);
  });

  itOnce('is explained by its id, with what became of its alerts', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', after(n))), stranger(start));
    await bench.work();
    const explanations = await operate(bench.deps, 'explain', {
      files: [],
      ids: [1, 4],
      probe: false,
      draft: false,
    });
    expect(explanations).toMatchObject([
      {
        file: 'mail 1',
        outcome: 'accepted',
        alerts: [
          {
            device: 'int-58',
            gates: [
              { gate: 'threshold', passed: true, values: { state: 'ticketed', ticket: 1 } },
              { gate: 'outage', passed: true, reason: 'no-outage' },
              { gate: 'diagnosis', passed: true, reason: 'reachable', values: { verdict: 'reachable' } },
              { gate: 'location', passed: true, values: { building: 'B3', room: '201' } },
              { gate: 'route', passed: true, values: { channel: 'maint-eu' } },
              { gate: 'paging', passed: true, reason: 'no-rule-matches' },
            ],
          },
        ],
      },
      { file: 'mail 4', outcome: 'rejected', gate: 'domain', alerts: [] },
    ]);
  });

  it('stays counted when its source is dropped, and says so', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(stranger(start), stranger(new Date(start.getTime() + 2 * day)));
    bench.pass(31 * day);
    await sweep(bench.deps);
    expect(await stored(1)).toMatchObject({ source: null, state: 'rejected' });
    expect((await stored(2))?.source).not.toBeNull();
    expect((await sums()).mails.rejected).toBe(2);
    expect(await readmitMail(bench.deps, 1, 'a')).toMatchObject({ reason: 'source-dropped' });
    expect(await operate(bench.deps, 'mail', { id: 1 })).toMatchObject({ text: null });
  });

  itOnce('loses its sources in small batches', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', after(n))));
    const drop = () => bench.deps.store.transaction((tx) => tx.dropSources(after(60), 2));
    expect([await drop(), await drop(), await drop()]).toEqual([2, 1, 0]);
  });

  describeInSlack();

  function describeInSlack() {
    const person = { teamId: 'T0', userId: 'U0ANA' };
    const common = {
      deliveryKey: 'k',
      person,
      channel: 'C0EU',
      responseUrl: 'http://127.0.0.1:1/',
      triggerId: 't',
    };

    /** Catches what only one person sees. */
    function catching() {
      const said: string[] = [];
      const modals: string[] = [];
      const deps: Deps = {
        ...bench.deps,
        chat: {
          ...bench.deps.chat,
          respond: async (_url, message) => void said.push(message.text),
          openModal: async (_trigger, modal) => void modals.push(JSON.stringify(modal)),
        },
      };
      const click = (actionId: string, value: string) =>
        handleClick(deps, { ...common, actionId, value, messageTs: '1' } satisfies ButtonClick);
      const command = (text: string) => handleCommand(deps, { ...common, command: '/restage', text });
      return { said, modals, click, command };
    }

    it('is listed in Slack, with buttons; what it says can not ring anybody', async () => {
      bench = await createWorkbench(await open());
      const evil = new TextDecoder()
        .decode(stranger(start).source)
        .replace('[restage] FAILED', '<!channel> FAILED');
      await bench.receive(rawMail(evil));
      const { command } = catching();
      const answer = JSON.stringify(await command('mails rejected 24h'));
      expect(answer).toContain('&lt;!channel&gt; FAILED');
      expect(answer).toContain(`"action_id":"${actions.mailReadmit}","value":"1"`);
      expect((await command('mails accepted')).text).toBe('No accepted mails are stored.');
      expect((await command('mails refused')).text).toContain('is no state of a mail');
    });

    itOnce('is looked at in a modal, and re-admitted by a click, audited', async () => {
      bench = await createWorkbench(await open());
      await bench.receive(stranger(start));
      const { said, modals, click } = catching();
      await click(actions.mailLook, '1');
      expect(modals[0]).toMatch(/:no_entry: The sender's domain `[^`]+` is not listed\./);
      expect(modals[0]).toContain('Device: int-58');
      await click(actions.mailReadmit, '1');
      await click(actions.mailReadmit, '1');
      expect(said).toEqual([
        'Mail 1 is re-admitted: 1 alert counts now.',
        'Mail 1 was let in by T0/U0ANA before.',
      ]);
      expect(await stored(1)).toMatchObject({ state: 'accepted', readmittedBy: 'T0/U0ANA' });
      await click(actions.mailLook, '1');
      expect(modals[1]).toContain('Re-admitted by <@U0ANA>');
    });
  }
});
