import { afterEach, expect, it } from 'vitest';
import type { Modal, ModalSubmission } from '../../src/domain/chat.ts';
import { actions } from '../../src/messages/actions.ts';
import { dropFormId } from '../../src/messages/drop-form.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { attendTicket } from '../../src/workflows/ticket/attend.ts';
import { changeTicket } from '../../src/workflows/ticket/change-ticket.ts';
import { handleSubmission } from '../../src/workflows/handle-submission.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { hasButton, shows, topLevel } from '../support/messages.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

describeOnBothDatabases('what a person drops', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const person = { teamId: 'T0', userId: 'U0ANA' };
  const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
  /** Three alerts, the last one without a package. */
  const begin = async () => {
    bench = await createWorkbench(await open());
    const mails = [{ Package: 'geo-db' }, { Package: 'maps' }, { Package: '', Job: '' }];
    await bench.receive(...mails.map((fields, n) => alertMail('int-58', later(n), fields)));
    await bench.work();
  };
  const click = async () => {
    let form: Modal | null = null;
    let answer = '';
    const chat = Object.assign(Object.create(bench.deps.chat) as typeof bench.deps.chat, {
      openModal: async (_: string, modal: Modal) => {
        form = modal;
      },
      respond: async (_: string, { text }: { readonly text: string }) => {
        answer = text;
      },
    });
    const about = { channel: 'C0EU', responseUrl: '', triggerId: '', messageTs: '', deliveryKey: 'c' };
    await handleClick(
      { ...bench.deps, chat },
      { ...about, actionId: actions.ticketDrop, value: '1', person },
    );
    return { form: form as Modal | null, answer };
  };
  const optionsOf = (form: Modal | null) => {
    const listed = JSON.stringify(form).matchAll(
      /"text":"([^"]*)","emoji":false\},"value":"((?:[^"\\]|\\.)*)"/g,
    );
    return [...listed].map(([, text, value]) => ({ text, value: JSON.parse(`"${value}"`) as string }));
  };
  let forms = 0;
  const send = async (
    symptoms: readonly string[],
    reason = 'replaced',
    changes: Partial<ModalSubmission> = {},
  ) => {
    forms += 1;
    const submission = {
      deliveryKey: `form ${forms}`,
      callbackId: dropFormId,
      metadata: '1',
      person,
      ...changes,
    };
    const faults = await handleSubmission(bench.deps, { values: { symptoms, reason }, ...submission });
    await bench.work();
    bench.pass(3_000);
    await bench.work();
    return faults;
  };
  const card = () => topLevel(bench.workspace, 'maint-eu')[0];
  const thread = () =>
    bench.workspace
      .messages('maint-eu')
      .filter(({ threadTs, ts }) => threadTs === card()?.ts && ts !== threadTs);
  const state = async () => (await bench.deps.store.transaction((tx) => tx.ticket(1)))?.state;

  it('is withdrawn alone, told in the thread and audited; the ticket closes when no symptom is left', async () => {
    await begin();
    const post = card();
    expect(post && hasButton(post, actions.ticketDrop)).toBe(true);
    const options = optionsOf((await click()).form);
    expect(options.map(({ text }) => text)).toEqual([
      'All that still fail (3)',
      'int-58 · connection error · geo-db · J1',
      'int-58 · connection error · maps · J1',
      'int-58 · connection error',
    ]);
    const [, first, second, bare] = options.map(({ value }) => value);
    expect(await send([bare ?? ''])).toBeNull();
    expect(await state()).toBe('open');
    const shown = card();
    expect(shown && shows(shown, '2 of 3 still failing')).toBe(true);
    expect(await send([first ?? '', second ?? ''], 'sold <!channel>')).toBeNull();
    expect(await state()).toBe('resolved');
    const told = JSON.stringify(thread().map(({ blocks }) => blocks));
    expect(told).toContain('Dropped by <@U0ANA>, nobody needs to repair it: `sold &lt;!channel&gt;`');
    expect(told).toContain('Nothing is left of 3 symptoms: a person dropped it.');
    const entries = await bench.deps.store.transaction((tx) => tx.auditedBefore(bench.now()));
    expect(entries.filter(({ what }) => what === 'drop')).toMatchObject([
      { who: 'T0/U0ANA', about: 'ticket 1', detail: { reason: 'replaced', symptoms: [{ package: null }] } },
      {
        who: 'T0/U0ANA',
        about: 'ticket 1',
        detail: { symptoms: [{ package: 'geo-db' }, { package: 'maps' }] },
      },
    ]);
  });

  itOnce('fails anew as soon as another alert comes', async () => {
    await begin();
    await send(['all']);
    expect(await state()).toBe('resolved');
    bench.pass(60_000);
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', new Date(bench.now().getTime() + n))));
    await bench.work();
    const live = await bench.deps.store.transaction((tx) => tx.ticketsIn(['open']));
    expect(live).toHaveLength(1);
  });

  itOnce('does not close a ticket again that a person reopened after the drop', async () => {
    await begin();
    await send(['all']);
    expect(await state()).toBe('resolved');
    bench.pass(60_000);
    await bench.deps.store.transaction((tx) =>
      changeTicket(bench.deps, tx, 1, { event: 'reopen', by: person }),
    );
    bench.pass(60_000);
    await attendTicket(bench.deps, 1);
    expect(await state()).toBe('open');
  });

  itOnce('is dropped once when its form comes twice, and not without a choice and a reason', async () => {
    await begin();
    expect(await send([])).toEqual({ symptoms: 'Choose at least one.' });
    expect(await send(['all'], ' ')).toEqual({ reason: 'Say why.' });
    expect(await send(['1 ["no-such"]'])).toEqual({ symptoms: 'Nothing of this ticket fails any more.' });
    expect(await send(['all'], 'sold', { metadata: '7' })).toEqual({
      symptoms: 'This ticket is not known any more.',
    });
    const [, first = ''] = optionsOf((await click()).form).map(({ value }) => value);
    await send([first], 'sold', { deliveryKey: 'same' });
    await send([first], 'sold', { deliveryKey: 'same' });
    expect(thread().filter((one) => shows(one, 'Dropped by'))).toHaveLength(1);
    await send(['all']);
    expect((await click()).answer).toContain('Nothing of this ticket fails any more.');
  });
});
